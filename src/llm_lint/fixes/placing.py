"""Where the line of a new import goes: the run of imports, the section, the place in it."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from llm_lint.fixes.edits import Offsets, newline_of
from llm_lint.model import Edit
from llm_lint.syntax.source import SourceFile

_COOKIE = re.compile(r"^[ \t\f]*#.*?coding[:=]|^#!")
_FUTURE, _STANDARD, _THIRD_PARTY, _FIRST_PARTY, _LOCAL = range(5)
_Key = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Block:
    """A line to insert: its text, the module it imports, and whether it is a plain ``import``."""

    text: str
    module: str
    is_plain: bool


def place(source: SourceFile, block: Block, use: ast.AST, first_party: frozenset[str]) -> Edit | str:
    """The edit that inserts a line of import which has run at ``use``; a reason where there is no place."""
    where = _Where(source, use, first_party)
    run = where.run()
    if run is None:
        return "the imports of the file share a line with other code"
    return where.into(run, block) if run else where.on_top(block)


class _Where:
    """The search for a place in one file (one cell of a notebook)."""

    def __init__(self, source: SourceFile, use: ast.AST, first_party: frozenset[str]) -> None:
        self._source = source
        self._offsets = Offsets(source)
        self._newline = newline_of(source)
        self._first_party = first_party
        first, last = _lines_of_cell(source, getattr(use, "lineno", 1))
        self._statements = [s for s in source.tree().body if first <= s.lineno <= last]
        self._use = next((s for s in self._statements if _start(s) <= _line(use) <= _end(s)), None)

    # ---- where the imports are

    def run(self) -> list[ast.stmt] | None:
        """The first imports on neighbouring statements; empty where there are none, None when unusable."""
        found: list[ast.stmt] = []
        for statement in self._statements:
            if statement is self._use and not _is_import(statement):
                break
            if _is_import(statement):
                found.append(statement)
            elif found or not _may_precede(statement, self._source.is_notebook):
                break
        shared = {_end(s) for s in found} & {_start(s) for s in self._statements if s not in found}
        shared |= {_start(s) for s in found} & {_end(s) for s in self._statements if s not in found}
        return None if shared else found

    def into(self, run: list[ast.stmt], block: Block) -> Edit:
        """A line among imports, after the last that sorts before it."""
        key = self._key(block.module, block.is_plain)
        keys = [self._key_of(statement) for statement in run]
        section = [number for number, other in enumerate(keys) if other[0] == key[0]]
        if section:
            return self._in_section(run, keys, section, block, key)
        before = [number for number, other in enumerate(keys) if other[0] < key[0]]
        if before:
            last = before[-1]
            apart = last + 1 == len(run) or self._is_apart(run[last], run[last + 1])
            return self._after(run[last], block.text, apart)
        return self._before(run[0], block.text, self._newline)

    def _in_section(
        self, run: list[ast.stmt], keys: list[_Key], section: list[int], block: Block, key: _Key
    ) -> Edit:
        ordered = [keys[number] for number in section]
        if ordered != sorted(ordered) and [k[2] for k in ordered] == sorted(k[2] for k in ordered):
            ordered, key = [(k[0], 0, k[2]) for k in ordered], (key[0], 0, key[2])  # by name alone
        if ordered == sorted(ordered):
            later = [number for number, other in zip(section, ordered, strict=True) if other > key]
            earlier = [number for number, other in zip(section, ordered, strict=True) if other <= key]
            if not earlier:
                return self._before(run[later[0]], block.text, "")
            return self._after(run[earlier[-1]], block.text, False)
        return self._after(run[section[-1]], block.text, False)

    def _is_apart(self, one: ast.stmt, other: ast.stmt) -> bool:
        """Whether sections are divided by an empty line: these are, or they are one section."""
        between = self._source.lines[_end(one) : _start(other) - 1]
        if self._key_of(one)[0] == self._key_of(other)[0]:
            return True
        return any(not line.strip() for line in between)

    # ---- lines

    def _after(self, statement: ast.stmt, text: str, apart: bool) -> Edit:
        gap = self._newline if apart else ""
        return self._line_after(_end(statement), gap + text)

    def _line_after(self, line: int, text: str) -> Edit:
        written = self._source.lines[line - 1]
        at = self._offsets.line_start(line) + len(written)
        if written.endswith(("\n", "\r")):
            return self._offsets.edit(at, at, text + self._newline)
        return self._offsets.edit(at, at, self._newline + text)

    def _before(self, statement: ast.stmt, text: str, gap: str) -> Edit:
        """A line before a statement; its own comments stay with it, those that head the file stay first."""
        line = self._above_comments(_start(statement))
        at = self._offsets.line_start(line)
        return self._offsets.edit(at, at, text + self._newline + gap)

    def _above_comments(self, line: int) -> int:
        first = line
        while first > 1 and self._source.lines[first - 2].lstrip().startswith("#"):
            first -= 1
        is_head = first == 1 or any(map(_COOKIE.match, self._source.lines[first - 1 : min(line - 1, 2)]))
        if not self._source.is_notebook and is_head:
            return line
        return first if self._source.location(first, 0)[1] == self._source.location(line, 0)[1] else line

    # ---- files without imports

    def on_top(self, block: Block) -> Edit | str:
        """A line below the docstring and above everything else."""
        heads = [s for s in self._statements if _may_precede(s, False) or _is_future(s)]
        heads = heads if self._statements[: len(heads)] == heads and not self._source.is_notebook else []
        rest = self._statements[len(heads) :]
        following = self._use if self._source.is_notebook else rest[0] if rest else None
        if heads and any(_start(s) <= _end(heads[-1]) for s in rest):
            return "the docstring of the file shares its line with other code"
        if heads:
            return self._line_after(_end(heads[-1]), self._newline + block.text)
        if following is None:
            return "there is no place for an import"
        wide = isinstance(following, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        return self._before(following, block.text, self._newline * (2 if wide else 1))

    # ---- order

    def _key_of(self, statement: ast.stmt) -> _Key:
        if isinstance(statement, ast.ImportFrom):
            if statement.level:
                return (_LOCAL, 1, "")
            return self._key(statement.module or "", False)
        assert isinstance(statement, ast.Import)
        return self._key(statement.names[0].name, True)

    def _key(self, module: str, is_plain: bool) -> _Key:
        return (self._section(module), 0 if is_plain else 1, module.lower())

    def _section(self, module: str) -> int:
        root = module.split(".")[0]
        if root == "__future__":
            return _FUTURE
        if root in sys.stdlib_module_names:
            return _STANDARD
        return _FIRST_PARTY if root in self._first_party else _THIRD_PARTY


def _is_import(statement: ast.stmt) -> bool:
    return isinstance(statement, (ast.Import, ast.ImportFrom))


def _is_future(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"


def _may_precede(statement: ast.stmt, is_notebook: bool) -> bool:
    """What stands above the first imports without ending the search: a docstring, masked magics."""
    if isinstance(statement, ast.Pass):
        return is_notebook
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _lines_of_cell(source: SourceFile, line: int) -> tuple[int, int]:
    for cell in source.cells:
        if cell.first_line <= line < cell.first_line + cell.line_count:
            return cell.first_line, cell.first_line + cell.line_count - 1
    return 1, len(source.lines) + 1


def _line(node: ast.AST) -> int:
    return getattr(node, "lineno", 1)


def _start(statement: ast.stmt) -> int:
    decorators: Sequence[ast.expr] = getattr(statement, "decorator_list", ())
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _end(statement: ast.stmt) -> int:
    return statement.end_lineno or statement.lineno
