"""The ways through callers to a function: which calls lead to it, one after another."""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from llm_lint.semantics.calls import CallGraph
from llm_lint.semantics.edges import Edge
from llm_lint.semantics.entry import excluded
from llm_lint.semantics.index import Scope
from llm_lint.semantics.resolve import MAX_OVERRIDES
from llm_lint.semantics.values import MAX_ALTERNATIVES, Instance

_MAX_DEPTH = 9


@dataclass(frozen=True, slots=True)
class Passage:
    """A way in which callers lead to a function: the calls, outermost first.

    ``receiver`` is the class of the object on which methods have called each other so far.
    """

    edges: tuple[Edge, ...]
    receiver: Scope | None = None

    @property
    def root(self) -> Scope:
        """The function in which the passage begins."""
        return self.edges[0].caller


class Passages:
    """Finds the passages of one call graph.

    A method that calls another of its own object does so on one object: a base class's loop over
    ``self.work()`` is around the ``work`` of those classes only that inherit the loop.
    """

    def __init__(self, graph: CallGraph) -> None:
        self.graph = graph
        self.r = graph.resolver

    def to(self, function: Scope) -> Iterator[Passage]:
        """The passages to a function, nearest first, each caller visited once per class of object."""
        seen: set[tuple[Scope, Scope | None]] = {(function, None)}
        queue = deque(self._longer(Passage(()), function, function))
        while queue:
            passage = queue.popleft()
            yield passage
            state = (passage.root, passage.receiver)
            if state in seen or len(passage.edges) >= _MAX_DEPTH:
                continue
            seen.add(state)
            queue.extend(self._longer(passage, passage.root, function))

    def _longer(self, passage: Passage, function: Scope, wanted: Scope) -> Iterator[Passage]:
        """The passage led on to each caller that its object can have."""
        for edge in self._callers(function, wanted):
            receiver = passage.receiver or edge.callee.owner
            caller = _method(edge.caller) if _is_own_call(edge) else None
            if caller is None or caller.owner is None or receiver is None:
                if receiver is None or self._is_called_on(edge, receiver):
                    yield Passage((edge, *passage.edges))
                continue
            shared = self._narrower(caller.owner, receiver)
            if shared is not None or passage.receiver is None:
                yield Passage((edge, *passage.edges), shared)

    def _callers(self, function: Scope, wanted: Scope) -> Iterator[Edge]:
        """The calls of a function; a test's calls say nothing of how the code it tests is used."""
        in_test = excluded(wanted.module.filename) == "test"
        for edge in self.graph.edges.get(function, ()):
            if in_test or excluded(edge.site.module.filename) != "test":
                yield edge

    def _is_called_on(self, edge: Edge, receiver: Scope) -> bool:
        """Whether a call is made on an object of a class, as far as the code shows.

        A call that may run any of many implementations is a scheduler's: nothing says which it runs.
        """
        function = _method_named(edge)
        if function is None:
            return True
        values = self.r.evaluate(function.value, edge.site.scope)
        if len(values) >= MAX_ALTERNATIVES:
            return False
        owner = edge.callee.owner or receiver
        classes = [value.scope for value in values if isinstance(value, Instance)]
        leading = [cls for cls in classes if owner in self.r.lineage(cls) or cls in self.r.lineage(owner)]
        if not leading or any(receiver in self.r.lineage(cls) for cls in leading):
            return True
        overrides = max(len(self.r.overrides(cls, function.attr)) for cls in leading)
        return overrides < MAX_OVERRIDES and any(cls in self.r.lineage(receiver) for cls in leading)

    def _narrower(self, one: Scope, other: Scope) -> Scope | None:
        """The class of an object that is both, None when no class of the project extends both."""
        if one in self.r.lineage(other):
            return other
        if other in self.r.lineage(one):
            return one
        both = set(self.r.descendants(other))
        return next((cls for cls in self.r.descendants(one) if cls in both), None)


def _method(scope: Scope) -> Scope | None:
    """The method that a function is or is nested in."""
    inner: Scope | None = scope
    while inner is not None and (inner.kind != "function" or inner.owner is None):
        inner = inner.parent
    return inner


def _method_named(edge: Edge) -> ast.Attribute | None:
    """The expression that names the method a call runs: what is called, or what is handed on."""
    node = edge.site.node
    named = (node.func, *node.args, *(keyword.value for keyword in node.keywords))
    methods = (item for item in named if isinstance(item, ast.Attribute) and item.attr == edge.callee.name)
    return next(methods, None)


def _is_own_call(edge: Edge) -> bool:
    """``self.method()``, ``super().method()``, ``submit(self.method)``: both share their object."""
    function = _method_named(edge)
    if function is None:
        return False
    match function.value:
        case ast.Call(func=ast.Name(id="super")):
            return True
        case ast.Name(id=name):
            method = _method(edge.caller)
            return method is not None and bool(method.parameters) and method.parameters[0].name == name
    return False
