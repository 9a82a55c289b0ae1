from __future__ import annotations

import tiktoken
from openai import AsyncOpenAI

ENCODING = tiktoken.get_encoding("o200k_base")
BUDGET = 3000


def fit(turns: list[dict]) -> list[dict]:
    """The last turns that fit into BUDGET tokens."""
    kept, used = [], 0
    for turn in reversed(turns):
        used += len(ENCODING.encode(turn["content"]))
        if used > BUDGET:
            break
        kept.append(turn)
    return kept[::-1]


class Oracle:
    def __init__(self, client: AsyncOpenAI) -> None:
        self.client = client
        self.turns: dict[str, list[dict]] = {}

    async def speak(self, who: str, text: str) -> str:
        turns = self.turns.setdefault(who, [])
        turns.append({"role": "user", "content": text})
        turns[:] = fit(turns)
        reply = await self.client.chat.completions.create(
            model="gpt-4.1",
            temperature=1,
            messages=[{"role": "system", "content": "You speak in riddles."}, *turns],
        )
        answer = reply.choices[0].message.content or ""
        turns.append({"role": "assistant", "content": answer})
        return answer

    async def is_question(self, text: str) -> bool:
        reply = await self.client.chat.completions.create(
            model="gpt-4.1",
            temperature=0,
            max_tokens=1,
            messages=[{"role": "user", "content": "Is this message a question? Answer yes or no.\n" + text}],
        )
        return (reply.choices[0].message.content or "").lower() == "yes"
