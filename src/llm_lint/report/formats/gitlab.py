"""GitLab code quality reports."""

from __future__ import annotations

import hashlib
from json import dumps
from typing import Any

from llm_lint.model import Finding, Location, Report, Severity
from llm_lint.report.console import Console
from llm_lint.report.places import place
from llm_lint.report.repairs import repair_line
from llm_lint.report.savings import one_line

_LEVELS = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.INFO: "info"}


def render(report: Report, console: Console) -> str:
    """A list with one issue for each finding."""
    return dumps([_issue(finding, report.prices_as_of) for finding in report.findings], indent=2) + "\n"


def _issue(finding: Finding, prices_as_of: str) -> dict[str, Any]:
    start, end = finding.span.start, finding.span.end
    if finding.span.cell is not None:  # lines inside a cell are not lines of the file
        start = end = Location(1, 1)
    return {
        "description": _description(finding, prices_as_of),
        "check_name": finding.code,
        "fingerprint": _fingerprint(finding),
        "severity": _LEVELS[finding.severity],
        "location": {
            "path": finding.span.filename,
            "positions": {
                "begin": {"line": start.row, "column": start.column},
                "end": {"line": end.row, "column": end.column},
            },
        },
    }


def _description(finding: Finding, prices_as_of: str) -> str:
    where = "" if finding.span.cell is None else f"{place(finding.span)}: "
    notes = "; ".join(filter(None, (one_line(finding, prices_as_of), repair_line(finding))))
    return f"{finding.code} {finding.name}: {where}{finding.message}{f' ({notes})' if notes else ''}"


def _fingerprint(finding: Finding) -> str:
    """GitLab wants them unique among the issues of all tools of a pipeline."""
    return hashlib.sha256(f"llm-lint\0{finding.fingerprint}".encode()).hexdigest()[:32]
