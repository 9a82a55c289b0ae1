import asyncio
import os
import sys

import httpx
from openai import OpenAI

MODELS = ("anthropic/claude-sonnet-4.5", "openai/gpt-4o", "google/gemini-2.5-pro")
BASE = "https://openrouter.ai/api/v1/"


def make_http() -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=BASE,
        headers={"Authorization": f"Bearer {os.environ['OPENROUTER_API_KEY']}"},
        timeout=120,
    )


async def answer(http: httpx.AsyncClient, model: str, question: str) -> tuple[str, float]:
    response = await http.post(
        "chat/completions",
        json={
            "model": model,
            "messages": [{"role": "user", "content": question}],
            "usage": {"include": True},
        },
    )
    response.raise_for_status()
    data = response.json()
    return data["choices"][0]["message"]["content"], data["usage"]["cost"]


async def compare(question: str) -> None:
    async with make_http() as http:
        results = await asyncio.gather(*(answer(http, model, question) for model in MODELS))
    for model, (text, cost) in zip(MODELS, results):
        print(f"## {model} (${cost:.4f})\n\n{text}\n")


def vote(question: str, answers: list[str]) -> int:
    """Which of the answers is best, as a number."""
    router = OpenAI(base_url=BASE, api_key=os.environ["OPENROUTER_API_KEY"])
    numbered = "\n\n".join(f"[{i}] {text}" for i, text in enumerate(answers))
    reply = router.chat.completions.create(
        model="anthropic/claude-opus-4.1",
        messages=[{"role": "user", "content": f"Best answer to {question!r}? Number only.\n\n{numbered}"}],
        max_tokens=2,
    )
    return int(reply.choices[0].message.content)


if __name__ == "__main__":
    asyncio.run(compare(" ".join(sys.argv[1:])))
