"""LLM301 expensive-model-for-simple-task: see rules/LLM301-expensive-model-for-simple-task.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from llm_lint.model import Confidence, Finding, Known, Request, Severity
from llm_lint.rules import Context, Rule
from llm_lint.rules.common import chain_related, is_priced
from llm_lint.semantics.tasks import SHORT

rule = Rule("LLM301", "expensive-model-for-simple-task", Severity.WARNING)

_ENOUGH = 2  # independent signals before the rule speaks
_STRONG = 3  # signals for high confidence


@rule.on_request
def check(request: Request, context: Context) -> Iterator[Finding]:
    """Report a top or middle tier model on a task that a small one does."""
    if not is_priced(request) or request.task != "simple" or not isinstance(request.model, Known):
        return
    are_compared = any(loop.note == "models" for loop in request.loops)
    if are_compared or len(_independent(request.task_signals)) < _ENOUGH:
        return
    strong = len(request.task_signals) >= _STRONG
    cheaper = context.pricing.downgrade_saving(request, strong)
    if cheaper is None:
        return
    saving, target = cheaper
    signals = "; ".join(request.task_signals)
    yield rule.finding(
        request,
        f"`{request.model.value}` does a simple task in `{request.function}`: {signals}",
        confidence=Confidence.HIGH if strong else Confidence.MEDIUM,
        advice=f"try `{target}` on a sample of real inputs and compare the answers before switching",
        saving=saving,
        related=chain_related(request),
    )


def _independent(signals: Iterable[str]) -> set[str]:
    """The signals that do not rest on each other: a prompt and a name that say the same word count once."""
    wording = ("the prompt asks", "it is named")
    return {"wording" if signal.startswith(wording) else signal for signal in signals if signal != SHORT}
