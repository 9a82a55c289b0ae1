"""Everything known of one request: why it is one, its parameters, the ways to it, and what is unknown."""

from __future__ import annotations

import difflib
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from json import dumps
from typing import Any

from llm_lint.errors import LlmLintError
from llm_lint.model import Absent, Estimate, Inventory, Known, Report, Request, Step, Unknown, Value
from llm_lint.pricing.format import usd
from llm_lint.pricing.tokens import estimate_tokens
from llm_lint.report import contract
from llm_lint.report.console import Console, plural, printable
from llm_lint.report.evidence import path_to
from llm_lint.report.places import place

_SOURCES = {
    "literal": "written at the call",
    "constant": "a constant",
    "default": "a default, which callers may overrule",
    "env-default": "the default of an environment variable",
    "config": "read from configuration",
}
_REPEATED = {
    "constant": "its input is constant and it is reached again and again",
    "function": "its input is a function of values that come again",
}
_INDEPENDENCE = {
    True: "independent iterations",
    False: "iterations that need earlier answers",
    None: "whether iterations need earlier answers is unknown",
}
_CHAINS = 10  # ways that are listed
_DEPTH = 20  # steps of one way

Chain = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A text and what stands before it on its first row."""

    head: str
    text: str


def find_request(report: Report, key: str) -> Request:
    """The request with a key, or the only one whose key ends or begins like it, or holds it.

    Raises LlmLintError for none, with a suggestion, and for several, with their keys.
    """
    requests = report.inventory.requests if report.inventory else ()
    for matches in (str.__eq__, str.endswith, str.startswith, str.__contains__):
        found = [request for request in requests if matches(request.key, key)]
        if len(found) == 1:
            return found[0]
        if found:
            listed = ", ".join(request.key for request in found[:8])
            rest = f" and {len(found) - 8:,} more" if len(found) > 8 else ""
            raise LlmLintError(f"`{key}` means {len(found):,} requests", f"give one of {listed}{rest}")
    close = _similar(key, requests)
    hint = f"did you mean `{close}`?" if close else "`llm-lint inventory --output-format json` lists the keys"
    raise LlmLintError(f"no request has the key `{key}`", hint)


def _similar(key: str, requests: Iterable[Request]) -> str | None:
    """The key that was probably meant: people write a path, a function, or both."""
    spellings = {}
    for request in requests:
        name = request.function
        for spelling in (request.key, request.span.filename, name, name.rpartition(".")[2]):
            spellings[spelling] = request.key
    close = difflib.get_close_matches(key.partition("#")[0], spellings, 1)
    return spellings[close[0]] if close else None


def explanation_json(report: Report, key: str) -> str:
    """The request as in the inventory, with its parameters, the ways to it and what is unknown."""
    request = find_request(report, key)
    cost = report.costs.get(request.key)
    document = {
        "version": 1,
        "request": contract.request(request, cost),
        "reasons": list(_reasons(request)),
        "parameters": {role: _plain(value) for role, value in sorted(_parameters(request).items())},
        "chains": [[contract.step(step) for step in chain] for chain in chains(report, request)],
        "unknown": list(_unknown(request, cost)),
    }
    return dumps(document, indent=2) + "\n"


def explanation(report: Report, key: str, console: Console) -> str:
    """The same for people."""
    request = find_request(report, key)
    cost = report.costs.get(request.key)
    sections: tuple[tuple[str, Iterable[Line]], ...] = (
        ("why it is a request", _listed(_reasons(request))),
        ("what is known", _facts(request, cost, report.prices_as_of)),
        ("how it is reached", _ways(report, request)),
        ("what is unknown", _listed(_unknown(request, cost))),
    )
    head = console.paint(printable(request.key), "bold")
    blocks = [[head, f"{place(request.span)}: {printable(request.callee)}"]]
    for title, lines in sections:
        told = [row for line in lines for row in _wrapped(line, console)]
        blocks.append([console.paint(title, "bold"), *(told or ["  nothing that the rules ask for"])])
    return "\n".join("".join(f"{row}\n" for row in block) for block in blocks)


def _listed(texts: Iterable[str]) -> Iterator[Line]:
    return (Line("- ", text) for text in texts)


def _wrapped(line: Line, console: Console) -> list[str]:
    """One line under a heading; what does not fit goes on under its text."""
    head = f"  {line.head}"
    return textwrap.wrap(
        printable(line.text),
        max(console.width, len(head) + 40),
        initial_indent=head,
        subsequent_indent=" " * len(head),
        break_long_words=False,
        break_on_hyphens=False,
    )


# ------------------------------------------------------------------ why


def _reasons(request: Request) -> Iterator[str]:
    sdk = "an HTTP API" if request.sdk == "http" else f"the SDK `{request.sdk}`"
    yield f"`{request.callee}` is a call of {sdk} that sends a request of kind {request.kind}"
    if request.client_span is not None:
        yield f"its client is made at {place(request.client_span)}"
    if request.local:
        yield "it goes to a server of one's own: nobody bills it"
    elif not request.billed:
        yield f"{request.provider} does not bill requests of this kind"
    elif request.provider == "unknown":
        yield "who bills it is not known"
    else:
        yield f"{request.provider} bills it"
    if request.excluded:
        yield f"its money is not counted ({request.excluded})"


# ------------------------------------------------------------------ what


def _parameters(request: Request) -> dict[str, Value]:
    return {"model": request.model, **request.parameters}


def _plain(value: Value) -> dict[str, Any]:
    if isinstance(value, Known):
        shown = value.value if isinstance(value.value, (str, int, float, bool)) else str(value.value)
        return {"value": shown, "source": value.source}
    return {"value": None, "source": "unknown" if isinstance(value, Unknown) else "absent"}


def _facts(request: Request, cost: Estimate | None, prices_as_of: str) -> Iterator[Line]:
    known = {role: value for role, value in _parameters(request).items() if isinstance(value, Known)}
    facts = [
        *((role, f"{_short(value.value)} ({_SOURCES[value.source]})") for role, value in known.items()),
        ("prompt", _prompt(request)),
        ("history", request.history),
        ("mode", request.mode),
        ("task", _task(request)),
        *(("loop", text) for text in _loops(request)),
        ("cached", request.cached.by or ("yes" if request.cached.present else "no")),
        ("tracked", request.tracked.by or ("yes" if request.tracked.present else "no")),
    ]
    if request.repetition:
        facts.append(("repeated", _REPEATED.get(request.repetition, request.repetition)))
    if cost is not None:
        bounds = f"[LOW {usd(cost.low)} – HIGH {usd(cost.high)}]"
        facts.append(("cost", f"~{usd(cost.expected)} per 1,000 requests {bounds}, prices of {prices_as_of}"))
    width = max(len(name) for name, _ in facts)
    return (Line(f"{name:<{width}}  ", text) for name, text in facts)


def _short(value: Any) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 60 else f"{text[:59]}…"


def _prompt(request: Request) -> str:
    prompt = request.prompt
    parts = [f"{plural(estimate_tokens(prompt.static_text), 'token')} of text that the code shows"]
    if prompt.holes:
        holes = ", ".join(f"`{_short(hole)}`" for hole in prompt.holes[:6])
        parts.append(f"filled at run time: {holes}{', …' if len(prompt.holes) > 6 else ''}")
    if not prompt.complete:
        parts.append("more may be added where it could not be followed")
    return "; ".join(parts)


def _task(request: Request) -> str:
    signals = ", ".join((*request.task_signals, *(f"against it: {veto}" for veto in request.task_vetoes)))
    return f"{request.task}{f' ({signals})' if signals else ''}"


def _loops(request: Request) -> list[str]:
    return [
        f"{loop.kind} (`{loop.form}` in `{loop.function}`, {place(loop.span)}"
        f"{f', {_INDEPENDENCE[loop.independent]}' if loop.kind == 'data' else ''}"
        f"{', concurrent' if loop.concurrent else ''}"
        f"{f', {loop.trips:,} times' if loop.trips is not None else ''})"
        for loop in request.loops
    ] or ["none"]


# ------------------------------------------------------------------ ways


def chains(report: Report, request: Request) -> list[Chain]:
    """The ways from functions that nobody calls to the request, the shortest first; each ends at it."""
    inventory = report.inventory or Inventory((), (), ())
    gateways = {(gateway.span.filename, gateway.function): gateway for gateway in inventory.gateways}
    complete: list[Chain] = []
    ways: list[Chain] = [(Step(request.span, request.function),)]
    while ways and len(complete) < _CHAINS:
        way = ways.pop(0)
        gateway = gateways.get((way[0].span.filename, way[0].function))
        seen = {(step.span.filename, step.function) for step in way}
        callers = [c for c in gateway.callers if (c.span.filename, c.function) not in seen] if gateway else []
        if not callers or len(way) >= _DEPTH:
            complete.append(way)
        else:
            ways += [(caller, *way) for caller in callers]
    return complete


def _ways(report: Report, request: Request) -> Iterator[Line]:
    entry = path_to(request).entry
    yield Line("", f"started from {entry}" if entry else "nothing says who starts it")
    found = chains(report, request)
    for number, chain in enumerate(found, 1):
        if len(found) > 1:
            yield Line("", f"way {number}")
        for index, step in enumerate(chain):
            does = "sends the request" if index == len(chain) - 1 else f"calls `{chain[index + 1].function}`"
            yield Line(f"  {index + 1:>2}. ", f"{place(step.span)} `{step.function}` {does}")
    if len(found) == _CHAINS:
        yield Line("", "there may be more ways")


# ------------------------------------------------------------------ unknown


def _unknown(request: Request, cost: Estimate | None) -> Iterator[str]:
    hidden = [f"`{role}`" for role, value in _parameters(request).items() if isinstance(value, Unknown)]
    if hidden:
        yield f"the run-time values of {', '.join(hidden)}, where they are set at all"
    if isinstance(request.model, Absent):
        yield "the model: the code names none"
    if isinstance(request.parameter("max_tokens"), Absent):
        yield "the length of the answer: nothing caps it"
    if not request.prompt.complete:
        yield "parts of the prompt, which could not be followed"
    if request.history == "unknown":
        yield "whether earlier messages are sent along"
    if request.task == "unknown":
        yield "how hard the task is"
    if any(loop.kind == "data" and loop.independent is None for loop in request.loops):
        yield "whether an iteration of its loop needs an earlier answer"
    if cost is None and request.billed and not request.local:
        yield "what it costs: no price is known for its model"
