"""LLM901 unused-suppression: see rules/LLM901-unused-suppression.md."""

from __future__ import annotations

from collections.abc import Iterator

from llm_lint.model import Confidence, Finding, Ignore, Severity
from llm_lint.rules import Context, Rule

rule = Rule("LLM901", "unused-suppression", Severity.INFO)


@rule.on_ignore
def check(ignore: Ignore, context: Context) -> Iterator[Finding]:
    """Report the names of a comment that silence nothing although their rules ran."""
    if not ignore.idle:
        return
    names = ", ".join(f"`{name}`" for name in ignore.idle)
    where = "in this file" if ignore.scope == "file" else "here"
    whole = len(ignore.idle) == len(ignore.names)
    yield rule.finding(
        ignore.span,
        f"this comment silences {names}, of which there is nothing {where}",
        confidence=Confidence.HIGH,
        advice="remove the comment" if whole else f"remove {names} from the comment",
        identity=",".join(ignore.idle),
    )
