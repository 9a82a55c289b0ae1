import asyncio

import anthropic


async def main():
    async with anthropic.AsyncAnthropic() as client:
        print((await client.messages.create(model="claude-haiku-4-5", max_tokens=60, messages=[{"role": "user", "content": "Name a wind."}])).content[0].text)


asyncio.run(main())
