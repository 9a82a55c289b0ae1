"""Nodes of a file's tree, found again by where they lie."""

from __future__ import annotations

import ast
from typing import TypeVar

from llm_lint.model import Span
from llm_lint.syntax.source import SourceFile

Node = TypeVar("Node", bound=ast.AST)


def expression_at(source: SourceFile, span: Span, kind: type[Node]) -> Node | None:
    """The node of a kind that a span covers exactly; raises SkipFile."""
    return next((node for node in ast.walk(source.tree()) if _is_at(source, node, span, kind)), None)  # type: ignore[return-value]


def _is_at(source: SourceFile, node: ast.AST, span: Span, kind: type[ast.AST]) -> bool:
    return isinstance(node, kind) and source.span(node) == span


def parents(tree: ast.AST) -> dict[ast.AST, ast.AST]:
    """The node around each node."""
    return {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
