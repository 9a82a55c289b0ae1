"""Markdown for pull request comments and job summaries: the largest expected savings first."""

from __future__ import annotations

import re

from llm_lint.model import Finding, Report
from llm_lint.report.console import Console
from llm_lint.report.places import place
from llm_lint.report.repairs import repair_line
from llm_lint.report.savings import by_saving, told
from llm_lint.report.summary import summary

_SPECIAL = re.compile(r"([\\*_\[\]<>|#~$])")
_ROWS = 100  # comments and job summaries are limited in size


def render(report: Report, console: Console) -> str:
    """A heading, the counts, a table, and what it leaves unsaid."""
    found, *unsaid = summary(report, Console())
    blocks = ["## llm-lint", found]
    if report.findings:
        rows = [_row(finding, report.prices_as_of) for finding in by_saving(report.findings)[:_ROWS]]
        blocks.append("\n".join(["| where | what | saves | what to do |", "|---|---|---|---|", *rows]))
    if len(report.findings) > _ROWS:
        unsaid.insert(
            0, f"{len(report.findings) - _ROWS:,} findings with smaller savings are not listed here."
        )
    blocks += ["\n".join(f"- {escaped(line)}" for line in unsaid)] if unsaid else []
    return "\n\n".join(blocks) + "\n"


def _row(finding: Finding, prices_as_of: str) -> str:
    what = f"**{finding.code} {finding.name}** ({finding.severity.value}): {escaped(finding.message)}"
    remedy = "; ".join(filter(None, (finding.advice, repair_line(finding))))
    row = (code(place(finding.span)), what, _saving(finding, prices_as_of), escaped(remedy))
    return f"| {' | '.join(row)} |"


def _saving(finding: Finding, prices_as_of: str) -> str:
    if finding.saving is None:
        return ""
    return escaped(told(finding.saving, prices_as_of))


def escaped(text: str) -> str:
    """Text for a table cell; `code` stays code."""
    parts = " ".join(text.split()).split("`")
    if len(parts) % 2 == 0:
        return _SPECIAL.sub(r"\\\1", "`".join(parts)).replace("`", "\\`")
    return "".join(
        code(part) if index % 2 else _SPECIAL.sub(r"\\\1", part) for index, part in enumerate(parts)
    )


def code(text: str) -> str:
    """A code span; a table needs its bars escaped even there."""
    fence = "``" if "`" in text else "`"
    return f"{fence}{text}{fence}".replace("|", "\\|")
