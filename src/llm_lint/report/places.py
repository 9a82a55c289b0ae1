"""Where something is, as people and tools click on it, and the source that stands there."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import cache

from llm_lint.model import Report, Span
from llm_lint.report.console import printable
from llm_lint.report.rewriting import rewritten


def place(span: Span) -> str:
    """``path:row:column``; in notebooks ``path:cell 3:row:column``, counting cells from one as people do."""
    cell = "" if span.cell is None else f"cell {span.cell + 1}:"
    return f"{printable(span.filename)}:{cell}{span.start.row}:{span.start.column}"


def source_lines(report: Report, span: Span) -> tuple[str, ...]:
    """The lines of the file or cell that a span lies in; empty where the source is not at hand."""
    key = span.filename if span.cell is None else f"{span.filename}#{span.cell}"
    return report.sources.get(key, ())


def seen_from(report: Report, folder: str) -> Report:
    """The report with its filenames relative to a folder instead of the project root."""
    here = os.path.realpath(folder)
    if not report.root or os.path.realpath(report.root) == here:
        return report

    @cache
    def moved(name: str) -> str:
        return _relative(os.path.join(report.root, name), here).replace(os.sep, "/")

    sources = {moved(key): lines for key, lines in report.sources.items()}
    changed = rewritten(report, lambda field, text: moved(text) if field == "filename" else text)
    return replace(changed, sources=sources)


def _relative(path: str, folder: str) -> str:
    try:
        return os.path.relpath(path, folder)
    except ValueError:  # on another drive
        return path
