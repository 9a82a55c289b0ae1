"""Build the vector file: python index.py docs/"""
import pickle
import sys
from pathlib import Path

import numpy as np
from openai import OpenAI

client = OpenAI()
EMBED_MODEL = "text-embedding-3-large"


def chunks(text, size=1200, overlap=150):
    for start in range(0, len(text), size - overlap):
        yield text[start : start + size]


def embed(text):
    return client.embeddings.create(model=EMBED_MODEL, input=text).data[0].embedding


def build(folder, out="index.pkl"):
    records = []
    for path in sorted(Path(folder).rglob("*.md")):
        for part in chunks(path.read_text(encoding="utf-8")):
            records.append((str(path), part, np.array(embed(part), dtype="f4")))
    with open(out, "wb") as fh:
        pickle.dump(records, fh)
    return len(records)


if __name__ == "__main__":
    print(build(sys.argv[1]), "chunks")
