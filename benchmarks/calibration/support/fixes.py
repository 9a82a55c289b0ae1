"""What the programs after a fix use: a cache that forgets after a day, and who takes the cheaper way."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any

easy: frozenset[str] = frozenset()  # the texts that a cheaper model answers as well
can_wait: frozenset[str] = frozenset()  # the texts whose answers may take a day
now: Callable[[], float] = lambda: 0.0  # noqa: E731 - the benchmark puts its clock here


def ttl_cache(seconds: float) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Keep an exact match so long after it was answered."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        kept: dict[tuple[Any, ...], tuple[float, Any]] = {}

        @functools.wraps(function)
        def cached(*arguments: Any) -> Any:
            found = kept.get(arguments)
            if found is None or now() - found[0] >= seconds:
                found = kept[arguments] = (now(), function(*arguments))
            return found[1]

        return cached

    return decorate


def pick(cheap: str, strong: str, text: str) -> str:
    """The model for a text."""
    return cheap if text in easy else strong


def split(texts: Iterable[str]) -> tuple[list[str], list[str]]:
    """Those that can wait, and the others."""
    waiting, urgent = [], []
    for text in texts:
        (waiting if text in can_wait else urgent).append(text)
    return waiting, urgent
