"""One finding for people: source, the way to the request, what it costs, what to do."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from llm_lint.model import Finding, Related, Report, Request, Saving, Severity
from llm_lint.report.console import Console, printable
from llm_lint.report.documents import document_url
from llm_lint.report.evidence import Path, besides, path_to, requests_by_key
from llm_lint.report.excerpt import excerpt, is_near
from llm_lint.report.folding import Fold, fold_lines, folded
from llm_lint.report.places import place, source_lines
from llm_lint.report.repairs import repair
from llm_lint.report.savings import headline, saves_no_money, told

_STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}
_INDENT = "  = "
_NOTES = 4  # further places that are listed


def blocks(report: Report, console: Console) -> list[str]:
    """The text of each finding, and one of the assumptions that several share."""
    notes = _shared_assumptions(report.findings)
    requests = requests_by_key(report)
    single, folds = folded(report.findings, console)
    texts = []
    before = Seen()
    for finding in single:
        request = requests.get(finding.request or "")
        texts.append(list(_block(finding, request, report, notes, console, before)))
    texts += [list(_fold(fold, console)) for fold in folds]
    if notes:
        texts.append(list(_footnotes(notes, console)))
    return ["".join(f"{line}\n" for line in lines) for lines in texts]


def _shared_assumptions(findings: Iterable[Finding]) -> dict[str, int]:
    """What more than one finding assumes, numbered; told once, at the end."""
    priced = [f.saving for f in findings if f.saving is not None and not saves_no_money(f.saving)]
    counted = Counter(text for saving in priced for text in saving.assumptions)
    shared = [text for text, number in counted.items() if number > 1]
    return {text: number for number, text in enumerate(shared, 1)}


def _footnotes(notes: dict[str, int], console: Console) -> Iterator[str]:
    yield console.paint("Assumptions behind the savings:", "bold")
    for text, number in notes.items():
        head = f" [{number}] "
        yield from _wrapped(printable(text), head, head, console)


@dataclass(slots=True)
class Seen:
    """What the block before showed: it is not shown again right below."""

    excerpt: list[str] = field(default_factory=list)
    path: list[str] = field(default_factory=list)

    def is_new(self, kind: Literal["excerpt", "path"], lines: list[str]) -> bool:
        """Whether the lines differ from those of the block before; they are remembered."""
        known: list[str] = getattr(self, kind)
        setattr(self, kind, lines)
        return lines != known


def _fold(fold: Fold, console: Console) -> Iterator[str]:
    first = fold.findings[0]
    yield from fold_lines(fold, _code(first, console), console)
    if first.saving is not None:
        yield from _noted("note", printable(headline(first.saving)), console)
    if len({finding.advice for finding in fold.findings}) == 1:
        same = len({finding.fix_refused for finding in fold.findings}) == 1
        yield from _remedy(replace(first, fix=None, fix_refused=first.fix_refused if same else None), console)


def _block(
    finding: Finding,
    request: Request | None,
    report: Report,
    notes: dict[str, int],
    console: Console,
    before: Seen,
) -> Iterator[str]:
    path = path_to(request) if _depends_on_path(finding, request) else Path("")
    rest = besides(finding, path)
    lines = source_lines(report, finding.span)
    near = [*path.steps, *rest] if lines else []
    drawn = [related for related in near if is_near(finding.span, related.span)]
    code = _code(finding, console)
    where = console.paint(place(finding.span), "bold")
    yield f"{where}: {code} [{finding.name}] {printable(finding.message)}"
    source = excerpt(lines, finding.span, drawn, console)
    way = list(_path(path, console))
    repeats = not before.is_new("excerpt", source)
    yield from [] if repeats else source
    if before.is_new("path", way) or not repeats:
        yield from way
    yield from _notes([related for related in rest if related not in drawn], console)
    yield from _saving(finding.saving, report.prices_as_of, notes, console)
    yield from _remedy(finding, console)


def _code(finding: Finding, console: Console) -> str:
    """The rule's code in the colour of the severity, which leads to the rule's page."""
    painted = console.paint(finding.code, _STYLES[finding.severity])
    return console.link(painted, document_url(finding.code)) if console.links else painted


def _depends_on_path(finding: Finding, request: Request | None) -> bool:
    """Whether the way to the request matters: to the money, or to the rule, which then names a step."""
    if request is None or (finding.saving is not None and not saves_no_money(finding.saving)):
        return request is not None
    steps = {step.span for step in request.chain[:-1]}
    return any(related.span in steps for related in finding.related)


def _path(path: Path, console: Console) -> Iterator[str]:
    if not path.steps:
        return
    start = f"started from {path.entry}" if path.entry else "how the request is reached"
    yield from _noted("path", start, console)
    width = max(len(place(step.span)) for step in path.steps)
    fits = all(width + len(step.message) + 10 <= console.width for step in path.steps)
    for number, step in enumerate(path.steps, 1):
        head = f"    {number:>2}. "
        if fits:
            yield f"{head}{place(step.span):<{width}}  {printable(step.message)}"
        else:
            yield f"{head}{place(step.span)}"
            yield from _wrapped(printable(step.message), " " * len(head), " " * len(head), console)


def _notes(related: list[Related], console: Console) -> Iterator[str]:
    shown = related if console.verbose else related[:_NOTES]
    for other in shown:
        yield from _noted("note", f"{place(other.span)} {printable(other.message)}", console)
    if len(shown) < len(related):
        yield from _noted(
            "note", f"and {len(related) - len(shown)} more such places (-v lists them)", console
        )


def _saving(
    saving: Saving | None, prices_as_of: str, notes: dict[str, int], console: Console
) -> Iterator[str]:
    if saving is None:
        return
    if saves_no_money(saving):
        yield from _noted("note", printable(headline(saving)), console)
        return
    yield from _noted("saves", printable(told(saving, prices_as_of, explain=True)), console)
    if saving.measured:
        yield from _noted("costs", printable(saving.measured), console)
    if saving.note:
        yield from _noted("note", printable(saving.note), console)
    own = "; ".join(printable(text) for text in saving.assumptions if text not in notes)
    shared = " ".join(f"[{number}]" for number in sorted(notes[t] for t in saving.assumptions if t in notes))
    if own or shared:
        yield from _noted("assumes", " ".join(part for part in (own, shared) if part), console)


def _remedy(finding: Finding, console: Console) -> Iterator[str]:
    if finding.advice:
        yield from _noted("help", printable(finding.advice), console)
    found = repair(finding)
    if found is not None:
        yield from _noted(found[0], printable(found[1]), console)


def _noted(label: str, text: str, console: Console) -> Iterator[str]:
    yield from _wrapped(
        text, f"{_INDENT}{label}: ", f"{_INDENT}{console.paint(f'{label}:', 'bold')} ", console
    )


def _wrapped(text: str, head: str, painted: str, console: Console) -> Iterator[str]:
    """Text right of its head, on as many lines as it takes."""
    room = max(console.width - len(head), 40)
    lines = textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False) or [""]
    yield painted + lines[0]
    for line in lines[1:]:
        yield " " * len(head) + line
