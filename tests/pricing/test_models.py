"""Strings as real code writes them, and what they are taken to mean."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_lint.pricing import models
from llm_lint.pricing.prices import PriceTable

STRINGS = json.loads((Path(__file__).parent / "data" / "model_strings.json").read_text(encoding="utf-8"))
PRICEABLE = [row for row in STRINGS if row["priceable"]]
# Better than the references: a fine-tuned model at its own price, a malformed id, an unlisted model.
BETTER = {
    "ft:gpt-4o-mini:acemeco:suffix:abc123": (0.3, 1.2),
    "openrouter/claude-sonnet-4": (3.0, 15.0),
    "anthropic.claude-v2": (8.0, 24.0),
}


def _is_right(row: dict[str, object], table: PriceTable) -> bool:
    price = table.find(str(row["model"]), str(row["hint"]))
    if price is None or price.provider != row["provider"]:
        return False
    paid = (float(price.rates.input.base), float(price.rates.output.base))
    return list(paid) in row["prices"] or BETTER.get(str(row["model"])) == paid  # type: ignore[operator]


def test_at_least_97_percent_of_real_model_strings_are_priced_right(table: PriceTable) -> None:
    wrong = [row["model"] for row in PRICEABLE if not _is_right(row, table)]
    assert len(PRICEABLE) > 120
    assert len(wrong) / len(PRICEABLE) <= 0.03, wrong


@pytest.mark.parametrize(
    "row", [row for row in STRINGS if row["kind"] == "local"], ids=lambda row: row["model"]
)
def test_local_models_cost_nothing(row: dict[str, str], table: PriceTable) -> None:
    price = table.find(row["model"], row["hint"])
    assert price is not None
    assert price.local
    assert price.cost(10_000, 10_000) == 0


@pytest.mark.parametrize(
    "row", [row for row in STRINGS if row["kind"] == "free"], ids=lambda row: row["model"]
)
def test_free_models_cost_nothing_but_are_not_local(row: dict[str, str], table: PriceTable) -> None:
    price = table.find(row["model"], row["hint"])
    assert price is not None
    assert not price.local
    assert price.cost(10_000, 10_000) == 0


@pytest.mark.parametrize(
    ("model", "hint"),
    [
        ("GPT4", "azure"),
        ("my-production-deployment", "azure"),
        ("claude-3", "by-model"),
        ("openrouter/mythomax", "by-model"),
        ("meta-llama/Llama-3.1-8B-Instruct", None),
        ("gpt-99-ultra", "openai"),
        ("google/gemma-2-9b-it", "huggingface"),
        ("llama3.1", "ollama-cloud"),
        ("", "openai"),
    ],
)
def test_what_a_string_does_not_say_stays_unknown(model: str, hint: str | None, table: PriceTable) -> None:
    assert table.find(model, hint) is None


def test_a_deployment_named_after_a_model_is_an_assumption(table: PriceTable) -> None:
    price = table.find("gpt-4o", "azure")
    assert price is not None
    assert price.assumed is not None
    assert "deployment" in price.assumed


@pytest.mark.parametrize(
    ("model", "hint", "provider", "found"),
    [
        ("gpt-4o", None, "openai", "gpt-4o"),
        ("GPT-4o-2024-08-06", "openai", "openai", "gpt-4o"),
        ("openai/gpt-4o", "openai", "openai", "gpt-4o"),
        ("openai:gpt-4o", "by-model", "openai", "gpt-4o"),
        ("openai/gpt-oss-20b", "groq", "groq", "openai/gpt-oss-20b"),
        ("groq/openai/gpt-oss-20b", "by-model", "groq", "openai/gpt-oss-20b"),
        ("openrouter/openai/gpt-4o-2024-11-20", None, "openrouter", "openai/gpt-4o"),
        ("anthropic/claude-sonnet-4", "openrouter", "openrouter", "anthropic/claude-sonnet-4"),
        ("claude-sonnet-4.6", "anthropic", "anthropic", "claude-sonnet-4-6"),
        ("claude-3-5-sonnet-v2@20241022", "google-vertex", "google", "claude-3-5-sonnet"),
        ("vertex_ai/gemini-2.5-pro", "by-model", "google", "gemini-2.5-pro"),
        ("models/gemini-1.5-flash", "google-gemini", "google", "gemini-1.5-flash"),
        ("gemini-2.5-flash-preview-04-17", "google-vertex", "google", "gemini-2.5-flash-preview"),
        ("mistral-small", "mistral", "mistral", "mistral-small"),
        ("gemini-2.5-pro-preview-05-06", "google-gemini", "google", "gemini-2.5-pro"),
        ("qwen-plus", "by-model", "dashscope", "qwen-plus"),
        ("accounts/fireworks/models/kimi-k2p5", "fireworks", "fireworks", "kimi-k2p5"),
        ("bedrock/us-east-1/amazon.nova-pro-v1:0", "by-model", "aws", "amazon.nova-pro-v1:0"),
    ],
)
def test_routes_regions_dates_and_vendors_are_read(
    model: str, hint: str | None, provider: str, found: str, table: PriceTable
) -> None:
    price = table.find(model, hint)
    assert price is not None
    assert (price.provider, price.model) == (provider, found)


def test_a_bare_bedrock_id_is_not_priced_as_a_regional_profile(table: PriceTable) -> None:
    bare = table.find("anthropic.claude-haiku-4-5-20251001-v1:0", "aws-bedrock")
    regional = table.find("us.anthropic.claude-haiku-4-5-20251001-v1:0", "aws-bedrock")
    assert bare is not None
    assert regional is not None
    assert regional.rates.input.base == bare.rates.input.base * 11 / 10


def test_a_fine_tune_without_own_price_is_its_base_and_says_so(table: PriceTable) -> None:
    base, tuned = table.find("gpt-6-luna", "openai"), table.find("ft:gpt-6-luna:org:abc", "openai")
    assert base is not None
    assert tuned is not None
    assert tuned.rates == base.rates
    assert tuned.approximate
    assert not base.approximate


def test_a_fine_tune_with_own_price_is_exact(table: PriceTable) -> None:
    tuned = table.find("ft:gpt-4o-mini-2024-07-18:org::abc", "openai")
    assert tuned is not None
    assert tuned.rates.input.base == 2 * table.find("gpt-4o-mini", "openai").rates.input.base  # type: ignore[union-attr]
    assert not tuned.approximate


def test_an_unlisted_version_is_priced_as_the_nearest_name_and_says_so(table: PriceTable) -> None:
    price = table.find("gpt-4o-2031-01-01", "openai")
    assert price is not None
    assert price.model == "gpt-4o"
    assert price.assumed == "priced as gpt-4o, the nearest known name"


def test_a_gateway_passes_the_list_price_on_with_an_assumption(table: PriceTable) -> None:
    price = table.find("gpt-4o", "unknown")
    assert price is not None
    assert price.provider == "openai"
    assert price.approximate


def test_another_vendors_model_behind_an_openai_client_is_priced_as_that_vendors(table: PriceTable) -> None:
    price = table.find("deepseek-chat", "openai")
    assert price is not None
    assert price.provider == "deepseek"
    assert price.approximate


def test_the_route_is_kept_for_proposals() -> None:
    assert models.resolve("openrouter/openai/gpt-4o").prefix == "openrouter/"
    assert models.resolve("openai:gpt-4o").prefix == "openai:"
    assert models.resolve("openai/gpt-4o", "openrouter").prefix == ""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("us.anthropic.claude-haiku-4-5-20251001-v1:0", "claude-haiku-4-5-20251001-v1:0"),
        ("regional.anthropic.claude-opus-5", "claude-opus-5"),
        ("openai/gpt-4o", "gpt-4o"),
        ("nvidia/nemotron:free", "nemotron"),
    ],
)
def test_bare_names(name: str, expected: str) -> None:
    assert models.bare(name) == expected


def test_every_named_provider_has_prices(table: PriceTable) -> None:
    named = {provider for _, provider in models._OWNERS} | set(models.VENDOR_FOLDERS) | models.RESELLERS
    assert named - set(table.shelves) <= {"featherless", "friendli"}


def test_a_cloud_sells_what_only_the_maker_still_lists_at_the_makers_price(table: PriceTable) -> None:
    price = table.find("anthropic.claude-v2", "aws-bedrock")
    assert price is not None
    assert (price.provider, price.assumed) == ("aws", "priced as its maker, anthropic, prices it")
    assert price.batch is None


NAMES = st.one_of(
    st.text(max_size=40),
    st.from_regex(
        r"([a-z_]{1,9}[/:.@-]){0,4}(gpt-4o|claude-3|gemini|ft:|us\.|models/)[a-z0-9.:@/-]{0,12}",
        fullmatch=True,
    ),
)
HINTS = st.one_of(st.none(), st.sampled_from(sorted(models.PROVIDERS)), st.text(max_size=12))


@given(NAMES, HINTS)
def test_any_text_is_priced_or_unknown(name: str, hint: str | None) -> None:
    price = ALL.find(name, hint)
    if price is not None:
        assert price.cost(1000, 1000) >= 0
        assert models.resolve(name, hint).exact


ALL = PriceTable.load()
