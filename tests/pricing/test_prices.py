"""The price table: exact amounts, tiers, batches, the user's own prices, and the age of the data."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_lint.errors import LlmLintError
from llm_lint.pricing.prices import Price, PriceTable, Rate, Rates

VECTORS = list(csv.DictReader((Path(__file__).parent / "data" / "cost_vectors.csv").open(encoding="utf-8")))


def _find(table: PriceTable, model: str, provider: str) -> Price:
    price = table.find(model, provider)
    assert price is not None
    return price


def test_all_vectors_are_there() -> None:
    assert len(VECTORS) == 42


@pytest.mark.parametrize("row", VECTORS, ids=lambda row: f"{row['provider']}-{row['model']}-{row['note']}")
def test_worked_costs_are_exact(row: dict[str, str], table: PriceTable) -> None:
    price = _find(table, row["model"], row["provider"])
    cost = price.cost(
        int(row["input_tokens_total"]),
        int(row["output_tokens"]),
        cached=int(row["cache_read_tokens"]),
        cache_write=int(row["cache_write_5m_tokens"]),
        cache_write_1h=int(row["cache_write_1h_tokens"]),
        batch=row["mode"] == "batch",
    )
    assert cost == Decimal(row["usd_hand_from_source_b"])


def test_a_tier_holds_for_the_whole_request_only_above_its_threshold(table: PriceTable) -> None:
    price = _find(table, "gpt-5.5", "openai")
    assert price.cost(272_001, 0) == Decimal(272_001) * 10 / 1_000_000
    assert price.cost(272_000, 0) == Decimal(272_000) * 5 / 1_000_000


def test_batch_discounts_are_each_models_own(table: PriceTable) -> None:
    discounts = {
        _find(table, m, p).batch_discount
        for m, p in (("gpt-4o", "openai"), ("claude-haiku-4-5", "anthropic"))
    }
    assert discounts == {Decimal("0.5")}
    assert _find(table, "grok-4.3", "xai").batch_discount == Decimal("0.2")


def test_no_batch_price_is_an_error_not_a_guess(table: PriceTable) -> None:
    price = _find(table, "openai/gpt-4o", "openrouter")
    assert price.batch_discount is None
    with pytest.raises(ValueError, match="no batch price"):
        price.cost(1, 1, batch=True)


def test_more_cached_than_input_tokens_is_an_error(table: PriceTable) -> None:
    with pytest.raises(ValueError, match="more cached"):
        _find(table, "gpt-4o", "openai").cost(10, 0, cached=11)


def test_a_provider_without_cache_prices_bills_cached_tokens_as_input() -> None:
    price = Price("m", "p", Rates(Rate(Decimal(2)), Rate(Decimal(8))))
    assert price.cost(1_000_000, 0, cached=500_000, cache_write=250_000) == 2


@given(st.integers(0, 2_000_000), st.integers(0, 100_000), st.data())
def test_cached_tokens_never_cost_more_than_fresh_ones(
    incoming: int, outgoing: int, data: st.DataObject
) -> None:
    cached = data.draw(st.integers(0, incoming))
    price = _find(_TABLE, "claude-haiku-5-5", "anthropic")
    assert 0 <= price.cost(incoming, outgoing, cached=cached) <= price.cost(incoming, outgoing)


@given(st.integers(0, 1_000_000), st.integers(0, 100_000), st.integers(1, 1000))
def test_more_tokens_never_cost_less(incoming: int, outgoing: int, more: int) -> None:
    price = _find(_TABLE, "gpt-5.5", "openai")
    cost = price.cost(incoming, outgoing)
    assert price.cost(incoming + more, outgoing) > cost
    assert price.cost(incoming, outgoing + more) > cost


_TABLE = PriceTable.load()


# --------------------------------------------------------------------------- what the snapshot knows


def test_the_snapshot_names_its_day_and_sources(table: PriceTable) -> None:
    assert table.as_of >= date(2026, 11, 1)
    assert any("genai-prices" in source for source in table.sources)
    assert any("LiteLLM" in source for source in table.sources)


def test_facts_beside_the_price(table: PriceTable) -> None:
    haiku = _find(table, "claude-haiku-4-5", "anthropic")
    assert haiku.cache_minimum == 4096
    assert haiku.window == 200_000
    assert {"tools", "schema", "vision"} <= haiku.can
    assert haiku.sampling == "yes"
    assert _find(table, "claude-sonnet-5-5", "anthropic").sampling == "no"
    assert _find(table, "gpt-6-luna", "openai").sampling == "effort-none"
    assert _find(table, "o3", "openai").thinks
    assert not _find(table, "gpt-4o", "openai").thinks


def test_a_dated_name_retires_on_its_own_day(table: PriceTable) -> None:
    assert _find(table, "gpt-4o", "openai").retires is None
    assert _find(table, "gpt-4o-2024-08-06", "openai").retires == date(2027, 1, 14)
    assert _find(table, "gpt-4-turbo", "openai").retires == date(2026, 10, 23)


def test_time_of_day_tariffs_are_noted(table: PriceTable) -> None:
    assert "02:00 UTC" in (_find(table, "deepseek-v4-pro", "deepseek").note or "")


def test_retired_models_keep_a_price(table: PriceTable) -> None:
    for model in ("claude-3-opus-20240229", "claude-2.1", "gpt-4-32k", "gemini-1.5-pro"):
        assert table.find(model) is not None, model


# --------------------------------------------------------------------------- the user's settings


def test_an_alias_names_the_model_of_a_deployment() -> None:
    table = PriceTable.load(aliases={"my-deployment": "gpt-4o"})
    price = _find(table, "my-deployment", "azure")
    assert price.cost(1_000_000, 0) == Decimal("2.5")


def test_an_alias_may_name_another_providers_model() -> None:
    table = PriceTable.load(aliases={"prod": "claude-haiku-4-5"})
    assert _find(table, "prod", "azure").model == "claude-haiku-4-5"


def test_own_prices_win_and_are_exact() -> None:
    own = {
        "input": Decimal("1.1"),
        "output": Decimal("2.2"),
        "cached": Decimal("0.1"),
        "batch-discount": Decimal("0.4"),
    }
    table = PriceTable.load(prices={"house-model": own, "gpt-4o": own})
    for model in ("house-model", "gpt-4o"):
        price = _find(table, model, "openai")
        assert price.cost(1_000_000, 1_000_000, cached=500_000) == Decimal("0.55") + Decimal(
            "0.05"
        ) + Decimal("2.2")
        assert price.batch_discount == Decimal("0.4")
        assert not price.approximate


def test_a_discount_applies_to_list_prices_only() -> None:
    own = {"input": Decimal(1), "output": Decimal(1)}
    table = PriceTable.load(discount=Decimal("0.2"), prices={"house-model": own})
    assert _find(table, "gpt-4o", "openai").cost(1_000_000, 0) == 2
    assert _find(table, "gpt-4o", "openai").cost(1_000_000, 0, batch=True) == 1
    assert _find(table, "house-model", "openai").cost(1_000_000, 0) == 1


def test_a_discount_scales_tiers_too() -> None:
    table = PriceTable.load(discount=Decimal("0.5"))
    assert _find(table, "gpt-5.5", "openai").cost(300_000, 0) == Decimal("1.5")


def test_what_an_own_price_leaves_out_keeps_its_ratio_to_the_list_price() -> None:
    listed = _find(PriceTable.load(), "claude-sonnet-4-6", "anthropic")
    half = {"input": listed.rates.input.base / 2}
    own = _find(PriceTable.load(prices={"claude-sonnet-4-6": half}), "claude-sonnet-4-6", "anthropic")
    assert own.own
    assert own.cost(1_000_000, 0, cached=1_000_000) * 2 == listed.cost(1_000_000, 0, cached=1_000_000)
    assert own.cost(1_000_000, 0, cache_write=1_000_000) * 2 == listed.cost(
        1_000_000, 0, cache_write=1_000_000
    )
    assert own.cost(1_000_000, 0, batch=True) * 2 == listed.cost(1_000_000, 0, batch=True)
    assert own.cost(0, 1000) == listed.cost(0, 1000)
    assert own.window == listed.window


def test_own_batch_and_cache_prices() -> None:
    own = {
        key: Decimal(value)
        for key, value in {
            "input": "2",
            "output": "8",
            "cached": "0.5",
            "cache-write": "3",
            "cache-write-1h": "4",
            "batch-input": "1.5",
            "batch-output": "6",
            "request": "0.01",
        }.items()
    }
    price = _find(PriceTable.load(prices={"house": own}), "house", "openai")
    assert price.cost(1_000_000, 0) == Decimal("2.01")
    assert price.cost(1_000_000, 0, cached=1_000_000) == Decimal("0.51")
    assert price.cost(1_000_000, 0, cache_write=1_000_000) == Decimal("3.01")
    assert price.cost(1_000_000, 0, cache_write_1h=1_000_000) == Decimal("4.01")
    assert price.cost(1_000_000, 1_000_000, batch=True) == Decimal("7.51")


def test_a_price_without_input_needs_a_known_model() -> None:
    table = PriceTable.load(prices={"house": {"output": Decimal(1)}})
    with pytest.raises(LlmLintError, match="has no `input`, and the price table does not know house"):
        table.find("house", "openai")


@given(
    own=st.fixed_dictionaries(
        {},
        optional={
            key: st.decimals(0, 100, places=3)
            for key in ("input", "output", "cached", "cache-write", "batch-input", "batch-output")
        },
    ),
    model=st.sampled_from(["gpt-4o", "claude-sonnet-4-6", "gpt-5.5", "gemini-2.5-pro"]),
    tokens=st.integers(0, 400_000),
    share=st.integers(0, 100),
    discount=st.decimals(0, 1, places=2),
)
def test_no_own_price_makes_a_cost_negative(
    own: dict[str, Decimal], model: str, tokens: int, share: int, discount: Decimal
) -> None:
    table = PriceTable(
        SNAPSHOT.as_of, SNAPSHOT.sources, SNAPSHOT.shelves, SNAPSHOT.snapshot, {}, {model: own}, discount
    )
    price = _find(table, model, "openai" if model.startswith("gpt") else "by-model")
    cached = tokens * share // 100
    assert price.cost(tokens, 100, cached=cached) >= 0
    assert price.cost(tokens, 100, cached=cached, batch=True) >= 0


SNAPSHOT = PriceTable.load()


@pytest.mark.parametrize(
    ("model", "provider", "minimum"),
    [
        ("gpt-4o", "openai", 1024),
        ("gpt-4o", "azure", 1024),
        ("claude-opus-4-5", "anthropic", 4096),
        ("claude-sonnet-4-6", "anthropic", 1024),
    ],
)
def test_the_least_cacheable_prefix(model: str, provider: str, minimum: int) -> None:
    assert _find(SNAPSHOT, model, provider).cache_minimum == minimum
