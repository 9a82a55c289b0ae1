"""What fixes change, as unified diffs without a secret in them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

from llm_lint.fixes.edits import Offsets
from llm_lint.model import Finding, Span
from llm_lint.report.console import Console, printable
from llm_lint.report.redaction import redact
from llm_lint.syntax.source import SourceFile

_MASK = "****"
_KEYS = "LLM801"
_STYLES = {"-": "red", "+": "green", "@": "cyan"}


def patch(
    old: SourceFile, new: SourceFile, before: Iterable[Finding], after: Iterable[Finding], console: Console
) -> str:
    """The diff of a file, cell by cell for a notebook; keys that the findings tell of are masked.

    A diff with a masked line is for reading: it cannot be applied.
    """
    lines: list[str] = []
    left, right = _parts(old, _secrets(before)), _parts(new, _secrets(after))
    for (name, one), (_, other) in zip(left, right, strict=True):
        lines += difflib.unified_diff(one, other, name, name)
    return "".join(_painted(line, console) for line in lines)


def _painted(line: str, console: Console) -> str:
    text = printable(redact(line.rstrip("\r\n")))
    style = "bold" if line.startswith(("---", "+++")) else _STYLES.get(line[0], "")
    missing = "" if line.endswith(("\n", "\r")) else "\n\\ No newline at end of file"
    return (console.paint(text, style) if style else text) + missing + "\n"


def _secrets(findings: Iterable[Finding]) -> list[Span]:
    """Where keys stand, and the literals around them that a fix replaces."""
    found: list[Span] = []
    for finding in findings:
        if finding.code == _KEYS:
            found.append(finding.span)
            found += (
                (edit.span for edit in finding.fix.edits if edit.span.start < edit.span.end)
                if finding.fix
                else ()
            )
    return found


def _parts(source: SourceFile, secrets: list[Span]) -> Iterator[tuple[str, list[str]]]:
    """The masked lines of a file, or of each code cell of a notebook."""
    ours = [span for span in secrets if span.filename == source.name]
    lines = _masked(source, ours)
    if not source.cells:
        yield source.name, lines
    for cell in source.cells:
        name = f"{source.name}:cell {cell.index + 1}"
        yield name, lines[cell.first_line - 1 : cell.first_line - 1 + cell.line_count]


def _masked(source: SourceFile, secrets: list[Span]) -> list[str]:
    offsets = Offsets(source)
    cells = {cell.index for cell in source.cells}
    characters = list(source.text)
    for span in secrets:
        if source.cells and span.cell not in cells:
            continue
        start, end = offsets.of_span(span)
        for offset in range(start, end):
            if characters[offset] not in "\r\n":
                characters[offset] = ""
        if start < end:
            characters[start] = _MASK
    text = "".join(characters)
    return _lines(text)


def _lines(text: str) -> list[str]:
    from llm_lint.syntax.parsing import split_lines

    return list(split_lines(text))
