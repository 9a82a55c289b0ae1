"""Counting what a request sends: the text that a model reads, in pieces."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

Tokenize = Callable[[str], Sequence[object]]

PER_MESSAGE, PER_REQUEST = 3, 3  # framing of the chat format


@lru_cache(maxsize=4096)  # programs repeat their system prompts
def o200k(text: str) -> tuple[int, ...]:
    """Tokens of the packed o200k tokenizer; half a second on first use."""
    from llm_lint.pricing.tokens import encoding

    return tuple(encoding().encode(text, disallowed_special=()))


def words(text: str) -> Sequence[str]:
    """Words and marks: a quick stand-in where only the order of magnitude matters."""
    return re.findall(r"\w+|[^\w\s]", text)


def text_of(content: Any) -> str:
    """The text in a message's content: a string, or parts; other parts count as their JSON."""
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "\n".join(text_of(part) for part in content)
    if isinstance(content, Mapping):
        for key in ("text", "content", "input", "output"):
            if isinstance(content.get(key), str | list):
                return text_of(content[key])
        return json.dumps({key: content[key] for key in content if key != "cache_control"}, sort_keys=True)
    return str(content)


def passages(body: Mapping[str, Any]) -> Iterator[str]:
    """What the model reads, in the order in which prefixes are matched: tools, system, messages."""
    for key in ("tools", "functions", "response_format", "text"):
        if body.get(key):
            yield json.dumps(body[key], sort_keys=True)
    for key in ("system", "instructions"):
        if body.get(key):
            yield text_of(body[key])
    messages = body.get("messages", body.get("input", ()))
    if isinstance(messages, str):
        yield messages
        return
    for message in messages:
        calls = message.get("tool_calls") if isinstance(message, Mapping) else None
        said = message.get("content", message) if isinstance(message, Mapping) else message
        yield text_of(said) + (json.dumps(calls, sort_keys=True) if calls else "")


def tokens_of(body: Mapping[str, Any], tokenize: Tokenize) -> list[object]:
    """Every token of a prompt, with the framing that chat formats add."""
    tokens: list[object] = [None] * PER_REQUEST
    for passage in passages(body):
        tokens += [None] * PER_MESSAGE
        tokens += tokenize(passage)
    return tokens
