import datetime as dt
import random

import numpy as np
from flask import Flask, jsonify, request, session
from openai import OpenAI

from guide.places import PLACES

app = Flask(__name__)
app.secret_key = "only for cookies"
ai = OpenAI()


def country_of(city):
    reply = ai.chat.completions.create(
        model="gpt-4.1-nano",
        temperature=0,
        max_tokens=6,
        messages=[{"role": "user", "content": f"In which country is {city}? The name only."}],
    )
    return reply.choices[0].message.content


def query_vector(query):
    return ai.embeddings.create(model="text-embedding-3-small", input=query).data[0].embedding


@app.route("/phrases")
def phrases():
    reply = ai.responses.create(
        model="gpt-4.1-mini", temperature=0, input="Translate into Portuguese: please, thank you, the bill, where is"
    )
    return jsonify(text=reply.output_text)


@app.route("/joke")
def joke():
    reply = ai.responses.create(model="gpt-4.1-mini", temperature=1.2, input="Tell a new joke about tourists.")
    return jsonify(text=reply.output_text)


@app.route("/today")
def today():
    now = dt.datetime.now().isoformat(timespec="minutes")
    reply = ai.responses.create(
        model="gpt-4.1-mini", temperature=0, input=f"It is {now}. Which of these is open? {list(PLACES)}"
    )
    return jsonify(text=reply.output_text)


@app.route("/surprise")
def surprise():
    place = random.choice(list(PLACES))
    reply = ai.responses.create(model="gpt-4.1-mini", input=f"Invent a legend about {place}.")
    return jsonify(text=reply.output_text)


@app.post("/chat")
def chat():
    turns = session.setdefault("turns", [])
    turns.append({"role": "user", "content": request.form["text"]})
    reply = ai.responses.create(model="gpt-4.1-mini", temperature=0, input=turns)
    turns.append({"role": "assistant", "content": reply.output_text})
    session.modified = True
    return jsonify(text=reply.output_text, country=country_of(request.form.get("city", "Lisbon")))


@app.get("/search")
def search():
    vector = np.array(query_vector(request.args["q"]))
    ranked = sorted(PLACES, key=lambda name: -float(vector @ np.array(PLACES[name]["vector"])))
    return jsonify(names=ranked[:5], country=country_of(request.args.get("city", "Porto")))
