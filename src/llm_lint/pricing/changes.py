"""What a change of the code does to the bill: requests added, removed and changed, in dollars.

Amounts are differences, after less before, level by level: both sides share tokens and prices, so that only
what changed moves them. LOW and HIGH are the ends of the three levels.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from llm_lint.model import Absent, Estimate, Known, Request, Value
from llm_lint.pricing.bill import Line
from llm_lint.pricing.estimates import NOTHING, ONCE, each, estimate, levels, multiply, together
from llm_lint.pricing.format import count
from llm_lint.pricing.matching import pairs
from llm_lint.pricing.savings import Pricing
from llm_lint.pricing.tokens import estimate_tokens
from llm_lint.pricing.workload import PRICED_KINDS

_HUNDRED = Decimal(100)
_ZERO = Decimal(0)
# Iterations of a loop whose length the code does not show, and hits of a cache for free text.
_TRIPS = estimate("2", "10", "100")
_HITS = estimate("0.02", "0.18", "0.45")
_REPEATING = ("data", "agent")
_COUNTED = ("cli", "cron")  # their assumed volumes hold the iterations of a loop over data already


@dataclass(frozen=True, slots=True)
class Detail:
    """One property of a request that differs, in words."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """One request that is new, gone or different.

    ``unit`` is USD per 1,000 requests and ``month`` USD a month, more or less than before; None where a
    model, its price or the volume is not known. ``because`` says what the amounts assume.
    """

    kind: Literal["added", "removed", "changed"]
    before: Line | None
    after: Line | None
    details: tuple[Detail, ...]
    unit: Estimate | None
    month: Estimate | None
    because: tuple[str, ...] = ()

    @property
    def line(self) -> Line:
        """The side to show: the new one, for removed requests the old one."""
        return self.after or self.before  # type: ignore[return-value]

    @property
    def is_unpriced(self) -> bool:
        """Whether what the new code sends is billed by tokens, but has no known price."""
        after = self.after
        return after is not None and after.cost is None and after.request.kind in PRICED_KINDS

    @property
    def model_is_new(self) -> bool:
        """Whether this change brings the model in."""
        return self.kind == "added" or any(detail.what == "model" for detail in self.details)


@dataclass(frozen=True, slots=True)
class Changes:
    """All changes, the dearest first, beside what everything cost before, USD a month."""

    changes: tuple[Change, ...]
    before: Estimate

    @property
    def delta(self) -> Estimate:
        """USD a month more or less, of all changes with a known amount."""
        return together(change.month for change in self.changes if change.month is not None)

    @property
    def percent(self) -> Decimal | None:
        """The expected difference as a share of the bill before, 0 to 100; None where nothing was billed."""
        if not self.before.expected:
            return None
        return self.delta.expected * _HUNDRED / self.before.expected


def compare(
    before: Iterable[Request], after: Iterable[Request], old_pricing: Pricing, new_pricing: Pricing
) -> Changes:
    """Compare two states of a project; requests of tests and unbilled ones are left out.

    The prices are the same on both sides; volumes may be set in the code of one.
    """
    old = [request for request in before if _counts(request)]
    new = [request for request in after if _counts(request)]
    sides = [(_line(before, old_pricing), _line(after, new_pricing)) for before, after in pairs(old, new)]
    found = [change for pair in sides if (change := _change(*pair)) is not None]
    months = (line.month for line, _ in sides if line is not None)
    known = together(month for month in months if month is not None)
    return Changes(tuple(sorted(found, key=_dearest)), known)


def _counts(request: Request) -> bool:
    return request.billed and request.excluded != "test" and request.entry_point != "test"


def _line(request: Request | None, pricing: Pricing) -> Line | None:
    if request is None:
        return None
    return Line(request, pricing.cost(request), pricing.volume(request))


def _change(old: Line | None, new: Line | None) -> Change | None:
    if old is None or new is None:
        kind: Literal["added", "removed"] = "removed" if new is None else "added"
        return Change(kind, old, new, (), _difference(_unit(old), _unit(new)), _monthly(old, new))
    details = tuple(_details(old, new))
    if not details:
        return None
    factor, because = _repeated(old, new)
    month = multiply(new.month, factor) if new.month is not None else None
    unit, difference = _difference(_unit(old), _unit(new)), _difference(_month(old), month)
    return Change("changed", old, new, details, unit, difference, because)


def _unit(line: Line | None) -> Estimate | None:
    if line is None:
        return NOTHING
    return line.cost.usd_per_1000_requests if line.cost is not None else None


def _month(line: Line | None) -> Estimate | None:
    return NOTHING if line is None else line.month


def _monthly(old: Line | None, new: Line | None) -> Estimate | None:
    return _difference(_month(old), _month(new))


def _difference(before: Estimate | None, after: Estimate | None) -> Estimate | None:
    if before is None or after is None:
        return None
    moved = each(lambda old, new: new - old, before, after)
    return Estimate(min(levels(moved)), moved.expected, max(levels(moved)))


# --------------------------------------------------------------------------- how often


def _repeated(old: Line, new: Line) -> tuple[Estimate, tuple[str, ...]]:
    """How many requests there are for one of before, beyond what the volumes say; and why."""
    factor, because = ONCE, []
    before, after = _trips(old), _trips(new)
    if before != after:
        ratio = each(lambda old_trips, new_trips: new_trips / old_trips, before, after)
        factor = multiply(factor, ratio)
        because.append(f"a run sends {_times(after)} where it sent {_times(before)}")
    was, is_now = old.request.cached.present, new.request.cached.present
    if was != is_now:
        left = each(lambda share: 1 - share, _HITS)
        factor = multiply(factor, left if is_now else each(lambda share: 1 / share, left))
        verb = "answers" if is_now else "answered"
        because.append(f"the cache {verb} 18 % (2 % to 45 %) of the requests, as published for free text")
    return factor, tuple(because)


def _trips(line: Line) -> Estimate:
    """How often one run sends the request, as far as its volume does not tell."""
    loop = line.request.loop
    if loop is None or loop.kind not in _REPEATING:
        return ONCE
    assumed = line.volume is None or line.volume.source == "assumed"
    if assumed and loop.kind == "data" and line.request.entry_point in _COUNTED:
        return ONCE
    if loop.trips is None:
        return _TRIPS
    return Estimate(*[Decimal(max(loop.trips, 1))] * 3)


def _times(trips: Estimate) -> str:
    if trips == _TRIPS:
        return "10 requests (2 to 100, the loop's length is not known)"
    return "1 request" if trips == ONCE else f"{count(trips.expected)} requests"


# --------------------------------------------------------------------------- what differs


def _details(old: Line, new: Line) -> Iterator[Detail]:
    """The properties that money depends on, where they differ."""
    for what, before, after in zip(_PROPERTIES, _described(old), _described(new), strict=True):
        if before != after:
            yield Detail(what, before, after)


_PROPERTIES = (
    "model", "provider", "kind", "loop", "input tokens", "output cap", "answers", "reasoning effort",
    "tools", "history", "cache", "batch", "runs from", "requests a month",
)  # fmt: skip


def _described(line: Line) -> tuple[str, ...]:
    request = line.request
    return (
        said(request.model, "not set"),
        "local" if request.local else request.provider,
        request.kind,
        _loop(request),
        _input(line),
        said(request.parameter("max_tokens"), "none"),
        said(request.parameter("n"), "1"),
        said(request.parameter("reasoning"), "default"),
        "none" if isinstance(request.parameter("tools"), Absent) else "given",
        request.history,
        "yes" if request.cached.present else "no",
        "yes" if request.batch_submit else "no",
        request.entry_point,
        "?" if line.volume is None else f"{count(line.volume.requests_per_month)} {line.volume.source}",
    )


def said(value: Value, absent: str) -> str:
    """A value as the code shows it, ``?`` where it does not."""
    if isinstance(value, Known):
        return str(value.value)
    return absent if isinstance(value, Absent) else "?"


def _input(line: Line) -> str:
    """Expected input tokens; where nothing prices the request, those of its static text."""
    if line.cost is not None:
        return count(line.cost.input_tokens.expected)
    return f"{count(estimate_tokens(line.request.prompt.static_text))} and what is filled in"


def _loop(request: Request) -> str:
    loop = request.loop
    if loop is None:
        return "none"
    length = f" of {loop.trips}" if loop.trips is not None else ""
    return f"{loop.kind} loop{length}"


def _dearest(change: Change) -> tuple[int, Decimal, str]:
    """Known months first, by size; then unit prices; then what has no price."""
    for rank, amount in enumerate((change.month, change.unit)):
        if amount is not None:
            return rank, -abs(amount.expected), change.line.request.key
    return 2, _ZERO, change.line.request.key
