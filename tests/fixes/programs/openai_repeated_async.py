import asyncio

from openai import AsyncOpenAI

client = AsyncOpenAI()


async def label(text: str) -> str:
    reply = await client.chat.completions.create(model="gpt-4o-mini", temperature=0, max_tokens=90, messages=[{"role": "user", "content": "Positive or negative: " + text}])
    return reply.choices[0].message.content


async def main():
    for text in ("good", "bad", "good", "good"):
        print(text, await label(text))


asyncio.run(main())
