"""Which lines changed since a revision, committed or not, tracked or not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from llm_lint.errors import LlmLintError
from llm_lint.model import Finding, Span
from llm_lint.project.revision import base_of, git

_FILE = re.compile(rb'^\+\+\+ (?:"b/(?P<quoted>.*)"|b/(?P<plain>.*?))\t?$')
_HUNK = re.compile(rb"^@@ -\d+(?:,(?P<removed>\d+))? \+(?P<first>\d+)(?:,(?P<added>\d+))? @@")
_ESCAPE = re.compile(rb'\\([0-7]{3}|["\\abfnrtv])')
_CONTROLS = {b"a": b"\a", b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}


@dataclass(frozen=True, slots=True)
class Changes:
    """The rows that were added or changed, by file; None for files that are new as a whole."""

    rows: Mapping[str, frozenset[int] | None]

    def touch(self, finding: Finding) -> bool:
        """Whether a changed line belongs to the finding's statement, or starts a place that it rests on.

        The lines of a notebook's file are not those of its cells: any change there touches all findings.
        """
        statement = finding.statement or finding.span
        places = (related.span for related in finding.related)
        return self._touches(statement, statement.end.row) or any(
            self._touches(place, place.start.row) for place in places
        )

    def _touches(self, span: Span, last: int) -> bool:
        if span.filename not in self.rows:
            return False
        rows = self.rows[span.filename]
        return rows is None or span.cell is not None or not rows.isdisjoint(range(span.start.row, last + 1))


def changes_since(root: Path, revision: str) -> Changes:
    """What changed between the point where HEAD and a revision parted, and the files on disk now.

    Raises LlmLintError outside a repository, for unknown revisions, and where history is missing.
    """
    base = base_of(root, revision)
    plain = (
        "--no-color",
        "--no-ext-diff",
        "--no-renames",
        "--no-prefix",
        "--src-prefix=a/",
        "--dst-prefix=b/",
    )
    diff = git(root, "diff", "-U0", *plain, "--relative", base.commit, "--", "*.py", "*.ipynb")
    new = git(root, "ls-files", "-o", "-z", "--", "*.py", "*.ipynb")
    if diff.returncode != 0 or new.returncode != 0:
        raise LlmLintError(f"git cannot tell what changed since {base.label}")
    rows: dict[str, frozenset[int] | None] = {}
    for name, row in _changed(diff.stdout):
        rows[name] = (rows.get(name) or frozenset()) | row
    rows.update(dict.fromkeys(name.decode("utf-8", "surrogateescape") for name in new.stdout.split(b"\0")))
    return Changes(rows)


def _changed(diff: bytes) -> Iterator[tuple[str, frozenset[int]]]:
    """Files and the rows that each of their hunks added."""
    name, content = "", 0
    for line in diff.split(b"\n"):
        if content:  # rows of a hunk may look like anything
            content -= not line.startswith(b"\\")
        elif file := _FILE.match(line):
            raw = _unquoted(file["quoted"]) if file["quoted"] is not None else file["plain"]
            name = raw.decode("utf-8", "surrogateescape")
        elif hunk := _HUNK.match(line):
            first, added = int(hunk["first"]), int(hunk["added"] or 1)
            content = added + int(hunk["removed"] or 1)
            yield name, frozenset(range(first, first + added))


def _unquoted(text: bytes) -> bytes:
    def character(match: re.Match[bytes]) -> bytes:
        found = match[1]
        return bytes([int(found, 8)]) if found.isdigit() else _CONTROLS.get(found, found)

    return _ESCAPE.sub(character, text)
