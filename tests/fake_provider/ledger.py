"""What the provider bills: one entry a billed request, in exact decimals."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from llm_lint.pricing.prices import PriceTable


@dataclass(frozen=True)
class Entry:
    """One billed request. Token counts: ``input`` is everything sent, including ``cached`` and written."""

    endpoint: str
    provider: str
    model: str
    input: int
    output: int = 0
    cached: int = 0
    write: int = 0
    write_1h: int = 0
    batch: bool = False
    account: str = ""
    time: float = 0.0
    usd: Decimal | None = None


@lru_cache(maxsize=1)
def list_prices() -> PriceTable:
    """The linter's own price snapshot: provider and linter charge alike."""
    return PriceTable.load()


class Ledger:
    """All billed requests, in the order in which they were billed."""

    def __init__(self, prices: PriceTable | None = None) -> None:
        self._prices = prices
        self._entries: list[Entry] = []
        self._lock = threading.Lock()

    def bill(self, entry: Entry) -> Entry:
        """Price and keep an entry; a model without a price has ``usd`` None."""
        price = (self._prices or list_prices()).find(entry.model, entry.provider)
        if price is not None:
            batch = entry.batch and price.batch is not None
            usd = price.cost(entry.input, entry.output, entry.cached, entry.write, batch, entry.write_1h)
            entry = replace(entry, usd=usd)
        with self._lock:
            self._entries.append(entry)
        return entry

    @property
    def total(self) -> Decimal:
        """USD over all entries with a price."""
        return sum((entry.usd for entry in self if entry.usd is not None), Decimal(0))

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._entries.clear()

    def __iter__(self) -> Iterator[Entry]:
        return iter(list(self._entries))

    def __len__(self) -> int:
        return len(self._entries)
