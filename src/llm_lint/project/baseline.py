"""The baseline: findings that are known and accepted, so that a run reports the new ones only.

One entry a line, sorted, without line numbers or dates, so that it changes only when findings do and
merges line by line. An entry names path, rule and function, and a hash of the function, the normalised
text of the request and its ordinal: moving code keeps it, changing the request brings the finding back.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from llm_lint.errors import LlmLintError
from llm_lint.model import Finding, Span

FILE_NAME = ".llm-lint-baseline.json"
_VERSION = 1

Text = Callable[[Span], str]


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One accepted finding; ``path`` is relative to the baseline's folder, with forward slashes."""

    path: str
    rule: str
    function: str
    hash: str


@dataclass(frozen=True, slots=True)
class Baseline:
    """The entries of one file; ``path`` need not exist yet."""

    path: Path
    entries: tuple[Entry, ...] = ()

    def with_changes(self, found: Iterable[Entry], is_judged: Callable[[Entry], bool]) -> Baseline:
        """The baseline of what was found; entries that this run could not judge are kept."""
        kept = (entry for entry in self.entries if not is_judged(entry))
        return Baseline(self.path, tuple(sorted({*kept, *found})))

    def stale(self, found: Collection[Entry], is_judged: Callable[[Entry], bool]) -> tuple[Entry, ...]:
        """The entries that this run judged and did not find."""
        return tuple(entry for entry in self.entries if is_judged(entry) and entry not in found)

    def text(self) -> str:
        """The file's content."""
        rows = [
            json.dumps({"path": e.path, "rule": e.rule, "function": e.function, "hash": e.hash})
            for e in self.entries
        ]
        body = ",\n".join(rows)
        return f'{{"version": {_VERSION}, "findings": [\n{body}{chr(10) if body else ""}]}}\n'


def read_baseline(path: Path) -> Baseline:
    """The baseline in a file; raises LlmLintError when it cannot be read or is none."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise LlmLintError(f"cannot read the baseline {path}: {error}") from None
    except json.JSONDecodeError as error:
        raise LlmLintError(
            f"{path} is no baseline: {error}",
            "resolve merge conflicts in it, or remove it and run --update-baseline",
        ) from None
    if not isinstance(document, dict) or document.get("version") != _VERSION:
        raise LlmLintError(
            f"{path} is no baseline of version {_VERSION}", "remove it and run --update-baseline"
        )
    return Baseline(path, tuple(sorted(_entry(row, path) for row in document.get("findings", ()))))


def _entry(row: Any, path: Path) -> Entry:
    try:
        return Entry(*(str(row[name]) for name in ("path", "rule", "function", "hash")))
    except (KeyError, TypeError):
        raise LlmLintError(f"{path}: `{row}` is no entry of a baseline") from None


def entries(
    findings: Iterable[Finding], root: Path, baseline: Path, text: Text
) -> Iterator[tuple[Finding, Entry]]:
    """Each finding with its entry; findings that look the same are told apart by their order."""
    seen: Counter[tuple[str, ...]] = Counter()
    for finding in findings:
        path = _relative(root / finding.span.filename, baseline.parent)
        function = _function(finding)
        key = (path, finding.code, function, _normalised(finding, text))
        seen[key] += 1
        ordinal = seen[key]
        digest = hashlib.sha256("\0".join((function, key[3], str(ordinal))).encode("utf-8", "surrogatepass"))
        yield finding, Entry(path, finding.code, function, digest.hexdigest()[:16])


def _relative(path: Path, folder: Path) -> str:
    return Path(os.path.relpath(path, os.path.abspath(folder))).as_posix()


def _function(finding: Finding) -> str:
    """The qualified name of the function of the request, or what else identifies the finding."""
    _, separator, place = (finding.request or "").partition("::")
    return place.rpartition("#")[0] if separator else finding.identity


def _normalised(finding: Finding, text: Text) -> str:
    """The text of the request without its layout; never of findings that may be about a secret."""
    if finding.request is None:
        return ""
    return re.sub(r"\s+", "", text(finding.span))
