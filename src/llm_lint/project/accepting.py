"""Holding the findings of a run against the baseline, and writing it anew."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from llm_lint.errors import LlmLintError, SkipFile
from llm_lint.model import BaselineUse, Finding, Span
from llm_lint.project.baseline import Baseline, Entry, entries, read_baseline
from llm_lint.project.discovery import Selection
from llm_lint.project.files import replace_file
from llm_lint.project.verdicts import Kept
from llm_lint.syntax.source import SourceFile


@dataclass(frozen=True, slots=True)
class Accepted:
    """The findings that are left, those that the baseline accepts, and how it was used."""

    left: tuple[Finding, ...]
    baselined: tuple[Finding, ...]
    use: BaselineUse


class Acceptance:
    """One baseline in one run.

    An entry is judged when its rule ran and its file was selected, or is not there any more.
    """

    def __init__(
        self, path: Path, selection: Selection, ran: frozenset[str], read: Callable[[str], SourceFile]
    ) -> None:
        self._path = path
        self._selection = selection
        self._ran = ran
        self._read = read

    def apply(self, kept: Kept, shown: tuple[Finding, ...], update: bool) -> Accepted:
        """Take out of ``shown`` what is accepted; with ``update`` accept all of it, and write the file.

        Raises LlmLintError when the file cannot be read or written.
        """
        known = read_baseline(self._path) if self._path.exists() or not update else Baseline(self._path)
        # Numbered over everything, so that what is shown does not change what an entry means.
        keys = {id(f): e for f, e in entries(kept.all, self._selection.root, self._path, self._text)}
        if update:
            return self._updated(known, kept, shown, keys)
        accepted = set(known.entries)
        present = {keys[id(finding)] for finding in (*kept.shown, *kept.hidden)}
        return Accepted(
            tuple(finding for finding in shown if keys[id(finding)] not in accepted),
            tuple(finding for finding in shown if keys[id(finding)] in accepted),
            BaselineUse(str(self._path), len(known.entries), len(known.stale(present, self._is_judged))),
        )

    def _updated(
        self, known: Baseline, kept: Kept, shown: tuple[Finding, ...], keys: Mapping[int, Entry]
    ) -> Accepted:
        hidden = {keys[id(finding)] for finding in kept.hidden}
        found = {keys[id(finding)] for finding in kept.shown} | hidden.intersection(known.entries)
        new = known.with_changes(found, self._is_judged)
        if new.entries != known.entries or not self._path.exists():
            try:
                replace_file(self._path, new.text().encode("utf-8", "surrogateescape"))
            except OSError as error:
                raise LlmLintError(f"cannot write {self._path}: {error.strerror or error}") from None
        added = len(set(new.entries) - set(known.entries))
        removed = len(set(known.entries) - set(new.entries))
        return Accepted(
            (), shown, BaselineUse(str(self._path), len(new.entries), added=added, removed=removed)
        )

    def _is_judged(self, entry: Entry) -> bool:
        place = os.path.join(os.path.abspath(self._path.parent), entry.path)
        name = Path(os.path.relpath(place, self._selection.root)).as_posix()
        return entry.rule in self._ran and (
            name in self._selection.selected or name not in self._selection.files
        )

    def _text(self, span: Span) -> str:
        """The source of a span."""
        try:
            source = self._read(span.filename)
        except SkipFile:
            return ""
        first = next((cell.first_line for cell in source.cells if cell.index == span.cell), 1) - 1
        lines = list(source.lines[first + span.start.row - 1 : first + span.end.row])
        if not lines:
            return ""
        lines[-1] = lines[-1][: span.end.column - 1]
        lines[0] = lines[0][span.start.column - 1 :]
        return "".join(lines)
