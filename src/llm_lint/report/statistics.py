"""How often each rule fired, as a table or as JSON."""

from __future__ import annotations

from collections import Counter
from json import dumps

from llm_lint.model import Report
from llm_lint.report.columns import columns
from llm_lint.report.console import Console


def statistics(report: Report, output_format: str, console: Console) -> str:
    """The rules that fired, the most frequent first; JSON for the JSON formats, a table for the others."""
    counted = Counter((finding.code, finding.name) for finding in report.findings)
    fixable = Counter(finding.code for finding in report.findings if finding.fix is not None)
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    if output_format.startswith("json"):
        rows = [{"code": c, "name": n, "count": number, "fixable": fixable[c]} for (c, n), number in ordered]
        return dumps(rows, indent=2) + "\n"
    if not ordered:
        return ""
    table = [(f"{number:,}", code, name) for (code, name), number in ordered]
    return "".join(f"{line}\n" for line in columns(("count", "code", "rule"), table, console))
