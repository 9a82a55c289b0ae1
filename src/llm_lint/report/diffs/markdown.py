"""A comment for a pull request: the headline, a table, the limits; nothing at all when nothing changed."""

from __future__ import annotations

from llm_lint.pricing.changes import Change
from llm_lint.pricing.diff import Diff
from llm_lint.report import changes as words
from llm_lint.report.console import Console
from llm_lint.report.formats.markdown import code, escaped
from llm_lint.report.places import place

_ROWS = 50  # comments are limited in size


def render(diff: Diff, console: Console) -> str:
    """The comment; an empty text for a change that leaves the bill alone and breaks no limit."""
    found = diff.changes.changes
    if not found:
        return ""
    blocks = [
        f"### llm-lint: {escaped(words.headline(diff))}",
        f"{words.summary(diff.changes)} since {code(diff.base.name)}.",
        "\n".join(
            [
                "| where | model | what | per 1,000 requests | requests a month | a month |",
                "|---|---|---|--:|--:|--:|",
                *(_row(change) for change in found[:_ROWS]),
            ]
        ),
    ]
    if diff.guards:
        blocks.append("\n".join(f"- {_judged(guard.broken, line)}" for guard, line in _limits(diff)))
    notes = list(words.footnotes(diff))
    if len(found) > _ROWS:
        notes.insert(0, f"{len(found) - _ROWS:,} smaller changes are not listed.")
    blocks.append("\n".join(f"<sub>{escaped(note)}</sub><br>" for note in notes))
    return "\n\n".join(blocks) + "\n"


def _row(change: Change) -> str:
    row = (
        code(place(change.line.request.span)),
        code(words.model(change)),
        escaped(words.what(change)),
        escaped(words.unit(change)),
        escaped(words.volume(change)),
        f"**{escaped(words.monthly(change))}**",
    )
    return f"| {' | '.join(row)} |"


def _limits(diff: Diff):  # type: ignore[no-untyped-def]
    return zip(diff.guards, words.judged(diff), strict=True)


def _judged(broken: bool, line: str) -> str:
    return f"**{escaped(line)}**" if broken else escaped(line)
