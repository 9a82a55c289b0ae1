"""Markdown as readable text in a terminal."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from llm_lint.report.columns import columns
from llm_lint.report.console import Console

_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_ITEM = re.compile(r"(\s*)([-*]|\d+\.)\s+(.*)")
_EXPECTATION = re.compile(r"\s*# expect: ([A-Z0-9, ]+)$")
_CODE = re.compile(r"`([^`]+)`")
_STRONG = re.compile(r"\*\*([^*]+)\*\*")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
_LABELS = {
    "bad": "reported",
    "good": "instead",
    "ok": "not reported",
    "fixed": "fixed",
    "toml": "configuration",
}


def prose(markdown: str, console: Console) -> str:
    """Headings, paragraphs, lists, tables and code of a rule document."""
    blocks = _blocks(markdown.splitlines(), console)
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _blocks(lines: list[str], console: Console) -> Iterator[list[str]]:
    position = 0
    while position < len(lines):
        line = lines[position]
        start = position
        position += 1
        if not line.strip():
            continue
        if line.startswith("```"):
            while position < len(lines) and not lines[position].startswith("```"):
                position += 1
            yield _code(line[3:], lines[start + 1 : position], console)
            position += 1
            continue
        if heading := _HEADING.match(line):
            yield [
                console.paint(
                    _plain(heading[2]).upper() if len(heading[1]) == 1 else _plain(heading[2]), "bold"
                )
            ]
            continue
        while position < len(lines) and _continues(lines[position]):
            position += 1
        yield _text(lines[start:position], console)


def _continues(line: str) -> bool:
    return bool(line.strip()) and not line.startswith("```") and not _HEADING.match(line)


def _code(info: str, lines: list[str], console: Console) -> list[str]:
    label = _label(info, any(_EXPECTATION.search(line) for line in lines))
    shown = [
        f"    {_EXPECTATION.sub(lambda found: f'  # <- {found[1].strip()}', line)}".rstrip() for line in lines
    ]
    return [*([console.paint(f"  {label}", "dim")] if label else []), *shown]


def _label(info: str, expects: bool) -> str:
    """What a block of a rule document shows; of several files only those with an expectation are reported."""
    words = info.split()
    kind = next((_LABELS[word] for word in words if word in _LABELS and (word != "bad" or expects)), "")
    name = next((word.removeprefix("file=") for word in words if word.startswith("file=")), "")
    label = f"{kind}, in {name}" if kind and name else kind or name
    return f"{label}:" if label else ""


def _text(lines: list[str], console: Console) -> list[str]:
    if lines[0].lstrip().startswith("|"):
        return _table(lines, console)
    if _ITEM.match(lines[0]):
        return [wrapped for item in _items(lines) for wrapped in _item(item, console)]
    return _wrapped(" ".join(line.strip() for line in lines), "", console)


def _items(lines: list[str]) -> list[str]:
    items: list[str] = []
    for line in lines:
        if _ITEM.match(line) or not items:
            items.append(line)
        else:
            items[-1] += " " + line.strip()
    return items


def _item(text: str, console: Console) -> list[str]:
    match = _ITEM.match(text)
    if match is None:
        return _wrapped(text, "", console)
    mark = match[2] if match[2][0].isdigit() else "•"
    return _wrapped(match[3], f"{match[1]}  {mark} ", console)


def _table(lines: list[str], console: Console) -> list[str]:
    rows = [[_plain(cell.strip()) for cell in line.strip().strip("|").split("|")] for line in lines]
    body = [row for row in rows[1:] if not all(set(cell) <= {"-", ":"} for cell in row)]
    return columns(rows[0], body, console)


def _wrapped(text: str, first: str, console: Console) -> list[str]:
    lines = textwrap.wrap(
        _plain(text),
        console.width,
        initial_indent=first,
        subsequent_indent=" " * len(first),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [_styled(line, console) for line in lines]


def _plain(text: str) -> str:
    """The text without bold marks, and with the targets of links behind their words."""
    return _STRONG.sub(r"\1", _LINK.sub(r"\1 (\2)", text))


def _styled(text: str, console: Console) -> str:
    return _CODE.sub(lambda found: console.paint(found[1], "cyan"), text) if console.color else text
