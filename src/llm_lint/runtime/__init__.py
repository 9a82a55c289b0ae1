"""Tracking, request caching and budgets for programs that call LLM APIs over HTTP.

Needs nothing but the standard library; a project may carry a copy of this folder as its own. ::

    client = track(OpenAI())        # the same client, its requests recorded

    @cached(ttl=3600)               # requests made inside are answered from the cache
    def classify(text: str) -> str: ...

Nothing is written until a log is configured (``LLM_LINT_LOG`` or ``configure(log=…)``); prompts and keys
never are. ``LLM_LINT_OFF=1`` turns everything off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .batches import Batcher, BatchQueue
    from .budgets import budget
    from .cache import cached, clear
    from .hook import install, track
    from .reading import read
    from .routing import cascade, compare, split
    from .state import configure

__all__ = [
    "BatchQueue",
    "Batcher",
    "budget",
    "cached",
    "cascade",
    "clear",
    "compare",
    "configure",
    "install",
    "read",
    "split",
    "track",
]

_HOMES = {
    "BatchQueue": "batches",
    "Batcher": "batches",
    "budget": "budgets",
    "cached": "cache",
    "cascade": "routing",
    "clear": "cache",
    "compare": "routing",
    "configure": "state",
    "install": "hook",
    "read": "reading",
    "split": "routing",
    "track": "hook",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f".{home}", __name__), name)
    globals()[name] = value
    return value
