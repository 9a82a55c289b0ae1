"""Edits in the JSON of a notebook: only the strings of the lines that change are written anew."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from llm_lint.errors import SkipFile
from llm_lint.fixes.edits import Change, apply
from llm_lint.model import Edit, Location
from llm_lint.syntax import notebook

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_COLON = re.compile(r"\s*:")
_SOURCES = re.compile(r"^(?:cells|worksheets/0/cells)/(\d+)/(?:source|input)(?:/\d+)?$")


@dataclass(frozen=True, slots=True)
class _Piece:
    """One JSON string: where it stands in the file, with its quotes, and what it says."""

    start: int
    end: int
    text: str


def rewrite(data: bytes, edits: Iterable[Edit]) -> bytes:
    """The notebook after the edits, formatted as it was; raises SkipFile when that cannot be had."""
    raw = data.decode("utf-8")
    by_cell: dict[int, list[Edit]] = defaultdict(list)
    for edit in edits:
        assert edit.span.cell is not None
        by_cell[edit.span.cell].append(edit)
    pieces = _pieces(raw)
    changes: list[Change] = []
    expected: dict[int, str] = {}
    for cell, wanted in by_cell.items():
        strings = pieces.get(cell, [])
        code = "".join(piece.text for piece in strings)
        expected[cell] = _edited(code, wanted)
        changes += _respelled(raw, strings, expected[cell])
    result = apply(raw, changes)
    if _without(result, expected) != _without(raw, expected) or any(
        "".join(piece.text for piece in _pieces(result).get(cell, [])) != code
        for cell, code in expected.items()
    ):
        raise SkipFile("the notebook cannot be rewritten without changing its formatting")
    return result.encode("utf-8")


def _edited(code: str, edits: list[Edit]) -> str:
    """A cell's code after edits, which must not touch lines that are no Python."""
    if "\r" in code:
        raise SkipFile("the lines of a cell end in carriage returns")
    lines = code.split("\n")
    masked = notebook.mask(code)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)

    def offset(place: Location) -> int:
        return starts[place.row - 1] + place.column - 1

    for edit in edits:
        rows = range(edit.span.start.row - 1, min(edit.span.end.row, len(lines)))
        if any(lines[row] != masked[row] for row in rows if edit.span.start != edit.span.end):
            raise SkipFile("the edit touches a line of the notebook that is no Python")
    return apply(code, [Change(offset(e.span.start), offset(e.span.end), e.content) for e in edits])


def _respelled(raw: str, pieces: list[_Piece], code: str) -> Iterator[Change]:
    """The change from the strings of a cell to those of its new code."""
    if not pieces:
        raise SkipFile("the cell was not found in the notebook")
    is_ascii = raw.isascii()
    old = [piece.text for piece in pieces]
    is_list = raw[: pieces[0].start].rstrip().endswith("[")
    new = re.findall(r"[^\n]*\n|[^\n]+", code) if is_list else [code]
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    written = [json.dumps(text, ensure_ascii=is_ascii) for text in new[head : len(new) - tail]]
    between = raw[pieces[0].end : pieces[1].start] if len(pieces) > 1 else ", "
    replaced = pieces[head : len(pieces) - tail]
    if replaced:
        yield Change(replaced[0].start, replaced[-1].end, between.join(written))
    elif head < len(pieces):
        yield Change(pieces[head].start, pieces[head].start, "".join(text + between for text in written))
    else:
        yield Change(pieces[-1].end, pieces[-1].end, "".join(between + text for text in written))


def _pieces(raw: str) -> dict[int, list[_Piece]]:
    """The strings that hold the code of each cell, in order."""
    found: dict[int, list[_Piece]] = defaultdict(list)
    for path, match in _strings(raw):
        place = _SOURCES.match(path)
        if place is not None:
            found[int(place[1])].append(_Piece(match.start(), match.end(), json.loads(match[0])))
    return found


def _strings(raw: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Every string that is a value, with the keys and indexes that lead to it."""
    path: list[str | int] = []
    key: re.Match[str] | None = None
    for match in _TOKEN.finditer(raw):
        token = match[0]
        if token in "{[":
            path.append("" if token == "{" else 0)
        elif token in "}]":
            path.pop()
        elif token == ",":
            if path and isinstance(path[-1], int):
                path[-1] += 1
        elif token == ":":
            if key is not None:
                path[-1] = json.loads(key[0])
                key = None
            continue
        elif token.startswith('"'):
            if path and isinstance(path[-1], str) and _is_key(raw, match.end()):
                key = match
            else:
                yield "/".join(map(str, path)), match


def _is_key(raw: str, at: int) -> bool:
    return _COLON.match(raw, at) is not None


def _without(raw: str, cells: Iterable[int]) -> object:
    """The notebook's content without the code of some cells."""
    document = json.loads(raw.removeprefix("\ufeff"))
    listed = document["cells"] if "cells" in document else document["worksheets"][0]["cells"]
    for cell in cells:
        for name in ("source", "input"):
            listed[cell].pop(name, None)
    return document
