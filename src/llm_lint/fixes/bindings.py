"""Which names a file binds, and where: what an import may be called without getting in the way."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from llm_lint.syntax.source import SourceFile

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(frozen=True, slots=True)
class Binding:
    """One place that binds a name.

    ``imports`` is ``module`` for ``import module`` and ``module:name`` for ``from module import name``, ""
    for anything else. ``scope`` is the function or class it belongs to, None for the module;
    ``statement`` the statement of the module's own level that it stands in.
    """

    name: str
    imports: str
    scope: ast.AST | None
    statement: ast.stmt

    @property
    def is_plain(self) -> bool:
        """Whether this is an import that always runs, at the level of the module."""
        return bool(self.imports) and isinstance(self.statement, (ast.Import, ast.ImportFrom))


def bindings(source: SourceFile) -> list[Binding]:
    """Every binding of a file; raises SkipFile when it cannot be parsed."""
    found: list[Binding] = []
    for statement in source.tree().body:
        stack: list[tuple[ast.AST, ast.AST | None]] = [(statement, None)]
        while stack:
            node, scope = stack.pop()
            found += (Binding(name, imports, scope, statement) for name, imports in _bound(node))
            inner = node if isinstance(node, (*_SCOPES, *_COMPREHENSIONS)) else scope
            stack += ((child, inner) for child in ast.iter_child_nodes(node))
    return found


def encloses(scope: ast.AST | None, node: ast.AST) -> bool:
    """Whether a node lies in a scope, or the scope is the module."""
    return scope is None or any(inner is node for inner in ast.walk(scope))


def _bound(node: ast.AST) -> Iterator[tuple[str, str]]:
    match node:
        case ast.Import(names=names):
            for alias in names:
                yield alias.asname or alias.name.split(".")[0], alias.name
        case ast.ImportFrom(module=module, names=names, level=level):
            for alias in names:
                yield alias.asname or alias.name, f"{'.' * level}{module or ''}:{alias.name}"
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            yield name, ""
        case ast.arg(arg=name):
            yield name, ""
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name, ""
        case ast.ExceptHandler(name=str() as name):
            yield name, ""
        case ast.MatchAs(name=str() as name) | ast.MatchStar(name=str() as name):
            yield name, ""
        case ast.MatchMapping(rest=str() as name):
            yield name, ""
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            yield from ((name, "") for name in names)
