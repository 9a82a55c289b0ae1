"""The loops around a request, direct or through callers, and whether their iterations are independent."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import Literal

from llm_lint.model import Loop, Span, Step
from llm_lint.semantics.calls import CONCURRENT_FORMS, MAP_FORMS, CallGraph
from llm_lint.semantics.dataflow import places
from llm_lint.semantics.edges import Edge
from llm_lint.semantics.index import CallSite, LoopNode, Scope
from llm_lint.semantics.loop_kinds import LoopKinds
from llm_lint.semantics.passages import Passages

_ALTERNATIVES = re.compile(
    r"^(model|llm|provider|engine|backend|deployment|sampler|lm)(_?(name|id|key|config|cfg|spec))?s?$", re.I
)


class Loops:
    """Finds and classifies the loops around request sites of one call graph."""

    def __init__(self, graph: CallGraph) -> None:
        self.graph = graph
        self.kinds = LoopKinds(graph.resolver)
        self.passages = Passages(graph)
        self._around: dict[tuple[CallSite, str, bool], list[Loop]] = {}

    def of(self, site: CallSite, form: str, history: bool) -> list[Loop]:
        """Every loop around a request, the direct ones first, innermost first."""
        is_async = any(not issue.spec or issue.spec.is_async for issue in self.graph.issues.get(site, ()))
        goes_on = self._goes_on(site, history)
        direct = _nested(self.around(site, form, history, is_async), goes_on)
        if any(loop.is_batch_candidate for loop in direct):
            return direct
        builds_up = goes_on or any(map(_builds_up, direct))
        return direct + self._indirect(site.scope.function, builds_up, history)

    def _goes_on(self, site: CallSite, history: bool) -> bool:
        """Whether the same function goes on asking in an agent's loop: its requests are one piece of work."""
        return any(
            loop.kind == "agent"
            for other in self._sites[site.scope.function]
            if other is not site
            for loop in self.around(other, self.graph.issues[other][0].form, history, False)
        )

    @cached_property
    def _sites(self) -> dict[Scope, list[CallSite]]:
        sites: dict[Scope, list[CallSite]] = defaultdict(list)
        for site in self.graph.issues:
            sites[site.scope.function].append(site)
        return sites

    def _indirect(self, function: Scope, goes_on: bool, history: bool) -> list[Loop]:
        found: dict[tuple[Span, str], Loop] = {}
        for passage in self.passages.to(function):
            layers = [self.around(e.site, e.form, history, e.callee.is_async) for e in passage.edges]
            builds_up = goes_on or any(_builds_up(loop) for layer in layers[1:] for loop in layer)
            for loop in _nested(layers[0], builds_up):
                here = replace(loop, depth="indirect", via=tuple(map(step, passage.edges)))
                known = found.get((loop.span, loop.kind))
                if known is None or (here.is_batch_candidate and not known.is_batch_candidate):
                    found[loop.span, loop.kind] = here
        return list(found.values())

    def around(self, site: CallSite, form: str, history: bool, is_async: bool) -> list[Loop]:
        """The loops of one function around one call, innermost first."""
        key = (site, form, history)
        if key not in self._around:
            self._around[key] = list(self._written_around(site, form, history, is_async))
        return self._around[key]

    def _written_around(self, site: CallSite, form: str, history: bool, is_async: bool) -> Iterator[Loop]:
        name = site.scope.function.qualname
        at_once = form in CONCURRENT_FORMS or (is_async and not site.awaited)
        if form in MAP_FORMS:
            span = site.module.source.span(site.node)
            yield Loop("data", "direct", form, span, name, not history, form in CONCURRENT_FORMS)
        for node in reversed(site.loops):
            kind = self.kinds.kind(node, site)
            trips = self.kinds.trips(node)
            if kind is None or trips == 1:
                continue
            flow = self.kinds.flow(node, site)
            builds_up = flow.needs_earlier_answer() or history
            if kind == "data" and builds_up and isinstance(node.node, ast.While):
                kind = "agent"
            independent = kind == "data" and not builds_up and not flow.leaves_on_answer()
            yield Loop(
                kind,
                "direct",
                node.form,
                node.scope.module.source.span(node.node),
                name,
                independent,
                at_once or _is_gathered(node, site),
                trips,
                self._note(node, site) if kind == "data" else "",
            )

    def _note(self, node: LoopNode, site: CallSite) -> Literal["", "samples", "models"]:
        if self.kinds.samples(node, site):
            return "samples"
        names = places([node.target]) if node.target is not None else set()
        return "models" if any(_ALTERNATIVES.match(name) for name in names) else ""


def step(edge: Edge) -> Step:
    """One call on the way to a request."""
    scope = edge.caller
    while scope.kind == "lambda" and scope.parent is not None:
        scope = scope.parent.function
    return Step(edge.site.module.source.span(edge.site.node), scope.qualname)


def _nested(loops: list[Loop], builds_up: bool = False) -> list[Loop]:
    """Loops, innermost first, those around steps that build on each other marked."""
    marked = []
    for loop in loops:
        is_around = builds_up and loop.kind == "data" and not loop.note
        marked.append(replace(loop, note="steps") if is_around else loop)
        builds_up = builds_up or _builds_up(loop)
    return marked


def _builds_up(loop: Loop) -> bool:
    """Whether one iteration continues where another ended, so that they are one piece of work."""
    return loop.kind in ("agent", "chat", "poll") or (loop.kind == "data" and loop.independent is False)


def _is_gathered(loop: LoopNode, site: CallSite) -> bool:
    """Whether the calls of a loop are handed to something that runs them side by side."""
    for other in site.scope.function.all_calls():
        name = other.node.func.attr if isinstance(other.node.func, ast.Attribute) else ""
        if name not in CONCURRENT_FORMS and name not in ("as_completed", "wait"):
            continue
        if _within(site.node, other.node) and other is not site:
            return True
        if _within(loop.node, other.node):
            return True
    return False


def _within(inner: ast.AST, outer: ast.AST) -> bool:
    return _extent(outer)[0] <= _extent(inner)[0] and _extent(inner)[1] <= _extent(outer)[1]


def _extent(node: ast.AST) -> tuple[tuple[int, int], tuple[int, int]]:
    start = (getattr(node, "lineno", 0), getattr(node, "col_offset", 0))
    return start, (getattr(node, "end_lineno", 0) or 0, getattr(node, "end_col_offset", 0) or 0)
