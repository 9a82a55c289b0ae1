"""Setting a key in a TOML file's text, every other byte as it was; proven by parsing both."""

from __future__ import annotations

import copy
import re
import sys
from typing import Any

from llm_lint.errors import LlmLintError
from llm_lint.project.setup.steps import newline_of

Table = tuple[str, ...]


def parse(text: str, origin: str) -> dict[str, Any]:
    """The data of a TOML text; raises LlmLintError when it has none."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LlmLintError(f"{origin} is not valid TOML: {error}") from None


def get(data: dict[str, Any], table: Table, key: str) -> Any:
    """The value of a key; None when it is not set."""
    found: Any = data
    for name in (*table, key):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def set_key(text: str, table: Table, key: str, value: str | int, origin: str) -> str:
    """The text with ``key`` set in ``table`` (empty: before all tables).

    Raises LlmLintError where the text is written in a way that does not allow it without touching more.
    """
    data = parse(text, origin)
    if get(data, table, key) == value:
        return text
    written = f'"{value}"' if isinstance(value, str) else str(value)
    edited = _edit(text, table, key, written)
    expected = copy.deepcopy(data)
    inner = expected
    for name in table:
        inner = inner.setdefault(name, {})
        if not isinstance(inner, dict):
            break
    else:
        inner[key] = value
    if not _is(edited, expected, origin):
        place = f"[{'.'.join(table)}]" if table else "the top"
        raise LlmLintError(
            f"{origin} cannot be edited safely; nothing was written",
            f"add `{key} = {written}` under {place} by hand",
        )
    return edited


def _is(text: str, expected: dict[str, Any], origin: str) -> bool:
    try:
        return parse(text, origin) == expected
    except LlmLintError:
        return False


_ANY_HEADER = re.compile(r"^[ \t]*\[", re.M)


def _edit(text: str, table: Table, key: str, written: str) -> str:
    newline = newline_of(text)
    line = f"{key} = {written}{newline}"
    start, end = _body(text, table)
    if start < 0:
        gap = "" if not text else newline if text.endswith("\n") else newline * 2
        return f"{text}{gap}[{'.'.join(table)}]{newline}{line}"
    assignment = re.compile(
        rf"^[ \t]*{re.escape(key)}[ \t]*=[ \t]*(?P<value>[^#\r\n]*?)(?=[ \t]*(#|\r?$))", re.M
    )
    found = assignment.search(text, start, end)
    if found is not None:
        return text[: found.start("value")] + written + text[found.end("value") :]
    if start and text[start - 1] not in "\r\n":
        line = newline + line
    return text[:start] + line + text[start:]


def _body(text: str, table: Table) -> tuple[int, int]:
    """Where the lines of a table stand; (-1, -1) when it has no header."""
    start = 0
    if table:
        name = r"[ \t]*\.[ \t]*".join(rf"[\"']?{re.escape(part)}[\"']?" for part in table)
        header = re.compile(rf"^[ \t]*\[[ \t]*{name}[ \t]*\][ \t]*(#[^\r\n]*)?(\r?\n|$)", re.M).search(text)
        if header is None:
            return -1, -1
        start = header.end()
    following = _ANY_HEADER.search(text, start)
    return start, following.start() if following else len(text)
