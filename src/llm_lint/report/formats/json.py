"""The JSON contract of ``check``."""

from __future__ import annotations

from json import dumps

from llm_lint import __version__
from llm_lint.model import Report
from llm_lint.report import contract
from llm_lint.report.console import Console
from llm_lint.report.summary import counts


def render(report: Report, console: Console) -> str:
    """One object with findings, skipped files and counts."""
    return dumps(document(report), indent=2) + "\n"


def document(report: Report) -> dict[str, object]:
    """The object itself."""
    return {
        "version": 1,
        "tool": {"name": "llm-lint", "version": __version__},
        "prices_as_of": report.prices_as_of or None,
        "price_sources": list(report.price_sources),
        "findings": [contract.finding(finding) for finding in report.findings],
        "skipped": [contract.skipped(skipped) for skipped in report.skipped],
        "summary": counts(report),
    }
