"""What all findings together save: factors multiply at a call site, so that overlaps are never added.

Attribution to single findings uses logarithmic shares, which do not depend on the order of the fixes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from llm_lint.model import Estimate, Finding, Saving
from llm_lint.pricing.estimates import NOTHING, each, levels, together

_ONE = Decimal(1)
_HUNDRED = Decimal(100)
# Fixes of one call site that exclude each other: another model is chosen once.
EXCLUSIVE = (frozenset({"LLM301", "LLM302"}), frozenset({"LLM101", "LLM103"}))


@dataclass(frozen=True, slots=True)
class Composition:
    """The saving of several fixes at once, and each one's part of it; the parts add up to the total."""

    total: Decimal
    parts: tuple[Decimal, ...]


def compose(cost: Decimal, factors: Sequence[Decimal]) -> Composition:
    """Apply fixes that each leave a share (0 to 1) of a cost; raises ValueError for other factors."""
    if any(not 0 <= factor <= 1 for factor in factors):
        raise ValueError("a factor is the share of the cost that stays: 0 to 1")
    left = _ONE
    for factor in factors:
        left *= factor
    total = cost * (1 - left)
    removing = [factor == 0 for factor in factors]
    if any(removing):  # what removes the request altogether leaves nothing to the others
        return Composition(total, tuple(total * gone / sum(removing) for gone in removing))
    if left == 1:
        return Composition(total, tuple(Decimal(0) for _ in factors))
    return Composition(total, tuple(total * (factor.ln() / left.ln()) for factor in factors))


def monthly_total(findings: Iterable[Finding]) -> Estimate | None:
    """USD a month if every finding is fixed; None when no finding has a monthly amount.

    Per call site the factors multiply. Across sites EXPECTED adds, while the distances to LOW and HIGH add
    in quadrature, as errors of independent sites do; volumes and prices, which all sites share, are not in
    the interval.
    """
    totals = site_totals(findings).values()
    return together(totals) if totals else None


def site_totals(findings: Iterable[Finding]) -> Mapping[str, Estimate]:
    """USD a month of each call site if all its findings are fixed, by the request's key."""
    sites: dict[str, list[tuple[str, Saving]]] = defaultdict(list)
    for finding in findings:
        saving = finding.saving
        if finding.request is not None and saving is not None and saving.usd_per_month is not None:
            sites[finding.request].append((finding.code, saving))
    return {key: _site(_without_conflicts(savings)) for key, savings in sites.items()}


def _without_conflicts(savings: Sequence[tuple[str, Saving]]) -> list[Saving]:
    """Of fixes that exclude each other only the best."""
    kept = list(savings)
    for group in EXCLUSIVE:
        rivals = sorted((entry for entry in kept if entry[0] in group), key=_gain, reverse=True)
        kept = [entry for entry in kept if entry not in rivals[1:]]
    return [saving for _, saving in kept]


def _gain(entry: tuple[str, Saving]) -> Decimal:
    month = entry[1].usd_per_month
    return month.expected if month is not None else Decimal(0)


def _site(savings: Sequence[Saving]) -> Estimate:
    """One call site: its cost, times what all factors together take away, level by level."""
    gains = [
        s for s in savings if s.percent is not None and s.percent.expected > 0 and s.usd_per_month is not None
    ]
    if not gains:
        return NOTHING
    if len(gains) == 1:
        return gains[0].usd_per_month or NOTHING
    cost = max((_cost(saving) for saving in gains), key=lambda value: value.expected)
    rows = zip(levels(cost), *(levels(s.percent) for s in gains if s.percent is not None), strict=True)
    return Estimate(*(compose(c, [1 - share / _HUNDRED for share in shares]).total for c, *shares in rows))


def _cost(saving: Saving) -> Estimate:
    """A call site's monthly cost, which amount and percentage imply."""
    percent, month = saving.percent or NOTHING, saving.usd_per_month or NOTHING
    return each(lambda p, m: m * _HUNDRED / p if p else m, percent, month)
