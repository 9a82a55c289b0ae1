"""Whether an iteration of a loop needs what an earlier one answered.

Inside the loop's body, everything computed from the answer is tainted; the request depends on earlier
iterations when it reads something tainted that is not made afresh before it in each iteration.
Places are compared by their dotted text (``history``, ``self.messages``).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from llm_lint.semantics.index import CallSite, LoopNode

_MUTATORS = frozenset("append extend insert add update appendleft setdefault push put write".split())
# Methods of an object that remembers a conversation: ``history.add_turn(answer)``.
_KEEPS = re.compile(r"(add|append|push|insert|record|remember|save|update|log)_?", re.I)
_TALK = re.compile(r"history|conversation|dialog|memory|messages|chat|turns|transcript|thread", re.I)
# Tests for failures: leaving a loop on them says nothing of what the answers are needed for.
_FAILURE = re.compile(r"status|error|\.ok\b|fail|exceed|quota|budget|limit|total_cost|spent", re.I)
_NAMED = (ast.Name, ast.Attribute)


def place(node: ast.AST) -> str | None:
    """The dotted text of a name or attribute chain; ``a["b"]`` counts as ``a``."""
    while isinstance(node, (ast.Subscript, ast.Starred)):
        node = node.value
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = place(node.value)
        return f"{base}.{node.attr}" if base else None
    return None


def places(nodes: Iterable[ast.AST]) -> set[str]:
    """Every place read in some expressions, with the places it is part of."""
    found: set[str] = set()
    for root in nodes:
        for node in ast.walk(root):
            if isinstance(node, _NAMED):
                text = place(node)
                if text is not None:
                    found.add(text)
    return found


class LoopFlow:
    """The flow of answers through one loop's body, for one call in it."""

    def __init__(self, loop: LoopNode, site: CallSite, writes: tuple[Write, ...] | None = None) -> None:
        self.loop = loop
        self.site = site
        self.writes = writes_of(loop) if writes is None else writes

    @cached_property
    def tainted(self) -> frozenset[str]:
        """The places that hold something made of an answer."""
        tainted = {
            write.place
            for write in self.writes
            if any(_contains(value, self.site.node) for value in write.values)
        }
        while True:
            before = len(tainted)
            tainted |= {write.place for write in self.writes if not write.reads.isdisjoint(tainted)}
            if len(tainted) == before:
                return frozenset(tainted)

    def needs_earlier_answer(self) -> bool:
        """Whether the call's arguments read something an earlier iteration's answer went into."""
        arguments = [*self.site.node.args, *(keyword.value for keyword in self.site.node.keywords)]
        reads = self.expanded(places(arguments))
        carried = {name for name in reads & self.tainted if not self._is_fresh(name)}
        return bool(carried)

    def leaves_on_answer(self) -> bool:
        """Whether the loop may stop because of what was answered."""
        return any(
            isinstance(node, ast.If)
            and not _FAILURE.search(ast.unparse(node.test))
            and (places([node.test]) & self.tainted or _contains(node.test, self.site.node))
            and _leaves(node.body)
            for root in self.loop.body
            for node in ast.walk(root)
        ) or (isinstance(self.loop.node, ast.While) and bool(places([self.loop.node.test]) & self.tainted))

    def _is_fresh(self, name: str) -> bool:
        """Whether each iteration gives the place a new value, free of answers, before the call."""
        owner = name.split(".")[0]
        if owner in places([self.loop.target] if self.loop.target is not None else []):
            return True
        for write in self.writes:
            if not write.replaces or write.place not in (name, owner):
                continue
            if _start(write.node) >= _start(self.site.node) or write.node not in self.loop.body:
                continue
            if name not in write.reads and write.reads.isdisjoint(self.tainted):
                return True
        return False

    def expanded(self, reads: set[str]) -> set[str]:
        """What the reads are made of, through assignments earlier in the body."""
        reads = set(reads)
        start = _start(self.site.node)
        earlier = [write for write in self.writes if _start(write.node) < start]
        while True:
            before = len(reads)
            reads |= {read for write in earlier if write.place in reads for read in write.reads}
            if len(reads) == before:
                return reads


@dataclass(frozen=True, slots=True, eq=False)
class Write:
    """An assignment or mutation: what it writes, from which values, whether it replaces what was there."""

    place: str
    values: tuple[ast.expr, ...]
    reads: frozenset[str]
    replaces: bool
    node: ast.AST


def writes_of(loop: LoopNode) -> tuple[Write, ...]:
    """Every assignment and mutation in a loop's body."""
    reads: dict[tuple[ast.expr, ...], frozenset[str]] = {}
    found = []
    for target, values, replaces, node in _writes(loop.body):
        key = tuple(values)
        if key not in reads:
            reads[key] = frozenset(places(key))
        found.append(Write(target, key, reads[key], replaces, node))
    return tuple(found)


def _writes(body: Iterable[ast.AST]) -> Iterator[tuple[str, list[ast.expr], bool, ast.AST]]:
    """``(place, values, replaces, statement)`` for every assignment and mutation."""
    for root in body:
        for node in ast.walk(root):
            match node:
                case ast.Assign(targets=targets, value=value):
                    for target in targets:
                        for name, fresh in _targets(target):
                            yield name, [value], fresh, node
                case ast.AnnAssign(target=target, value=ast.expr() as value):
                    for name, fresh in _targets(target):
                        yield name, [value], fresh, node
                case ast.NamedExpr(target=target, value=value):
                    yield target.id, [value], True, node
                case ast.AugAssign(target=target, value=value):
                    for name, _ in _targets(target):
                        yield name, [value], False, node
                case ast.For(target=target, iter=value) | ast.AsyncFor(target=target, iter=value):
                    for name, fresh in _targets(target):
                        yield name, [value], fresh, node
                case ast.withitem(context_expr=value, optional_vars=ast.expr() as target):
                    for name, fresh in _targets(target):
                        yield name, [value], fresh, value
                case ast.Call(func=ast.Attribute(value=owner, attr=attr)) if attr in _MUTATORS:
                    name_ = place(owner)
                    if name_ is not None:
                        yield name_, [*node.args, *(k.value for k in node.keywords)], False, node
                case ast.Call(func=ast.Attribute(value=owner, attr=attr)) if _KEEPS.match(attr):
                    name_ = place(owner)
                    if name_ is not None and _TALK.search(name_):
                        yield name_, [*node.args, *(k.value for k in node.keywords)], False, node


def _targets(target: ast.expr) -> Iterator[tuple[str, bool]]:
    if isinstance(target, (ast.Tuple, ast.List)):
        for element in target.elts:
            yield from _targets(element)
        return
    name = place(target)
    if name is not None:
        yield name, not isinstance(target, ast.Subscript)


def _contains(root: ast.AST, wanted: ast.AST) -> bool:
    if not (_start(root) <= _start(wanted) and _end(wanted) <= _end(root)):
        return False
    return any(node is wanted for node in ast.walk(root))


def _leaves(body: list[ast.stmt]) -> bool:
    return any(isinstance(statement, (ast.Break, ast.Return)) for statement in body)


def _start(node: ast.AST) -> tuple[int, int]:
    return (getattr(node, "lineno", 0), getattr(node, "col_offset", 0))


def _end(node: ast.AST) -> tuple[int, int]:
    return (getattr(node, "end_lineno", 0) or 0, getattr(node, "end_col_offset", 0) or 0)
