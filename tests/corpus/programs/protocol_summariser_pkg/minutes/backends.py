from __future__ import annotations

from dataclasses import dataclass, field
from typing import Callable, Protocol

from google import genai
from openai import AsyncOpenAI


class Summariser(Protocol):
    async def summarise(self, text: str) -> str: ...


PROMPT = "Summarise the minutes of this meeting. List decisions and open points.\n\n"


@dataclass
class OpenAISummariser:
    model: str = "gpt-4.1-mini"
    client: AsyncOpenAI = field(default_factory=AsyncOpenAI)

    async def summarise(self, text: str) -> str:
        response = await self.client.responses.create(model=self.model, input=PROMPT + text)
        return response.output_text


class GeminiSummariser:
    def __init__(self, model: str = "gemini-2.5-flash") -> None:
        self.model = model
        self.client = genai.Client()

    async def summarise(self, text: str) -> str:
        response = await self.client.aio.models.generate_content(model=self.model, contents=PROMPT + text)
        return response.text or ""


class FakeSummariser:
    """Used by the demo, costs nothing."""

    async def summarise(self, text: str) -> str:
        return text.splitlines()[0]


BACKENDS: dict[str, Callable[[], Summariser]] = {
    "openai": OpenAISummariser,
    "gemini": GeminiSummariser,
    "fake": FakeSummariser,
}


def make(name: str) -> Summariser:
    try:
        return BACKENDS[name]()
    except KeyError:
        raise SystemExit(f"unknown backend {name}") from None
