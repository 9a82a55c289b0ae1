import asyncio

from langchain_openai import ChatOpenAI


async def main():
    model = ChatOpenAI(model="gpt-4o-mini")
    print((await model.ainvoke("Name a cave.")).content)


asyncio.run(main())
