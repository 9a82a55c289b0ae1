import pickle

import numpy as np
from flask import Flask, request
from openai import OpenAI

from index import embed

app = Flask(__name__)
chat = OpenAI()

with open("index.pkl", "rb") as fh:
    RECORDS = pickle.load(fh)
MATRIX = np.stack([vector for _, _, vector in RECORDS])

ANSWER = """Answer the question from the excerpts. Say "I don't know" when they do not help.

Excerpts:
{excerpts}

Question: {question}"""


def nearest(question, k=4):
    vector = np.array(embed(question), dtype="f4")
    scores = MATRIX @ vector
    return [RECORDS[i] for i in np.argsort(-scores)[:k]]


@app.get("/search")
def search():
    question = request.args["q"]
    found = nearest(question)
    prompt = ANSWER.format(excerpts="\n---\n".join(part for _, part, _ in found), question=question)
    answer = chat.chat.completions.create(
        model="gpt-4o",
        messages=[{"role": "user", "content": prompt}],
        temperature=0.2,
    )
    return {"answer": answer.choices[0].message.content, "sources": [name for name, _, _ in found]}
