"""Text edits: from places to offsets and back, what they make of a text, whether they collide."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from llm_lint.model import Edit, Location, Span
from llm_lint.syntax.source import SourceFile

_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """Replace the characters from ``start`` to ``end`` (offsets in the text) with ``content``."""

    start: int
    end: int
    content: str


class Offsets:
    """Offsets in the text of a file; for notebooks in the joined text of its cells."""

    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self._starts = [0, *accumulate(map(len, source.lines))]
        self._first = {cell.index: cell.first_line for cell in source.cells}
        self._cells = [(cell.first_line, cell.index) for cell in source.cells]

    def of_location(self, place: Location, cell: int | None) -> int:
        """The offset of a place."""
        first = 1 if cell is None else self._first[cell]
        return self._starts[first + place.row - 2] + place.column - 1

    def of_span(self, span: Span) -> tuple[int, int]:
        """Where a span starts and ends."""
        return self.of_location(span.start, span.cell), self.of_location(span.end, span.cell)

    def of_node(self, node: ast.expr | ast.stmt | ast.alias) -> tuple[int, int]:
        """Where a node of the file's tree starts and ends."""
        return self.of_span(self.source.span(node))

    def line_start(self, line: int) -> int:
        """Where a line, counted from 1, starts; the end of the text for the line after the last."""
        return self._starts[min(line, len(self._starts)) - 1]

    def line_of(self, offset: int) -> int:
        """The line, counted from 1, that an offset lies in."""
        return min(bisect_right(self._starts, offset), max(len(self.source.lines), 1))

    def edit(self, start: int, end: int, content: str) -> Edit:
        """The edit that replaces a range of the text."""
        first, cell = self._place(start)
        last, _ = self._place(end) if end != start else (first, cell)
        return Edit(Span(self.source.name, first, last, cell), content)

    def _place(self, offset: int) -> tuple[Location, int | None]:
        line = self.line_of(offset)
        column = offset - self._starts[line - 1] + 1
        if not self._cells:
            return Location(line, column), None
        first, index = self._cells[max(bisect_right(self._cells, (line, 1 << 30)) - 1, 0)]
        return Location(line - first + 1, column), index

    def change(self, edit: Edit) -> Change:
        """An edit as offsets."""
        start, end = self.of_span(edit.span)
        return Change(start, end, edit.content)


def newline_of(source: SourceFile) -> str:
    r"""How the lines of a file end: as its first line does, ``\n`` where there is none."""
    found = _LINE_END.search(source.text)
    return found[0] if found is not None else "\n"


def together(*edits: Edit) -> tuple[Edit, ...]:
    """Edits of one fix, in which several insertions at one place are one, in the order given."""
    merged: dict[Span, Edit] = {}
    for edit in edits:
        before = merged.get(edit.span)
        merged[edit.span] = edit if before is None else Edit(edit.span, before.content + edit.content)
    return tuple(merged.values())


def apply(text: str, changes: Iterable[Change]) -> str:
    """The text after changes that do not collide."""
    parts: list[str] = []
    at = 0
    for change in sorted(set(changes)):
        parts += (text[at : change.start], change.content)
        at = change.end
    return "".join((*parts, text[at:]))


def collide(ours: Sequence[Change], theirs: Iterable[Change]) -> bool:
    """Whether two fixes change the same place; the same insertion in both is one that they share."""
    return any(_collide(one, other) for other in theirs for one in ours if one != other)


def _collide(one: Change, other: Change) -> bool:
    if one.start == one.end and other.start == other.end:
        return one.start == other.start
    return one.start < other.end and other.start < one.end
