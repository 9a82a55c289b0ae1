"""Imports that a fix needs: an existing one, one more name in an existing one, or a new line.

A new line goes where isort would put it: into the first imports of the file (of the cell, in a notebook),
by section and name. Names that the file uses for something else are avoided with an alias.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from llm_lint.fixes.bindings import Binding, bindings, encloses
from llm_lint.fixes.merging import add_name
from llm_lint.fixes.placing import Block, place
from llm_lint.model import Edit
from llm_lint.syntax.source import SourceFile

_MAX_ALIASES = 9


@dataclass(frozen=True, slots=True)
class Import:
    """How to say a name, and the edits that make it known."""

    expression: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to import: a module, or one name out of a module."""

    module: str
    name: str | None = None

    @property
    def local(self) -> str:
        """What it is called without an alias."""
        return self.name or self.module

    @property
    def origin(self) -> str:
        """The same in the spelling of ``Binding.imports``."""
        return self.module if self.name is None else f"{self.module}:{self.name}"

    def statement(self, alias: str | None) -> str:
        """The line to write."""
        renamed = f" as {alias}" if alias else ""
        if self.name is None:
            return f"import {self.module}{renamed}"
        return f"from {self.module} import {self.name}{renamed}"


def ensure(source: SourceFile, wanted: Wanted, use: ast.AST, first_party: frozenset[str]) -> Import | str:
    """Make something importable known at ``use``, a node of the file's tree; a reason where it cannot be.

    ``first_party`` are the top-level names of the project itself.
    """
    bound = bindings(source)
    known = _known(bound, wanted, use, source)
    if known is not None:
        return Import(known, ())
    taken = {found.name for found in bound}
    if "*" in taken:  # it may bind anything but names with an underscore
        taken.add(wanted.local)
    alias = _alias(wanted, taken)
    if alias is None and wanted.name is not None:
        merged = add_name(source, wanted.module, wanted.name, use)
        if merged is not None:
            return Import(wanted.local, (merged,))
    edit = place(source, Block(wanted.statement(alias), wanted.module, wanted.name is None), use, first_party)
    if isinstance(edit, str):
        return edit
    return Import(alias or wanted.local, (edit,))


def _known(bound: list[Binding], wanted: Wanted, use: ast.AST, source: SourceFile) -> str | None:
    """The name under which the file already imports what is wanted, if that holds at ``use``."""
    for name in dict.fromkeys(found.name for found in bound if found.imports == wanted.origin):
        if wanted.name is None and name != wanted.module and "." in wanted.module:
            continue
        same = [found for found in bound if found.name == name]
        if not _is_always(same, wanted, use):
            continue
        first = next(found for found in same if found.imports == wanted.origin and found.scope is None)
        if _is_before(first.statement, use, source):
            return name
    return None


def _is_always(same: list[Binding], wanted: Wanted, use: ast.AST) -> bool:
    """Whether a name means the import wherever it is visible at ``use``."""
    ours = [found for found in same if found.imports == wanted.origin]
    top = [found for found in ours if found.scope is None]
    if not top or any(found.scope is not None and encloses(found.scope, use) for found in ours):
        return False
    if all(found.is_plain for found in top) and len(ours) == len(same):
        return True
    guarded = top[0].statement  # the file's own fallback: try: import … except ImportError: …
    return isinstance(guarded, ast.Try) and all(found.statement is guarded for found in same)


def _is_before(statement: ast.stmt, use: ast.AST, source: SourceFile) -> bool:
    """Whether a statement of the module has run when ``use`` is evaluated."""
    if statement.lineno < getattr(use, "lineno", 0):
        return True
    functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    return any(
        isinstance(node, functions) and node is not use and any(encloses(part, use) for part in _body(node))
        for node in ast.walk(source.tree())
    )


def _body(function: ast.AST) -> list[ast.AST]:
    body = getattr(function, "body", [])
    return body if isinstance(body, list) else [body]


def _alias(wanted: Wanted, taken: set[str]) -> str | None:
    """Another name where the plain one is taken; None where it is free."""
    if wanted.local.split(".")[0] not in taken:
        return None
    base = wanted.local.rpartition(".")[2]
    for number in range(_MAX_ALIASES):
        alias = f"_{base}" if number == 0 else f"_{base}_{number + 1}"
        if alias not in taken:
            return alias
    return f"_llm_lint_{base}"
