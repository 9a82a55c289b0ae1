"""LLM701 missing-cost-logging: see rules/LLM701-missing-cost-logging.md."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from llm_lint.model import Confidence, Finding, Inventory, Related, Request, Severity, Span
from llm_lint.rules import Context, Rule
from llm_lint.rules.common import is_priced

rule = Rule("LLM701", "missing-cost-logging", Severity.INFO)


@rule.on_project
def check(inventory: Inventory, context: Context) -> Iterator[Finding]:
    """Report each client (or SDK in a file, where no client is shown) whose requests nobody counts."""
    groups: dict[Span | tuple[str, str], list[Request]] = defaultdict(list)
    for request in inventory.requests:
        if is_priced(request) and not request.tracked.present:
            groups[request.client_span or (request.span.filename, request.sdk)].append(request)
    for requests in groups.values():
        yield _finding(requests, context)


def _finding(requests: list[Request], context: Context) -> Finding:
    first, others = requests[0], requests[1:]
    name = first.function
    cost = (
        f"{len(requests)} requests cost, the first in `{name}`"
        if others
        else f"the request in `{name}` costs"
    )
    related = [Related(f"`{other.callee}` in `{other.function}`", other.span) for other in others]
    if first.client_span is not None:
        related.insert(0, Related("the client is made here", first.client_span))
    return rule.finding(
        first,
        f"nothing records what {cost}: usage is neither read nor sent to a tracker",
        confidence=Confidence.MEDIUM,
        advice="log model, tokens and cost of each answer, or wrap the client in a tracker; "
        "estimates then become measurements",
        saving=context.pricing.zero(first, "no direct saving; makes every other estimate a measurement"),
        related=related,
        repair=context.fixes.track(first),
    )
