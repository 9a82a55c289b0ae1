"""The proof of an edit: the two trees are equal but for what the edits say.

Every node outside the edits must have its equal in the other tree, in the same place. A node may be new
only where its text was inserted, gone only where its text was deleted, and wrapped only in text that
was inserted.
"""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from llm_lint.errors import SkipFile
from llm_lint.fixes.edits import Change, Offsets
from llm_lint.syntax.source import SourceFile

_PLACES = frozenset({"lineno", "col_offset", "end_lineno", "end_col_offset"})


def objection(old: SourceFile, new: SourceFile, changes: Iterable[Change]) -> str | None:
    """Why the new text is not the old one with just these changes; None when it is."""
    try:
        tree = new.tree()
    except SkipFile as reason:
        return f"the result does not parse: {reason}"
    if new.partly_skipped() != old.partly_skipped():
        return "a cell of the result does not parse"
    try:
        same = _Comparison(old, new, sorted(set(changes))).nodes(old.tree(), tree)
    except RecursionError:
        return "the file is nested too deeply to compare"
    return None if same else "the edit changes the meaning of code around it"


class _Comparison:
    """Two trees side by side."""

    def __init__(self, old: SourceFile, new: SourceFile, changes: Sequence[Change]) -> None:
        self._old, self._new = Offsets(old), Offsets(new)
        self._changes = changes
        self._shifts = [0, *accumulate(len(c.content) - (c.end - c.start) for c in changes)]
        self._inserted = [
            (change.start + shift, change.start + shift + len(change.content))
            for change, shift in zip(changes, self._shifts, strict=False)
        ]

    # ---- trees

    def nodes(self, old: ast.AST, new: ast.AST) -> bool:
        """Whether two nodes are equal but for the changes."""
        if type(old) is type(new) and all(self._fields(old, new)):
            return True
        return self._is_replaced(old, new) or self._is_wrapped(old, new)

    def _fields(self, old: ast.AST, new: ast.AST) -> Iterator[bool]:
        for name in old._fields:
            yield self._values(getattr(old, name, None), getattr(new, name, None))

    def _values(self, old: object, new: object) -> bool:
        if isinstance(old, list) and isinstance(new, list):
            return self._lists(old, new)
        if isinstance(old, ast.AST) and isinstance(new, ast.AST):
            return self.nodes(old, new)
        return type(old) is type(new) and old == new

    def _lists(self, old: list[object], new: list[object]) -> bool:
        """Elements in order; those inserted or deleted as a whole are left out."""
        if len(old) == len(new) and all(map(self._values, old, new)):
            return True
        kept = [item for item in old if not self._is_deleted(item)]
        found = [item for item in new if not self._is_inserted(item)]
        return len(kept) == len(found) and all(map(self._values, kept, found))

    # ---- what the changes explain

    def _is_inserted(self, node: object) -> bool:
        place = self._range(node, self._new)
        return place is not None and _within(place, self._inserted)

    def _is_deleted(self, node: object) -> bool:
        place = self._range(node, self._old)
        return place is not None and _within(
            place, [(change.start, change.end) for change in self._changes if change.end > change.start]
        )

    def _is_replaced(self, old: ast.AST, new: ast.AST) -> bool:
        return self._is_deleted(old) and self._is_inserted(new)

    def _is_wrapped(self, old: ast.AST, new: ast.AST) -> bool:
        """Whether ``new`` is ``old`` inside inserted code."""
        place = self._range(old, self._old)
        around = self._range(new, self._new)
        if place is None or around is None or not isinstance(new, ast.expr):
            return False
        for child in ast.iter_child_nodes(new):
            inside = self._range(child, self._new)
            if inside is None:
                continue
            if inside == (self._moved(place[0], True), self._moved(place[1], False)):
                return self.nodes(old, child) and self._is_only_around(new, child)
        return False

    def _is_only_around(self, new: ast.AST, kept: ast.AST) -> bool:
        others = (child for child in ast.iter_child_nodes(new) if child is not kept)
        return all(self._range(child, self._new) is None or self._is_inserted(child) for child in others)

    # ---- places

    def _range(self, node: object, offsets: Offsets) -> tuple[int, int] | None:
        if not isinstance(node, (ast.expr, ast.stmt, ast.alias, ast.keyword, ast.arg)):
            return None
        decorators = getattr(node, "decorator_list", ())
        start, end = offsets.of_node(node)  # type: ignore[arg-type]
        return min([start, *(offsets.of_node(decorator)[0] for decorator in decorators)]), end

    def _moved(self, offset: int, is_start: bool) -> int:
        """Where an offset of the old text lies in the new one; insertions at a start come before it."""
        starts = [change.start for change in self._changes]
        count = bisect_right(starts, offset) if is_start else bisect_right(starts, offset - 1)
        return offset + self._shifts[count]


def _within(place: tuple[int, int], ranges: Iterable[tuple[int, int]]) -> bool:
    return any(start <= place[0] and place[1] <= end for start, end in ranges)
