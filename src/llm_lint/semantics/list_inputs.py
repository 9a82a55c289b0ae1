"""Whether an endpoint that takes lists is given one text or many."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Literal

from llm_lint.semantics.values import Const, Items, Mapping_, Ref, Text

if TYPE_CHECKING:
    from llm_lint.semantics.arguments import Arguments
    from llm_lint.semantics.calls import CallGraph
    from llm_lint.semantics.index import Binding, Scope
    from llm_lint.semantics.surfaces import CallSpec

Shape = Literal["single", "list", "unknown"]
ListInput = Literal["no", "single", "list", "unknown"]

_ROLES = ("input", "prompt", "messages", "questions")
_MANY = frozenset("tolist to_list split splitlines readlines values keys list".split())
_ONE = frozenset(
    "replace strip format join lower upper read read_text str sub decode dumps get_content".split()
)
_ONE_NAME = re.compile(
    r"(^|_)(text|chunk|query|question|sentence|word|content|prompt|doc|document|title|description|summary|body|"
    r"line|paragraph|passage|snippet|item|string|entry)(_?\d+)?$",
    re.I,
)
_MANY_NAME = re.compile(
    r"(^|_)(texts|chunks|queries|questions|sentences|words|contents|prompts|docs|documents|inputs|items|lines|"
    r"passages|strings|batch|list|array)$",
    re.I,
)
_MAX_DEPTH = 4


class ListInputs:
    """Judges the inputs of requests of one call graph."""

    def __init__(self, graph: CallGraph) -> None:
        self.graph = graph
        self.r = graph.resolver

    def of(self, arguments: Arguments) -> ListInput:
        """``no`` where neither the endpoint nor a sibling of the method takes lists."""
        spec, exchange = arguments.issue.spec, arguments.issue.exchange
        if spec is not None and spec.list_input is None and embeds_unseen(spec):
            return "unknown"  # one query, embedded behind the scenes
        if spec is not None and spec.list_input is None:
            takes_one = spec.kind == "embedding" and self.r.surfaces.has_list_sibling(spec)
            return "single" if takes_one else "no"
        if spec is None and (exchange is None or exchange.kind != "embedding"):
            return "no"
        return self._of_roles(arguments)

    def _of_roles(self, arguments: Arguments) -> Shape:
        exchange = arguments.issue.exchange
        for role in _ROLES:
            refs = list(arguments.nodes(role))
            for body in exchange.body if exchange is not None else ():
                found = body.get(role)
                refs += [found] if found is not None else []
            for ref in refs:
                return self._shape(ref, 0)
            for value in arguments.values(role)[0]:
                if isinstance(value, Items):
                    return _of_items(value)
                if isinstance(value, (Const, Mapping_, Text)):
                    return "single"
        return "unknown"

    def _shape(self, ref: Ref, depth: int) -> Shape:
        by_syntax = self._of_node(ref, depth)
        if by_syntax != "unknown" or depth:
            return by_syntax
        for value in self.r.read(ref):
            if isinstance(value, Items):
                return _of_items(value)
            if isinstance(value, Text) or (isinstance(value, Const) and isinstance(value.value, str)):
                return "single"
        return "unknown"

    def _of_node(self, ref: Ref, depth: int) -> Shape:
        match ref.node:
            case ast.List(elts=elements):
                starred = any(isinstance(element, ast.Starred) for element in elements)
                return "single" if len(elements) == 1 and not starred else "list"
            case ast.ListComp() | ast.Tuple() | ast.GeneratorExp():
                return "list"
            case ast.JoinedStr() | ast.Constant(value=str()):
                return "single"
            case ast.Subscript(value=value, slice=ast.Slice(lower=lower)):
                if lower is not None and not isinstance(lower, ast.Constant):
                    return "list"
                return self._shape(Ref(value, ref.scope), depth + 1) if depth < _MAX_DEPTH else "unknown"
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in _MANY | _ONE:
                return "list" if name in _MANY else "single"
            case ast.Name() as name:
                return self._of_name(name, ref.scope, depth)
            case ast.Attribute(attr=name) | ast.Subscript(slice=ast.Constant(value=str() as name)):
                return _by_name(name)
        return "unknown"

    def _of_name(self, node: ast.Name, scope: Scope, depth: int) -> Shape:
        if depth >= _MAX_DEPTH:
            return _by_name(node.id)
        home: Scope | None = scope
        while home is not None and node.id not in home.bindings and home.parameter(node.id) is None:
            home = home.parent
        if home is None:
            return _by_name(node.id)
        made = [b for b in home.bindings.get(node.id, []) if b.at <= (node.lineno, node.col_offset)]
        if made:
            return self._of_binding(made[-1], depth)
        return self._of_parameter(home, node.id, depth)

    def _of_binding(self, binding: Binding, depth: int) -> Shape:
        if binding.kind == "for":
            return _of_element(binding)
        if binding.value is None or binding.path:
            return _by_name(binding.name)
        found = self._shape(Ref(binding.value, binding.scope), depth + 1)
        return found if found != "unknown" else _by_name(binding.name)

    def _of_parameter(self, function: Scope, name: str, depth: int) -> Shape:
        parameter = function.parameter(name)
        if parameter is None:
            return _by_name(name)
        written = ast.unparse(parameter.annotation) if parameter.annotation is not None else ""
        if re.match(r"(typing\.)?(list|sequence|iterable|tuple|collection)\b", written, re.I):
            return "list"
        if written in ("str", "Optional[str]", "str | None", "bytes"):
            return "single"
        given = [edge.argument(parameter) for edge in self.graph.edges.get(function, ())[:6]]
        shapes = {self._shape(ref, depth + 1) for ref in given if ref is not None} - {"unknown"}
        return shapes.pop() if len(shapes) == 1 else _by_name(name)


def _of_element(binding: Binding) -> Shape:
    """An element of what a loop goes over: ``for text in texts``, ``for batch in chunked(texts, 100)``."""
    over = ast.unparse(binding.value).lower() if binding.value is not None else ""
    if re.search(r"batch|chunked|islice|grouper|split_list", over) or "batch" in binding.name:
        return "list"
    by_name = _by_name(binding.name)
    return "single" if by_name == "unknown" and len(binding.name) == 1 else by_name


def _of_items(value: Items) -> Shape:
    return "single" if len(value.elements) == 1 and not value.open else "list"


def _by_name(name: str) -> Shape:
    if _MANY_NAME.search(name):
        return "list"
    return "single" if _ONE_NAME.search(name) else "unknown"


def embeds_unseen(spec: CallSpec) -> bool:
    """Whether a store or a retriever embeds what it is asked for."""
    named = f"{spec.receiver or ''}.{spec.path}".lower()
    return spec.kind in ("search", "retrieval") or (spec.kind == "embedding" and "embed" not in named)
