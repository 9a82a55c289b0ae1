import os

import anthropic

client = anthropic.Anthropic()
aclient = anthropic.AsyncAnthropic()
MODEL = os.environ.get("DEMO_MODEL", "claude-sonnet-5-5")


def summarise(text, length):
    message = client.messages.create(
        model=MODEL,
        max_tokens=600,
        messages=[{"role": "user", "content": f"Summarise in {length} sentences:\n\n{text}"}],
    )
    return message.content[0].text


async def converse(turns):
    async with aclient.messages.stream(model=MODEL, max_tokens=1500, messages=turns) as stream:
        async for piece in stream.text_stream:
            yield piece
