import asyncio
import json
from contextlib import asynccontextmanager

import cohere
import numpy as np
from fastapi import FastAPI, Request

DOCS = [json.loads(line) for line in open("docs.jsonl", encoding="utf-8")]


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.co = cohere.AsyncClientV2()
    app.state.matrix = await embed_documents(app.state.co, [doc["text"] for doc in DOCS])
    yield


app = FastAPI(lifespan=lifespan)


async def embed_documents(co: cohere.AsyncClientV2, texts: list[str], size: int = 96) -> np.ndarray:
    vectors = []
    for start in range(0, len(texts), size):
        result = await co.embed(
            model="embed-multilingual-v3.0",
            input_type="search_document",
            embedding_types=["float"],
            texts=texts[start : start + size],
        )
        vectors.extend(result.embeddings.float_)
    return np.asarray(vectors)


@app.get("/search")
async def search(request: Request, q: str, k: int = 5):
    co = request.app.state.co
    embedded = await co.embed(
        model="embed-multilingual-v3.0", input_type="search_query", embedding_types=["float"], texts=[q]
    )
    scores = request.app.state.matrix @ np.asarray(embedded.embeddings.float_[0])
    candidates = [DOCS[i] for i in np.argsort(-scores)[:50]]
    ranked = await co.rerank(
        model="rerank-v3.5", query=q, documents=[doc["text"] for doc in candidates], top_n=k
    )
    hits = [candidates[item.index] for item in ranked.results]
    reply = await request.app.state.co.chat(
        model="command-a-03-2025",
        messages=[{"role": "user", "content": f"Answer from the documents.\n\n{q}"}],
        documents=[{"data": {"text": doc["text"]}} for doc in hits],
    )
    await asyncio.sleep(0)
    return {"answer": reply.message.content[0].text, "hits": hits}
