"""GitHub workflow commands: annotations in pull requests.

GitHub shows ten annotations of a step, so the largest expected savings come first.
"""

from __future__ import annotations

from llm_lint.model import Finding, Report, Severity
from llm_lint.report.console import Console
from llm_lint.report.places import place
from llm_lint.report.repairs import repair_line
from llm_lint.report.savings import by_saving, one_line

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(report: Report, console: Console) -> str:
    """One command a line."""
    return "".join(f"{_command(finding, report.prices_as_of)}\n" for finding in by_saving(report.findings))


def _command(finding: Finding, prices_as_of: str) -> str:
    properties = {
        "title": f"{finding.code} {finding.name}",
        "file": finding.span.filename,
        **_position(finding),
    }
    listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{_LEVELS[finding.severity]} {listed}::{_data(_message(finding, prices_as_of))}"


def _position(finding: Finding) -> dict[str, str]:
    """The lines; columns only within one line (GitHub drops annotations that give them across lines)."""
    span = finding.span
    if span.cell is not None:  # the file is JSON: lines inside a cell are not lines of the file
        return {}
    lines = {"line": str(span.start.row), "endLine": str(span.end.row)}
    if span.start.row != span.end.row:
        return lines
    return {**lines, "col": str(span.start.column), "endColumn": str(span.end.column)}


def _message(finding: Finding, prices_as_of: str) -> str:
    parts = [f"{place(finding.span)}: {finding.message}"]
    if saving := one_line(finding, prices_as_of):
        parts.append(saving)
    if finding.advice:
        parts.append(f"help: {finding.advice}")
    if remedy := repair_line(finding):
        parts.append(remedy)
    return "\n".join(parts)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
