from __future__ import annotations

import asyncio
import collections
import os
import sys

from anthropic import AsyncAnthropic
from openai import AsyncOpenAI, OpenAI


def setup():
    return OpenAI(), os.environ.get("ERRATA_MODEL", "gpt-4.1")


client, MODEL = setup()
(backup, *_rest), limit = [OpenAI(base_url="https://api.groq.com/openai/v1")], 2000


def find_errors(page: str) -> str | None:
    if (reply := client.chat.completions.create(
        model=MODEL,
        messages=[{"role": "user", "content": "List factual errors on this page, or say none.\n" + page[:limit]}],
    )).choices[0].finish_reason == "stop":
        return reply.choices[0].message.content
    return None


def find_errors_cheaply(page: str) -> str:
    with OpenAI() as short_lived:
        return short_lived.responses.create(model="gpt-4o-mini", input="Errors on this page?\n" + page).output_text


async def fix(page: str, errors: str) -> str:
    async with AsyncAnthropic() as claude:
        message = await claude.messages.create(
            model="claude-sonnet-4-6",
            max_tokens=4000,
            messages=[{"role": "user", "content": f"Correct the page.\nErrors:\n{errors}\n\nPage:\n{page}"}],
        )
    return message.content[0].text


def main() -> None:
    pages = collections.deque(open(sys.argv[1], encoding="utf-8").read().split("\f"))
    check = find_errors if "--good" in sys.argv else find_errors_cheaply
    while pages:
        page = pages.popleft()
        if (errors := check(page)) and errors.strip().lower() != "none":
            print(asyncio.run(fix(page, errors)))
        else:
            print(page)
    if "--probe" in sys.argv:
        print(backup.chat.completions.create(
            model="llama-3.1-8b-instant", messages=[{"role": "user", "content": "Say hello."}]
        ).choices[0].message.content)


if __name__ == "__main__":
    main()
