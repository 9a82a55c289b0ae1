"""Aligned columns that fit the width of the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from llm_lint.report.console import Console, cells, printable, shorten

_GAP = "  "
_NARROW = 6


def columns(header: Sequence[str], rows: Sequence[Sequence[str]], console: Console) -> list[str]:
    """The rows under a header.

    Where they are too wide the widest columns are shortened; the first one, which says where, comes last
    and loses its beginning.
    """
    table = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(cells, column)) for column in zip(header, *table, strict=True)]
    _squeeze(widths, console.width - len(_GAP) * (len(widths) - 1))
    lines = [console.paint(_line(header, widths), "bold")]
    return [*lines, *(_line(row, widths) for row in table)]


def _squeeze(widths: list[int], room: int) -> None:
    while sum(widths) > room:
        candidates = [index for index in range(1, len(widths)) if widths[index] > _NARROW]
        if not candidates:
            widths[0] = max(widths[0] - (sum(widths) - room), _NARROW)
            return
        widths[max(candidates, key=lambda index: widths[index])] -= 1


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = row
    shown = [shorten(first[::-1], widths[0])[::-1], *map(shorten, rest, widths[1:])]
    padded = (cell + " " * (width - cells(cell)) for cell, width in zip(shown, widths, strict=True))
    return _GAP.join(padded).rstrip()
