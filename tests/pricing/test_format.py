"""Two significant digits, for people."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_lint.pricing.estimates import estimate
from llm_lint.pricing.format import count, percent, two_digits, usd, usd_range


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "$0"),
        ("0.0000123", "$0.000012"),
        ("0.394", "$0.39"),
        ("0.1", "$0.10"),
        ("0.999", "$1"),
        ("2.7342", "$2.7"),
        ("9.96", "$10"),
        ("27.34", "$27"),
        ("71", "$71"),
        ("110.75", "$110"),
        ("1880", "$1,900"),
        ("1234567.8", "$1,200,000"),
        ("-27.3", "-$27"),
    ],
)
def test_money(amount: str, text: str) -> None:
    assert usd(Decimal(amount)) == text


def test_less_than_a_dollar_a_month_is_a_floor() -> None:
    assert usd(Decimal("0.4"), floor=True) == "<$1"
    assert usd(Decimal("0"), floor=True) == "$0"
    assert usd(Decimal("1.2"), floor=True) == "$1.2"


def test_ranges() -> None:
    assert usd_range(estimate("3.9", "27", "71")) == "$27 ($3.9 to $71)"
    assert usd_range(estimate("0", "0", "0")) == "$0"


@pytest.mark.parametrize(
    ("share", "text"), [("86.32", "86 %"), ("0.4", "<1 %"), ("0", "0 %"), ("99.6", "100 %")]
)
def test_shares(share: str, text: str) -> None:
    assert percent(Decimal(share)) == text


def test_counts() -> None:
    assert count(Decimal("10000.0")) == "10,000"


@given(st.decimals("0.000001", 10**9, places=6))
def test_rounding_is_within_five_percent(amount: Decimal) -> None:
    assert two_digits(Decimal(0)) == 0
    assert abs(two_digits(amount) - amount) <= amount * Decimal("0.05")
