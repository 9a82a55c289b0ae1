"""Percentiles in constant memory: counts of logarithmic buckets, each 4 % wide."""

from __future__ import annotations

import math
from collections import Counter

_WIDTH = math.log(1.04)


class Histogram:
    """Latencies in milliseconds."""

    __slots__ = ("buckets",)

    def __init__(self) -> None:
        self.buckets: Counter[int] = Counter()

    def add(self, milliseconds: float) -> None:
        """Count one latency; what is shorter than a microsecond counts as that."""
        self.buckets[int(math.log(milliseconds if milliseconds > 0.001 else 0.001) / _WIDTH)] += 1

    def quantile(self, share: float) -> float | None:
        """The latency that this share (0 to 1) does not exceed, within 2 %; None without any."""
        rank = share * self.buckets.total()
        for bucket in sorted(self.buckets):
            rank -= self.buckets[bucket]
            if rank <= 0:
                return math.exp((bucket + 0.5) * _WIDTH)
        return None
