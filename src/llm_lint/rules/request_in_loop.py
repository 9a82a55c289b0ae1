"""LLM401 request-in-loop: see rules/LLM401-request-in-loop.md."""

from __future__ import annotations

from collections.abc import Iterator

from llm_lint.model import Confidence, Finding, Loop, Request, Severity
from llm_lint.rules import Context, Rule
from llm_lint.rules.common import OFFLINE, data_loop, is_priced, loop_related

rule = Rule("LLM401", "request-in-loop", Severity.WARNING)

_KINDS = frozenset({"chat", "completion", "embedding", "moderation", "image", "rerank"})


@rule.on_request
def check(request: Request, context: Context) -> Iterator[Finding]:
    """Report one request per element of data, at any depth of helpers."""
    loop = data_loop(request)
    if loop is None or not is_priced(request) or request.kind not in _KINDS or request.batch_submit:
        return
    if request.kind == "embedding" and request.list_input != "no":
        return
    offline = request.entry_point in OFFLINE and request.mode != "stream"
    saving = context.pricing.batch_saving(request, offline)
    has_discount = saving.percent is not None and saving.percent.expected > 0
    if loop.concurrent and not has_discount:
        return
    yield rule.finding(
        request,
        _message(request, loop),
        confidence=Confidence.HIGH if loop.depth == "direct" else Confidence.MEDIUM,
        advice=_advice(loop, has_discount),
        saving=saving,
        related=loop_related(request, loop),
    )


def _message(request: Request, loop: Loop) -> str:
    where = "" if loop.depth == "direct" else f", through the `{loop.form}` loop in `{loop.function}`"
    side = "concurrently " if loop.concurrent else ""
    return (
        f"`{request.callee}` in `{request.function}` is sent {side}once per element{where}; "
        "no answer is needed for the next"
    )


def _advice(loop: Loop, has_discount: bool) -> str:
    if has_discount:
        return "nobody waits for these answers: submit them as one job of the provider's Batch API"
    if loop.concurrent:
        return "collect the elements into fewer requests"
    return "send the requests side by side with a limit: the price stays, the wait goes"
