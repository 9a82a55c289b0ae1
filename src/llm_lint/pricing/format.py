"""Money, shares and counts as people read them: two significant digits, no false precision."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from llm_lint.model import Estimate


def usd(amount: Decimal, floor: bool = False) -> str:
    """``$2.7``, ``$27``, ``$1,900``, ``$0.39``; with ``floor`` less than a dollar is ``<$1``."""
    if amount == 0:
        return "$0"
    sign, amount = ("-" if amount < 0 else ""), abs(amount)
    if floor and amount < 1:
        return f"{sign}<$1"
    return f"{sign}${_plain(two_digits(amount))}"


def usd_range(estimate: Estimate, floor: bool = False) -> str:
    """``$27 ($4 to $71)``; only the amount where all three are equal."""
    low, expected, high = (usd(level, floor) for level in (estimate.low, estimate.expected, estimate.high))
    return expected if low == expected == high else f"{expected} ({low} to {high})"


def percent(share: Decimal) -> str:
    """``86 %`` for 86.3; ``<1 %`` for anything smaller that is not zero."""
    if 0 < share < 1:
        return "<1 %"
    return f"{share.quantize(Decimal(1), ROUND_HALF_UP)} %"


def count(number: Decimal | int) -> str:
    """A number of requests or tokens, with thousands separated."""
    return f"{number:,.0f}"


def two_digits(amount: Decimal) -> Decimal:
    """The amount rounded to two significant digits, halves up."""
    if amount == 0:
        return amount
    return amount.quantize(Decimal(1).scaleb(amount.adjusted() - 1), ROUND_HALF_UP)


def _plain(amount: Decimal) -> str:
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:f}"
