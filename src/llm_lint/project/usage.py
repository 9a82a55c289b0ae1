"""Reads what ``--usage`` and ``llm-lint usage`` name: logs added up, and bills next to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from llm_lint.pricing.billed import Billed
from llm_lint.pricing.measured import thresholds
from llm_lint.pricing.prices import PriceTable
from llm_lint.usage.bills import read_bill
from llm_lint.usage.files import Counts, read
from llm_lint.usage.statistics import Log, add_up


@dataclass(frozen=True, slots=True)
class Logs:
    """A log, what was met on the way, and the provider's bill where one was among the files."""

    log: Log
    counts: Counts
    bill: Billed | None


def read_logs(places: Iterable[str], table: PriceTable) -> Logs:
    """Read and add up; raises LlmLintError for files that are not there or cannot be read."""
    counts = Counts()
    log = add_up(read(places, counts), thresholds(table))
    bill = None
    if counts.documents:
        found, damaged = read_bill(counts.documents)
        counts.foreign += damaged
        bill = Billed.of(found, table)
    return Logs(log, counts, bill)
