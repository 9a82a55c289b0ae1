"""LLM902 unknown-rule: see rules/LLM902-unknown-rule.md."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from llm_lint.model import Confidence, Finding, Ignore, Severity
from llm_lint.rules import Context, Rule, all_rules

rule = Rule("LLM902", "unknown-rule", Severity.WARNING)


@rule.on_ignore
def check(ignore: Ignore, context: Context) -> Iterator[Finding]:
    """Report names in suppressions that no rule has; codes in ``noqa`` may belong to other tools."""
    known = {name for other in all_rules() for name in (other.code, other.name)} | {"ALL"}
    for name in ignore.names:
        if name in known or ignore.is_noqa:
            continue
        close = difflib.get_close_matches(name, sorted(known), 1)
        yield rule.finding(
            ignore.span,
            f"`{name}` is the name of no rule, so this comment does not silence anything by it",
            confidence=Confidence.HIGH,
            advice=f"write `{close[0]}`" if close else "`llm-lint rules` lists the names; remove this one",
            identity=name,
        )
