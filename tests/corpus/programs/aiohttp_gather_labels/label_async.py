"""Label product titles with the chat completions endpoint, 20 at a time."""
import asyncio
import json
import os
import sys

import aiohttp

API = "https://api.openai.com/v1"
HEADERS = {"Authorization": "Bearer " + os.environ["OPENAI_API_KEY"]}
CATEGORIES = "kitchen, garden, toys, clothing, other"


async def complete(session, payload, attempts=4):
    delay = 1
    for attempt in range(attempts):
        async with session.post(f"{API}/chat/completions", json=payload, headers=HEADERS) as resp:
            if resp.status == 429 and attempt + 1 < attempts:
                await asyncio.sleep(delay)
                delay *= 2
                continue
            resp.raise_for_status()
            return await resp.json()


async def categorise(session, gate, product):
    payload = {
        "model": "gpt-4o",
        "temperature": 0,
        "max_tokens": 3,
        "messages": [
            {"role": "system", "content": f"Classify the product title into one of: {CATEGORIES}. One word."},
            {"role": "user", "content": product["title"]},
        ],
    }
    async with gate:
        data = await complete(session, payload)
    category = data["choices"][0]["message"]["content"].strip().lower()
    async with session.post(
        "https://catalogue.shop.invalid/api/products", json={"id": product["id"], "category": category}
    ) as resp:
        resp.raise_for_status()
    return category


async def main(path):
    with open(path, encoding="utf-8") as fh:
        products = [json.loads(line) for line in fh]
    gate = asyncio.Semaphore(20)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(60)) as session:
        tasks = [asyncio.create_task(categorise(session, gate, product)) for product in products]
        done = await asyncio.gather(*tasks)
    for name in sorted(set(done)):
        print(name, done.count(name))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
