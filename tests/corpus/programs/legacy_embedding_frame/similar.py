import os
import pickle

import numpy as np
import openai
import pandas as pd
from tenacity import retry, stop_after_attempt, wait_fixed

openai.api_key = os.environ["OPENAI_API_KEY"]
EMBEDDING_MODEL = "text-embedding-ada-002"
CACHE_PATH = "query_cache.pkl"

try:
    with open(CACHE_PATH, "rb") as f:
        query_cache = pickle.load(f)
except FileNotFoundError:
    query_cache = {}


@retry(wait=wait_fixed(2), stop=stop_after_attempt(6))
def get_embedding(text, engine=EMBEDDING_MODEL):
    text = text.replace("\n", " ")
    return openai.Embedding.create(input=[text], engine=engine)["data"][0]["embedding"]


def query_embedding(query):
    if query not in query_cache:
        result = openai.Embedding.create(input=query, engine=EMBEDDING_MODEL)
        query_cache[query] = result["data"][0]["embedding"]
        with open(CACHE_PATH, "wb") as f:
            pickle.dump(query_cache, f)
    return query_cache[query]


def load():
    df = pd.read_csv("recipes.csv")
    df["combined"] = "Title: " + df.title.str.strip() + "; Steps: " + df.steps.str.strip()
    df["embedding"] = df.combined.apply(lambda x: get_embedding(x, engine=EMBEDDING_MODEL))
    df.to_pickle("recipes.pkl")
    return df


def similar(df, query, n=5):
    v = np.array(query_embedding(query))
    df["score"] = df.embedding.apply(lambda e: float(np.dot(e, v)))
    return df.sort_values("score", ascending=False).head(n)[["title", "score"]]


if __name__ == "__main__":
    frame = pd.read_pickle("recipes.pkl") if os.path.exists("recipes.pkl") else load()
    while True:
        q = input("recipe like? ")
        if not q:
            break
        print(similar(frame, q))
