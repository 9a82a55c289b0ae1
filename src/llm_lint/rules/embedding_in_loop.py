"""LLM402 embedding-in-loop: see rules/LLM402-embedding-in-loop.md."""

from __future__ import annotations

from collections.abc import Iterator

from llm_lint.model import Confidence, Finding, Request, Severity
from llm_lint.rules import Context, Rule
from llm_lint.rules.common import OFFLINE, data_loop, is_priced, loop_related

rule = Rule("LLM402", "embedding-in-loop", Severity.WARNING)


@rule.on_request
def check(request: Request, context: Context) -> Iterator[Finding]:
    """Report one text per embedding request where the endpoint takes lists."""
    loop = data_loop(request)
    if (
        loop is None
        or not is_priced(request)
        or request.kind != "embedding"
        or request.list_input != "single"
    ):
        return
    where = "" if loop.depth == "direct" else f", through the `{loop.form}` loop in `{loop.function}`"
    yield rule.finding(
        request,
        f"`{request.callee}` in `{request.function}` embeds one text per request{where}; "
        "the endpoint takes a list",
        confidence=Confidence.HIGH if loop.depth == "direct" else Confidence.MEDIUM,
        advice="collect the texts and send them as lists of the size that the provider allows; "
        "the order is kept",
        saving=context.pricing.batch_saving(request, request.entry_point in OFFLINE),
        related=loop_related(request, loop),
        repair=context.fixes.send_lists(request),
    )
