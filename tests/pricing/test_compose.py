"""Several findings at once: factors multiply, parts add up, overlaps are never added."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_lint.model import Confidence, Estimate, Finding, Saving, Severity
from llm_lint.pricing import Pricing
from llm_lint.pricing.compose import compose, monthly_total, site_totals
from llm_lint.pricing.estimates import NOTHING, estimate, levels, scale
from tests.pricing.builders import request, span

FACTORS = st.lists(st.decimals("0.01", 1, places=4), max_size=5)


def _finding(code: str, saving: Saving | None, key: str | None = "a") -> Finding:
    return Finding(
        code, code.lower(), Severity.WARNING, Confidence.HIGH, "m", span(), request=key, saving=saving
    )


def _saving(percent: Estimate, cost: Estimate) -> Saving:
    month = Estimate(*(p * c / 100 for p, c in zip(levels(percent), levels(cost), strict=True)))
    return Saving(percent, scale(month, Decimal("0.1")), month, None, "E0")


def test_the_reference_headline() -> None:
    composed = compose(Decimal(2000), [Decimal("0.3"), Decimal(1) / 3, Decimal("0.6")])
    assert round(composed.total) == 1880
    assert [round(part, 1) for part in composed.parts] == [
        Decimal("804.5"),
        Decimal("734.1"),
        Decimal("341.3"),
    ]


def test_a_cache_and_a_cheaper_model_on_gpt_4o() -> None:
    composed = compose(Decimal(50), [Decimal("0.82"), Decimal("0.044")])
    assert round(composed.total, 1) == Decimal("48.2")


@given(st.decimals(0, 100_000, places=2), FACTORS, st.randoms())
def test_parts_add_up_whatever_the_order(cost: Decimal, factors: list[Decimal], random: Any) -> None:
    composed = compose(cost, factors)
    shuffled = list(factors)
    random.shuffle(shuffled)
    assert abs(compose(cost, shuffled).total - composed.total) < Decimal("1e-9")
    assert abs(sum(composed.parts, Decimal(0)) - composed.total) < Decimal("1e-9")
    assert 0 <= composed.total <= cost
    assert all(part >= 0 for part in composed.parts)


def test_removing_the_request_leaves_nothing_to_other_fixes() -> None:
    assert compose(Decimal(10), [Decimal("0.5"), Decimal(0)]).parts == (0, 10)


def test_nothing_changes_nothing() -> None:
    assert compose(Decimal(10), []).total == 0
    assert compose(Decimal(10), [Decimal(1), Decimal(1)]).parts == (0, 0)


@pytest.mark.parametrize("factor", ["-0.1", "1.1"])
def test_a_factor_is_a_share(factor: str) -> None:
    with pytest.raises(ValueError, match="share"):
        compose(Decimal(1), [Decimal(factor)])


# --------------------------------------------------------------------------- findings

COST = estimate("10", "50", "110")


def test_one_finding_is_its_own_total() -> None:
    saving = _saving(estimate("2", "18", "45"), COST)
    assert monthly_total([_finding("LLM101", saving)]) == saving.usd_per_month


def test_findings_of_one_site_multiply() -> None:
    both = [
        _finding("LLM101", _saving(estimate("10", "20", "40"), COST)),
        _finding("LLM401", _saving(estimate("25", "40", "50"), COST)),
    ]
    total = monthly_total(both)
    assert total is not None
    assert total.expected == 50 * (1 - Decimal("0.8") * Decimal("0.6"))
    assert total.expected < 10 + 20


def test_only_the_best_of_two_models_counts() -> None:
    better = _saving(estimate("50", "60", "70"), COST)
    rivals = [_finding("LLM302", _saving(estimate("20", "30", "40"), COST)), _finding("LLM301", better)]
    assert monthly_total(rivals) == better.usd_per_month


def test_sites_add_and_their_intervals_narrow() -> None:
    saving = _saving(estimate("10", "20", "40"), COST)
    total = monthly_total([_finding("LLM101", saving, key) for key in "abcd"])
    assert total is not None
    assert saving.usd_per_month is not None
    assert total.expected == 4 * saving.usd_per_month.expected
    assert total.low == 40 - 2 * (10 - saving.usd_per_month.low)
    assert total.high == 40 + 2 * (saving.usd_per_month.high - 10)


def test_zero_savings_change_no_total() -> None:
    zero = Saving(NOTHING, NOTHING, NOTHING, None, "E0")
    saving = _saving(estimate("10", "20", "40"), COST)
    assert monthly_total([_finding("LLM701", zero), _finding("LLM101", saving)]) == saving.usd_per_month
    assert monthly_total([_finding("LLM701", zero)]) == NOTHING


def test_without_monthly_amounts_there_is_no_total() -> None:
    unknown = Saving(estimate("1", "2", "3"), None, None, None, "E0")
    assert monthly_total([]) is None
    assert monthly_total([_finding("LLM101", unknown), _finding("LLM901", None, None)]) is None
    assert site_totals([_finding("LLM101", unknown)]) == {}


def test_real_findings_never_save_more_than_the_site_costs(pricing: Pricing) -> None:
    subject = request(task="simple", entry_point="worker")
    downgrade = pricing.downgrade_saving(subject, strong=True)
    cost = pricing.cost(subject)
    assert downgrade is not None
    assert cost is not None
    findings = [
        _finding("LLM301", downgrade[0]),
        _finding("LLM101", pricing.cache_saving(subject, estimate("0.02", "0.18", "0.45"), "why")),
        _finding("LLM401", pricing.batch_saving(subject, offline=True)),
    ]
    total = monthly_total(findings)
    singles = [f.saving.usd_per_month.expected for f in findings if f.saving and f.saving.usd_per_month]
    assert total is not None
    assert max(singles) < total.expected < sum(singles)
    for amount, bound in zip(levels(total), levels(scale(cost.usd_per_1000_requests, 10)), strict=True):
        assert amount <= bound


@given(st.lists(st.tuples(FACTORS.filter(bool), st.decimals(1, 1000, places=1)), min_size=1, max_size=5))
def test_totals_are_ordered(sites: list[tuple[list[Decimal], Decimal]]) -> None:
    findings = [
        _finding(
            "LLM101",
            _saving(estimate(str(f * 50), str(f * 75), str(f * 100)), scale(estimate("1", "2", "3"), c)),
            f"{i}",
        )
        for i, (factors, c) in enumerate(sites)
        for f in factors
    ]
    total = monthly_total(findings)
    assert total is not None
    assert 0 <= total.low <= total.expected <= total.high
