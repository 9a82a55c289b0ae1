"""What kind of loop stands around a request: one over data, a chat, an agent's steps, retries, polling."""

from __future__ import annotations

import ast
import re
from typing import Literal

from llm_lint.semantics.dataflow import LoopFlow, Write, place, places, writes_of
from llm_lint.semantics.index import Block, CallSite, LoopNode
from llm_lint.semantics.resolve import Resolver, dotted_text
from llm_lint.semantics.values import Const, Items, Response, Values

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
    r"\.get\(\)|get_nowait|\breserve\(|dequeue|next_job|claim_?(next|job|task|one|work)?\(|fetch_job|stream_iter|xread",
    re.I,
)
_FEED = re.compile(
    r"consumer|subscri(be|ption)|pubsub|kafka|receive_messages?|iter\([\w.]*queue|\.get, |\.listen\(|"
    r"stream_iter|xread|\.consume\(",
    re.I,
)
_SAME_LENGTH = frozenset("enumerate zip list tuple sorted reversed set tqdm track".split())
_PIECES = re.compile(r"stream|chunk|event|delta|calls?$|\.(choices|candidates|parts|output|content)$", re.I)
_AGENT_NAMES = re.compile(r"(^|_)(step|turn|iteration|iter|round|loop|cycle|hop)s?(_|$)", re.I)
_POP = re.compile(r"\.(pop|popleft|get_nowait|get)\(|\bnext\(|\[0\]|\[i\]|\[idx\]|\[start:|\[i:")


class LoopKinds:
    """Classifies loops as seen from one call in them."""

    def __init__(self, resolver: Resolver) -> None:
        self.r = resolver
        self._flows: dict[tuple[LoopNode, CallSite], LoopFlow] = {}
        self._writes: dict[LoopNode, tuple[Write, ...]] = {}

    def flow(self, loop: LoopNode, site: CallSite) -> LoopFlow:
        """The flow of answers through a loop, for one call in it."""
        if (loop, site) not in self._flows:
            if loop not in self._writes:
                self._writes[loop] = writes_of(loop)
            self._flows[loop, site] = LoopFlow(loop, site, self._writes[loop])
        return self._flows[loop, site]

    def kind(self, loop: LoopNode, site: CallSite) -> Kind | None:
        """The kind of a loop, None when it does not repeat the call."""
        if isinstance(loop.node, ast.While):
            return self._while_kind(loop, loop.node, site)
        assert loop.iter is not None
        if self._is_one_answer(loop, loop.iter):
            return None
        text = ast.unparse(loop.iter)
        if isinstance(loop.node, (ast.For, ast.AsyncFor)):
            if self._is_retry(loop, site, text):
                return "retry"
            if _PERSON.search(text) or (loop.form == "async for" and _CHANNEL.search(text)):
                return "chat"
            if _FEED.search(text):
                return "poll"
            if _is_count(text):
                return self._count_kind(loop, site)
        return "data"

    def _is_one_answer(self, loop: LoopNode, over: ast.expr) -> bool:
        """``for chunk in stream``, ``for call in message.tool_calls``: the pieces of one answer."""
        answers = [
            value
            for value in self.r.evaluate(over, loop.scope)
            if isinstance(value, Response) and (value.spec is None or value.spec.stream != "never")
        ]
        if not answers or isinstance(over, (ast.List, ast.Tuple)):
            return False
        if loop.form == "async for" or _PIECES.search(ast.unparse(over)):
            return True
        return any(
            (answer.spec is not None and answer.spec.stream == "always") or _asks_for_stream(answer.site.node)
            for answer in answers
        )

    def _count_kind(self, loop: LoopNode, site: CallSite) -> Kind:
        """``for step in range(n)``: an agent's steps, tries until the answer will do, or samples."""
        flow = self.flow(loop, site)
        if flow.needs_earlier_answer() or (_names_turns(loop.target) and flow.leaves_on_answer()):
            return "agent"
        return "retry" if _leaves_somewhere(loop) and not self._uses_element(loop, site) else "data"

    def samples(self, loop: LoopNode, site: CallSite) -> bool:
        """``for _ in range(n)``: several answers to one question, not one answer per element."""
        if isinstance(loop.node, ast.While):
            return _counts_only(loop.node) and not _walks(loop.node)
        counts = loop.iter is not None and _is_count(ast.unparse(loop.iter))
        return counts and not self._uses_element(loop, site)

    def _uses_element(self, loop: LoopNode, site: CallSite) -> bool:
        names = places([loop.target]) if loop.target is not None else set()
        arguments = [*site.node.args, *(keyword.value for keyword in site.node.keywords)]
        return bool(names & self.flow(loop, site).expanded(places(arguments)))

    def _while_kind(self, loop: LoopNode, node: ast.While, site: CallSite) -> Kind | None:
        text = "\n".join(ast.unparse(statement) for statement in node.body)
        test = ast.unparse(node.test)
        if _PERSON.search(text) or _PERSON.search(test):
            return "chat"
        if any(_RETRY_NAMES.search(name) for name in places([node.test])) or self._is_retry(loop, site, ""):
            return "retry"
        flow = self.flow(loop, site)
        if _CHANNEL.search(text) and "receive" in text:
            return "chat"
        if flow.needs_earlier_answer():
            return "agent"
        if _WORK.search(text) and (_is_forever(node.test) or "sleep" in text):
            return "poll"
        if flow.leaves_on_answer() and not (_POP.search(text) or _POP.search(test)):
            return "retry" if _has_try(node.body) else "agent"
        if not _is_forever(node.test) and (_POP.search(text) or _POP.search(test) or _walks(node)):
            return "data"
        if not _is_forever(node.test) and _advances(node):
            return "poll" if "sleep" in text else "data" if _counts_only(node) else "agent"
        if _is_forever(node.test):
            return "poll" if "sleep" in text or not _POP.search(text) else "data"
        return "poll" if "sleep" in text else "data"

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

    def trips(self, loop: LoopNode) -> int | None:
        """The number of iterations, where the code shows it."""
        if loop.iter is None:
            return None
        if isinstance(loop.iter, ast.Call) and ast.unparse(loop.iter.func) == "range":
            bounds = [_integer(self.r.evaluate(argument, loop.scope)) for argument in loop.iter.args]
            if None in bounds or not bounds:
                return None
            numbers = [bound for bound in bounds if bound is not None]
            return len(range(*numbers[:3])) if len(numbers) != 3 or numbers[2] else None
        over = _listed(loop.iter)
        values = self.r.evaluate(over, loop.scope) if over is not None else ()
        lengths = [_literal_length(value) for value in values]
        return (
            max((length for length in lengths if length is not None), default=None) if all(lengths) else None
        )


def _literal_length(value: object) -> int | None:
    """The length of a list as written; None for one that the code fills later, or that is no list."""
    if not isinstance(value, Items) or value.open:
        return None
    written = getattr(value.node, "elts", None)
    return len(written) if written is not None and len(written) == len(value.elements) else None


def _listed(over: ast.expr) -> ast.expr | None:
    """The list that a loop goes over, without what only numbers, sorts or shows its progress."""
    while isinstance(over, ast.Call):
        name = dotted_text(over).rsplit(".", 1)[-1]
        if name not in _SAME_LENGTH or not over.args:
            return None
        over = over.args[0]
    return over


def leaves_after(site: CallSite, loop: LoopNode) -> bool:
    """Whether the loop is left whenever the call succeeds."""
    block: Block | None = site.block
    statement: ast.AST = site.statement
    if isinstance(statement, ast.Return):
        return True
    while block is not None:
        for later in (s for s in _suite(block) if _position(s) > _position(statement)):
            if isinstance(later, (ast.Return, ast.Break)):
                return True
            if isinstance(later, ast.Continue):
                return False
        if isinstance(block.owner, ast.Try) and block.arm == "body" and block.owner.orelse:
            if any(isinstance(s, (ast.Return, ast.Break)) for s in block.owner.orelse):
                return True
        if block.loop is loop or (block.owner is loop.node):
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
        place(target) in tested
        for root in node.body
        for inner in ast.walk(root)
        for target in _assigned(inner)
    )


def _walks(node: ast.While) -> bool:
    """Whether what a loop counts also selects the element: ``xs[i]``, ``xs[i : i + 100]``."""
    if not _advances(node):
        return False
    inside = [inner for root in node.body for inner in ast.walk(root)]
    counted = places([node.test]) & {place(target) for inner in inside for target in _assigned(inner)}
    selects = any(
        isinstance(inner, ast.Subscript) and bool(places([inner.slice]) & counted) for inner in inside
    )
    return selects or "len(" in ast.unparse(node.test)


def _counts_only(node: ast.While) -> bool:
    """``while left > 0: …; left -= 1``: only a number of rounds, which has no name of an agent's steps."""
    if not isinstance(node.test, ast.Compare) or not _advances(node):
        return False
    return not any(_AGENT_NAMES.search(name) for name in places([node.test]))


def _assigned(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.AugAssign):
        return [node.target]
    return node.targets if isinstance(node, ast.Assign) else []


def _asks_for_stream(node: ast.Call) -> bool:
    return any(
        k.arg == "stream" and not (isinstance(k.value, ast.Constant) and k.value.value is False)
        for k in node.keywords
    )


def _integer(values: Values) -> int | None:
    found = [value.value for value in values if isinstance(value, Const) and isinstance(value.value, int)]
    return found[0] if len(found) == 1 and len(values) == 1 else None


def _position(node: ast.AST) -> tuple[int, int]:
    return (getattr(node, "lineno", 0), getattr(node, "col_offset", 0))
