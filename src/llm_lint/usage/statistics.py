"""Records added up per call site and model, in memory that does not grow with the log."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from llm_lint.usage.latency import Histogram
from llm_lint.usage.records import Record
from llm_lint.usage.repeats import ROOM, Follower, Repeats

GROUPS = 5_000  # call sites × models told apart; a log with more has something else in its sites
ELSEWHERE = "(other call sites)"
_CHECK = 4_096  # records between two looks at the memory
DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Sums:
    """Billed requests of one price: sent at once or as a batch, with inputs of one tier.

    ``tier`` is the number of thresholds that the inputs exceed.
    """

    batch: bool
    tier: int
    requests: int
    input: int
    output: int
    cached: int
    written: int


@dataclass(frozen=True, slots=True)
class Squares:
    """Sums over the billed requests of squared input, squared output, and their product: for the spread."""

    input: int
    output: int
    product: int


@dataclass(frozen=True, slots=True)
class Usage:
    """One call site and model over the whole log.

    ``calls`` counts records; those neither ``failed`` nor answered by a cache (``hits``) were billed.
    ``cost`` is what the log says in picodollars, over ``costed`` billed records.
    """

    site: str
    model: str
    provider: str
    calls: int
    failed: int
    hits: int
    estimated: int
    sums: tuple[Sums, ...]
    squares: Squares
    cost: int
    costed: int
    latency_ms: tuple[float, float, float] | None
    repeats: Repeats | None

    @property
    def billed(self) -> int:
        """Requests that cost money."""
        return self.calls - self.failed - self.hits


@dataclass(frozen=True, slots=True)
class Log:
    """Everything that was read; ``first`` and ``last`` are times in seconds since 1970."""

    usages: tuple[Usage, ...]
    records: int
    first: float
    last: float

    @property
    def days(self) -> float:
        """The time covered: the span, and the one gap that is missing at its end."""
        if self.records < 2 or self.last <= self.first:
            return 0.0
        return (self.last - self.first) / DAY * self.records / (self.records - 1)


class _Group:
    """The running sums of one call site and model."""

    __slots__ = (
        "calls",
        "cost",
        "costed",
        "estimated",
        "failed",
        "follower",
        "hits",
        "latency",
        "provider",
        "squares",
        "sums",
    )

    def __init__(self, provider: str) -> None:
        self.provider = provider
        self.calls = self.failed = self.hits = self.estimated = self.cost = self.costed = 0
        self.sums: dict[tuple[bool, int], list[int]] = {}
        self.squares = [0, 0, 0]
        self.latency = Histogram()
        self.follower = Follower()

    def add(self, record: Record, thresholds: tuple[int, ...]) -> None:
        (
            time,
            _,
            _,
            _,
            incoming,
            outgoing,
            cost,
            latency,
            hashed,
            hit,
            cached,
            written,
            batch,
            failed,
            guessed,
        ) = record
        self.calls += 1
        if failed:
            self.failed += 1
            return
        if hit:
            self.hits += 1
            return
        price = (batch, bisect_left(thresholds, incoming))
        sums = self.sums.get(price)
        if sums is None:
            sums = self.sums[price] = [0, 0, 0, 0, 0]
        sums[0] += 1
        sums[1] += incoming
        sums[2] += outgoing
        if cached or written:
            sums[3] += cached
            sums[4] += written
        squares = self.squares
        squares[0] += incoming * incoming
        squares[1] += outgoing * outgoing
        squares[2] += incoming * outgoing
        if guessed:
            self.estimated += 1
        if cost is not None:
            self.cost += cost
            self.costed += 1
        if latency is not None:
            self.latency.add(latency)
        if hashed is not None:
            self.follower.add(time, hashed)

    def result(self, site: str, model: str) -> Usage:
        low, middle, high = (self.latency.quantile(share) for share in (0.5, 0.95, 0.99))
        return Usage(
            site,
            model,
            self.provider,
            self.calls,
            self.failed,
            self.hits,
            self.estimated,
            tuple(Sums(*price, *sums) for price, sums in sorted(self.sums.items())),
            Squares(*self.squares),
            self.cost,
            self.costed,
            None if low is None or middle is None or high is None else (low, middle, high),
            self.follower.repeats() if self.follower.count else None,
        )


def add_up(records: Iterable[Record], thresholds: Iterable[int] = ()) -> Log:
    """Add up a log, whose records come in the order of their times or nearly so.

    ``thresholds`` are the numbers of input tokens at which some model's price changes.
    """
    tiers = tuple(sorted(set(thresholds)))
    groups: dict[tuple[str, str], _Group] = {}
    number, first, last = 0, float("inf"), float("-inf")
    for number, record in enumerate(records, 1):
        time = record.time
        if time < first:
            first = time
        if time > last:
            last = time
        group = groups.get((record.site, record.model))
        if group is None:
            group = _new_group(groups, record)
        group.add(record, tiers)
        if not number % _CHECK:
            _make_room(groups.values())
    usages = (group.result(*key) for key, group in groups.items())
    return Log(tuple(sorted(usages, key=lambda usage: (usage.site, usage.model))), number, first, last)


def _new_group(groups: dict[tuple[str, str], _Group], record: Record) -> _Group:
    key = (record.site, record.model) if len(groups) < GROUPS else (ELSEWHERE, "")
    return groups.setdefault(key, _Group(record.provider))


def _make_room(groups: Iterable[_Group]) -> None:
    followers = [group.follower for group in groups]
    while sum(len(follower.seen) for follower in followers) > ROOM:
        max(followers, key=lambda follower: len(follower.seen)).thin()
