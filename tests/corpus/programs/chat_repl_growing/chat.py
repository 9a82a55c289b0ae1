#!/usr/bin/env python
"""Chat in the terminal. /save writes the conversation, /quit leaves."""
import json
import readline  # noqa: F401  line editing for input()
import sys

from openai import OpenAI

client = OpenAI()


def stream_answer(messages):
    parts = []
    for chunk in client.chat.completions.create(model="gpt-4o", messages=messages, stream=True):
        if not chunk.choices:
            continue
        piece = chunk.choices[0].delta.content or ""
        print(piece, end="", flush=True)
        parts.append(piece)
    print()
    return "".join(parts)


def title_of(messages):
    first = messages[1]["content"]
    reply = client.chat.completions.create(
        model="gpt-4o",
        max_tokens=12,
        messages=[{"role": "user", "content": "A title of at most five words for a chat that starts:\n" + first}],
    )
    return reply.choices[0].message.content.strip().replace("/", "-")


def save(messages):
    name = title_of(messages) + ".json"
    with open(name, "w", encoding="utf-8") as fh:
        json.dump(messages, fh, indent=2)
    print("saved", name)


def main():
    messages = [{"role": "system", "content": "You are a patient tutor for electronics."}]
    while True:
        try:
            line = input("> ").strip()
        except EOFError:
            break
        if not line:
            continue
        if line == "/quit":
            break
        if line == "/save":
            save(messages)
            continue
        messages.append({"role": "user", "content": line})
        messages.append({"role": "assistant", "content": stream_answer(messages)})


if __name__ == "__main__":
    sys.exit(main())
