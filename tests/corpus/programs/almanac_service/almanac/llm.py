from __future__ import annotations

import uuid

import anthropic
from cachetools import TTLCache, cached

claude = anthropic.Anthropic()


def season(text: str) -> str:
    """spring, summer, autumn or winter."""
    message = claude.messages.create(
        model="claude-haiku-5-5",
        max_tokens=4,
        temperature=0,
        messages=[{"role": "user", "content": f"Which season does the text describe? One word.\n{text}"}],
    )
    return message.content[0].text.strip().lower()


@cached(TTLCache(maxsize=500, ttl=3600))
def plant_family(plant: str) -> str:
    message = claude.messages.create(
        model="claude-haiku-5-5",
        max_tokens=10,
        temperature=0,
        messages=[{"role": "user", "content": f"Botanical family of {plant}, the name only."}],
    )
    return message.content[0].text


def calendar() -> str:
    message = claude.messages.create(
        model="claude-haiku-5-5",
        max_tokens=2000,
        temperature=0,
        messages=[{"role": "user", "content": "List the sowing months of the twenty most common vegetables."}],
    )
    return message.content[0].text


def names(count: int) -> list[str]:
    """Several different answers to the same prompt are the point."""
    out = []
    for _ in range(count):
        message = claude.messages.create(
            model="claude-haiku-5-5",
            max_tokens=12,
            temperature=1,
            messages=[{"role": "user", "content": "Invent the name of a garden gnome."}],
        )
        out.append(message.content[0].text)
    return out


def greeting(user: str, visits: int) -> str:
    message = claude.messages.create(
        model="claude-haiku-5-5",
        max_tokens=60,
        messages=[
            {
                "role": "user",
                "content": f"[{uuid.uuid4()}] Greet {user} on visit {visits} with a fresh pun on gardening.",
            }
        ],
    )
    return message.content[0].text
