"""Small helpers around the Groq client used by several services."""
from __future__ import annotations

import logging
import time
from typing import Any

import groq
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_random_exponential

log = logging.getLogger(__name__)

FALLBACKS = ("llama-3.3-70b-versatile", "llama-3.1-8b-instant")


class Caller:
    """Calls until it works."""

    def __init__(self, api_key: str | None = None) -> None:
        self.client = groq.Groq(api_key=api_key)

    @retry(
        retry=retry_if_exception_type(groq.RateLimitError),
        wait=wait_random_exponential(max=30),
        stop=stop_after_attempt(4),
    )
    def chat(self, messages: list[dict[str, str]], **options: Any) -> str:
        params: dict[str, Any] = {"temperature": 0.3, **options}
        completion = self.client.chat.completions.create(messages=messages, **params)
        return completion.choices[0].message.content

    def chat_by_hand(self, messages: list[dict[str, str]], model: str = FALLBACKS[0]) -> str:
        for attempt in range(5):
            try:
                completion = self.client.chat.completions.create(model=model, messages=messages)
                return completion.choices[0].message.content
            except groq.APIConnectionError:
                log.warning("attempt %d failed", attempt + 1)
                time.sleep(2**attempt)
        raise RuntimeError("no answer")

    def chat_any(self, messages: list[dict[str, str]]) -> str:
        """The first model of FALLBACKS that answers."""
        error: Exception | None = None
        for model in FALLBACKS:
            try:
                completion = self.client.chat.completions.create(model=model, messages=messages)
            except groq.APIError as exc:
                error = exc
                continue
            log.info("%s used %d tokens", model, completion.usage.total_tokens)
            return completion.choices[0].message.content
        raise RuntimeError("every model failed") from error
