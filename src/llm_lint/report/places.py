"""Where something is, as people and tools click on it, and the source that stands there."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import cache
from typing import TypeVar

from llm_lint.model import Report, Span
from llm_lint.report.console import printable
from llm_lint.report.rewriting import rewritten

T = TypeVar("T")


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
    sources = {_moved(key, report.root, here): lines for key, lines in report.sources.items()}
    return replace(moved(report, report.root, folder), sources=sources)


def moved(value: T, root: str, folder: str) -> T:
    """Any data with its filenames, relative to a root, made relative to a folder."""
    here = os.path.realpath(folder)
    once = cache(lambda name: _moved(name, root, here))
    return rewritten(value, lambda field, text: once(text) if field == "filename" else text)


def _moved(name: str, root: str, folder: str) -> str:
    return _relative(os.path.join(root, name), folder).replace(os.sep, "/")


def _relative(path: str, folder: str) -> str:
    try:
        return os.path.relpath(path, folder)
    except ValueError:  # on another drive
        return path
