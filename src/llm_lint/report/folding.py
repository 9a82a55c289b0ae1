"""Findings that cost nothing and come in numbers are told together, so that the money is not buried."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from llm_lint.model import Finding, Severity
from llm_lint.report.console import Console, plural, printable
from llm_lint.report.places import place
from llm_lint.report.savings import saves_no_money

_MANY = 4  # of one rule, from which on they are told together
_ROWS = 10  # places that are listed


@dataclass(frozen=True, slots=True)
class Fold:
    """Findings of one rule that are told in one block."""

    findings: tuple[Finding, ...]


def folded(findings: tuple[Finding, ...], console: Console) -> tuple[tuple[Finding, ...], tuple[Fold, ...]]:
    """The findings to tell one by one, and the folds; verbose output folds nothing."""
    if console.verbose:
        return findings, ()
    groups: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        saving = finding.saving
        if finding.severity is Severity.INFO and saving is not None and saves_no_money(saving):
            groups[finding.code].append(finding)
    folds = tuple(Fold(tuple(group)) for group in groups.values() if len(group) >= _MANY)
    inside = {id(finding) for fold in folds for finding in fold.findings}
    return tuple(finding for finding in findings if id(finding) not in inside), folds


def fold_lines(fold: Fold, code: str, console: Console) -> Iterator[str]:
    """The head of a block, and its places; ``code`` is the painted code of the rule."""
    shown = fold.findings[:_ROWS]
    yield f"{code} [{fold.findings[0].name}] {plural(len(fold.findings), 'place')}"
    for finding in shown:
        yield f"  {place(finding.span)}  {_what(finding)}"
    rest = len(fold.findings) - len(shown)
    if rest:
        yield f"  and {rest:,} more (-v tells each in full, --output-format concise lists them)"


def _what(finding: Finding) -> str:
    """The function of the request, or the whole message where there is none."""
    function = (finding.request or "").partition("::")[2].rpartition("#")[0]
    return f"in `{printable(function)}`" if function else printable(finding.message)
