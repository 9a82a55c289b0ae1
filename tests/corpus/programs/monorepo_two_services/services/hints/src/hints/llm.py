import os

import groq

client = groq.AsyncGroq(max_retries=1)
MODEL = os.environ.get("HINTS_MODEL", "openai/gpt-oss-120b")


async def complete(prompt: str) -> str:
    completion = await client.chat.completions.create(
        model=MODEL, messages=[{"role": "user", "content": prompt}], max_completion_tokens=200
    )
    return completion.choices[0].message.content or ""
