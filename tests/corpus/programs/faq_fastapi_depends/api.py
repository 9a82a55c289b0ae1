from __future__ import annotations

from typing import Annotated, AsyncIterator

from fastapi import Depends, FastAPI, HTTPException
from fastapi.responses import StreamingResponse
from openai import AsyncOpenAI
from pydantic import BaseModel

app = FastAPI(title="Help desk")

PRODUCT_NOTES = """
Parcels are handed to the carrier on weekdays before 15:00.
Returns are free for thirty days. Gift cards cannot be returned.
"""


class Question(BaseModel):
    text: str
    language: str = "en"


def get_openai() -> AsyncOpenAI:
    return AsyncOpenAI(timeout=20)


Client = Annotated[AsyncOpenAI, Depends(get_openai)]


@app.get("/faq")
async def faq(client: Client) -> dict[str, str]:
    """The list of questions shown on the start page."""
    answer = await client.responses.create(
        model="gpt-4.1",
        temperature=0,
        instructions="Write five questions and answers for the help page, as Markdown.",
        input=PRODUCT_NOTES,
    )
    return {"markdown": answer.output_text}


@app.post("/ask")
async def ask(question: Question, client: Client) -> dict[str, str]:
    if not question.text.strip():
        raise HTTPException(422, "empty question")
    answer = await client.responses.create(
        model="gpt-4.1",
        instructions="Answer from these notes only.\n" + PRODUCT_NOTES,
        input=question.text,
        max_output_tokens=400,
    )
    return {"answer": answer.output_text}


@app.post("/ask/stream")
async def ask_stream(question: Question, llm=Depends(get_openai)) -> StreamingResponse:
    async def parts() -> AsyncIterator[str]:
        events = await llm.responses.create(model="gpt-4.1", input=question.text, stream=True)
        async for event in events:
            if event.type == "response.output_text.delta":
                yield event.delta

    return StreamingResponse(parts(), media_type="text/plain")


@app.get("/health")
async def health() -> dict[str, bool]:
    return {"ok": True}
