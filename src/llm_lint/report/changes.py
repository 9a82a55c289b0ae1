"""Changes of a bill in words, shared by the formats of ``diff``."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from llm_lint.model import Estimate, Known
from llm_lint.pricing.changes import Change, Changes
from llm_lint.pricing.diff import Diff
from llm_lint.pricing.format import percent, usd
from llm_lint.report.console import plural
from llm_lint.report.savings import SOURCES


def headline(diff: Diff) -> str:
    """``+$48/month [LOW +$11 – HIGH +$111], +120 %``: the difference in one line."""
    changes = diff.changes
    known = [change for change in changes.changes if change.month is not None]
    if not known:
        return "no amount is known"
    share = changes.percent
    ratio = "" if share is None else f", {signed_percent(share)} of the bill"
    return f"{signed(changes.delta.expected)}/month {bounds(changes.delta)}{ratio}"


def signed(amount: Decimal) -> str:
    """``+$48``, ``-$3.1``, ``$0``."""
    return f"+{usd(amount)}" if amount > 0 else usd(amount)


def signed_percent(share: Decimal) -> str:
    """``+120 %``, ``-<1 %``."""
    return f"{'+' if share > 0 else '-' if share < 0 else ''}{percent(abs(share))}"


def bounds(amount: Estimate) -> str:
    """``[LOW +$11 – HIGH +$111]``."""
    return f"[LOW {signed(amount.low)} – HIGH {signed(amount.high)}]"


def monthly(change: Change) -> str:
    """The month's difference, or why there is none."""
    if change.month is not None:
        return signed(change.month.expected)
    line = change.line
    if line.volume is None:
        return "not counted"
    return "?"


def unit(change: Change) -> str:
    """The difference per 1,000 requests."""
    return "?" if change.unit is None else signed(change.unit.expected)


def model(change: Change) -> str:
    """The model of the side to show."""
    value = change.line.request.model
    return str(value.value) if isinstance(value, Known) else "?"


def differences(change: Change) -> list[str]:
    """``model gpt-4o → gpt-4o-mini`` for each property that differs."""
    return [f"{detail.what} {detail.before} → {detail.after}" for detail in change.details]


def what(change: Change) -> str:
    """What happened to a request: its differences, or that it is new or gone, with its loop."""
    if change.kind == "changed":
        return ", ".join(differences(change))
    loop = change.line.request.loop
    return change.kind if loop is None else f"{change.kind}, in a {loop.kind} loop"


def volume(change: Change) -> str:
    """``10,000 assumed``; nothing where none is known."""
    found = change.line.volume
    return "–" if found is None else f"{found.requests_per_month:,.0f} {SOURCES[found.source]}"


def footnotes(diff: Diff) -> Iterator[str]:
    """What the amounts rest on, and what they leave out."""
    changes = diff.changes.changes
    because = dict.fromkeys(said for change in changes for said in change.because)
    yield from (f"{said[0].upper()}{said[1:]}." for said in because)
    unpriced = [change for change in changes if change.unit is None]
    if unpriced:
        yield f"{plural(len(unpriced), 'request')} without a known model or price: in no total."
    uncounted = [change for change in changes if change.unit is not None and change.month is None]
    if uncounted:
        yield f"{plural(len(uncounted), 'request')} in examples or notebooks: in no total."
    report = diff.report
    yield f"Both sides at the prices of {report.prices_as_of} from {', '.join(report.price_sources)}."


def summary(changes: Changes) -> str:
    """``1 request added, 2 changed``."""
    kinds = [change.kind for change in changes.changes]
    counted = [(kind, kinds.count(kind)) for kind in ("added", "removed", "changed") if kind in kinds]
    (first, number), *rest = counted
    return ", ".join([f"{plural(number, 'request')} {first}", *(f"{n} {kind}" for kind, n in rest)])


def judged(diff: Diff) -> Iterator[str]:
    """One line for each limit."""
    for guard in diff.guards:
        verdict = "BROKEN" if guard.broken else "kept"
        yield f"{guard.name} {guard.limit}: {verdict} ({guard.found})"
