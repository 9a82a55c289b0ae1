"""Comments that silence findings: ``# llm-lint: ignore[…]``, ``file-ignore[…]`` and ``# noqa: LLM…``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from llm_lint.model import Finding
from llm_lint.syntax.source import SourceFile

_COMMENT = re.compile(r"#\s*llm-lint:\s*(ignore|file-ignore)\[([^\]]*)\]", re.I)
_NOQA = re.compile(r"#\s*noqa:\s*([A-Z]+\d+(?:[,\s]+[A-Z]+\d+)*)", re.I)


@dataclass(frozen=True, slots=True)
class Suppression:
    """One comment: its place, whether it stands alone on its line, and the rules it names."""

    row: int
    cell: int | None
    alone: bool
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Suppressions:
    """The suppressions of one file."""

    lines: tuple[Suppression, ...]
    whole_file: frozenset[str]

    @classmethod
    def of(cls, source: SourceFile) -> Suppressions:
        """Read a file's comments; strings that look like comments do not count."""
        if "llm-lint:" not in source.text and "noqa" not in source.text:
            return cls((), frozenset())
        lines: list[Suppression] = []
        everywhere: set[str] = set()
        for line, column, comment in source.comments():
            for scope, names in _named(comment):
                if scope == "file-ignore":
                    everywhere |= names
                    continue
                place, cell = source.location(line, 0)
                alone = not source.lines[line - 1][:column].strip()
                lines.append(Suppression(place.row, cell, alone, names))
        return cls(tuple(lines), frozenset(everywhere))

    def covers(self, finding: Finding) -> bool:
        """Whether a comment on the statement's lines, or alone on the line above, names the rule."""
        if _names(self.whole_file, finding):
            return True
        statement = finding.statement or finding.span
        first = min(statement.start.row, finding.span.start.row)
        last = max(statement.end.row, finding.span.end.row)
        return any(
            _names(found.names, finding)
            and found.cell == finding.span.cell
            and (first <= found.row <= last or (found.alone and found.row == first - 1))
            for found in self.lines
        )

    def unknown(self, known: frozenset[str]) -> Iterator[str]:
        """Rule names in suppressions that no rule has."""
        for names in (*(found.names for found in self.lines), self.whole_file):
            yield from (name for name in sorted(names) if name not in known and name != "ALL")


def _named(comment: str) -> Iterator[tuple[str, frozenset[str]]]:
    for scope, names in _COMMENT.findall(comment):
        yield scope.lower(), frozenset(name.strip() for name in names.split(",") if name.strip())
    for codes in _NOQA.findall(comment):
        ours = frozenset(code for code in re.split(r"[,\s]+", codes.upper()) if code.startswith("LLM"))
        if ours:
            yield "ignore", ours


def _names(names: frozenset[str], finding: Finding) -> bool:
    return bool(names & {finding.code, finding.name, "ALL"})
