"""Arithmetic on estimates, level by level: LOW with LOW, EXPECTED with EXPECTED, HIGH with HIGH."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from llm_lint.model import Estimate


def estimate(low: str, expected: str, high: str) -> Estimate:
    """An estimate from decimals written out."""
    return Estimate(Decimal(low), Decimal(expected), Decimal(high))


NOTHING = estimate("0", "0", "0")
ONCE = estimate("1", "1", "1")


def levels(value: Estimate) -> tuple[Decimal, Decimal, Decimal]:
    """LOW, EXPECTED, HIGH."""
    return value.low, value.expected, value.high


def each(function: Callable[..., Decimal], *estimates: Estimate) -> Estimate:
    """The function of the estimates, level by level."""
    rows = zip(*(levels(value) for value in estimates), strict=True)
    return Estimate(*(function(*row) for row in rows))


def add(left: Estimate, right: Estimate) -> Estimate:
    """The sum of two amounts that move together."""
    return each(lambda a, b: a + b, left, right)


def multiply(left: Estimate, right: Estimate) -> Estimate:
    """The product of two amounts that move together."""
    return each(lambda a, b: a * b, left, right)


def scale(value: Estimate, factor: Decimal | int) -> Estimate:
    """An amount, so many times."""
    return each(lambda amount: amount * factor, value)


def together(amounts: Iterable[Estimate]) -> Estimate:
    """The sum of amounts that vary independently of each other.

    EXPECTED adds; the distances to LOW and HIGH add in quadrature, as independent errors do.
    """
    known = list(amounts)
    expected = sum((amount.expected for amount in known), Decimal(0))
    below = sum(((amount.expected - amount.low) ** 2 for amount in known), Decimal(0)).sqrt()
    above = sum(((amount.high - amount.expected) ** 2 for amount in known), Decimal(0)).sqrt()
    return Estimate(expected - below, expected, expected + above)


def ordered(value: Estimate) -> Estimate:
    """LOW and HIGH around EXPECTED, for results whose levels may cross."""
    return Estimate(min(value.low, value.expected), value.expected, max(value.expected, value.high))
