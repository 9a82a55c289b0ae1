"""The calculator: the headline walk, every symbol of the formula, and what no workload may do."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_lint.errors import LlmLintError
from llm_lint.pricing.calculator import Route, Workload, remarks, walk
from llm_lint.pricing.prices import Price, PriceTable

TABLE = PriceTable.load()
MODELS = ("gpt-4o", "gpt-5.5", "claude-sonnet-4-6", "claude-haiku-4-5", "gemini-2.5-pro", "grok-4.3")


def _price(model: str) -> Price:
    price = TABLE.find(model)
    assert price is not None
    return price


def _dollars(*amounts: str) -> list[Decimal]:
    return [Decimal(amount) for amount in amounts]


def test_the_headline_walk_with_one_step_down() -> None:
    """$0.20 a request: 50,000 tokens in, 3,333⅓ out, of a model whose smaller sister costs a third."""
    load = Workload(
        input=Decimal(50_000),
        output=Decimal(10_000) / 3,
        cache_hit=Decimal("0.7"),
        batch=Decimal("0.8"),
    )
    haiku = Route(_price("claude-haiku-4-5"), Decimal(1), load)
    stages = walk(_price("claude-sonnet-4-6"), load, [haiku])
    assert [round(stage.usd_per_month, 10) for stage in stages] == _dollars("2000", "600", "200", "120")


def test_the_headline_walk_of_an_agent_run() -> None:
    """68,000 tokens in and 3,000 out over ten steps; 100/141 of what is left goes to a model at ×0.06."""
    load = Workload(Decimal(68_000), Decimal(3_000), cache_hit=Decimal("0.7"), batch=Decimal("0.8"))
    mini = Route(_price("gpt-4o-mini"), Decimal(100) / Decimal(141), load)
    stages = walk(_price("gpt-4o"), load, [mini])
    assert [stage.measure for stage in stages] == [
        "every request at list price",
        "response cache",
        "cascade",
        "Batch API",
    ]
    assert [round(stage.usd_per_month, 10) for stage in stages] == _dollars("2000", "600", "200", "120")


def test_every_symbol_counts() -> None:
    price = _price("claude-sonnet-4-6")  # 3 in, 0.3 read, 3.75 written, 15 out; batch at half
    load = Workload(
        input=Decimal(10_000),
        output=Decimal(100),
        reasoning=Decimal(400),
        requests=Decimal(1_000),
        attempts=Decimal("1.5"),
        prefix=Decimal("0.8"),
        prefix_hits=Decimal("0.75"),
        cache_hit=Decimal("0.2"),
        batch=Decimal("0.5"),
    )
    request = (2_000 * 3 + 6_000 * Decimal("0.3") + 2_000 * Decimal("3.75") + 500 * 15) / 1_000_000
    expected = 1_000 * Decimal("0.8") * Decimal("1.5") * request * Decimal("0.75")
    assert walk(price, load)[-1].usd_per_month == expected


def test_a_prefix_below_the_minimum_is_not_cached_and_that_is_said() -> None:
    price = _price("claude-haiku-4-5")
    assert price.cache_minimum is not None
    load = Workload(input=Decimal(price.cache_minimum), prefix=Decimal("0.5"))
    first, last = walk(price, load)
    assert first.usd_per_month == last.usd_per_month
    assert f"prefixes of {price.cache_minimum} tokens or more" in remarks(price, load)[0]


def test_the_same_text_in_another_tokenizer() -> None:
    load = Workload(Decimal(1000), Decimal(100)).in_tokens_of(_price("claude-sonnet-5-5"), _price("gpt-4o"))
    assert (load.input, load.output) == (Decimal(1550), Decimal(155))


def test_a_tier_is_chosen_by_the_request_not_by_the_month() -> None:
    price = _price("gpt-5.5")
    many = Workload(Decimal(1000), Decimal(0), requests=Decimal(1_000_000))
    assert walk(price, many)[-1].usd_per_month == 1_000_000 * price.cost(1000, 0)


def test_what_cannot_be_is_an_error() -> None:
    load = Workload(batch=Decimal(1))
    without = replace(_price("gpt-4o"), batch=None)
    with pytest.raises(LlmLintError, match="no batch price is known for gpt-4o at openai"):
        walk(without, load)
    routes = [Route(without, Decimal("0.6"), load)] * 2
    with pytest.raises(LlmLintError, match=r"the cascade answers 1\.2 of the requests"):
        walk(without, replace(load, batch=Decimal(0)), routes)


SHARES = st.fractions(0, 1, max_denominator=1000).map(lambda f: Decimal(f.numerator) / f.denominator)
TOKENS = st.integers(0, 500_000).map(Decimal)


@st.composite
def _loads(draw: st.DrawFn) -> Workload:
    return Workload(
        draw(TOKENS),
        draw(TOKENS),
        draw(TOKENS),
        Decimal(draw(st.integers(0, 10_000_000))),
        Decimal(draw(st.integers(1, 15))),
        draw(SHARES),
        draw(SHARES),
        draw(SHARES),
    )


@given(load=_loads(), model=st.sampled_from(MODELS), share=SHARES)
def test_no_measure_makes_a_cost_negative_and_no_cache_hit_makes_it_dearer(
    load: Workload, model: str, share: Decimal
) -> None:
    stages = walk(_price(model), load)
    assert all(stage.usd_per_month >= 0 for stage in stages)
    more = replace(load, cache_hit=load.cache_hit + (1 - load.cache_hit) * share)
    assert walk(_price(model), more)[-1].usd_per_month <= stages[-1].usd_per_month + Decimal("1e-9")


@given(load=_loads(), model=st.sampled_from(MODELS), more=st.integers(1, 100_000))
def test_more_requests_and_more_output_never_cost_less(load: Workload, model: str, more: int) -> None:
    cost = walk(_price(model), load)[-1].usd_per_month
    assert walk(_price(model), replace(load, requests=load.requests + more))[-1].usd_per_month >= cost
    assert walk(_price(model), replace(load, output=load.output + more))[-1].usd_per_month >= cost


@given(load=_loads(), share=SHARES)
def test_a_batch_never_costs_more_where_it_is_cheaper(load: Workload, share: Decimal) -> None:
    price = _price("gpt-4o")
    single, batched = walk(price, load)[-1], walk(price, replace(load, batch=share))[-1]
    assert 0 <= batched.usd_per_month <= single.usd_per_month + Decimal("1e-9")


@given(share=SHARES)
def test_a_cascade_is_a_mean_of_its_models(share: Decimal) -> None:
    load = Workload()
    dear, cheap = _price("gpt-4o"), _price("gpt-4o-mini")
    mixed = walk(dear, load, [Route(cheap, share, load)])[-1].usd_per_month
    ends = [Fraction(walk(price, load)[-1].usd_per_month) for price in (dear, cheap)]
    expected = ends[0] * (1 - Fraction(share)) + ends[1] * Fraction(share)
    assert abs(Fraction(mixed) - expected) < Fraction(1, 10**9)
