"""Amounts as people read them: two significant digits, no cents above ten dollars, never a false zero."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from llm_lint.model import Estimate

_TEN = Decimal(10)
_ONE = Decimal(1)


def dollars(amount: Decimal) -> str:
    """USD with two significant digits: ``$27``, ``$2.7``, ``$0.0042``, ``$12,000``."""
    if amount == 0:
        return "$0"
    sign = "-" if amount < 0 else ""
    rounded = _two_digits(abs(amount))
    if rounded >= _TEN:
        return f"{sign}${rounded:,.0f}"
    text = f"{rounded:f}"
    return f"{sign}${text.removesuffix('.0') if rounded >= _ONE else text}"


def monthly(amount: Decimal) -> str:
    """USD a month; below a dollar the figure would pretend to a precision that it does not have."""
    return "<$1" if 0 < amount < _ONE else dollars(amount)


def percent(amount: Decimal) -> str:
    """A share between 0 and 100, rounded; a small one stays visible."""
    return "<1 %" if 0 < amount < _ONE else f"{amount.quantize(_ONE, ROUND_HALF_UP)} %"


def is_zero(estimate: Estimate | None) -> bool:
    """Whether an amount is known and exactly zero."""
    return estimate is not None and estimate.low == estimate.expected == estimate.high == 0


def plain(amount: Decimal) -> str:
    """A decimal string for machines: all digits, no exponent, no trailing zeros."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _two_digits(amount: Decimal) -> Decimal:
    rounded = amount.quantize(Decimal(1).scaleb(amount.adjusted() - 1), ROUND_HALF_UP)
    if rounded.adjusted() > amount.adjusted():  # 9.96 became 10.0: one digit fewer after the point
        rounded = rounded.quantize(Decimal(1).scaleb(rounded.adjusted() - 1))
    return rounded
