import asyncio
import json
import sys

from agents import Agent, ModelSettings, Runner, function_tool


@function_tool
def order_status(order: str) -> str:
    """Where a parcel is."""
    return json.dumps({"order": order, "status": "in transit"})


shipping = Agent(
    name="Shipping",
    instructions="You handle questions on parcels.",
    model="gpt-4.1",
    tools=[order_status],
)
desk = Agent(
    name="Desk",
    instructions="You greet customers and hand over to the right colleague.",
    model="gpt-4.1",
    handoffs=[shipping],
)
language = Agent(
    name="Language",
    instructions="Detect the language of the message. Output its ISO code only.",
    model="gpt-4.1",
    model_settings=ModelSettings(temperature=0, max_tokens=4),
)


async def talk() -> None:
    items: list = []
    while True:
        line = await asyncio.to_thread(input, "> ")
        if not line:
            return
        result = await Runner.run(desk, items + [{"role": "user", "content": line}], max_turns=6)
        items = result.to_input_list()
        print(result.final_output)


async def language_of(text: str) -> str:
    return (await Runner.run(language, text)).final_output


async def languages(path: str) -> None:
    with open(path, encoding="utf-8") as fh:
        texts = fh.read().splitlines()
    codes = await asyncio.gather(*map(language_of, texts))
    for code, text in zip(codes, texts):
        print(code, text[:40], sep="\t")


if __name__ == "__main__":
    asyncio.run(languages(sys.argv[1]) if len(sys.argv) > 1 else talk())
