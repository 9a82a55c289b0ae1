"""A few lines of source with the place underlined, in the manner of compilers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from llm_lint.model import Related, Span
from llm_lint.report.console import Console, cells, printable, shorten
from llm_lint.report.redaction import redact

_REACH = 12  # rows between the main place and another one that is still worth drawing together
_BODY = 6  # rows of a long statement that are shown
_TAB = "    "


def excerpt(lines: Sequence[str], main: Span, others: Iterable[Related], console: Console) -> list[str]:
    """The source around ``main`` with a caret underline, and ``others`` close by with their labels."""
    if not 1 <= main.start.row <= len(lines):
        return []
    labels = {other.span.start.row: other for other in others}
    rows = sorted({*_body(main, lines), *labels})
    margin = len(str(rows[-1]))
    bar = console.paint("|", "blue")
    drawn = [f"{'':{margin}} {bar}"]
    before = rows[0] - 1
    for row in rows:
        if row != before + 1:
            drawn.append(console.paint("...", "blue"))
        before = row
        shown = shorten(_shown(lines[row - 1]), max(console.width - margin - 3, 20))
        drawn.append(f"{console.paint(f'{row:>{margin}}', 'blue')} {bar} {shown}".rstrip())
        underline = _underline(row, lines[row - 1], main, labels.get(row), console)
        if underline:
            drawn.append(f"{'':{margin}} {bar} {underline}")
    drawn.append(f"{'':{margin}} {bar}")
    return drawn


def is_near(main: Span, other: Span) -> bool:
    """Whether another place can be drawn in the same excerpt."""
    distance = main.start.row - other.start.row
    same = (main.filename, main.cell) == (other.filename, other.cell)
    return same and distance != 0 and -_BODY < distance <= _REACH


def _body(main: Span, lines: Sequence[str]) -> range:
    start = main.start.row
    first = start - 1 if start > 1 and lines[start - 2].strip() else start
    last = min(main.end.row, start + _BODY - 1, len(lines))
    return range(first, max(last, start) + 1)


def _underline(row: int, line: str, main: Span, other: Related | None, console: Console) -> str:
    if row == main.start.row:
        return _marks(line, main, "^", console, "red")
    if other is None:
        return ""
    return (
        f"{_marks(line, other.span, '-', console, 'blue')} {console.paint(printable(other.message), 'blue')}"
    )


def _marks(line: str, span: Span, mark: str, console: Console, style: str) -> str:
    start = min(span.start.column - 1, len(line))
    end = len(line.rstrip()) if span.end.row > span.start.row else min(span.end.column - 1, len(line))
    left = cells(_shown(line[:start]))
    room = max(console.width - 3 - len(str(span.end.row)) - left, 1)
    length = max(min(cells(_shown(line[start:end])), room), 1)
    return " " * left + console.paint(mark * length, style)


def _shown(text: str) -> str:
    return printable(redact(text).replace("\t", _TAB))
