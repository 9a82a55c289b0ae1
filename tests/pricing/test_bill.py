"""A project's bill: lines, totals, and what no total may hold."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from llm_lint.model import UNKNOWN, Confidence, Estimate, Finding, Saving, Severity, Volume
from llm_lint.pricing import Pricing
from llm_lint.pricing.bill import bill
from llm_lint.pricing.estimates import estimate, scale, together
from tests.pricing.builders import request, span

HALF = estimate("50", "50", "50")


def _finding(key: str, code: str, saving: Saving) -> Finding:
    return Finding(code, "x", Severity.WARNING, Confidence.HIGH, "m", span(), request=key, saving=saving)


def _half(pricing: Pricing, site: str) -> Saving:
    """A finding that halves what a site costs."""
    line = bill([request(key=site)], [], pricing).lines[0]
    assert line.month is not None
    assert line.cost is not None
    half = Decimal("0.5")
    return Saving(
        HALF, scale(line.cost.usd_per_1000_requests, half), scale(line.month, half), line.volume, "E0"
    )


def test_a_line_is_unit_price_times_volume(pricing: Pricing) -> None:
    (line,) = bill([request()], [], pricing).lines
    assert line.cost is not None
    assert line.month is not None
    assert line.volume == Volume(Decimal(10_000), "assumed")
    assert line.month.expected == line.cost.usd_per_1000_requests.expected * 10
    assert line.projected == line.month


def test_fixes_of_one_site_multiply(pricing: Pricing) -> None:
    saving = _half(pricing, "a")
    findings = [_finding("a", "LLM101", saving), _finding("a", "LLM401", saving)]
    (line,) = bill([request(key="a")], findings, pricing).lines
    assert line.month is not None
    assert line.projected is not None
    assert line.codes == ("LLM101", "LLM401")
    assert round(line.projected.expected / line.month.expected, 9) == Decimal("0.25")


def test_what_is_not_known_is_in_no_total(pricing: Pricing) -> None:
    found = bill(
        [
            request(key="known"),
            request(UNKNOWN, key="model"),
            request("gpt-99", key="price"),
            request(key="test", entry_point="test", excluded="test"),
            request(key="unbilled", billed=False),
        ],
        [],
        pricing,
    )
    assert [line.request.key for line in found.lines] == ["known", "model", "price", "test"]
    assert [line.request.key for line in found.unpriced] == ["model", "price", "test"]
    assert found.lines[0].month is not None
    assert found.now.expected == found.lines[0].month.expected


def test_an_empty_bill(pricing: Pricing) -> None:
    found = bill([], [], pricing)
    assert (found.now, found.projected) == (estimate("0", "0", "0"), estimate("0", "0", "0"))


AMOUNTS = st.lists(
    st.tuples(*[st.integers(0, 10_000)] * 3).map(lambda three: Estimate(*map(Decimal, sorted(three))))
)


@given(AMOUNTS)
def test_a_total_keeps_its_order_and_its_mean(amounts: list[Estimate]) -> None:
    summed = together(amounts)
    assert summed.expected == sum(amount.expected for amount in amounts)
    assert Decimal("-1e-9") <= summed.low <= summed.expected <= summed.high
    assert summed.high <= sum(amount.high for amount in amounts) + Decimal("1e-9")
