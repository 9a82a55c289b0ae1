"""How deeply a tree nests: what evaluates expressions recurses, and must not meet a tree without a floor.

CPython's own limit depends on its version and on the recursion limit, so depth is measured here. Only
statements whose text is long enough to nest deeply are looked into.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import accumulate

MAX_DEPTH = 1000  # levels; each takes one character or more, and generated code may have some hundred


def nests_too_deeply(tree: ast.Module, lines: tuple[str, ...]) -> bool:
    """Whether an expression, or statements within statements, have more than ``MAX_DEPTH`` levels."""
    offsets = [0, *accumulate(map(len, lines))]
    if offsets[-1] <= MAX_DEPTH:
        return False
    level: list[ast.stmt] = tree.body
    for _ in range(MAX_DEPTH):
        inner: list[ast.stmt] = []
        for node in level:
            last = node.end_lineno or node.lineno
            if hasattr(node, "body") or hasattr(node, "cases"):
                blocks = list(_inside(node))
                inner += blocks
                last = blocks[0].lineno if blocks else last
            length = offsets[min(last, len(lines))] - offsets[node.lineno - 1]
            if length > MAX_DEPTH and _depth(node) > MAX_DEPTH:
                return True
        if not inner:
            return False
        level = inner
    return True


def _inside(node: ast.stmt) -> Iterator[ast.stmt]:
    """The statements in the blocks of a statement."""
    for name in ("body", "orelse", "finalbody"):
        yield from getattr(node, name, ())
    for name in ("handlers", "cases"):
        for part in getattr(node, name, ()):
            yield from part.body


def _depth(node: ast.AST) -> int:
    """The levels below a node, without its blocks; stops counting where it is too deep anyway."""
    depth = 0
    level = [child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.stmt)]
    while level and depth <= MAX_DEPTH:
        depth += 1
        level = [child for parent in level for child in ast.iter_child_nodes(parent)]
    return depth
