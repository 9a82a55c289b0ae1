"""Stand-ins: what is proposed for a model, and what never is."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from llm_lint.pricing.ladder import NOTICE, WORTH, Ladder, Needs, Step
from llm_lint.pricing.prices import Price, PriceTable

REFERENCE = json.loads((Path(__file__).parent / "data" / "model_ladder.json").read_text(encoding="utf-8"))
STEPS: tuple[Step, ...] = ("newer", "down", "simple")


@pytest.fixture(scope="module")
def ladder() -> Ladder:
    return Ladder.load()


def _cost(price: Price) -> Decimal:
    return price.cost(1000, 0 if "embed" in price.model else 300)


def _best(
    ladder: Ladder, table: PriceTable, model: str, provider: str, step: Step, needs: Needs | None = None
) -> Price | None:
    price = table.find(model, provider)
    assert price is not None
    return next(ladder.targets(price, step, table, needs or Needs(), _cost), None)


def test_proposals_agree_with_the_reference(ladder: Ladder, table: PriceTable) -> None:
    """Where it differs: another price of a moving alias, and ``command-r`` under its undated name."""
    differing = {
        (row["model"], step)
        for row in REFERENCE
        for step in STEPS
        if getattr(_best(ladder, table, row["model"], row["provider"], step), "model", None) != row[step]
    }
    assert {model for model, _ in differing} <= {
        "mistral-large-latest",
        "command-a-03-2025",
        "command-r-plus-08-2024",
    }


@pytest.mark.parametrize("row", REFERENCE, ids=lambda row: row["model"])
def test_every_proposal_is_worth_it_supported_and_stays(
    row: dict[str, str], ladder: Ladder, table: PriceTable
) -> None:
    price = table.find(row["model"], row["provider"])
    assert price is not None
    needs = Needs(tools=True, schema=True, sampling=True, input_tokens=50_000)
    for step in STEPS:
        for target in ladder.targets(price, step, table, needs, _cost):
            assert target.provider == price.provider
            assert _cost(target) <= WORTH * _cost(price)
            assert {"tools", "schema"} <= target.can
            assert target.sampling != "no"
            assert target.window is None or target.window >= 50_000
            assert target.retires is None or target.retires - table.as_of > NOTICE


def test_a_model_that_rejects_temperature_is_skipped_when_the_code_sets_it(
    ladder: Ladder, table: PriceTable
) -> None:
    free = _best(ladder, table, "claude-sonnet-4-6", "anthropic", "down")
    bound = _best(ladder, table, "claude-sonnet-4-6", "anthropic", "down", Needs(sampling=True))
    assert free is not None
    assert bound is not None
    assert (free.model, bound.model) == ("claude-haiku-5-5", "claude-haiku-4-5")


def test_a_window_that_is_too_small_is_skipped(ladder: Ladder, table: PriceTable) -> None:
    assert (
        _best(
            ladder,
            table,
            "claude-sonnet-4-6",
            "anthropic",
            "down",
            Needs(sampling=True, input_tokens=500_000),
        )
        is None
    )


def test_no_cheaper_general_model_means_no_proposal(ladder: Ladder, table: PriceTable) -> None:
    for step in STEPS:
        assert _best(ladder, table, "grok-4.5", "xai", step) is None
        assert _best(ladder, table, "gpt-4o-mini", "openai", step) is None


def test_a_model_about_to_retire_is_not_proposed(ladder: Ladder, table: PriceTable) -> None:
    later = replace(table, as_of=table.as_of + timedelta(days=3650), _found={})
    price = later.find("gemini-2.5-flash", "google-gemini")
    assert price is not None
    names = {target.model for target in ladder.targets(price, "down", later, Needs(), _cost)}
    assert "gemini-3.1-flash-lite" not in names
    assert _best(ladder, table, "gemini-2.5-flash", "google-gemini", "down") is not None


@pytest.mark.parametrize(
    ("model", "provider", "target"),
    [
        ("gpt-4o", "azure", "gpt-6-luna"),
        ("openai/gpt-4o", "openrouter", "openai/gpt-6-luna"),
        ("anthropic/claude-opus-4.5", "openrouter", "anthropic/claude-haiku-5.5"),
        ("us.anthropic.claude-sonnet-4-6", "aws-bedrock", "us.anthropic.claude-haiku-4-5-20251001-v1:0"),
        (
            "anthropic.claude-3-5-sonnet-20241022-v2:0",
            "aws-bedrock",
            "anthropic.claude-haiku-4-5-20251001-v1:0",
        ),
        ("claude-opus-4-5", "google-vertex", "claude-haiku-5-5"),
        ("amazon.nova-pro-v1:0", "aws-bedrock", "amazon.nova-micro-v1:0"),
    ],
)
def test_resold_models_stay_at_their_provider(
    model: str, provider: str, target: str, ladder: Ladder, table: PriceTable
) -> None:
    found = _best(ladder, table, model, provider, "simple")
    assert found is not None
    assert found.model == target


def test_what_a_reseller_does_not_list_is_taken_from_the_maker(ladder: Ladder, table: PriceTable) -> None:
    """OpenRouter's rows do not say that a model rejects temperature; its maker's do."""
    found = _best(ladder, table, "anthropic/claude-sonnet-4", "openrouter", "down", Needs(sampling=True))
    assert found is None or found.model != "anthropic/claude-haiku-5.5"


@pytest.mark.parametrize(
    ("model", "provider", "tier"),
    [
        ("gpt-4o-2024-08-06", "openai", "top"),
        ("gpt-5-mini", "openai", "middle"),
        ("gpt-4o-mini", "openai", "small"),
        ("claude-3-opus-20240229", "anthropic", "top"),
        ("claude-3-5-sonnet-latest", "anthropic", "middle"),
        ("claude-3-haiku-20240307", "anthropic", "small"),
        ("gemini-1.5-pro", "google-gemini", "top"),
        ("gemini-2.0-flash-exp", "google-gemini", "middle"),
        ("us.anthropic.claude-opus-4-5-20251101-v1:0", "aws-bedrock", "top"),
        ("deepseek-reasoner", "deepseek", "top"),
        ("command-r-plus", "cohere", "top"),
    ],
)
def test_tiers(model: str, provider: str, tier: str, ladder: Ladder, table: PriceTable) -> None:
    price = table.find(model, provider)
    assert price is not None
    rung = ladder.rung(price, table)
    assert rung is not None
    assert rung.tier == tier


def test_an_unranked_model_has_no_place(ladder: Ladder, table: PriceTable) -> None:
    price = table.find("whisper-1", "openai") or table.find("codex-mini", "openai")
    assert price is not None
    assert ladder.rung(price, table) is None


def test_the_cost_decides_not_the_list_price(ladder: Ladder, table: PriceTable) -> None:
    """At an input-heavy mix the same pair may be worth it that is not at an output-heavy one."""
    price = table.find("gemini-2.5-flash", "google-gemini")
    assert price is not None
    mixes: tuple[Callable[[Price], Decimal], ...] = (lambda p: p.cost(1000, 300), lambda p: p.cost(10_000, 1))
    names = [[t.model for t in ladder.targets(price, "down", table, Needs(), mix)] for mix in mixes]
    assert "gemini-3.1-flash-lite" in names[0]
    assert "gemini-3.1-flash-lite" not in names[1]
