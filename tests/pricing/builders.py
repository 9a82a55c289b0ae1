"""Requests for the pricing tests."""

from __future__ import annotations

from typing import Any

from llm_lint.model import Known, Location, Loop, Prompt, Request, Span, Value


def span(filename: str = "app/agent.py") -> Span:
    """A place in a file."""
    return Span(filename, Location(1, 1), Location(1, 9))


def request(model: str | Value = "gpt-4o", provider: str = "openai", **fields: Any) -> Request:
    """A chat request in a web endpoint of which nothing else is known; ``fields`` change the rest."""
    filename = fields.pop("filename", "app/agent.py")
    defaults: dict[str, Any] = {
        "key": f"{filename}::answer#1",
        "span": span(filename),
        "statement": span(filename),
        "callee": "client.chat.completions.create",
        "sdk": provider,
        "provider": provider,
        "kind": "chat",
        "model": Known(model) if isinstance(model, str) else model,
        "function": "answer",
        "function_span": None,
        "mode": "sync",
        "entry_point": "web",
    }
    return Request(**{**defaults, **fields})


def data_loop(trips: int | None = None) -> Loop:
    """A loop over data around a request."""
    return Loop("data", "direct", "for", span(), "main", True, trips=trips)


def prompt(text: str, *holes: str, complete: bool = True, messages: int = 1) -> Prompt:
    """A prompt with static text and slots."""
    return Prompt(text, holes, complete, messages)
