"""What becomes of each finding: shown, or kept back for a reason that the summary names."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fnmatch import fnmatch

from llm_lint.errors import SkipFile
from llm_lint.model import Applicability, Confidence, Finding, Ignore, Severity
from llm_lint.project.config import Settings
from llm_lint.project.discovery import Selection
from llm_lint.project.selectors import codes
from llm_lint.project.suppressions import Suppressions
from llm_lint.syntax.source import SourceFile


@dataclass(frozen=True, slots=True)
class Kept:
    """Findings that a run asked for, sorted by place, apart from those that are silenced in the code."""

    shown: tuple[Finding, ...]
    suppressed: tuple[Finding, ...]
    hidden: tuple[Finding, ...]

    @property
    def all(self) -> tuple[Finding, ...]:
        """All of them, sorted."""
        return tuple(sorted((*self.shown, *self.suppressed, *self.hidden), key=_order))


class Judge:
    """Decides by the settings and by the comments in the code."""

    def __init__(
        self,
        settings: Settings,
        selection: Selection,
        read: Callable[[str], SourceFile],
        ignore_suppressions: bool = False,
    ) -> None:
        self._settings = settings
        self._selection = selection
        self._read = read
        self._ignore_suppressions = ignore_suppressions
        self._suppressions: dict[str, Suppressions] = {}

    def judged(self, findings: Iterable[Finding]) -> Kept:
        """Leave out what was not asked about, and sort the rest."""
        asked = (
            self._with_policy(self._with_severity(finding))
            for finding in findings
            if self._is_selected(finding)
        )
        shown: list[Finding] = []
        suppressed: list[Finding] = []
        hidden: list[Finding] = []
        for finding in _fingerprinted(sorted(asked, key=_order)):
            if self._is_suppressed(finding):
                suppressed.append(finding)
            elif self._is_hidden(finding):
                hidden.append(finding)
            else:
                shown.append(finding)
        return Kept(tuple(shown), tuple(suppressed), tuple(hidden))

    def ignores(self, names: Iterable[str], ran: frozenset[str]) -> Iterator[Ignore]:
        """The comments of the selected files among ``names``, checked against the rules that ran."""
        if self._ignore_suppressions:
            return
        for name in sorted(self._selection.selected.intersection(names)):
            yield from self._comments(name).checked(ran)

    def _comments(self, name: str) -> Suppressions:
        if name not in self._suppressions:
            try:
                self._suppressions[name] = Suppressions.of(self._read(name))
            except SkipFile:
                self._suppressions[name] = Suppressions(())
        return self._suppressions[name]

    def _with_severity(self, finding: Finding) -> Finding:
        levels = self._settings.severity
        level = levels.get(finding.code) or levels.get(finding.name)
        return replace(finding, severity=Severity(level)) if level is not None else finding

    def _with_policy(self, finding: Finding) -> Finding:
        """The finding with its fix as the configuration classes it; without one where it wants none."""
        settings, fix = self._settings, finding.fix
        if fix is None or fix.applicability is Applicability.DISPLAY:
            return finding

        def named(selectors: tuple[str, ...]) -> bool:
            return any(finding.code in codes(selector) for selector in selectors)

        if not named(settings.fixable) or named(settings.unfixable):
            return replace(finding, fix=None, fix_refused="the configuration wants no fixes of this rule")
        if named(settings.extend_unsafe_fixes):
            fix = replace(fix, applicability=Applicability.UNSAFE)
        elif named(settings.extend_safe_fixes):
            fix = replace(fix, applicability=Applicability.SAFE)
        return replace(finding, fix=fix)

    def _is_selected(self, finding: Finding) -> bool:
        """Findings count for a file when their request or the loop that makes them waste lies in it."""
        selected = self._selection.selected
        if finding.span.filename in selected:
            return True
        return finding.code == "LLM401" and any(r.span.filename in selected for r in finding.related)

    def _is_suppressed(self, finding: Finding) -> bool:
        for glob, selectors in self._settings.per_file_ignores.items():
            if fnmatch(finding.span.filename, glob) and any(
                finding.code in codes(selector) for selector in selectors
            ):
                return True
        return not self._ignore_suppressions and self._comments(finding.span.filename).covers(finding)

    def _is_hidden(self, finding: Finding) -> bool:
        settings = self._settings
        least = Confidence.LOW if settings.pedantic else Confidence(settings.min_confidence)
        if finding.confidence.rank < least.rank:
            return True
        if settings.min_saving is None:
            return False
        monthly = finding.saving.usd_per_month if finding.saving is not None else None
        return monthly is None or monthly.expected < Decimal(settings.min_saving)


def joined(first: Kept, second: Kept) -> Kept:
    """Both, each kind sorted by place."""
    pairs = (
        (first.shown, second.shown),
        (first.suppressed, second.suppressed),
        (first.hidden, second.hidden),
    )
    return Kept(*(tuple(sorted((*one, *other), key=_order)) for one, other in pairs))


def _order(finding: Finding) -> tuple[object, ...]:
    return finding.span, finding.code, finding.identity


def _fingerprinted(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Give each finding an identity that line moves do not change."""
    seen: Counter[tuple[str, str, str]] = Counter()
    for finding in findings:
        key = (finding.span.filename, finding.code, finding.identity)
        seen[key] += 1
        text = "\0".join((*key, str(seen[key])))
        yield replace(
            finding, fingerprint=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        )
