"""What is configured in this process: by environment variables, then by ``configure``."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .budgets import Budget

OFF = os.environ.get("LLM_LINT_OFF", "") not in ("", "0")  # the kill switch, looked at once

Record = dict[str, Any]
Store = str | MutableMapping[str, bytes]

ROTATE_BYTES = 64 * 1024 * 1024


# Plain classes here and in cache.py: dataclasses would import inspect, which takes longer than all of this.
class State:
    """The settings in force. ``log`` is a file, or a folder when it ends in ``/``; None writes nothing."""

    def __init__(self, log: str | None = None, minimal: bool = False, cache: Store = "memory:") -> None:
        self.log = log
        self.minimal = minimal
        self.rotate = ROTATE_BYTES
        self.cache = cache
        self.prices: str | Mapping[str, Mapping[str, Any]] | None = None
        self.on_record: Callable[[Record], object] | None = None
        self.budgets: list[Budget] = []


def _from_environment() -> State:
    from_environment = State(
        log=os.environ.get("LLM_LINT_LOG") or None,
        minimal=os.environ.get("LLM_LINT_LOG_FIELDS") == "minimal",
        cache=os.environ.get("LLM_LINT_CACHE") or "memory:",
    )
    rotate = os.environ.get("LLM_LINT_LOG_ROTATE", "")
    if rotate.isdecimal():
        from_environment.rotate = int(rotate)
    return from_environment


state = _from_environment()


def configure(
    *,
    log: str | os.PathLike[str] | None = None,
    cache: Store | None = None,
    budget: Budget | None = None,
    prices: str | os.PathLike[str] | Mapping[str, Mapping[str, Any]] | None = None,
    on_record: Callable[[Record], object] | None = None,
    rotate: int | None = None,
) -> None:
    """Set up this process; what is not given stays as it is.

    ``log``: where usage records go, a file or (with a ``/`` at the end) a folder with one file a process
    and day. ``cache``: the store of ``cached``: ``memory:``, ``sqlite:///answers.db``, ``redis://host``, or
    a mutable mapping. ``budget``: one more ``budget(…)``. ``prices``: a price file in place of the built-in
    one, or own prices by model in USD per million tokens: ``{"my-model": {"in": "0.5", "out": "2"}}``.
    ``on_record`` is called with every record. ``rotate``: bytes after which a log file is set aside.
    """
    if log is not None:
        state.log = os.fspath(log) or None
    if cache is not None:
        state.cache = cache
    if budget is not None and budget not in state.budgets:
        state.budgets.append(budget)
    if prices is not None:
        from . import prices as table

        state.prices = prices if isinstance(prices, Mapping) else os.fspath(prices)
        table.forget()
    if on_record is not None:
        state.on_record = on_record
    if rotate is not None:
        state.rotate = rotate


_warned: set[str] = set()


def warn(message: str, once: str | None = None) -> None:
    """Say something on the logger ``llm_lint``; only the first time for each ``once``."""
    if once is not None:
        if once in _warned:
            return
        _warned.add(once)
    import logging

    logging.getLogger("llm_lint").warning(message)


if os.environ.get("LLM_LINT_BUDGET") and not OFF:
    from .budgets import from_environment as _budget

    state.budgets = _budget(os.environ["LLM_LINT_BUDGET"])
