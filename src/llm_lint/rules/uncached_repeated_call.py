"""LLM101 uncached-repeated-call: see rules/LLM101-uncached-repeated-call.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from llm_lint.model import Confidence, Estimate, Finding, Known, Request, Severity
from llm_lint.rules import Context, Rule
from llm_lint.rules.common import INTERACTIVE, chain_related, is_priced

rule = Rule("LLM101", "uncached-repeated-call", Severity.WARNING)

# Hit shares of an exact-match cache: published rates for free text.
_FREE_TEXT = Estimate(Decimal("0.02"), Decimal("0.18"), Decimal("0.45"))
# Functions that embed what is then kept: their answers are stored already, once.
_STORES = re.compile(r"ingest|index|upload|upsert|add_|insert|store|document|file|image|frame|video", re.I)
_KINDS = frozenset({"chat", "completion", "embedding"})


@rule.on_request
def check(request: Request, context: Context) -> Iterator[Finding]:
    """Report a request whose input comes again and whose answer is meant to be the same."""
    if not is_priced(request) or request.kind not in _KINDS or request.cached.present or request.purity:
        return
    if request.repetition == "constant" and isinstance(request.model, Known):
        share = context.pricing.repeated_share(request)
        reason = "its input is constant and it is reached again and again"
        does, confidence = "is paid again for input it has seen", Confidence.HIGH
    elif request.repetition == "function" and (why := _deterministic(request)):
        share, reason = _FREE_TEXT, f"{why}, so equal arguments mean equal answers"
        does = "may be paid again for input it has seen"
        confidence = Confidence.MEDIUM if _is_reentered(request) else Confidence.LOW
    else:
        return
    yield rule.finding(
        request,
        f"`{request.callee}` in `{request.function}` {does}: {reason}, and nothing caches it",
        confidence=confidence,
        advice="keep the answer: a cache in front of this request, keyed by model, prompt and parameters, "
        "with a time to live",
        saving=context.pricing.cache_saving(request, share, reason),
        related=chain_related(request),
        repair=context.fixes.cache(request),
    )


def _deterministic(request: Request) -> str | None:
    if request.kind == "embedding":
        asked = request.entry_point in INTERACTIVE and request.list_input == "single"
        kept = _STORES.search(request.function) is not None
        return "an embedding depends on nothing but its text" if asked and not kept else None
    temperature = request.parameter("temperature")
    if isinstance(temperature, Known) and temperature.value == 0:
        return "temperature is 0"
    return "the answer is a label or an extraction" if request.task == "simple" else None


def _is_reentered(request: Request) -> bool:
    """Whether people or jobs come back to it with a task of its own, not any prompt of its callers."""
    own = request.kind == "embedding" or bool(request.prompt.static_text.strip())
    return own and (request.entry_point in INTERACTIVE or request.entry_point in ("worker", "cron"))
