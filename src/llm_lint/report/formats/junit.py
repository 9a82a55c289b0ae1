"""JUnit XML: one test case for each finding, one suite for each file."""

from __future__ import annotations

import re
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from llm_lint.model import Finding, Report
from llm_lint.report.console import Console
from llm_lint.report.places import place
from llm_lint.report.repairs import repair_line
from llm_lint.report.savings import one_line

# What XML 1.0 cannot hold, not even escaped.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report, console: Console) -> str:
    """Suites with failures; one passing case when there is nothing to report."""
    total = len(report.findings)
    suites = [_suite(name, list(group), report) for name, group in groupby(report.findings, _filename)]
    body = "".join(suites) or _passed()
    head = f'<testsuites name="llm-lint" tests="{max(total, 1)}" failures="{total}" errors="0">'
    return f'<?xml version="1.0" encoding="utf-8"?>\n{head}\n{body}</testsuites>\n'


def _filename(finding: Finding) -> str:
    return finding.span.filename


def _suite(name: str, findings: list[Finding], report: Report) -> str:
    number = len(findings)
    cases = "".join(_case(finding, report.prices_as_of) for finding in findings)
    head = f'<testsuite name={_attribute(name)} tests="{number}" failures="{number}" errors="0" skipped="0">'
    return f"  {head}\n{cases}  </testsuite>\n"


def _case(finding: Finding, prices_as_of: str) -> str:
    span, where = finding.span, place(finding.span)
    parts = (where, one_line(finding, prices_as_of), finding.advice, repair_line(finding))
    text = "\n".join(part for part in parts if part)
    attributes = {
        "name": f"{finding.code} {finding.name} {where.removeprefix(span.filename + ':')}",
        "classname": span.filename,
        "file": span.filename,
        **({} if span.cell is not None else {"line": str(span.start.row)}),
    }
    listed = " ".join(f"{key}={_attribute(value)}" for key, value in attributes.items())
    problem = f"type={_attribute(finding.severity.value)} message={_attribute(finding.message)}"
    return f"    <testcase {listed}>\n      <failure {problem}>{_text(text)}</failure>\n    </testcase>\n"


def _passed() -> str:
    return (
        '  <testsuite name="llm-lint" tests="1" failures="0" errors="0" skipped="0">\n'
        '    <testcase name="no findings" classname="llm-lint"/>\n'
        "  </testsuite>\n"
    )


def _text(text: str) -> str:
    return escape(_ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text))


def _attribute(text: str) -> str:
    return quoteattr(_ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text))
