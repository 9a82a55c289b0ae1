"""One more name in an import that a file has, laid out and sorted as its neighbours are."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from llm_lint.fixes.edits import Offsets, newline_of
from llm_lint.model import Edit
from llm_lint.syntax.source import SourceFile

if TYPE_CHECKING:
    import libcst as cst


def add_name(source: SourceFile, module: str, name: str, use: ast.AST) -> Edit | None:
    """One more name in a ``from module import …`` that the file has, where isort would put it."""
    for statement in source.tree().body:
        if (
            isinstance(statement, ast.ImportFrom)
            and statement.module == module
            and not statement.level
            and statement.names[0].name != "*"
            and (statement.end_lineno or statement.lineno) < getattr(use, "lineno", 0)
        ):
            return _with_name(source, statement, name)
    return None


def _with_name(source: SourceFile, statement: ast.ImportFrom, name: str) -> Edit | None:
    import libcst as cst

    offsets = Offsets(source)
    start, end = offsets.of_node(statement)
    text = source.text[start:end]
    try:
        parsed = cst.parse_statement(text)
    except cst.ParserSyntaxError:
        return None
    if not isinstance(parsed, cst.SimpleStatementLine) or not isinstance(parsed.body[0], cst.ImportFrom):
        return None
    node = parsed.body[0]
    assert not isinstance(node.names, cst.ImportStar)
    names = _inserted(node, list(node.names), name)
    new = cst.Module([]).code_for_node(node.with_changes(names=names))
    new = re.sub(r"\r\n|\n|\r", lambda _: newline_of(source), new) if "\n" in new else new
    return _smallest(offsets, start, text, new)


def _inserted(node: cst.ImportFrom, names: list[cst.ImportAlias], name: str) -> list[cst.ImportAlias]:
    """The aliases of an import with one more, laid out as its neighbours are."""
    import libcst as cst

    written = [alias.evaluated_name for alias in names]
    ordered = [_name_key(other) for other in written]
    position = len(names)
    if ordered == sorted(ordered):
        position = next((n for n, key in enumerate(ordered) if key > _name_key(name)), len(names))
    gap = node.lpar.whitespace_after if node.lpar is not None else None
    tall = gap if isinstance(gap, cst.ParenthesizedWhitespace) else None
    between = cst.Comma(whitespace_after=cst.SimpleWhitespace(" ") if tall is None else _silent(tall))
    alias = cst.ImportAlias(cst.Name(name), comma=between)
    if position < len(names):
        return [*names[:position], alias, *names[position:]]
    last = names[-1]
    end = last.comma
    if not isinstance(end, cst.Comma):
        return [*names[:-1], last.with_changes(comma=between), alias.with_changes(comma=end)]
    kept = between
    if tall is not None and isinstance(end.whitespace_after, cst.ParenthesizedWhitespace):
        kept = between.with_changes(
            whitespace_after=tall.with_changes(
                first_line=end.whitespace_after.first_line, empty_lines=end.whitespace_after.empty_lines
            )
        )
    final = end.with_changes(whitespace_after=_silent(end.whitespace_after))
    return [*names[:-1], last.with_changes(comma=kept), alias.with_changes(comma=final)]


def _silent(space: cst.BaseParenthesizableWhitespace) -> cst.BaseParenthesizableWhitespace:
    """Whitespace without the comment in it."""
    import libcst as cst

    if not isinstance(space, cst.ParenthesizedWhitespace):
        return space
    line = space.first_line.with_changes(comment=None, whitespace=cst.SimpleWhitespace(""))
    return space.with_changes(first_line=line, empty_lines=())


def _name_key(name: str) -> tuple[int, str]:
    """How isort orders names: constants, classes, the rest."""
    rank = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return rank, name.lower()


def _smallest(offsets: Offsets, start: int, old: str, new: str) -> Edit:
    """The edit from one text to another without what they share at both ends."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return offsets.edit(start + head, start + len(old) - tail, new[head : len(new) - tail])
