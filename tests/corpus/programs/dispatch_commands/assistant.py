"""assistant.py COMMAND FILE..."""
import sys
from pathlib import Path

from openai import OpenAI

client = OpenAI()

COMMANDS = {}


def command(fn):
    COMMANDS[fn.__name__] = fn
    return fn


def send(text, **extra):
    request = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": text}]}
    request.update(extra)
    create = getattr(client.chat.completions, "create")
    return create(**request).choices[0].message.content


@command
def shorten(text):
    return send("Shorten to half the length:\n" + text)


@command
def haiku(text):
    reply = client.responses.create(model="gpt-4.1", temperature=1.2, input="Turn this into a haiku:\n" + text)
    return reply.output_text


@command
def language(text):
    return send("ISO code of the language:\n" + text[:300], max_tokens=3, temperature=0)


def count(text):
    return str(len(text.split()))


EXTRA = {"count": count, "shout": str.upper}


def run(name, text):
    match name:
        case "count" | "shout":
            return EXTRA[name](text)
        case "speak":
            speech = getattr(client.audio, "speech")
            audio = speech.create(model="gpt-4o-mini-tts", voice="sage", input=text)
            audio.write_to_file("out.mp3")
            return "out.mp3"
        case _:
            return COMMANDS[name](text)


def main():
    name, *files = sys.argv[1:]
    for file in files:
        print(run(name, Path(file).read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
