"""What several rules ask of a request."""

from __future__ import annotations

from collections.abc import Iterator

from llm_lint.model import Loop, Related, Request

INTERACTIVE = frozenset({"web", "bot", "ui"})
OFFLINE = frozenset({"cli", "worker", "cron", "notebook"})
_OTHER_LOOPS = 3  # further loops to name in one finding


def is_priced(request: Request) -> bool:
    """Whether a request costs money that somebody would want to save: billed, and not a test's."""
    return (
        request.billed and not request.local and request.excluded != "test" and request.entry_point != "test"
    )


def data_loop(request: Request) -> Loop | None:
    """The loop that sends one independent request per element, if one is worth reporting."""
    loop = request.loop
    return loop if loop is not None and loop.is_batch_candidate else None


def chain_related(request: Request) -> Iterator[Related]:
    """The way from the entry point to the request, for the report."""
    for step in request.chain[:-1]:
        yield Related(f"`{step.function}` leads here", step.span)


def loop_related(request: Request, loop: Loop) -> Iterator[Related]:
    """The loop that makes a request many, the helpers between, and the other loops that do the same."""
    yield Related(f"the loop in `{loop.function}`", loop.span)
    yield from chain_related(request)
    others = [other for other in request.loops if other.is_batch_candidate and other is not loop]
    for other in others[:_OTHER_LOOPS]:
        yield Related(f"the loop in `{other.function}` does the same", other.span)
