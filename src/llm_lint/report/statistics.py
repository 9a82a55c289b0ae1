"""How often each rule fired and what it found, as a table or as JSON."""

from __future__ import annotations

from collections import Counter
from json import dumps

from llm_lint.model import Finding, Report
from llm_lint.report.columns import columns
from llm_lint.report.console import Console


def statistics(report: Report, output_format: str, console: Console) -> str:
    """The rules that fired, the most frequent first; JSON for the JSON formats, a table for the others.

    The money is what fixing all findings of one rule, and only those, would save in a month.
    """
    counted = Counter((finding.code, finding.name) for finding in report.findings)
    fixable = Counter(finding.code for finding in report.findings if finding.fix is not None)
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    rules = [(code, name, number, _of(report, code)) for (code, name), number in ordered]
    if output_format.startswith("json"):
        return dumps([_row(*rule, fixable[rule[0]]) for rule in rules], indent=2) + "\n"
    if not rules:
        return ""
    header = ("count", "code", "rule", "fixable", "$/month")
    table = [(f"{n:,}", code, name, f"{fixable[code]:,}", _month(found)) for code, name, n, found in rules]
    return "".join(f"{line}\n" for line in columns(header, table, console))


def _of(report: Report, code: str) -> list[Finding]:
    return [finding for finding in report.findings if finding.code == code]


def _row(code: str, name: str, number: int, found: list[Finding], fixable: int) -> dict[str, object]:
    from llm_lint.pricing.compose import monthly_total
    from llm_lint.report.contract import estimate

    money = estimate(monthly_total(found))
    return {"code": code, "name": name, "count": number, "fixable": fixable, "usd_per_month": money}


def _month(found: list[Finding]) -> str:
    from llm_lint.pricing.compose import monthly_total
    from llm_lint.report.savings import about

    total = monthly_total(found)
    return "-" if total is None or total.expected <= 0 else about(total.expected)
