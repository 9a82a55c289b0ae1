import asyncio

from openai import OpenAI

client = OpenAI()


def embed(text):
    return client.embeddings.create(model="text-embedding-3-large", input=text).data[0].embedding


async def embed_async(texts):
    return await asyncio.gather(*[asyncio.to_thread(embed, text) for text in texts])
