"""How often a call site asks the same again, in bounded memory, and how often it will in a month.

Per time to live the log is replayed through a cache that forgets an answer so long after it was given. The
misses are counted, not the hits. When there are more distinct requests than room, the frequent ones stay
and of the others a random part, whose misses count for as many as there were to choose from.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

TTLS = {"5min": 300.0, "1h": 3_600.0, "24h": 86_400.0, "7d": 604_800.0}
ROOM = 40_000  # distinct requests followed at a time, over all call sites
LEAST = 300  # requests below which a log says nothing of a month
_SECONDS = tuple(TTLS.values())
_ALL = (0, 1, 2, 3)
_FREQUENT = 32  # times asked from which a request is followed to the end
_MOST = 0.99  # no forecast promises more
_STEP = 1.2  # the growth between two notes of how many distinct requests there were
_MONTH = 30.4 * 86_400


class Follower:
    """The repeats of one call site, one request after the other, in the order of their times."""

    __slots__ = (
        "cold",
        "count",
        "distinct",
        "first",
        "growth",
        "last",
        "misses",
        "note",
        "seen",
        "shift",
        "warm_misses",
    )

    def __init__(self) -> None:
        self.count = 0
        self.distinct = 0
        self.misses = [0, 0, 0, 0]
        self.cold: list[int] = []  # the requests before the first TTL had passed
        self.warm_misses = [0, 0, 0, 0]
        self.first = math.inf
        self.last = -math.inf
        self.shift = 0
        # When each TTL's cache was filled, when the first of them forgets, how often the request came, and
        # for how many it stands (0: for as many as any rare one does now).
        self.seen: dict[str, list[float]] = {}
        self.growth: list[tuple[int, int]] = []
        self.note = 1.0

    def add(self, time: float, request_hash: str) -> None:
        """Follow one answered request."""
        if time > self.last:
            self.last = time
        if time < self.first:
            self.first = time
        age = time - self.first
        cold = self.cold
        while len(cold) < 4 and age >= _SECONDS[len(cold)]:
            cold.append(self.count)
        self.count += 1
        filled = self.seen.get(request_hash)
        if filled is None:
            if self.shift and crc32(request_hash.encode()) & ((1 << self.shift) - 1):
                return
            filled = self.seen[request_hash] = [time, time, time, time, time + 300.0, 1.0, 0.0]
            self._note_new()
            due: Sequence[int] = _ALL
        else:
            filled[5] += 1.0
            if time < filled[4]:
                return
            due = [index for index in _ALL if time - filled[index] >= _SECONDS[index]]
            for index in due:
                filled[index] = time
            filled[4] = min(
                filled[0] + 300.0, filled[1] + 3_600.0, filled[2] + 86_400.0, filled[3] + 604_800.0
            )
        weight = int(filled[6]) or 1 << self.shift
        for index in due:
            self.misses[index] += weight
            if index < len(cold):
                self.warm_misses[index] += weight

    def _note_new(self) -> None:
        self.distinct += 1 << self.shift
        if self.count >= self.note:
            self.growth.append((self.count, self.distinct))
            self.note = self.count * _STEP

    def thin(self) -> None:
        """Follow half as many of the rare requests from now on."""
        kept, mask = {}, (2 << self.shift) - 1
        for key, filled in self.seen.items():
            if not filled[6] and filled[5] >= _FREQUENT << self.shift:
                filled[6] = float(1 << self.shift)
            if filled[6] or not crc32(key.encode()) & mask:
                kept[key] = filled
        self.seen = kept
        self.shift += 1

    def repeats(self) -> Repeats:
        """What was found."""
        once = sum(1 for filled in self.seen.values() if filled[5] == 1.0) << self.shift
        cold = self.cold + [self.count] * (4 - len(self.cold))
        return Repeats(
            self.count,
            self.distinct,
            once,
            self.last - self.first if self.count else 0.0,
            tuple(
                (m, self.count - c, w) for m, c, w in zip(self.misses, cold, self.warm_misses, strict=True)
            ),
            (*self.growth, (self.count, self.distinct)) if self.count else (),
        )


@dataclass(frozen=True, slots=True)
class Repeats:
    """The repeats of one call site within its log, over ``span`` seconds.

    ``once`` is the number of requests asked exactly once; ``caches`` holds for each TTL all misses, and of
    the time after the first TTL, when a cache is filled, the requests and the misses. ``growth`` holds
    pairs of requests and the distinct ones among them.
    """

    requests: int
    distinct: int
    once: int
    span: float
    caches: tuple[tuple[int, int, int], ...]
    growth: tuple[tuple[int, int], ...]

    def within(self, ttl: str) -> float:
        """The share of the log's requests that a cache with this TTL (a key of TTLS) would have answered."""
        misses = self.caches[list(TTLS).index(ttl)][0]
        return _share(self.requests - misses, self.requests)

    @property
    def share(self) -> float:
        """The share that a cache without expiry would have answered: a lower bound for a longer time."""
        return _share(self.requests - self.distinct, self.requests)

    @property
    def next_share(self) -> float:
        """Good-Turing: the probability that the next request is one that was seen before."""
        return 1 - _share(self.once, self.requests)

    @property
    def exponent(self) -> float:
        """Heaps: how the distinct requests grow with their number, from the second half of the log."""
        half = next(((n, d) for n, d in reversed(self.growth) if n <= self.requests / 2), None)
        if half is None or half[0] >= self.requests or not half[1]:
            return 1.0
        slope = math.log(max(self.distinct, 1) / half[1]) / math.log(self.requests / half[0])
        return min(max(slope, 0.0), 1.0)

    def forecast(self, ttl: float, rate: float) -> tuple[float, float, float] | None:
        """LOW, EXPECTED and HIGH share of a month's requests that a cache with a TTL in seconds answers.

        ``rate`` is in requests a second. Measured where the log is twice as long as the TTL; else the
        distinct requests of one TTL are extrapolated. None for too short a log.
        """
        if self.requests < LEAST:
            return None
        index = max((i for i, seconds in enumerate(_SECONDS) if seconds <= ttl), default=None)
        if index is not None and _SECONDS[index] == ttl and self.span >= 2 * ttl:
            _, warm, misses = self.caches[index]
            return _spread(_share(warm - misses, warm), warm)
        return self._extrapolated(rate * min(ttl, _MONTH))

    def _extrapolated(self, window: float) -> tuple[float, float, float]:
        """From the distinct requests of a window, in which each is asked for the first time once."""
        if window <= self.requests:
            n, distinct = min(self.growth, key=lambda note: abs(note[0] - max(window, 1.0)))
            return _spread(1 - _share(distinct, n), n)
        distinct = self.distinct * (window / self.requests) ** self.exponent
        expected = min(max(1 - distinct / window, self.share), _MOST)
        low, _, _ = _spread(self.share, self.requests)
        return min(low, expected), expected, max(min(max(self.next_share, expected + 0.15), _MOST), expected)


def _share(part: float, whole: float) -> float:
    return min(max(part / whole, 0.0), 1.0) if whole else 0.0


def _spread(share: float, number: int) -> tuple[float, float, float]:
    """P10 and P90 around a share; equal requests come in clusters, hence half again the binomial error."""
    error = 1.5 * 1.2816 * math.sqrt(share * (1 - share) / max(number, 1))
    return max(share - error, 0.0), share, min(share + error, 1.0)
