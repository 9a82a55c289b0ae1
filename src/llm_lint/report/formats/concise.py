"""One line for each finding."""

from __future__ import annotations

from llm_lint.model import Finding, Report
from llm_lint.report.console import Console, printable
from llm_lint.report.places import place
from llm_lint.report.summary import summary, where


def render(report: Report, console: Console) -> str:
    """``path:row:column: CODE [name] message (saves …; fix: …)``, then the summary."""
    lines = [_line(finding, report.prices_as_of, console) for finding in report.findings]
    return "".join(
        f"{line}\n"
        for line in (*lines, *([] if console.quiet else (*summary(report, console), *where(report))))
    )


def _line(finding: Finding, prices_as_of: str, console: Console) -> str:
    from llm_lint.report.repairs import repair_line
    from llm_lint.report.savings import one_line

    notes = "; ".join(filter(None, (one_line(finding, prices_as_of), repair_line(finding))))
    head = (
        f"{console.paint(place(finding.span), 'bold')}: {console.paint(finding.code, 'red')} [{finding.name}]"
    )
    return f"{head} {printable(finding.message)}{f' ({notes})' if notes else ''}".replace("\n", " ")
