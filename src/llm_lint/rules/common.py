"""What several rules ask of a request."""

from __future__ import annotations

from collections.abc import Iterator

from llm_lint.model import Loop, Related, Request

INTERACTIVE = frozenset({"web", "bot", "ui"})
OFFLINE = frozenset({"cli", "worker", "cron", "notebook"})
SMALL_LIST = 8  # literal lists below this are not worth a batch


def is_priced(request: Request) -> bool:
    """Whether a request costs money that somebody would want to save: billed, and not a test's."""
    return (
        request.billed and not request.local and request.excluded != "test" and request.entry_point != "test"
    )


def data_loop(request: Request) -> Loop | None:
    """The loop that sends one independent request per element, if one is worth reporting."""
    loop = request.loop
    if loop is None or loop.kind != "data" or loop.independent is not True or loop.note == "samples":
        return None
    return None if loop.trips is not None and loop.trips < SMALL_LIST else loop


def chain_related(request: Request) -> Iterator[Related]:
    """The way from the entry point to the request, for the report."""
    for step in request.chain[:-1]:
        yield Related(f"`{step.function}` leads here", step.span)


def loop_related(request: Request) -> Iterator[Related]:
    """The loops around a request and the helpers between."""
    for loop in request.loops:
        if loop.kind == "data":
            yield Related(f"the loop in `{loop.function}`", loop.span)
    yield from chain_related(request)
