import asyncio

from openai import AsyncOpenAI

client = AsyncOpenAI()


async def embed(texts: list[str]):
    return [(await client.embeddings.create(model="text-embedding-3-small", input=text)).data[0].embedding for text in texts]


print([vector[:3] for vector in asyncio.run(embed([f"part {number}" for number in range(12)]))])
