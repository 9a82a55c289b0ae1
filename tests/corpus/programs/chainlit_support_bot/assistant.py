import os

import chainlit as cl
from openai import AsyncAzureOpenAI

KEEP = 8
DEPLOYMENT = os.environ["AZURE_OPENAI_DEPLOYMENT"]

azure = AsyncAzureOpenAI(
    api_version="2024-10-21",
    azure_endpoint=os.environ["AZURE_OPENAI_ENDPOINT"],
    api_key=os.environ["AZURE_OPENAI_API_KEY"],
)

SYSTEM = {
    "role": "system",
    "content": "You help colleagues with the travel expenses tool. Be brief. Link to the handbook when unsure.",
}


@cl.on_chat_start
async def start():
    cl.user_session.set("turns", [])
    cl.user_session.set("tokens", 0)
    await cl.Message("Hello, what do you want to claim?").send()


def window(turns):
    return [SYSTEM, *turns[-KEEP:]]


@cl.on_message
async def on_message(message: cl.Message):
    turns = cl.user_session.get("turns")
    turns.append({"role": "user", "content": message.content})

    reply = cl.Message(content="")
    stream = await azure.chat.completions.create(
        model=DEPLOYMENT,
        messages=window(turns),
        stream=True,
        stream_options={"include_usage": True},
        max_tokens=600,
    )
    async for part in stream:
        if part.usage:
            cl.user_session.set("tokens", cl.user_session.get("tokens") + part.usage.total_tokens)
        if part.choices and (token := part.choices[0].delta.content):
            await reply.stream_token(token)

    turns.append({"role": "assistant", "content": reply.content})
    cl.user_session.set("turns", turns[-KEEP:])
    await reply.send()


@cl.on_chat_end
async def end():
    print("session used", cl.user_session.get("tokens"), "tokens")
