"""Watches the recordings bucket; run under systemd."""
import asyncio
import os

import aioboto3
from groq import AsyncGroq

groq = AsyncGroq(api_key=os.environ["GROQ_API_KEY"])
BUCKET = os.environ["RECORDINGS"]


async def new_recordings(s3, seen):
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
    async for page in pages:
        for item in page.get("Contents", []):
            if item["Key"] not in seen:
                seen.add(item["Key"])
                yield item["Key"]


async def transcript(name, audio):
    result = await groq.audio.transcriptions.create(
        model="whisper-large-v3-turbo", file=(name, audio), response_format="text"
    )
    return str(result)


async def summary(text):
    completion = await groq.chat.completions.create(
        model="llama-3.3-70b-versatile",
        messages=[
            {"role": "system", "content": "Summarise the customer's call in three bullet points."},
            {"role": "user", "content": text},
        ],
        max_completion_tokens=300,
    )
    return completion.choices[0].message.content


async def watch():
    seen = set()
    session = aioboto3.Session()
    async with session.client("s3") as s3:
        while True:
            async for key in new_recordings(s3, seen):
                body = await (await s3.get_object(Bucket=BUCKET, Key=key))["Body"].read()
                text = await transcript(key, body)
                note = await summary(text)
                await s3.put_object(Bucket=BUCKET, Key=key + ".summary.txt", Body=note.encode())
            await asyncio.sleep(60)


if __name__ == "__main__":
    asyncio.run(watch())
