"""SARIF 2.1.0 for code scanning.

Suppressed findings are marked rather than left out, so that dashboards do not close and reopen them.
"""

from __future__ import annotations

from collections.abc import Iterator
from json import dumps
from typing import Any
from urllib.parse import quote

from llm_lint import __version__
from llm_lint.model import Edit, Finding, Fix, Related, Report, Request, Severity, Skipped, Span
from llm_lint.report import contract
from llm_lint.report.console import Console
from llm_lint.report.documents import document_of
from llm_lint.report.evidence import path_to, requests_by_key
from llm_lint.report.places import place
from llm_lint.report.savings import one_line

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def render(report: Report, console: Console) -> str:
    """One log with one run."""
    return dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(report)]}, indent=2) + "\n"


def _run(report: Report) -> dict[str, Any]:
    findings = [*report.findings, *report.suppressed, *report.baselined]
    requests = requests_by_key(report)
    rules = {finding.code: finding for finding in sorted(findings, key=lambda finding: finding.code)}
    index = {code: number for number, code in enumerate(rules)}
    return {
        "tool": {
            "driver": {
                "name": "llm-lint",
                "semanticVersion": __version__,
                "rules": [_rule(finding) for finding in rules.values()],
            }
        },
        "columnKind": "unicodeCodePoints",
        "properties": {"pricesAsOf": report.prices_as_of or None, "priceSources": list(report.price_sources)},
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [_notification(skipped) for skipped in report.skipped],
            }
        ],
        "results": [
            {**_result(finding, index[finding.code], requests, report), **mark}
            for finding, mark in _marked(report)
        ],
    }


def _marked(report: Report) -> Iterator[tuple[Finding, dict[str, Any]]]:
    """Every finding, also those that are not shown, with what says why."""
    state = {} if report.baseline is None else {"baselineState": "new"}
    accepted = {"kind": "external", "justification": "accepted in the baseline"}
    for finding in report.findings:
        yield finding, state
    for finding in report.suppressed:
        yield finding, {"suppressions": [{"kind": "inSource"}]}
    for finding in report.baselined:
        yield finding, {"baselineState": "unchanged", "suppressions": [accepted]}


def _rule(finding: Finding) -> dict[str, Any]:
    document = document_of(finding.code)
    words = finding.name.split("-")
    rule: dict[str, Any] = {
        "id": finding.code,
        "name": "".join(word.capitalize() for word in words),
        "shortDescription": {"text": " ".join(words)},
        "defaultConfiguration": {"level": _LEVELS[finding.severity]},
    }
    if document is not None:
        rule["fullDescription"] = {"text": document.summary}
        rule["help"] = {"text": document.text, "markdown": document.text}
    return rule


def _notification(skipped: Skipped) -> dict[str, Any]:
    return {
        "level": "warning",
        "message": {"text": f"not analysed: {skipped.reason}"},
        "locations": [{"physicalLocation": {"artifactLocation": _artifact(skipped.filename)}}],
    }


def _result(finding: Finding, index: int, requests: dict[str, Request], report: Report) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": _message(finding, report.prices_as_of)},
        "locations": [{"physicalLocation": _physical(finding.span)}],
        "relatedLocations": [_related(number, related) for number, related in enumerate(finding.related)],
        "partialFingerprints": {"llmLint/v1": finding.fingerprint},
        "properties": {
            "confidence": finding.confidence.value,
            "saving": contract.saving(finding.saving),
            "fixRefused": finding.fix_refused,
        },
    }
    steps = path_to(requests.get(finding.request or "")).steps
    if steps:
        result["codeFlows"] = [
            {"threadFlows": [{"locations": [{"location": _step(step)} for step in steps]}]}
        ]
    if finding.fix is not None:
        result["fixes"] = [_fix(finding.fix)]
    return result


def _message(finding: Finding, prices_as_of: str) -> str:
    where = "" if finding.span.cell is None else f"{place(finding.span)}: "
    parts = (f"{where}{finding.message}", one_line(finding, prices_as_of), finding.advice)
    return "\n".join(part for part in parts if part)


def _related(number: int, related: Related) -> dict[str, Any]:
    return {"id": number, **_step(related)}


def _step(related: Related) -> dict[str, Any]:
    return {"physicalLocation": _physical(related.span), "message": {"text": related.message}}


def _physical(span: Span) -> dict[str, Any]:
    return {"artifactLocation": _artifact(span.filename), "region": _region(span)}


def _artifact(filename: str) -> dict[str, str]:
    return {"uri": quote(filename.encode("utf-8", "surrogateescape")), "uriBaseId": "%SRCROOT%"}


def _region(span: Span) -> dict[str, int]:
    if span.cell is not None:  # the file is JSON: lines inside a cell are not lines of the file
        return {"startLine": 1}
    return {
        "startLine": span.start.row,
        "startColumn": span.start.column,
        "endLine": span.end.row,
        "endColumn": span.end.column,
    }


def _fix(fix: Fix) -> dict[str, Any]:
    files = dict.fromkeys(edit.span.filename for edit in fix.edits)
    changes = [
        {
            "artifactLocation": _artifact(name),
            "replacements": [_replacement(edit) for edit in fix.edits if edit.span.filename == name],
        }
        for name in files
    ]
    return {"description": {"text": fix.message}, "artifactChanges": changes}


def _replacement(edit: Edit) -> dict[str, Any]:
    return {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.content}}
