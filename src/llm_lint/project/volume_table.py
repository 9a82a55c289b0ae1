"""Writes the ``usage`` table of the settings: one commented line per call site, to be filled in.

Whatever is there stays as it is, byte for byte; only lines for call sites that are not mentioned are added.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from llm_lint.errors import LlmLintError
from llm_lint.model import Known, Report
from llm_lint.pricing.volumes import Profile, Volumes
from llm_lint.project.config import Settings

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_NOTE = 'Requests of each call site: a number a month, or "2000/day", "5/hour". Uncomment what you know.'
_PROBE = "llm-lint probe"
_HEADERS = {
    True: re.compile(r"""\s*\[\s*tool\s*\.\s*["']?llm-lint["']?\s*\.\s*["']?usage["']?\s*\]\s*(#.*)?$"""),
    False: re.compile(r"""\s*\[\s*["']?usage["']?\s*\]\s*(#.*)?$"""),
}
_COMMENTED = re.compile(r'\s*#\s*("(?:[^"\\]|\\.)*")\s*=')


@dataclass(frozen=True, slots=True)
class Entry:
    """One call site: its key, requests a month to propose, and what is known of it."""

    key: str
    volume: int
    about: str

    def line(self) -> str:
        """The commented line."""
        return f"# {json.dumps(self.key, ensure_ascii=False)} = {self.volume}  # {self.about}"


@dataclass(frozen=True, slots=True)
class Synced:
    """The new content of a file, how many call sites it newly mentions, and set keys that name none."""

    text: str
    added: int
    stale: tuple[str, ...]


def entries_of(report: Report, settings: Settings) -> list[Entry]:
    """The call sites of an inventory, tests left out, with what is assumed of them."""
    assumed = Volumes(profile=cast(Profile, settings.profile))
    found = []
    for request in report.inventory.requests if report.inventory is not None else ():
        if request.excluded == "test" or request.entry_point == "test" or not request.billed:
            continue
        volume = assumed.of(request)
        model = str(request.model.value) if isinstance(request.model, Known) else "unknown model"
        about = f"{model}, {request.entry_point}"
        found.append(Entry(request.key, int(volume.requests_per_month) if volume is not None else 0, about))
    return found


def synced(text: str, entries: Sequence[Entry], path: Path) -> Synced:
    """The settings in ``text``, with a line for each call site that they do not mention.

    Raises LlmLintError where the volumes are not written as a table of their own, and for invalid TOML.
    """
    table = _read(text, path)
    if table is None:
        raise LlmLintError(f"{path} is not valid TOML", "mend it first")
    mentioned = {*table, *_commented(text)}
    missing = [entry for entry in entries if entry.key not in mentioned]
    stale = tuple(_stale(table, entries))
    if not missing:
        return Synced(text, 0, stale)
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    added = [entry.line() + newline for entry in missing]
    for start in (number for number, line in enumerate(lines) if _header(path).match(line.rstrip())):
        end = _end(lines, start)
        first, rest = _ended(lines[:end], newline), lines[end:]
        probe = _read("".join((*first, f'"{_PROBE}" = 0{newline}', *rest)), path)
        if probe == {**table, _PROBE: 0}:  # else the header stands inside a text of several lines
            return Synced("".join((*first, *added, *rest)), len(missing), stale)
    if table:
        raise LlmLintError(
            f"{path} sets volumes outside a table of their own", f"write them under {_name(path)}"
        )
    head = [_name(path) + newline, f"# {_NOTE}{newline}"]
    blank = [newline] if lines else []
    return Synced("".join((*_ended(lines, newline), *blank, *head, *added)), len(missing), stale)


def _header(path: Path) -> re.Pattern[str]:
    return _HEADERS[path.name == "pyproject.toml"]


def _name(path: Path) -> str:
    return "[tool.llm-lint.usage]" if path.name == "pyproject.toml" else "[usage]"


def _read(text: str, path: Path) -> dict[str, Any] | None:
    """The ``usage`` table; None for invalid TOML."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
    settings = document.get("tool", {}).get("llm-lint", {}) if path.name == "pyproject.toml" else document
    found = settings.get("usage", {})
    return found if isinstance(found, dict) else {}


def _commented(text: str) -> Iterator[str]:
    for line in text.splitlines():
        match = _COMMENTED.match(line)
        if match is not None:
            try:
                yield json.loads(match[1])
            except ValueError:
                continue


def _stale(table: Iterable[str], entries: Sequence[Entry]) -> Iterator[str]:
    known = {key for entry in entries for key in (entry.key, entry.key.partition("#")[0])}
    yield from (key for key in table if "::" in key and key not in known)


def _end(lines: Sequence[str], start: int) -> int:
    """Where the table's last line ends: before the blank lines and comments of what follows."""
    end = next((n for n in range(start + 1, len(lines)) if lines[n].lstrip().startswith("[")), len(lines))
    while start + 1 < end < len(lines) and _is_note(lines[end - 1]):
        end -= 1  # a comment right above the next table belongs to that
    while end > start + 1 and not lines[end - 1].strip():
        end -= 1
    return end


def _is_note(line: str) -> bool:
    return line.lstrip().startswith("#") and _COMMENTED.match(line) is None


def _ended(lines: Sequence[str], newline: str) -> list[str]:
    """The lines, the last one with its end."""
    if lines and not lines[-1].endswith(("\n", "\r")):
        return [*lines[:-1], lines[-1] + newline]
    return list(lines)
