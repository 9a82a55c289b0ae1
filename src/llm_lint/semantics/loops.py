"""What kind of loop stands around a request, directly or through its callers.

``data``: one request per element. ``retry``: again until it works. ``chat``: one per turn of a person.
``agent``: the answers steer the loop. ``poll``: a worker waiting for work. Loops over the chunks of
one answer are none at all.
"""

from __future__ import annotations

import ast
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from llm_lint.model import Loop, Span
from llm_lint.semantics.calls import CONCURRENT_FORMS, MAP_FORMS, CallGraph
from llm_lint.semantics.dataflow import LoopFlow, Write, places, writes_of
from llm_lint.semantics.edges import Edge
from llm_lint.semantics.entry import excluded
from llm_lint.semantics.index import Block, CallSite, LoopNode, Scope
from llm_lint.semantics.values import Const, External, Function, Items, Response, Values

Kind = Literal["data", "chat", "agent", "retry", "poll"]

_RETRY_NAMES = re.compile(
    r"(^|_)(attempts?|retr(y|ies)|tries|try_?(num|count|no|i)?|backoff|n_tries)(_|$)", re.I
)
_PERSON = re.compile(
    r"\binput\(|Prompt\.ask|\.prompt\(|receive_text|receive_json|chat_input|raw_input|websocket\.recv|"
    r"\bws\.recv|\.ask\(\)\.|questionary|console\.input|listen\(|getpass|stdin\.readline|prompt_async|"
    r"recognize_|get_user_input|read_user|user_input",
)
_CHANNEL = re.compile(r"websocket|\bws\b|socket|receive|listen|\bchat\b|message_stream|incoming", re.I)
_WORK = re.compile(
    r"queue|consumer|subscribe|pubsub|kafka|\.poll\(|blpop|brpop|rpop|lpop|receive_messages?|sqs|"
    r"\.get\(\)|get_nowait|reserve|dequeue|next_job|claim|fetch_job|stream_iter|xread",
    re.I,
)
_AGENT_NAMES = re.compile(r"(^|_)(step|turn|iteration|iter|round|loop|cycle|hop)s?(_|$)", re.I)
_POP = re.compile(r"\.(pop|popleft|get_nowait|get)\(|\bnext\(|\[0\]|\[i\]|\[idx\]|\[start:|\[i:")
_MAX_CALLER_DEPTH = 9


def _may_stream(value: object) -> bool:
    """Whether iterating over an answer gives its pieces as they come, not the elements of a result."""
    return isinstance(value, Response) and (value.spec is None or value.spec.stream != "never")


@dataclass(frozen=True, slots=True)
class Passage:
    """A way in which callers lead to a function: the calls, outermost first."""

    edges: tuple[Edge, ...]

    @property
    def root(self) -> Scope:
        """The function in which the passage begins."""
        return self.edges[0].caller


class Loops:
    """Finds and classifies the loops around request sites of one call graph."""

    def __init__(self, graph: CallGraph, keeps_history: dict[CallSite, bool]) -> None:
        self.graph = graph
        self.r = graph.resolver
        self.keeps_history = keeps_history
        self._flows: dict[tuple[LoopNode, CallSite], LoopFlow] = {}
        self._writes: dict[LoopNode, tuple[Write, ...]] = {}
        self._around: dict[tuple[CallSite, str, bool, str, bool], list[Loop]] = {}

    def of(self, site: CallSite, form: str, history: bool) -> list[Loop]:
        """Every loop around a request, the direct ones first, innermost first."""
        is_async = any(not issue.spec or issue.spec.is_async for issue in self.graph.issues.get(site, ()))
        direct = self.around(site, form, history, "direct", is_async)
        if any(loop.kind == "data" for loop in direct):
            return direct
        return direct + self._indirect(site.scope.function, history)

    def passages(self, function: Scope) -> Iterator[Passage]:
        """The ways through callers to a function, nearest first, each function visited once."""
        seen = {function}
        queue: deque[Passage] = deque(Passage((edge,)) for edge in self._callers(function, function))
        while queue:
            passage = queue.popleft()
            yield passage
            root = passage.root
            if root in seen or len(passage.edges) >= _MAX_CALLER_DEPTH:
                continue
            seen.add(root)
            for edge in self._callers(root, function):
                queue.append(Passage((edge, *passage.edges)))

    def _callers(self, function: Scope, wanted: Scope) -> Iterator[Edge]:
        """The calls of a function; a test's calls say nothing of how the code it tests is used."""
        in_test = excluded(wanted.module.filename) == "test"
        for edge in self.graph.edges.get(function, ()):
            if in_test or excluded(edge.site.module.filename) != "test":
                yield edge

    def _indirect(self, function: Scope, history: bool) -> list[Loop]:
        found: dict[tuple[object, str], Loop] = {}
        for passage in self.passages(function):
            edge = passage.edges[0]
            for loop in self.around(edge.site, edge.form, history, "indirect", edge.callee.is_async):
                found.setdefault((loop.span, loop.kind), loop)
        return list(found.values())

    def around(
        self,
        site: CallSite,
        form: str,
        history: bool,
        depth: Literal["direct", "indirect"],
        is_async: bool,
    ) -> list[Loop]:
        """The loops of one function around one call, innermost first."""
        asked = (site, form, history, depth, is_async)
        if asked not in self._around:
            self._around[asked] = self._find_around(*asked)
        return self._around[asked]

    def _flow(self, loop: LoopNode, site: CallSite) -> LoopFlow:
        if (loop, site) not in self._flows:
            if loop not in self._writes:
                self._writes[loop] = writes_of(loop)
            self._flows[loop, site] = LoopFlow(loop, site, self._writes[loop])
        return self._flows[loop, site]

    def _find_around(
        self,
        site: CallSite,
        form: str,
        history: bool,
        depth: Literal["direct", "indirect"],
        is_async: bool,
    ) -> list[Loop]:
        loops: list[Loop] = []
        concurrent = form in CONCURRENT_FORMS or (is_async and not site.awaited)
        if form in MAP_FORMS:
            loops.append(self._mapped(site, form, history, depth))
        for node in reversed(site.loops):
            kind = self._kind(node, site)
            trips = self._trips(node)
            if kind is None or trips == 1:
                continue
            flow = self._flow(node, site)
            needs = flow.needs_earlier_answer()
            independent = kind == "data" and not needs and not history and not flow.leaves_on_answer()
            if kind == "data" and (needs or history) and isinstance(node.node, ast.While):
                kind = "agent"
            at_once = concurrent or self._gathered(node, site)
            loops.append(
                Loop(
                    kind,
                    depth,
                    node.form,
                    _loop_span(node),
                    site.scope.function.qualname,
                    independent,
                    at_once,
                    trips,
                    "samples" if kind == "data" and self._samples(node, site) else "",
                )
            )
        return loops

    def _mapped(self, site: CallSite, form: str, history: bool, depth: Literal["direct", "indirect"]) -> Loop:
        span = site.module.source.span(site.node)
        return Loop(
            "data", depth, form, span, site.scope.function.qualname, not history, form in CONCURRENT_FORMS
        )

    # ------------------------------------------------------------------ kinds

    def _kind(self, loop: LoopNode, site: CallSite) -> Kind | None:
        if isinstance(loop.node, ast.While):
            return self._while_kind(loop, loop.node, site)
        assert loop.iter is not None
        values = self.r.evaluate(loop.iter, loop.scope)
        if any(_may_stream(value) for value in values) and not _is_list_of_calls(loop.iter):
            return None
        text = ast.unparse(loop.iter)
        if isinstance(loop.node, (ast.For, ast.AsyncFor)):
            if self._is_retry(loop, site, text):
                return "retry"
            if _PERSON.search(text) or (loop.form == "async for" and _CHANNEL.search(text)):
                return "chat"
            if _WORK.search(text) and not _is_dataset(text):
                return "poll"
            if _is_count(text):
                return self._count_kind(loop, site)
        return "data"

    def _count_kind(self, loop: LoopNode, site: CallSite) -> Kind:
        """``for step in range(n)``: an agent's steps, tries until the answer will do, or samples."""
        flow = self._flow(loop, site)
        if flow.needs_earlier_answer() or (_names_turns(loop.target) and flow.leaves_on_answer()):
            return "agent"
        return "retry" if _leaves_somewhere(loop) and not self._uses_element(loop, site) else "data"

    def _samples(self, loop: LoopNode, site: CallSite) -> bool:
        """``for _ in range(n)``: several answers to one question, not one answer per element."""
        counts = loop.iter is not None and _is_count(ast.unparse(loop.iter))
        return counts and not self._uses_element(loop, site)

    def _uses_element(self, loop: LoopNode, site: CallSite) -> bool:
        names = places([loop.target]) if loop.target is not None else set()
        arguments = [*site.node.args, *(keyword.value for keyword in site.node.keywords)]
        return bool(names & self._flow(loop, site).expanded(places(arguments)))

    def _while_kind(self, loop: LoopNode, node: ast.While, site: CallSite) -> Kind | None:
        text = "\n".join(ast.unparse(statement) for statement in node.body)
        test = ast.unparse(node.test)
        if _PERSON.search(text) or _PERSON.search(test):
            return "chat"
        if any(_RETRY_NAMES.search(name) for name in places([node.test])) or self._is_retry(loop, site, ""):
            return "retry"
        flow = self._flow(loop, site)
        if _CHANNEL.search(text) and "receive" in text:
            return "chat"
        if flow.needs_earlier_answer():
            return "agent"
        if _WORK.search(text) and (_is_forever(node.test) or "sleep" in text):
            return "poll"
        if flow.leaves_on_answer() and not (_POP.search(text) or _POP.search(test)):
            return "retry" if _has_try(node.body) else "agent"
        if not _is_forever(node.test) and (_POP.search(text) or _POP.search(test) or _advances(node)):
            return "data"
        if _is_forever(node.test):
            return "poll" if "sleep" in text or not _POP.search(text) else "data"
        return "data"

    def _is_retry(self, loop: LoopNode, site: CallSite, text: str) -> bool:
        """Whether success leaves the loop: the same request is sent again only when it failed."""
        names = places([loop.target]) if loop.target is not None else set()
        uses_element = self._uses_element(loop, site)
        if leaves_after(site, loop):
            return not uses_element or _guarded_by_try(site, loop)
        named = any(_RETRY_NAMES.search(name) for name in (*names, *re.findall(r"\w+", text)))
        if named and not _is_dataset(text):
            return True
        if uses_element or loop.target is None or not _is_count(text):
            return False
        return _guarded_by_try(site, loop) and _leaves_somewhere(loop)

    def _trips(self, loop: LoopNode) -> int | None:
        if loop.iter is None:
            return None
        if isinstance(loop.iter, ast.Call) and ast.unparse(loop.iter.func) == "range":
            bounds = [_integer(self.r.evaluate(argument, loop.scope)) for argument in loop.iter.args]
            if None in bounds or not bounds:
                return None
            numbers = [bound for bound in bounds if bound is not None]
            return len(range(*numbers[:3])) if len(numbers) != 3 or numbers[2] else None
        lengths = {
            len(value.elements)
            for value in self.r.evaluate(loop.iter, loop.scope)
            if isinstance(value, Items) and not value.open
        }
        return max(lengths) if lengths else None

    # ------------------------------------------------------------------ concurrency

    def _gathered(self, loop: LoopNode, site: CallSite) -> bool:
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


def leaves_after(site: CallSite, loop: LoopNode) -> bool:
    """Whether the loop is left whenever the call succeeds."""
    block: Block | None = site.block
    statement: ast.AST = site.statement
    if isinstance(statement, ast.Return):
        return True
    while block is not None:
        body = _suite(block)
        after = [s for s in body if _position(s) > _position(statement)]
        if any(isinstance(s, (ast.Return, ast.Break)) for s in after):
            return True
        if isinstance(block.owner, ast.Try) and block.arm == "body" and block.owner.orelse:
            if any(isinstance(s, (ast.Return, ast.Break)) for s in block.owner.orelse):
                return True
        if block.loop is loop or (block.owner is loop.node):
            return False
        if isinstance(block.owner, (ast.If, ast.Match)):
            return False
        statement = block.owner
        block = block.parent
    return False


def _suite(block: Block) -> list[ast.stmt]:
    owner, arm = block.owner, block.arm
    if arm.startswith("handler") and isinstance(owner, ast.Try):
        return owner.handlers[int(arm[7:])].body
    if arm.startswith("case") and isinstance(owner, ast.Match):
        return owner.cases[int(arm[4:])].body
    suite = getattr(owner, arm, [])
    return [s for s in suite if isinstance(s, ast.stmt)] if isinstance(suite, list) else []


def _guarded_by_try(site: CallSite, loop: LoopNode) -> bool:
    for block in site.block.ancestors():
        if isinstance(block.owner, ast.Try) and block.arm == "body":
            return True
        if block.loop is loop:
            return False
    return False


def _leaves_somewhere(loop: LoopNode) -> bool:
    return any(isinstance(node, (ast.Return, ast.Break)) for root in loop.body for node in ast.walk(root))


def _has_try(body: list[ast.stmt]) -> bool:
    return any(isinstance(statement, ast.Try) for statement in body)


def _is_forever(test: ast.expr) -> bool:
    return isinstance(test, ast.Constant) and bool(test.value)


def _is_count(text: str) -> bool:
    return text.startswith(("range(", "count(", "itertools.count(", "trange("))


def _is_dataset(text: str) -> bool:
    return bool(
        re.search(r"\b(rows|items|docs|documents|records|chunks|texts|lines|files|questions)\b", text)
    )


def _names_turns(target: ast.expr | None) -> bool:
    return target is not None and any(_AGENT_NAMES.search(name) for name in places([target]))


def _advances(node: ast.While) -> bool:
    """``while i < len(xs): …; i += 1``."""
    tested = places([node.test])
    return any(
        isinstance(inner, (ast.AugAssign, ast.Assign))
        and bool(tested & places([inner.target] if isinstance(inner, ast.AugAssign) else inner.targets))
        for root in node.body
        for inner in ast.walk(root)
    )


def _is_list_of_calls(node: ast.expr) -> bool:
    return isinstance(node, (ast.List, ast.Tuple))


def _integer(values: Values) -> int | None:
    found = [value.value for value in values if isinstance(value, Const) and isinstance(value.value, int)]
    return found[0] if len(found) == 1 and len(values) == 1 else None


def _within(inner: ast.AST, outer: ast.AST) -> bool:
    return _position(outer) <= _position(inner) and _end(inner) <= _end(outer)


def _position(node: ast.AST) -> tuple[int, int]:
    return (getattr(node, "lineno", 0), getattr(node, "col_offset", 0))


def _end(node: ast.AST) -> tuple[int, int]:
    return (getattr(node, "end_lineno", 0) or 0, getattr(node, "end_col_offset", 0) or 0)


def _loop_span(loop: LoopNode) -> Span:
    return loop.scope.module.source.span(loop.node)


__all__ = ["External", "Function", "Loops", "Passage", "leaves_after", "replace"]
