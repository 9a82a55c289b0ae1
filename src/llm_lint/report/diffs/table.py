"""The changes in a table, then the totals, the limits, and what the amounts rest on."""

from __future__ import annotations

from llm_lint.pricing.diff import Diff
from llm_lint.report import changes as words
from llm_lint.report.columns import columns
from llm_lint.report.console import Console
from llm_lint.report.places import place

_HEADER = ("where", "request", "model", "what", "$/1k", "requests/month", "$/month")


def render(diff: Diff, console: Console) -> str:
    """The table and its closing lines; one line when nothing changed."""
    found = diff.changes.changes
    if not found:
        lines = [f"The bill is the same as at {diff.base.label}."]
    else:
        rows = [
            (
                place(change.line.request.span),
                change.line.request.callee,
                words.model(change),
                words.what(change),
                words.unit(change),
                words.volume(change),
                words.monthly(change),
            )
            for change in found
        ]
        lines = columns(_HEADER, rows, console)
        lines += ["", f"{words.summary(diff.changes)} since {diff.base.label}: {words.headline(diff)}."]
        lines += [] if console.quiet else words.footnotes(diff)
    lines += [
        console.paint(line, "red") if guard.broken else line
        for guard, line in zip(diff.guards, words.judged(diff), strict=True)
    ]
    return "".join(f"{line}\n" for line in lines)
