"""Which rules a code, a prefix, a name or ``ALL`` means."""

from __future__ import annotations

import difflib

from llm_lint.errors import LlmLintError
from llm_lint.project.config import Settings


def chosen_rules(settings: Settings) -> frozenset[str]:
    """The codes that ``select``, ``extend-select`` and ``ignore`` leave.

    Raises LlmLintError for names that no rule has.
    """
    chosen = {code for selector in (*settings.select, *settings.extend_select) for code in codes(selector)}
    return frozenset(chosen - {code for selector in settings.ignore for code in codes(selector)})


def codes(selector: str) -> frozenset[str]:
    """The rules that a code, a prefix, a name or ``ALL`` names; raises LlmLintError for none."""
    from llm_lint.rules import all_rules

    found = frozenset(
        rule.code
        for rule in all_rules()
        if selector == "ALL"
        or selector == rule.name
        or (selector.startswith("LLM") and rule.code.startswith(selector))
    )
    if not found:
        known = [name for rule in all_rules() for name in (rule.code, rule.name)]
        close = difflib.get_close_matches(selector, known, 1)
        raise LlmLintError(f"unknown rule `{selector}`", f"did you mean `{close[0]}`?" if close else None)
    return found
