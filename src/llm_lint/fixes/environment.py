"""The fix of LLM801: ``os.environ["NAME"]`` in place of a key.

Unsafe: the program then needs the variable to be set. No edit holds the key, only the place it stood.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from llm_lint.fixes.edits import Offsets
from llm_lint.fixes.imports import Wanted, ensure
from llm_lint.fixes.nodes import parents
from llm_lint.model import Applicability, Fix
from llm_lint.syntax.source import SourceFile

if TYPE_CHECKING:
    from llm_lint.fixes import Fixer
    from llm_lint.semantics.secrets import KeyMatch

_PLACES = {
    "comment": "a comment is nothing to read from the environment: delete it",
    "text": "the key stands in a markdown cell: delete it there",
    "output": "the key was printed by a cell: clear its output",
}
_READERS = frozenset({"os.getenv", "os.environ.get", "getenv", "environ.get"})
_SCHEMES = ("Bearer ", "Token ", "Api-Key ", "Key ")


def read_from_environment(fixer: Fixer, match: KeyMatch) -> Fix | str:
    """The fix for one key, or why there is none."""
    if match.place in _PLACES:
        return _PLACES[match.place]
    source = fixer.read(match.span.filename)
    literal = _literal(source, match)
    if literal is None:
        return "the key is not a literal of its own"
    around = parents(source.tree())
    reason = _misplaced(literal, around)
    if reason is not None:
        return reason
    scheme = _scheme(source, literal, match)
    if scheme is None:
        return "the key is a part of a longer text"
    imported = ensure(source, Wanted("os"), literal, fixer.first_party)
    if isinstance(imported, str):
        return imported
    target, variable = _whole(literal, around, match.variable)
    offsets = Offsets(source)
    start, end = offsets.of_node(target)
    read = f'{imported.expression}.environ["{variable}"]'
    if scheme:
        read = f'("{scheme}" + {read})'
    return Fix(
        Applicability.UNSAFE,
        f'read it from `os.environ["{variable}"]`, which must then be set; rotate the key as well',
        (*imported.edits, offsets.edit(start, end, read)),
    )


def _literal(source: SourceFile, match: KeyMatch) -> ast.Constant | None:
    """The string that a key stands in."""
    offsets = Offsets(source)
    at = offsets.of_location(match.span.start, match.span.cell)
    for node in ast.walk(source.tree()):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            start, end = offsets.of_node(node)
            if start <= at < end:
                return node
    return None


def _misplaced(literal: ast.Constant, around: dict[ast.AST, ast.AST]) -> str | None:
    """Why no expression may stand where a literal does."""
    parent = around.get(literal)
    if isinstance(parent, ast.JoinedStr):
        return "the key is a part of a longer text"
    if isinstance(parent, ast.Expr):
        return "the key stands in a docstring: delete it there"
    if isinstance(parent, ast.MatchValue):
        return "a pattern cannot be read from the environment"
    if isinstance(parent, ast.Dict) and literal in parent.keys:
        return "the key is the key of a dict"
    if _sets_environment(literal, parent):
        return "the program puts the key into its own environment: delete that and set the variable outside"
    return None


def _sets_environment(literal: ast.Constant, parent: ast.AST | None) -> bool:
    """``os.environ["NAME"] = "key"`` and ``os.environ.setdefault("NAME", "key")``."""
    if isinstance(parent, ast.Assign) and parent.value is literal:
        return any("environ" in ast.unparse(target) for target in parent.targets)
    return (
        isinstance(parent, ast.Call)
        and isinstance(parent.func, ast.Attribute)
        and parent.func.attr in ("setdefault", "putenv", "setenv")
    )


def _whole(literal: ast.Constant, around: dict[ast.AST, ast.AST], variable: str) -> tuple[ast.expr, str]:
    """What to replace by which variable: the literal, or ``os.getenv(…)`` with it as the default."""
    match around.get(literal):
        case ast.Call(func=function, args=[ast.Constant(value=str() as name), default]) as call:
            if default is literal and ast.unparse(function) in _READERS:
                return call, name
    return literal, variable


def _scheme(source: SourceFile, literal: ast.Constant, match: KeyMatch) -> str | None:
    """What of a literal is not the key: nothing, ``Bearer`` or the like; None for longer texts."""
    value = str(literal.value)
    scheme = next((scheme for scheme in _SCHEMES if value.startswith(scheme)), "")
    rest = value[len(scheme) :]
    start, end = Offsets(source).of_span(match.span)
    is_all = match.span == source.span(literal) or source.text[start:end] == rest
    return None if not is_all or "://" in rest or " " in rest.strip() else scheme
