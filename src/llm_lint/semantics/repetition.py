"""Whether a request is plausibly repeated with the same input, and what speaks against keeping its answer."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from llm_lint.model import Known, Loop, Prompt, Unknown
from llm_lint.semantics.list_inputs import embeds_unseen
from llm_lint.semantics.prompts import INPUT_ROLES
from llm_lint.semantics.values import Hole

if TYPE_CHECKING:
    from llm_lint.semantics.arguments import Arguments
    from llm_lint.semantics.calls import CallGraph
    from llm_lint.semantics.index import CallSite, Scope
    from llm_lint.semantics.passages import Passage

_VOLATILE = re.compile(
    r"\b(datetime|date)\.(now|today|utcnow)|time\.time|uuid|random|secrets\.|perf_counter|monotonic|\bnow\(\)",
    re.I,
)
_PERSONAL = re.compile(
    r"session|user_?(id|name|profile|state)|conversation|history|chat_id|thread|memory|context_window|tenant|account",
    re.I,
)
_REENTERABLE = frozenset({"web", "bot", "ui", "worker", "cron"})
_VALUE_TYPES = frozenset({"str", "int", "float", "bool", "bytes", "Path", "date", "Literal", "Enum"})


def why(
    graph: CallGraph, arguments: Arguments, prompt: Prompt, passages: list[Passage], loops: list[Loop]
) -> str | None:
    """Why the same input is likely to come again: ``constant`` input that is re-entered, or a ``function``
    of values that many places or an endpoint call; None when nothing says so."""
    site = arguments.issue.site
    if prompt.complete and not prompt.holes and prompt.static_text.strip() and not _varies(arguments):
        if _is_reentered(graph, site.scope.function, passages, loops):
            return "constant"
        return None
    if site.scope.function.kind != "module" and _only_values(site.scope.function):
        return "function"
    return None


def _varies(arguments: Arguments) -> bool:
    """Whether the input is made of parameters or of a loop's elements, whatever their only known value."""
    refs = [ref for role in INPUT_ROLES for ref in arguments.nodes(role)]
    return any(_is_made_of_variables(ref.node, ref.scope) for ref in refs)


def _is_made_of_variables(node: ast.expr, scope: Scope) -> bool:
    function = scope.function
    scopes = list(function.subtree())
    names = _names_in([node])
    while True:
        made = [b for s in scopes for name in names for b in s.bindings.get(name, [])]
        if any(binding.kind == "for" for binding in made):
            return True
        more = _names_in([binding.value for binding in made if binding.value is not None])
        if more <= names:
            break
        names |= more
    bound = function.parameters[0].name if function.owner is not None and function.parameters else ""
    return any(name != bound and function.parameter(name) is not None for name in names)


def _names_in(nodes: Iterable[ast.AST]) -> set[str]:
    return {inner.id for node in nodes for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def _is_reentered(graph: CallGraph, function: Scope, passages: list[Passage], loops: list[Loop]) -> bool:
    from llm_lint.semantics.entry import EntryPoints

    if any(loop.kind in ("data", "poll") for loop in loops):
        return True
    if len(graph.edges.get(function, ())) > 1:
        return True
    return EntryPoints(graph).of([function, *(p.root for p in passages)]) in _REENTERABLE


def _only_values(function: Scope) -> bool:
    """Whether all parameters look like plain values, so that equal arguments mean equal input."""
    parameters = [p for p in function.parameters if not (p.position == 0 and function.owner is not None)]
    if not parameters:
        return False
    for parameter in parameters:
        if parameter.star:
            return False
        if parameter.annotation is not None:
            name = ast.unparse(parameter.annotation).split("[")[0].split("|")[0].strip().rsplit(".", 1)[-1]
            if name not in _VALUE_TYPES and name != "Optional":
                return False
        elif _PERSONAL.search(parameter.name) or parameter.name in (
            "messages",
            "client",
            "llm",
            "request",
            "state",
        ):
            return False
    return True


def obstacles(
    arguments: Arguments, prompt: Prompt, history: str, site: CallSite, parts: Iterable[str | Hole]
) -> Iterator[str]:
    """Why keeping the answer would be wrong: sampling, tools, streams, history, clocks, personal state."""
    temperature = arguments.value("temperature")
    if (
        isinstance(temperature, Known)
        and isinstance(temperature.value, (int, float))
        and temperature.value > 0
    ):
        yield f"temperature is {temperature.value}"
    elif isinstance(temperature, Unknown):
        yield "temperature is not known"
    if arguments.values("tools")[0]:
        yield "tools"
    if arguments.issue.spec is not None and embeds_unseen(arguments.issue.spec):
        yield "what a store holds decides the answer"
    if arguments.issue.spec is not None and arguments.issue.spec.kind == "agent":
        yield "an agent's run has effects"
    stream = arguments.value("stream")
    spec = arguments.issue.spec
    if (spec is not None and spec.stream == "always") or (isinstance(stream, Known) and stream.value is True):
        yield "the answer is streamed"
    if history in ("growing", "bounded", "unknown"):
        yield "the conversation is sent along" if history != "unknown" else "the messages come from elsewhere"
    text = " ".join(prompt.holes)
    if _VOLATILE.search(text) or _volatile_locals(site, text):
        yield "a clock or random value is in the input"
    if _PERSONAL.search(text):
        yield "personal or session state is in the input"
    count = arguments.value("n")
    if isinstance(count, Known) and isinstance(count.value, int) and count.value > 1:
        yield "several answers are asked for"


def _volatile_locals(site: CallSite, text: str) -> bool:
    names = set(re.findall(r"\b[a-z_]\w*", text))
    function = site.scope.function
    return any(
        binding.value is not None and _VOLATILE.search(ast.unparse(binding.value))
        for name in names
        for binding in function.bindings.get(name, [])
    )
