"""complete(provider, prompt) for whichever SDK is installed."""
from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING, Optional

try:
    from openai import OpenAI as _OpenAI
except ImportError:
    _OpenAI = None

try:
    import cohere
except ModuleNotFoundError:
    cohere = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from mistralai import Mistral

__all__ = ["complete", "complete_mistral", "embed"]


def _openai(prompt: str, model: Optional[str]) -> str:
    if _OpenAI is None:
        raise RuntimeError("install openai")
    reply = _OpenAI().responses.create(model=model or "gpt-4o-mini", input=prompt)
    return reply.output_text


def _anthropic(prompt: str, model: Optional[str]) -> str:
    sdk = importlib.import_module("anthropic")
    reply = sdk.Anthropic().messages.create(
        model=model or "claude-haiku-4-5",
        max_tokens=1024,
        messages=[{"role": "user", "content": prompt}],
    )
    return reply.content[0].text


def _gemini(prompt: str, model: Optional[str]) -> str:
    import google.generativeai as genai

    genai.configure(api_key=os.environ["GEMINI_API_KEY"])
    return genai.GenerativeModel(model or "gemini-2.0-flash").generate_content(prompt).text


def _cohere(prompt: str, model: Optional[str]) -> str:
    return cohere.Client().chat(message=prompt, model=model or "command-r-08-2024").text


PROVIDERS = {"openai": _openai, "anthropic": _anthropic, "gemini": _gemini, "cohere": _cohere}


def complete(provider: str, prompt: str, model: Optional[str] = None) -> str:
    try:
        return PROVIDERS[provider](prompt, model)
    except KeyError:
        raise ValueError(f"unknown provider {provider!r}") from None


def complete_mistral(client: "Mistral", prompt: str) -> str:
    reply = client.chat.complete(model="mistral-small-latest", messages=[{"role": "user", "content": prompt}])
    return reply.choices[0].message.content


def embed(texts: list[str]) -> list[list[float]]:
    if _OpenAI is not None:
        data = _OpenAI().embeddings.create(model="text-embedding-3-small", input=texts).data
        return [item.embedding for item in data]
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer("all-MiniLM-L6-v2").encode(texts).tolist()
