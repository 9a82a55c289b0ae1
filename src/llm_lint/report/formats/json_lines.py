"""One JSON object a line for each finding, as in the JSON contract."""

from __future__ import annotations

from json import dumps

from llm_lint.model import Report
from llm_lint.report import contract
from llm_lint.report.console import Console


def render(report: Report, console: Console) -> str:
    """The findings in order; nothing for a run without any."""
    return "".join(f"{dumps(contract.finding(finding))}\n" for finding in report.findings)
