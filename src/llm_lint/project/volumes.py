"""Volumes as people write them: in the ``usage`` table of the settings, and in comments beside a request."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from llm_lint.errors import LlmLintError, SkipFile
from llm_lint.model import Request
from llm_lint.syntax.source import SourceFile

PROFILES = ("small", "medium", "large")
ENTRY_POINTS = ("web", "bot", "ui", "worker", "cron", "cli", "library", "notebook", "test")
_PER_MONTH = {"month": Decimal(1), "week": Decimal("4.345"), "day": Decimal("30.4"), "hour": Decimal("729.6")}
_PATH = re.compile(r"[/*]|\.(py|ipynb)$")
_COMMENT = re.compile(r"#\s*llm-lint:\s*volume\s*=\s*([^#]*)", re.I)


def read_table(table: Mapping[str, Any], origin: str) -> tuple[str | None, tuple[tuple[str, Decimal], ...]]:
    """The profile, if one is set, and requests a month by selector.

    Selectors are functions (``"app.llm:ask"``, ``"app/llm.py::ask#0"``), paths (``"src/jobs/**"``) and
    entry points (``"entry:web"``). Raises LlmLintError for any other key and for what is no volume.
    """
    profile = None
    volumes: list[tuple[str, Decimal]] = []
    for key, value in table.items():
        if key == "profile":
            if value not in PROFILES:
                raise LlmLintError(f"{origin}: `usage.profile` must be one of {', '.join(PROFILES)}")
            profile = str(value)
        else:
            _verify(key, origin)
            volumes.append((key, requests_per_month(value, f"usage.{key}", origin)))
    return profile, tuple(volumes)


def _verify(key: str, origin: str) -> None:
    """Raise LlmLintError for a key that is no selector: it would silently name nothing."""
    kind, colon, name = key.partition(":")
    hint = None
    if kind == "entry" and colon:
        if name in ENTRY_POINTS:
            return
        close = [f"entry:{entry}" for entry in difflib.get_close_matches(name, ENTRY_POINTS, 1)]
        hint = f"the entry points are {', '.join(ENTRY_POINTS)}"
    elif colon or _PATH.search(key):
        return
    else:
        close = [f"entry:{key}"] if key in ENTRY_POINTS else difflib.get_close_matches(key, ["profile"], 1)
        hint = "a function is `module:function`, a folder ends in `/`, an entry point begins with `entry:`"
    raise LlmLintError(
        f"{origin}: unknown key `usage.{key}`", f"did you mean `usage.{close[0]}`?" if close else hint
    )


def requests_per_month(value: Any, key: str, origin: str) -> Decimal:
    """``2000`` a month, or ``"2000/day"``, ``"5/hour"``, ``"100/week"``; raises LlmLintError."""
    number, _, period = value.partition("/") if isinstance(value, str) else (value, "", "")
    factor = _PER_MONTH.get(period.strip() or "month")
    if factor is None:
        raise LlmLintError(
            f"{origin}: `{key}` has an unknown period `{period.strip()}`", "use month, week, day or hour"
        )
    try:
        amount = Decimal(str(number).strip().replace("_", ""))
    except InvalidOperation:
        raise LlmLintError(f"{origin}: `{key}` must be a number") from None
    if not amount.is_finite() or amount < 0 or isinstance(number, bool):
        raise LlmLintError(f"{origin}: `{key}` must be a number that is not negative")
    return amount * factor


# --------------------------------------------------------------------------- comments

Comment = tuple[int, int | None, bool, Decimal]


def commented(requests: Iterable[Request], read: Callable[[str], SourceFile]) -> dict[str, Decimal]:
    """Requests a month by key, from ``# llm-lint: volume=2000/day`` on the statement or alone above it.

    Raises LlmLintError for a comment that names no volume.
    """
    found: dict[str, Decimal] = {}
    comments: dict[str, list[Comment]] = {}
    for request in requests:
        name = request.span.filename
        if name not in comments:
            comments[name] = list(_comments(name, read))
        for row, cell, alone, volume in comments[name]:
            first = min(request.statement.start.row, request.span.start.row)
            last = max(request.statement.end.row, request.span.end.row)
            beside = first <= row <= last or (alone and row == first - 1)
            if beside and cell == request.span.cell:
                found[request.key] = volume
    return found


def _comments(name: str, read: Callable[[str], SourceFile]) -> Iterator[Comment]:
    """Row, cell, whether it stands alone, and requests a month of each comment of a file."""
    try:
        source = read(name)
    except SkipFile:
        return
    if "volume" not in source.text:
        return
    for line, column, comment in source.comments():
        match = _COMMENT.search(comment)
        if match is not None:
            place, cell = source.location(line, 0)
            alone = not source.lines[line - 1][:column].strip()
            volume = requests_per_month(match[1].strip(), "volume", f"{name}:{place.row}")
            yield place.row, cell, alone, volume
