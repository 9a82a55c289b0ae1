"""How execution gets from an entry point through helpers to the request of a finding."""

from __future__ import annotations

from dataclasses import dataclass

from llm_lint.model import Finding, Loop, Related, Report, Request, Span, Step

_ENTRIES = {
    "web": "a web request",
    "bot": "a bot's message",
    "ui": "a user interface",
    "worker": "a background job",
    "cron": "a scheduled job",
    "cli": "a command line",
    "notebook": "a notebook",
    "test": "a test",
}


@dataclass(frozen=True, slots=True)
class Path:
    """``entry`` says who starts it (empty: not known); ``steps`` lead to the request, which comes last.

    ``told`` are the places that the steps speak of.
    """

    entry: str
    steps: tuple[Related, ...] = ()
    told: frozenset[Span] = frozenset()


def requests_by_key(report: Report) -> dict[str, Request]:
    """The requests that a report lists."""
    return {request.key: request for request in report.inventory.requests} if report.inventory else {}


def path_to(request: Request | None) -> Path:
    """The steps to a request in words; no steps when nothing leads to it."""
    if request is None:
        return Path("")
    entry = _ENTRIES.get(request.entry_point, "")
    chain = request.chain
    if len(chain) < 2:
        return Path(entry)
    around = [_loop_around(step, request) for step in chain]
    steps = tuple(_described(chain, index, around[index]) for index in range(len(chain)))
    return Path(entry, steps, frozenset(loop.span for loop in around if loop is not None))


def besides(finding: Finding, path: Path) -> list[Related]:
    """The related places that the path does not already show, once each."""
    seen = {finding.span, *path.told, *(step.span for step in path.steps)}
    rest = []
    for related in finding.related:
        if related.span not in seen:
            seen.add(related.span)
            rest.append(related)
    return rest


def _described(chain: tuple[Step, ...], index: int, loop: Loop | None) -> Related:
    step = chain[index]
    last = index == len(chain) - 1
    does = "sends the request" if last else f"calls `{chain[index + 1].function}`"
    around = "" if loop is None else f", in the `{loop.form}` loop of line {loop.span.start.row}"
    return Related(f"`{step.function}` {does}{around}", step.span)


def _loop_around(step: Step, request: Request) -> Loop | None:
    return next((loop for loop in request.loops if _holds(loop, step)), None)


def _holds(loop: Loop, step: Step) -> bool:
    same = (loop.span.filename, loop.span.cell) == (step.span.filename, step.span.cell)
    return (
        same
        and loop.function == step.function
        and loop.span.start.row <= step.span.start.row <= loop.span.end.row
    )
