"""The fix of LLM402: lists of texts instead of one request for each.

Two shapes are rewritten, in which nothing but the vectors comes out of the loop, in order: a list
comprehension, and a loop whose body appends them. The lists are so short that no request exceeds what
the provider takes, whatever the texts.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from llm_lint.fixes.bindings import bindings
from llm_lint.fixes.edits import Offsets, newline_of
from llm_lint.fixes.nodes import expression_at, parents
from llm_lint.model import Applicability, Fix, Request
from llm_lint.syntax.source import SourceFile

if TYPE_CHECKING:
    from llm_lint.fixes import Fixer

_SHAPE = "only a list comprehension, or a loop that does nothing but append each vector, can be rewritten"
_Functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass(frozen=True, slots=True)
class _Site:
    """A request in its loop: the call, the text it is given, and the vector taken from its answer."""

    call: ast.Call
    text: ast.expr
    vector: str
    target: ast.Name
    texts: ast.expr


def send_lists(fixer: Fixer, request: Request) -> Fix | str:
    """The fix for embeddings one by one, or why there is none."""
    if request.list_limit is None:
        return "how long a list this endpoint takes is not known"
    source = fixer.read(request.span.filename)
    call = expression_at(source, request.span, ast.Call)
    if call is None or len(request.loops) != 1:
        return _SHAPE
    around = parents(source.tree())
    rewriting = _Rewriting(source, around, request.list_limit)
    found = rewriting.comprehension(call) or rewriting.loop(call)
    if found is None:
        return _SHAPE
    start, end, text = found
    guarded = any(isinstance(node, (ast.Try, ast.With, ast.AsyncWith)) for node in _outer(call, around))
    doubt = "; unsafe because what fails half-way is handled around it" if guarded else ""
    return Fix(
        Applicability.UNSAFE if guarded else Applicability.SAFE,
        f"send the texts in lists of {request.list_limit}, too short to exceed a limit{doubt}",
        (Offsets(source).edit(start, end, text),),
    )


def _outer(node: ast.AST, around: dict[ast.AST, ast.AST]) -> Iterator[ast.AST]:
    """The nodes around one, up to its function."""
    parent = around.get(node)
    while parent is not None and not isinstance(parent, _Functions):
        yield parent
        parent = around.get(parent)


class _Rewriting:
    """The two shapes in one file."""

    def __init__(self, source: SourceFile, around: dict[ast.AST, ast.AST], limit: int) -> None:
        self._source = source
        self._offsets = Offsets(source)
        self._around = around
        self._limit = limit
        self._taken = {found.name for found in bindings(source)} | {
            node.id for node in ast.walk(source.tree()) if isinstance(node, ast.Name)
        }

    def comprehension(self, call: ast.Call) -> tuple[int, int, str] | None:
        """``[create(input=x).data[0].embedding for x in xs]``."""
        outcome, vector = self._vector(call)
        listed = self._around.get(outcome)
        if not isinstance(listed, ast.ListComp) or listed.elt is not outcome or len(listed.generators) != 1:
            return None
        clause = listed.generators[0]
        site = self._site(call, vector, clause.target, clause.iter)
        if site is None or clause.ifs or clause.is_async:
            return None
        start, item = self._fresh("start"), self._fresh("item")
        texts, binding = self._sliceable(site.texts)
        given = f"{texts}[{start} : {start} + {self._limit}]"
        response = self._response(site, given)
        first = f"for {texts} in [{binding}] " if binding else ""
        text = (
            f"[{item}.{site.vector} {first}for {start} in range(0, len({texts}), {self._limit}) "
            f"for {item} in {response}.data]"
        )
        return (*self._offsets.of_node(listed), text)

    def loop(self, call: ast.Call) -> tuple[int, int, str] | None:
        """``for x in xs: r = create(input=x); ys.append(r.data[0].embedding)``."""
        loop = next((n for n in _outer(call, self._around) if isinstance(n, ast.For)), None)
        if loop is None or loop.orelse or loop.type_comment or len(loop.body) > 2:
            return None
        named, vector, append = self._body(loop, call)
        site = self._site(call, vector, loop.target, loop.iter)
        if (
            site is None
            or append is None
            or self._escapes(loop, {site.target.id, *([named] if named else [])})
        ):
            return None
        return self._rewritten_loop(loop, site, named, append)

    def _body(self, loop: ast.For, call: ast.Call) -> tuple[str | None, str, ast.Call | None]:
        """The variable of the answer if there is one, the vector in it, and the call that appends it."""
        last = loop.body[-1]
        appended = last.value if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call) else None
        if appended is None or not self._is_append(appended):
            return None, "", None
        if len(loop.body) == 1:
            outcome, vector = self._vector(call)
            return None, vector, appended if appended.args[0] is outcome else None
        match loop.body[0]:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if value is self._awaited(call):
                vector = _vector_of(appended.args[0], name)
                return name, vector, appended if vector else None
        return None, "", None

    def _is_append(self, call: ast.Call) -> bool:
        return (
            isinstance(call.func, ast.Attribute)
            and call.func.attr == "append"
            and isinstance(call.func.value, (ast.Name, ast.Attribute))
            and len(call.args) == 1
            and not call.keywords
        )

    def _rewritten_loop(
        self, loop: ast.For, site: _Site, named: str | None, append: ast.Call
    ) -> tuple[int, int, str] | None:
        begin, end = self._offsets.of_node(loop)
        line = self._source.lines[loop.lineno - 1]
        indent = line[: loop.col_offset]
        if indent.strip() or loop.body[0].lineno == loop.lineno or "#" in self._source.text[begin:end]:
            return None
        inner = self._source.lines[loop.body[0].lineno - 1][: loop.body[0].col_offset]
        assert isinstance(append.func, ast.Attribute)
        kept = self._text(append.func.value)
        start, item, newline = self._fresh("start"), self._fresh("item"), newline_of(self._source)
        texts, binding = self._sliceable(site.texts)
        response = self._response(site, f"{texts}[{start} : {start} + {self._limit}]")
        lines = [f"{texts} = {binding}"] if binding else []
        lines.append(f"{indent if binding else ''}for {start} in range(0, len({texts}), {self._limit}):")
        if named is not None:
            lines.append(f"{inner}{named} = {response}")
        lines.append(f"{inner}{kept}.extend({item}.{site.vector} for {item} in {named or response}.data)")
        return begin, end, newline.join(lines)

    # ---- parts

    def _vector(self, call: ast.Call) -> tuple[ast.AST, str]:
        """The expression that takes the vector out of the answer, and the name of the vector in it."""
        node: ast.AST = self._awaited(call)
        chain = [node]
        while isinstance(self._around.get(node), (ast.Attribute, ast.Subscript)):
            node = self._around[node]
            chain.append(node)
        return node, _vector_of(node, None, chain[0])

    def _awaited(self, call: ast.Call) -> ast.AST:
        parent = self._around.get(call)
        return parent if isinstance(parent, ast.Await) else call

    def _site(self, call: ast.Call, vector: str, target: ast.expr, texts: ast.expr) -> _Site | None:
        given = next((keyword.value for keyword in call.keywords if keyword.arg == "input"), None)
        if isinstance(given, ast.List) and len(given.elts) == 1:
            element = given.elts[0]
        elif given is not None:
            element = given
        else:
            return None
        if not vector or not isinstance(target, ast.Name) or not isinstance(element, ast.Name):
            return None
        uses = [node for node in ast.walk(call) if isinstance(node, ast.Name) and node.id == target.id]
        if uses != [element] or any(keyword.arg is None for keyword in call.keywords):
            return None
        return _Site(call, given, vector, target, texts)

    def _response(self, site: _Site, given: str) -> str:
        """The request with a list for its text."""
        start, end = self._offsets.of_node(site.call)
        first, last = self._offsets.of_node(site.text)
        text = self._source.text[start:first] + given + self._source.text[last:end]
        return f"(await {text})" if self._awaited(site.call) is not site.call else text

    def _sliceable(self, texts: ast.expr) -> tuple[str, str | None]:
        """A name whose value can be cut into lists, and what to bind to it first."""
        if isinstance(texts, ast.Name) and self._is_list(texts):
            return texts.id, None
        return self._fresh("texts"), f"list({self._text(texts)})"

    def _is_list(self, name: ast.Name) -> bool:
        """Whether a name is a list wherever it is bound: by its annotation or by what is assigned."""
        tree = self._source.tree()
        bound = [found for found in bindings(self._source) if found.name == name.id]
        known = 0
        for node in ast.walk(tree):
            match node:
                case ast.arg(arg=word, annotation=ast.expr() as annotation) if word == name.id:
                    known += ast.unparse(annotation).startswith(("list[", "List["))
                case ast.Assign(targets=[ast.Name(id=word)], value=value) if word == name.id:
                    known += isinstance(value, (ast.List, ast.ListComp)) or _makes_list(value)
        return known == len(bound) > 0

    def _escapes(self, loop: ast.For, names: set[str]) -> bool:
        """Whether a variable of the loop is used outside of it, in the same function."""
        inside = set(ast.walk(loop))
        outer = list(_outer(loop, self._around))
        function = self._around.get(outer[-1] if outer else loop) or self._source.tree()
        return any(
            isinstance(node, ast.Name) and node.id in names and node not in inside
            for node in ast.walk(function)
        )

    def _fresh(self, name: str) -> str:
        while name in self._taken:
            name += "_"
        return name

    def _text(self, node: ast.expr) -> str:
        start, end = self._offsets.of_node(node)
        return self._source.text[start:end]


def _vector_of(node: ast.AST, name: str | None, base: ast.AST | None = None) -> str:
    """``embedding`` for ``answer.data[0].embedding``; empty for anything else."""
    match node:
        case ast.Attribute(
            attr=vector,
            value=ast.Subscript(value=ast.Attribute(attr="data", value=answer), slice=ast.Constant(value=0)),
        ):
            if answer is base or (isinstance(answer, ast.Name) and answer.id == name):
                return vector
    return ""


def _makes_list(value: ast.expr) -> bool:
    """Calls that always give a list."""
    match value:
        case ast.Call(func=ast.Name(id="list" | "sorted")):
            return True
        case ast.Call(func=ast.Attribute(attr="split" | "splitlines" | "readlines")):
            return True
    return False
