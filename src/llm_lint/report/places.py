"""Where something is, as people and tools click on it, and the source that stands there."""

from __future__ import annotations

from llm_lint.model import Report, Span
from llm_lint.report.console import printable


def place(span: Span) -> str:
    """``path:row:column``; in notebooks ``path:cell 3:row:column``, counting cells from one as people do."""
    cell = "" if span.cell is None else f"cell {span.cell + 1}:"
    return f"{printable(span.filename)}:{cell}{span.start.row}:{span.start.column}"


def source_key(filename: str, cell: int | None) -> str:
    """The key of ``Report.sources``: a file, or one cell of a notebook."""
    return filename if cell is None else f"{filename}#{cell}"


def source_lines(report: Report, span: Span) -> tuple[str, ...]:
    """The lines of the file or cell that a span lies in; empty where the source is not at hand."""
    return report.sources.get(source_key(span.filename, span.cell), ())
