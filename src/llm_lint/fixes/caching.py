"""The fix of LLM101: ``@cached(ttl=…)`` on the function that sends the request.

The decorator memoises nothing: it opens a scope in which requests are answered from a cache keyed by
their whole body. It goes directly above ``def``, below all other decorators: routes and tools register
what they are given, and what comes above them has no effect or breaks them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from llm_lint.fixes.edits import Offsets, newline_of, together
from llm_lint.fixes.imports import Wanted, ensure
from llm_lint.fixes.nodes import expression_at, parents
from llm_lint.model import Applicability, Edit, Fix, Known, Request
from llm_lint.syntax.source import SourceFile

if TYPE_CHECKING:
    from llm_lint.fixes import Fixer

Function = ast.FunctionDef | ast.AsyncFunctionDef

_TTL = 3600  # seconds; the runtime's own default
_LAMBDAS = (ast.Lambda, ast.GeneratorExp)
_MEASURED = re.compile(r"(^|/)(evals?|evaluations?|benchmarks?|bench)(/|\.py$|_)|(^|/)(eval|bench)_[^/]*$")
_UNDECORATED = frozenset({"overload", "abstractmethod", "abstractproperty"})
# These ship the function's source or closure to another machine or compiler.
_SHIPPED = re.compile(
    r"^(ray\.remote|modal\.|kfp\.|njit|numba\.|triton\.|jax\.jit|task\.virtualenv|task\.docker)"
)


def cache(fixer: Fixer, request: Request) -> Fix | str:
    """The fix for a repeated request, or why there is none."""
    source = fixer.read(request.span.filename)
    call = expression_at(source, request.span, ast.Call)
    if call is None:
        return "the request was not found again"
    around = parents(source.tree())
    function = _function(call, around)
    if isinstance(function, str):
        return function
    reason = _obstacle(request, function, around)
    if reason is not None:
        return reason
    inserted = fixer.insertion("cached")
    if isinstance(inserted, str):
        return inserted
    imported = ensure(source, Wanted(inserted.module, inserted.name), function, fixer.first_party)
    if isinstance(imported, str):
        return imported
    doubts = list(_doubts(fixer, request, function))
    sampled = request.kind != "embedding" and not isinstance(request.parameter("temperature"), Known)
    ttl = fixer.ttl or _TTL
    decorator = f"@{imported.expression}(ttl={ttl}{', sampling=True' if sampled else ''})"
    return Fix(
        Applicability.UNSAFE if doubts else Applicability.SAFE,
        f"answer equal requests of `{function.name}` from a cache for {_duration(ttl)}"
        + (f"; unsafe because {' and '.join(doubts)}" if doubts else ""),
        together(*imported.edits, _above(source, function, decorator)),
    )


def _function(call: ast.Call, around: dict[ast.AST, ast.AST]) -> Function | str:
    """The function whose call is the scope of the request."""
    node: ast.AST | None = call
    while node is not None:
        node = around.get(node)
        if isinstance(node, _LAMBDAS):
            return "the request may be sent after its function has returned"
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return node
        if isinstance(node, ast.ClassDef):
            break
    return "the request is not sent by a function that could be decorated; move it into one"


def _obstacle(request: Request, function: Function, around: dict[ast.AST, ast.AST]) -> str | None:
    """Why a cache must not be put around this function."""
    if not request.reaches_http:
        return "the cache does not see the requests of this client"
    if any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in _own(function)):
        return f"`{function.name}` is a generator: it goes on after the scope of the cache is closed"
    if request.excluded == "test" or _MEASURED.search(request.span.filename):
        return "tests and evaluations want fresh answers"
    if any(loop.note == "samples" for loop in request.loops):
        return "the loop collects different answers to one prompt"
    temperature = request.parameter("temperature")
    if (
        isinstance(temperature, Known)
        and isinstance(temperature.value, (int, float))
        and temperature.value > 0
    ):
        return "the temperature asks for answers that differ"
    names = {_dotted(decorator).rpartition(".")[2] for decorator in function.decorator_list}
    owner = around.get(function)
    is_stub = _is_stub(function) or (isinstance(owner, ast.ClassDef) and _is_protocol(owner))
    if names & _UNDECORATED or is_stub or re.fullmatch(r"__\w+__", function.name):
        return f"`{function.name}` is no function to decorate"
    return None


def _doubts(fixer: Fixer, request: Request, function: Function) -> Iterator[str]:
    """Why the decorator may change what the program does."""
    temperature = request.parameter("temperature")
    if request.kind != "embedding" and not isinstance(temperature, Known):
        yield "no temperature is set, so that one answer will stand for others"
    if fixer.ttl is None:
        yield "the configuration declares no time to live (`[tool.llm-lint.cache] ttl`)"
    shipped = next((d for d in map(_dotted, function.decorator_list) if _SHIPPED.match(d)), None)
    if shipped is not None:
        yield f"`@{shipped}` takes the function elsewhere"


def _above(source: SourceFile, function: Function, decorator: str) -> Edit:
    """The edit that puts a line directly above ``def``."""
    offsets = Offsets(source)
    line = source.lines[function.lineno - 1]
    indent = line[: len(line) - len(line.lstrip(" \t\f"))]
    at = offsets.line_start(function.lineno) + len(indent)
    return offsets.edit(at, at, f"{decorator}{newline_of(source)}{indent}")


def _own(function: Function) -> Iterator[ast.AST]:
    """The nodes of a function without those of functions inside it."""
    stack: list[ast.AST] = list(function.body)
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            stack += ast.iter_child_nodes(node)


def _is_stub(function: Function) -> bool:
    body = [node for node in function.body if not isinstance(node, ast.Pass)]
    return all(isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) for node in body)


def _is_protocol(owner: ast.ClassDef) -> bool:
    return any(_dotted(base).rpartition(".")[2] == "Protocol" for base in owner.bases)


def _dotted(node: ast.expr) -> str:
    """``ray.remote`` for ``@ray.remote`` and ``@ray.remote(…)``."""
    target = node.func if isinstance(node, ast.Call) else node
    target = target.value if isinstance(target, ast.Subscript) else target
    return ast.unparse(target)


def _duration(seconds: int) -> str:
    for size, name in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds % size == 0:
            number = seconds // size
            return f"{number} {name}{'' if number == 1 else 's'}"
    return f"{seconds} seconds"
