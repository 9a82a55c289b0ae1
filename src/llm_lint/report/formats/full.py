"""The format for people: source, the way to the request, what it costs, what to do."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from llm_lint.model import Applicability, Finding, Fix, Related, Report, Severity
from llm_lint.report.console import Console, printable
from llm_lint.report.evidence import Path, besides, path_to, request_of
from llm_lint.report.excerpt import excerpt, is_near
from llm_lint.report.places import place, source_lines
from llm_lint.report.savings import saves_no_money, told
from llm_lint.report.summary import summary

_STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}
_APPLIES = {Applicability.SAFE: "--fix", Applicability.UNSAFE: "--fix --unsafe-fixes"}
_INDENT = "  = "


def render(report: Report, console: Console) -> str:
    """A block for each finding, then the summary."""
    blocks = ["\n".join(_block(finding, report, console)) + "\n" for finding in report.findings]
    if not console.quiet:
        blocks.append("\n".join([*summary(report, console), *_further(report)]) + "\n")
    return "\n".join(blocks)


def _block(finding: Finding, report: Report, console: Console) -> Iterator[str]:
    path = path_to(request_of(report, finding))
    rest = besides(finding, path)
    lines = source_lines(report, finding.span)
    near = [*path.steps, *rest] if lines else []
    drawn = [related for related in near if is_near(finding.span, related.span)]
    code = console.paint(finding.code, _STYLES[finding.severity])
    where = console.paint(place(finding.span), "bold")
    yield f"{where}: {code} [{finding.name}] {printable(finding.message)}"
    yield from excerpt(lines, finding.span, drawn, console)
    yield from _path(path, console)
    for related in rest:
        if related not in drawn:
            yield from _noted("note", f"{place(related.span)} {printable(related.message)}", console)
    yield from _saving(finding, report.prices_as_of, console)
    yield from _remedy(finding, console)


def _further(report: Report) -> list[str]:
    if not report.findings:
        return []
    return [f"`llm-lint rule {report.findings[0].code}` explains a rule and how its saving is estimated."]


def _path(path: Path, console: Console) -> Iterator[str]:
    if not path.steps:
        return
    start = f"started from {path.entry}" if path.entry else "how the request is reached"
    yield from _noted("path", start, console)
    width = max(len(place(step.span)) for step in path.steps)
    for number, step in enumerate(path.steps, 1):
        yield _step(number, step, width)


def _step(number: int, step: Related, width: int) -> str:
    return f"    {number:>2}. {place(step.span):<{width}}  {printable(step.message)}"


def _saving(finding: Finding, prices_as_of: str, console: Console) -> Iterator[str]:
    saving = finding.saving
    if saving is None:
        return
    yield from _noted("saves", printable(told(saving, prices_as_of, explain=True)), console)
    if saving.note and not saves_no_money(saving):
        yield from _noted("note", printable(saving.note), console)
    if saving.assumptions and not saves_no_money(saving):
        yield from _noted("assumes", printable("; ".join(saving.assumptions)), console)


def _remedy(finding: Finding, console: Console) -> Iterator[str]:
    if finding.advice:
        yield from _noted("help", printable(finding.advice), console)
    if finding.fix is not None:
        yield from _noted("fix", _fix(finding.fix), console)
    elif finding.fix_refused:
        yield from _noted("no fix", printable(finding.fix_refused), console)


def _fix(fix: Fix) -> str:
    option = _APPLIES.get(fix.applicability)
    return printable(fix.message) + (f" ({option})" if option else "")


def _noted(label: str, text: str, console: Console) -> Iterator[str]:
    """A labelled line, wrapped so that the text stays right of its label."""
    head = f"{_INDENT}{label}: "
    wrapped = textwrap.wrap(
        text, max(console.width - len(head), 40), break_long_words=False, break_on_hyphens=False
    )
    yield f"{_INDENT}{console.paint(f'{label}:', 'bold')} {wrapped[0] if wrapped else ''}"
    for line in wrapped[1:]:
        yield " " * len(head) + line
