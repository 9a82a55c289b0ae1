"""The list of all rules, for people and for machines."""

from __future__ import annotations

from json import dumps

from llm_lint.report.columns import columns
from llm_lint.report.console import Console
from llm_lint.report.documents import documents
from llm_lint.rules import all_rules


def rules_table(console: Console) -> str:
    """A row for each rule."""
    summaries = {page.code: page.summary for page in documents()}
    rows = [(rule.code, rule.name, rule.severity.value, summaries.get(rule.code, "")) for rule in all_rules()]
    return "".join(f"{line}\n" for line in columns(("code", "name", "severity", "reports"), rows, console))


def rules_json() -> str:
    """An object for each rule, with its whole document."""
    pages = {page.code: page for page in documents()}
    rows = [
        {
            "code": rule.code,
            "name": rule.name,
            "severity": rule.severity.value,
            "summary": pages[rule.code].summary if rule.code in pages else None,
            "explanation": pages[rule.code].text if rule.code in pages else None,
        }
        for rule in all_rules()
    ]
    return dumps(rows, indent=2) + "\n"
