"""Private journal tools. Nothing leaves this computer."""
import argparse
import datetime as dt
import pathlib

import ollama

MODEL = "llama3.1:8b"
ROOT = pathlib.Path("~/journal").expanduser()


def mood(text):
    r = ollama.chat(
        model=MODEL,
        messages=[{"role": "user", "content": f"Mood of this entry, one word:\n{text}"}],
        options={"temperature": 0},
    )
    return r["message"]["content"].strip()


def themes(text):
    return ollama.generate(model=MODEL, prompt=f"Three themes of this entry:\n{text}")["response"]


def vectors(texts):
    return [ollama.embeddings(model="nomic-embed-text", prompt=t)["embedding"] for t in texts]


def talk():
    history = []
    while (line := input("you: ")):
        history.append({"role": "user", "content": line})
        answer = ollama.chat(model=MODEL, messages=history)["message"]["content"]
        history.append({"role": "assistant", "content": answer})
        print("journal:", answer)


def month(name):
    entries = sorted(ROOT.glob(f"{name}-*.md"))
    for entry in entries:
        text = entry.read_text()
        print(entry.stem, mood(text), "|", themes(text).replace("\n", "; "))
    return vectors([entry.read_text() for entry in entries])


if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--month", default=dt.date.today().strftime("%Y-%m"))
    ap.add_argument("--talk", action="store_true")
    ns = ap.parse_args()
    talk() if ns.talk else month(ns.month)
