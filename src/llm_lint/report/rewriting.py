"""One walk over all the data of a report, to change its texts or its filenames everywhere at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

T = TypeVar("T")
Rewrite = Callable[[str, str], str]


def rewritten(value: T, rewrite: Rewrite) -> T:
    """``value`` with each string replaced by ``rewrite(field, string)``; what does not change is kept."""
    return _walked("", value, rewrite)  # type: ignore[no-any-return]


def _walked(name: str, value: Any, rewrite: Rewrite) -> Any:
    if isinstance(value, str):
        return rewrite(name, value)
    if isinstance(value, tuple):
        return tuple(_walked(name, item, rewrite) for item in value)
    if isinstance(value, dict):
        return {key: _walked(name, item, rewrite) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return _rebuilt(value, rewrite)
    return value


def _rebuilt(value: Any, rewrite: Rewrite) -> Any:
    changes = {}
    for field in fields(value):
        old = getattr(value, field.name)
        new = _walked(field.name, old, rewrite)
        if new is not old and new != old:
            changes[field.name] = new
    return replace(value, **changes) if changes else value
