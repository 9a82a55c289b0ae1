import hashlib
import json
import logging
import os

import redis
from flask import Flask, abort, jsonify, request
from openai import OpenAI

app = Flask(__name__)
log = logging.getLogger("translate")
kv = redis.Redis.from_url(os.environ.get("REDIS_URL", "redis://localhost:6379/0"))
openai_client = OpenAI()

MODEL = "gpt-4o"
LANGS = {"de": "German", "fr": "French", "it": "Italian"}


def _key(text, lang):
    return "tr:" + hashlib.sha256(json.dumps([MODEL, lang, text]).encode()).hexdigest()


def translate(text, lang):
    key = _key(text, lang)
    hit = kv.get(key)
    if hit is not None:
        return hit.decode()
    out = openai_client.chat.completions.create(
        model=MODEL,
        temperature=0,
        messages=[
            {"role": "system", "content": f"Translate the user's text into {LANGS[lang]}. Keep the markup."},
            {"role": "user", "content": text},
        ],
    )
    result = out.choices[0].message.content
    kv.setex(key, 30 * 86400, result)
    return result


def detect(text):
    out = openai_client.chat.completions.create(
        model=MODEL,
        temperature=0,
        max_tokens=3,
        messages=[
            {
                "role": "user",
                "content": "Detect the language of the text. Reply with the ISO 639-1 code only.\n\n" + text[:500],
            }
        ],
    )
    return out.choices[0].message.content.strip().lower()


@app.route("/translate", methods=["POST"])
def translate_route():
    body = request.get_json(force=True)
    lang = body.get("to")
    if lang not in LANGS:
        abort(400)
    source = detect(body["text"])
    log.info("from=%s to=%s chars=%d", source, lang, len(body["text"]))
    if source == lang:
        return jsonify(text=body["text"], source=source)
    return jsonify(text=translate(body["text"], lang), source=source)


@app.route("/languages")
def languages():
    return jsonify(LANGS)


if __name__ == "__main__":
    app.run(debug=True)
