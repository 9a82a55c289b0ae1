"""Comments that silence findings: ``# llm-lint: ignore[…]``, ``file-ignore[…]`` and ``# noqa: LLM…``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from llm_lint.model import Finding, Ignore, Location, Span
from llm_lint.syntax.source import SourceFile

_COMMENT = re.compile(r"#\s*llm-lint:\s*(?P<scope>ignore|file-ignore)\[(?P<names>[^\]]*)\]", re.I)
_NOQA = re.compile(r"#\s*noqa:\s*(?P<names>[A-Z]+\d+(?:[,\s]+[A-Z]+\d+)*)", re.I)


@dataclass(frozen=True, slots=True)
class Suppressions:
    """The suppressions of one file, and which of their names have silenced something so far."""

    ignores: tuple[Ignore, ...]
    used: set[tuple[Ignore, str]] = field(default_factory=set)

    @classmethod
    def of(cls, source: SourceFile) -> Suppressions:
        """Read a file's comments; strings that look like comments do not count."""
        if "llm-lint:" not in source.text and "noqa" not in source.text:
            return cls(())
        return cls(
            tuple(
                ignore
                for line, column, comment in source.comments()
                for ignore in _ignores(source, line, column, comment)
            )
        )

    def covers(self, finding: Finding) -> bool:
        """Whether a comment on the statement's lines, or alone on the line above, names the rule.

        Every comment that does is remembered as used.
        """
        found = [
            (ignore, name)
            for ignore in self.ignores
            for name in ignore.names
            if name in (finding.code, finding.name, "ALL") and _reaches(ignore, finding)
        ]
        self.used.update(found)
        return bool(found)

    def checked(self, ran: Iterable[str]) -> Iterator[Ignore]:
        """Each comment with those of its names that silenced nothing although their rules ran."""
        names = frozenset(ran)
        for ignore in self.ignores:
            idle = (name for name in ignore.names if name in names and (ignore, name) not in self.used)
            yield replace(ignore, idle=tuple(idle))


def _ignores(source: SourceFile, line: int, column: int, comment: str) -> Iterator[Ignore]:
    text = source.lines[line - 1]
    for is_noqa, expression in ((False, _COMMENT), (True, _NOQA)):
        for match in expression.finditer(comment):
            names = [name.strip() for name in re.split(r"[,\s]+", match["names"])]
            if is_noqa:
                names = [name.upper() for name in names if name.upper().startswith("LLM")]
            if not any(names):
                continue
            whole_file = not is_noqa and match["scope"].lower() == "file-ignore"
            yield Ignore(
                _span(source, line, column + match.start(), column + match.end()),
                "file" if whole_file else "line",
                tuple(filter(None, names)),
                is_noqa,
                is_alone=not text[:column].strip(),
            )


def _span(source: SourceFile, line: int, start: int, end: int) -> Span:
    """A part of one line, given in code points."""
    place, cell = source.location(line, 0)
    return Span(source.name, Location(place.row, start + 1), Location(place.row, end + 1), cell)


def _reaches(ignore: Ignore, finding: Finding) -> bool:
    if ignore.scope == "file":
        return True
    if ignore.span.cell != finding.span.cell:
        return False
    statement = finding.statement or finding.span
    first = min(statement.start.row, finding.span.start.row)
    last = max(statement.end.row, finding.span.end.row)
    row = ignore.span.start.row
    return first <= row <= last or (ignore.is_alone and row == first - 1)
