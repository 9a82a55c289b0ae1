"""Whether the conversation a request sends grows with every answer."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from llm_lint.semantics import http
from llm_lint.semantics.dataflow import place
from llm_lint.semantics.index import Scope
from llm_lint.semantics.values import Const, Items, Ref, Response, Text

if TYPE_CHECKING:
    from llm_lint.semantics.arguments import Arguments
    from llm_lint.semantics.calls import CallGraph

History = Literal["none", "bounded", "growing", "unknown"]

_ROLES = ("messages", "input", "prompt")
_TRIMS = re.compile(
    r"trim|trunc|summar|compress|compact|shorten|window|limit|prune|condense|last_n|keep", re.I
)
_GROWERS = frozenset("append extend insert add add_message add_user_message add_ai_message".split())
_ANSWER = re.compile(
    r"assistant|\.choices|\.content\b|\bresponse|\breply|\banswer|\bcompletion|AIMessage|\.message\b|output|result"
)
_TALK = re.compile(r"history|turns|conversation|chat_log|transcript", re.I)
_MAX_CALLERS = 6


class Histories:
    """Classifies the conversation of each request of one call graph."""

    def __init__(self, graph: CallGraph) -> None:
        self.graph = graph
        self._seen: set[ast.expr] = set()
        self._added: dict[ast.AST, dict[str, list[ast.expr]]] = {}

    def of(self, arguments: Arguments) -> History:
        """What becomes of the message list that a request sends."""
        client = arguments.client
        if client is not None and f"{client.provider}.{client.receiver}" in arguments.r.surfaces.sessions:
            return "growing"
        spec = arguments.issue.spec
        if spec is not None and (
            spec.kind not in ("chat", "completion", "agent", "session") or spec.requests == "per-item"
        ):
            return "none"
        if arguments.values("history")[0]:
            return "growing"
        refs = [ref for role in _ROLES for ref in arguments.nodes(role)]
        if not refs:
            refs = [ref for role in _ROLES for ref in self._in_body(arguments, role)]
        if not refs:
            return "unknown" if arguments.values("messages")[1] else "none"
        self._seen.clear()
        return _worst([self._of(ref, 0) for ref in refs])

    def _in_body(self, arguments: Arguments, role: str) -> Iterator[Ref]:
        exchange = arguments.issue.exchange
        for body in exchange.body if exchange is not None else ():
            found = body.get(role)
            if found is not None:
                yield found
        for site in (arguments.issue.site,):
            for keyword in site.node.keywords:
                if keyword.arg is None:
                    for value in arguments.r.evaluate(keyword.value, site.scope):
                        mapping = http.as_mapping(value)
                        found = mapping.get(role) if mapping is not None else None
                        if found is not None:
                            yield found

    def _of(self, ref: Ref, depth: int) -> History:
        node = ref.node
        if node in self._seen:
            return "none"
        self._seen.add(node)
        if not isinstance(node, (ast.Name, ast.Attribute)) and self._is_text(ref):
            return "none"
        match node:
            case ast.List(elts=elements):
                inner = [e.value for e in elements if isinstance(e, ast.Starred)]
                return _worst([self._of(Ref(e, ref.scope), depth) for e in inner]) if inner else "none"
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                return _worst([self._of(Ref(side, ref.scope), depth) for side in (left, right)])
            case ast.Subscript(value=value, slice=ast.Slice()):
                inside = self._of(Ref(value, ref.scope), depth)
                return "bounded" if inside == "growing" else inside
            case ast.Call(args=arguments) if arguments and _TRIMS.search(ast.unparse(node.func)):
                inside = self._of(Ref(arguments[0], ref.scope), depth)
                return "bounded" if inside == "growing" else inside
            case ast.Call(func=func, args=[first, *_]) if ast.unparse(func) in (
                "list",
                "deque",
                "copy.deepcopy",
            ):
                return self._of(Ref(first, ref.scope), depth)
            case ast.ListComp(generators=[clause, *_]):
                return self._of(Ref(clause.iter, ref.scope), depth)
            case ast.Name() | ast.Attribute() | ast.Subscript():
                return self._of_place(ref, depth)
            case ast.Constant() | ast.JoinedStr() | ast.Dict():
                return "none"
        return "unknown"

    def _is_text(self, ref: Ref) -> bool:
        """Whether an input is one text, made for this request."""
        values = self.graph.resolver.read(ref)
        return any(
            isinstance(v, (Text, Response)) or (isinstance(v, Const) and isinstance(v.value, str))
            for v in values
        )

    def _of_place(self, ref: Ref, depth: int) -> History:
        text = place(ref.node)
        if text is None:
            return "unknown"
        grown = self._growth(text, ref.scope)
        if self._grows(text, ref, grown):
            return "bounded" if _is_trimmed(text, ref.scope) else "growing"
        if self._is_text(ref):
            return "none"
        kept = self._kept_elsewhere(ref) if grown else None
        if kept is not None:
            return "bounded" if _is_trimmed(text, ref.scope) or _has_limit(kept, ref.scope) else "growing"
        said = _key(ref.node)
        if said is not None and _TALK.search(said):
            return "bounded" if _has_limit(said, ref.scope) else "growing"
        if said == "messages":
            return "unknown"
        parameter = self._parameter(ref)
        if parameter is not None:
            return self._of_parameter(*parameter, depth)
        values = self.graph.resolver.read(ref)
        if any(isinstance(value, Items) for value in values) or not grown:
            return self._through_binding(ref, depth) if depth < 4 else "none"
        return "none"

    def _kept_elsewhere(self, ref: Ref) -> str | None:
        """The attribute or key that a local name stands for: ``turns = bot.history[channel]``."""
        if not isinstance(ref.node, ast.Name):
            return None
        for binding in ref.scope.function.bindings.get(ref.node.id, []):
            value = binding.value
            if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
                if value.func.attr not in ("setdefault", "get"):
                    continue
                value = value.func.value
            if binding.kind == "assign" and isinstance(value, (ast.Attribute, ast.Subscript, ast.Name)):
                kept = place(value)
                local = kept is None or ("." not in kept and kept in ref.scope.function.bindings)
                if not local and kept != ref.node.id:
                    return kept
        return None

    def _through_binding(self, ref: Ref, depth: int) -> History:
        """``messages = [system, *self.history, user]``: look at what the name was made of."""
        if not isinstance(ref.node, ast.Name):
            return "none"
        home: Scope | None = ref.scope
        while home is not None and ref.node.id not in home.bindings:
            home = home.parent
        if home is None:
            return "unknown"
        made = [b for b in home.bindings.get(ref.node.id, []) if b.value is not None and not b.path]
        if not made:
            return "none" if _names_text(ref.node.id) else "unknown"
        return _worst([self._of(Ref(b.value, b.scope), depth + 1) for b in made if b.value is not None])

    def _parameter(self, ref: Ref) -> tuple[Scope, str] | None:
        if not isinstance(ref.node, ast.Name):
            return None
        function = ref.scope.function
        # `if messages is None: messages = []` gives a default and leaves the parameter what it is
        rebound = any(
            b.kind == "assign" and b.block is function.block for b in function.bindings.get(ref.node.id, [])
        )
        if function.parameter(ref.node.id) is None or rebound:
            return None
        return function, ref.node.id

    def _of_parameter(self, function: Scope, name: str, depth: int) -> History:
        parameter = function.parameter(name)
        if parameter is None or depth > 4:
            return "unknown"
        annotation = ast.unparse(parameter.annotation) if parameter.annotation is not None else ""
        if annotation == "str":
            return "none"
        found: list[History] = []
        for edge in self.graph.edges.get(function, ())[:_MAX_CALLERS]:
            ref = edge.argument(parameter)
            if ref is not None:
                found.append(self._of(ref, depth + 1))
        if not found and _names_text(name):
            return "none"
        worst = _worst(found) if found else "unknown"
        return "growing" if worst == "unknown" and _TALK.search(name) else worst

    def _growth(self, text: str, scope: Scope) -> list[ast.expr]:
        """The expressions added to a list anywhere it lives."""
        found: list[ast.expr] = []
        for root in _owner_nodes(text, scope):
            if root not in self._added:
                self._added[root] = defaultdict(list)
                for name, value in _additions(root):
                    self._added[root][name].append(value)
            found += self._added[root].get(text, ())
        return found

    def _grows(self, text: str, ref: Ref, grown: list[ast.expr]) -> bool:
        """Whether what is added stays for later requests: kept outside the function, or across a loop."""
        function = ref.scope.function
        if "." in text or (text not in function.bindings and function.parameter(text) is None):
            return bool(grown) and not self._is_reset(text, ref)
        if function.parameter(text) is not None:
            return any(_ANSWER.search(ast.unparse(node)) for node in grown)
        sending = function.block_at(ref.node.lineno, ref.node.col_offset)
        return self._persists(text, ref.scope) and any(
            block.loop is not None and sending.within(block)
            for node in grown
            for block in function.block_at(node.lineno, node.col_offset).ancestors()
        )

    def _is_reset(self, text: str, ref: Ref) -> bool:
        """Whether the sending function itself starts the list anew."""
        return any(
            isinstance(node, ast.Assign) and any(place(target) == text for target in node.targets)
            for node in ast.walk(ref.scope.function.node)
        )

    def _persists(self, text: str, scope: Scope) -> bool:
        """Whether the list outlives one request: an attribute, a global, or made outside the loop."""
        if "." in text:
            return True
        function = scope.function
        if text in function.bindings and function.kind != "module":
            made = [b for b in function.bindings[text] if b.kind in ("assign", "walrus")]
            return not made or any(not _inside_loop(b.block) for b in made)
        return True


def _inside_loop(block: object) -> bool:
    return any(ancestor.loop is not None for ancestor in block.ancestors())  # type: ignore[attr-defined]


_WORST_FIRST: tuple[History, ...] = ("growing", "bounded", "unknown")


def _worst(found: list[History]) -> History:
    for kind in _WORST_FIRST:
        if kind in found:
            return kind
    return "none"


def _key(node: ast.expr) -> str | None:
    """The name under which something outside keeps a list: ``state["messages"]``, ``body.get("history")``."""
    match node:
        case ast.Subscript(slice=ast.Constant(value=str() as key)):
            return key
        case ast.Attribute(value=ast.Name(id=owner), attr=attr) if owner != "self":
            return attr
    return None


def _has_limit(kept: str, scope: Scope) -> bool:
    """Whether what keeps the list was made with a greatest length, under whatever owner."""
    tail = kept.rsplit(".", 1)[-1]
    return any(
        isinstance(node, ast.Assign)
        and any((place(target) or "").rsplit(".", 1)[-1] == tail for target in node.targets)
        and "maxlen" in ast.unparse(node.value)
        for node in ast.walk(scope.module.scope.node)
    )


def _names_text(text: str) -> bool:
    return bool(re.search(r"prompt|text|question|query|content|instruction|input_text", text, re.I))


def _owner_nodes(text: str, scope: Scope) -> list[ast.AST]:
    """The code in which a place lives: its class, its module, or its function."""
    function = scope.function
    if text.startswith("self.") and function.owner is not None:
        return [function.owner.node]
    if "." in text or (text not in function.bindings and function.parameter(text) is None):
        return [scope.module.scope.node]
    return [function.node]


def _additions(root: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """``(place, expression)`` for everything that is appended or added."""
    for node in ast.walk(root):
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr=attr), args=args) if attr in _GROWERS:
                name = place(owner)
                yield from ((name, argument) for argument in args if name is not None)
            case ast.AugAssign(target=target, value=value):
                name = place(target)
                if name is not None:
                    yield name, value
            case ast.Assign(targets=[target, *_], value=ast.BinOp(op=ast.Add()) as value):
                name = place(target)
                if name is not None and name in (place(value.left), place(value.right)):
                    yield name, value


def _is_trimmed(text: str, scope: Scope) -> bool:
    for root in _owner_nodes(text, scope):
        for node in ast.walk(root):
            match node:
                case ast.Assign(targets=[target, *_], value=value) if place(target) == text.split("[")[0]:
                    if _takes_part(value, text) or "maxlen" in ast.unparse(value):
                        return True
                case ast.AnnAssign(target=target, value=ast.expr() as value) if place(target) == text:
                    if "maxlen" in ast.unparse(value):
                        return True
                case ast.Delete(targets=[ast.Subscript(value=owner), *_]) if place(owner) == text:
                    return True
                case ast.Call(func=ast.Attribute(value=owner, attr=attr)) if place(owner) == text:
                    if attr in ("pop", "popleft") and (not node.args or ast.unparse(node.args[0]) != "-1"):
                        return True
                case ast.Call(func=func, args=args) if _TRIMS.search(ast.unparse(func)):
                    if any(place(argument) == text for argument in args):
                        return True
    return False


def _takes_part(value: ast.expr, text: str) -> bool:
    """``history = history[-10:]``, also inside a sum."""
    return any(
        isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice) and place(node.value) == text
        for node in ast.walk(value)
    ) or (isinstance(value, ast.Call) and bool(_TRIMS.search(ast.unparse(value.func))))
