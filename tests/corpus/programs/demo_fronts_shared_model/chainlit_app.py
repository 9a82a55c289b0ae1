import chainlit as cl

from model import converse


@cl.on_chat_start
def begin():
    cl.user_session.set("turns", [])


@cl.on_message
async def main(message: cl.Message):
    turns = cl.user_session.get("turns")
    turns.append({"role": "user", "content": message.content})
    answer = cl.Message(content="")
    async for piece in converse(turns):
        await answer.stream_token(piece)
    await answer.update()
    turns.append({"role": "assistant", "content": answer.content})
    cl.user_session.set("turns", turns)
