"""The last gate before anything is shown: no text of a report leaves with a secret in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from llm_lint.model import Report

T = TypeVar("T")

# Identities and places must stay exact: tools compare them, and none is made from source text.
_EXACT = frozenset({"fingerprint", "filename", "code", "name"})


def redact(line: str) -> str:
    """A line of text with everything that looks like a provider's key masked."""
    from llm_lint.semantics.secrets import redact as mask

    return mask(line)


def without_secrets(report: Report) -> Report:
    """The report with every free text in it redacted."""
    return _cleaned(report, _Once())


class _Once:
    """``redact`` that looks at equal texts once: lines and names repeat a lot."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        if text not in self._known:
            self._known[text] = redact(text)
        return self._known[text]


def _cleaned(value: T, clean: Callable[[str], str]) -> T:
    result: Any = value
    if isinstance(value, str):
        result = clean(value)
    elif isinstance(value, tuple):
        result = tuple(_cleaned(item, clean) for item in value)
    elif isinstance(value, dict):
        result = {key: _cleaned(item, clean) for key, item in value.items()}
    elif is_dataclass(value) and not isinstance(value, type):
        result = _cleaned_fields(value, clean)
    return result  # type: ignore[no-any-return]


def _cleaned_fields(value: Any, clean: Callable[[str], str]) -> Any:
    changes = {}
    for field in fields(value):
        old = getattr(value, field.name)
        new = old if field.name in _EXACT else _cleaned(old, clean)
        if new is not old and new != old:
            changes[field.name] = new
    return replace(value, **changes) if changes else value
