"""Budgets for a change: how much dearer it may make the bill."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from llm_lint.pricing.changes import Changes
from llm_lint.pricing.format import percent, usd


@dataclass(frozen=True, slots=True)
class Guard:
    """One limit that was set, and whether the change keeps it."""

    name: str
    limit: str
    found: str
    broken: bool


def guards(
    changes: Changes,
    max_usd: Decimal | None = None,
    max_percent: Decimal | None = None,
    block_unknown: bool = False,
) -> Iterator[Guard]:
    """Judge the expected difference of the month, and models without a known price that came in.

    A percentage says nothing where nothing was billed before: then only the amount is judged.
    """
    rise = changes.delta.expected
    if max_usd is not None:
        yield Guard("max-increase-usd", f"{usd(max_usd)}/month", f"{usd(rise)}/month", rise > max_usd)
    share = changes.percent
    if max_percent is not None:
        found = "nothing was billed before" if share is None else percent(share)
        yield Guard("max-increase-percent", percent(max_percent), found, (share or 0) > max_percent)
    if block_unknown:
        unknown = [c.line.request.key for c in changes.changes if c.is_unpriced and c.model_is_new]
        yield Guard("block-unknown-models", "none", ", ".join(unknown) or "none", bool(unknown))
