"""Aligned columns that fit the width of the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from llm_lint.report.console import Console, cells, printable, shorten

_GAP = "  "
_NARROWEST = 12


def columns(header: Sequence[str], rows: Sequence[Sequence[str]], console: Console) -> list[str]:
    """The rows under a header; where they are too wide, the widest columns are shortened first."""
    table = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(cells, column)) for column in zip(header, *table, strict=True)]
    _squeeze(widths, console.width - len(_GAP) * (len(widths) - 1))
    lines = [console.paint(_line(header, widths), "bold")]
    return [*lines, *(_line(row, widths) for row in table)]


def _squeeze(widths: list[int], room: int) -> None:
    while sum(widths) > room and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    shown = [shorten(cell, width) for cell, width in zip(row, widths, strict=True)]
    return _GAP.join(
        cell + " " * (width - cells(cell)) for cell, width in zip(shown, widths, strict=True)
    ).rstrip()
