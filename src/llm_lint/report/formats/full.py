"""The format for people: a block for each finding, then what several assume, then the summary."""

from __future__ import annotations

from llm_lint.model import Report
from llm_lint.report.console import Console
from llm_lint.report.summary import summary, where


def render(report: Report, console: Console) -> str:
    """The blocks, separated by empty lines."""
    parts = _found(report, console) if report.findings else []
    if not console.quiet:
        parts.append(
            "".join(f"{line}\n" for line in [*summary(report, console), *where(report), *_further(report)])
        )
    return "\n".join(parts)


def _found(report: Report, console: Console) -> list[str]:
    from llm_lint.report.blocks import blocks

    return blocks(report, console)


def _further(report: Report) -> list[str]:
    if not report.findings:
        return []
    return [f"`llm-lint rule {report.findings[0].code}` explains a rule and how its saving is estimated."]
