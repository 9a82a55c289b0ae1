import asyncio

from openai import AsyncOpenAI


async def main():
    client = AsyncOpenAI()
    replies = await asyncio.gather(*(client.chat.completions.create(model="gpt-4o-mini", messages=[{"role": "user", "content": f"Say {word}."}]) for word in ("one", "two", "three")))
    print([reply.choices[0].message.content for reply in replies])
    await client.close()


asyncio.run(main())
