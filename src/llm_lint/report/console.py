"""What a text is rendered for: its width, whether it may hold colours, how much to say."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_STYLES = {
    "bold": "1",
    "dim": "2",
    "red": "1;31",
    "yellow": "1;33",
    "green": "1;32",
    "blue": "1;34",
    "cyan": "36",
}
# Escape sequences and bidirectional controls could make a terminal show something else than the file says.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Console:
    """How to render: ``width`` in terminal cells; ``quiet`` leaves out summaries, ``verbose`` adds detail.

    ``color`` and ``links`` say what the terminal understands.
    """

    color: bool = False
    width: int = 100
    quiet: bool = False
    verbose: bool = False
    links: bool = False

    def link(self, text: str, target: str | None) -> str:
        """``text`` that a terminal opens ``target`` for (OSC 8), where it is one that can."""
        return f"\x1b]8;;{target}\x1b\\{text}\x1b]8;;\x1b\\" if self.links and target else text

    def paint(self, text: str, style: str) -> str:
        """``text`` in a named style where colours are wanted."""
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if self.color and text else text


def printable(text: str) -> str:
    """``text`` with control characters written out, so that it cannot steer a terminal."""
    return _UNPRINTABLE.sub(lambda match: match[0].encode("unicode_escape", "surrogatepass").decode(), text)


def plural(number: int, noun: str) -> str:
    """``1 file``, ``1,200 files``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def cells(text: str) -> int:
    """The columns that a terminal needs for ``text``."""
    if text.isascii():
        return len(text)
    return sum(_cells_of(character) for character in text)


def _cells_of(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def shorten(text: str, width: int) -> str:
    """``text`` cut to ``width`` columns, with ``…`` where something is missing."""
    if cells(text) <= width:
        return text
    kept = ""
    for character in text:
        if cells(kept) + _cells_of(character) > width - 1:
            break
        kept += character
    return kept + "…"
