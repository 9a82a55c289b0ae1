"""Costs and savings of single requests, against worked examples and against what must always hold."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_lint.model import ABSENT, UNKNOWN, Estimate, Known, Saving
from llm_lint.pricing import Pricing
from llm_lint.pricing.estimates import NOTHING, estimate, levels
from llm_lint.pricing.format import usd
from llm_lint.pricing.savings import needs_of
from tests.pricing.builders import data_loop, prompt, request

FREE_TEXT = estimate("0.02", "0.18", "0.45")
PRICING = Pricing.load()


def _month(saving: Saving) -> tuple[str, str, str]:
    assert saving.usd_per_month is not None
    low, expected, high = (usd(level) for level in levels(saving.usd_per_month))
    return low, expected, high


def _downgrade(pricing: Pricing, strong: bool = True, **fields: Any) -> tuple[Saving, str]:
    found = pricing.downgrade_saving(request(**{"task": "simple", **fields}), strong)
    assert found is not None
    return found


# --------------------------------------------------------------------------- worked examples


def test_the_cost_of_a_chat_request_on_gpt_4o(pricing: Pricing) -> None:
    cost = pricing.cost(request())
    assert cost is not None
    assert cost.usd_per_1000_requests == Estimate(Decimal("1.0575"), Decimal("4.9975"), Decimal("11.075"))
    assert [usd(level * 10) for level in levels(cost.usd_per_1000_requests)] == ["$11", "$50", "$110"]


def test_an_enum_label_on_gpt_4o(pricing: Pricing) -> None:
    saving, target = _downgrade(pricing)
    assert target == "gpt-6-luna"
    assert _month(saving) == ("$3.9", "$27", "$71")
    assert saving.percent is not None
    assert round(saving.percent.expected) == 86
    assert saving.usd_per_1000_requests is not None
    assert usd(saving.usd_per_1000_requests.expected) == "$2.7"
    assert saving.evidence == "E0"


def test_weaker_evidence_goes_one_step_down_and_moves_fewer_requests(pricing: Pricing) -> None:
    weak, target = _downgrade(pricing, strong=False)
    strong, _ = _downgrade(pricing)
    assert target == "gpt-6.1-terra"
    assert weak.percent is not None
    assert strong.percent is not None
    assert weak.percent.expected < strong.percent.expected


def test_a_response_cache_on_gpt_4o(pricing: Pricing) -> None:
    saving = pricing.cache_saving(request(), FREE_TEXT, "temperature is 0")
    assert saving.percent == estimate("2", "18", "45")
    assert _month(saving)[1] == "$9"


def test_a_batch_of_an_offline_job(pricing: Pricing) -> None:
    saving = pricing.batch_saving(request(entry_point="cli", loops=(data_loop(),)), offline=True)
    assert saving.percent == estimate("25", "40", "50")
    assert saving.volume is not None
    assert saving.volume.requests_per_month == 3000
    assert _month(saving)[1] == "$6"


def test_the_tokenizer_of_the_target_eats_part_of_the_saving(pricing: Pricing) -> None:
    """Sonnet 4.6 to Haiku 5.5: a 30th of the list price, for 1.31 times the tokens."""
    saving, target = _downgrade(pricing, model="claude-sonnet-4-6", provider="anthropic")
    assert target == "claude-haiku-5-5"
    assert saving.percent is not None
    ratio = Decimal("1.55") / Decimal("1.18")
    assert round(saving.percent.expected, 6) == round(90 * (1 - ratio / 30), 6)
    assert any("1.31 tokens" in words for words in saving.assumptions)


@pytest.mark.parametrize(
    ("volume", "expected"),
    [
        (10_000, ("0.8", "0.997", "0.9999")),
        (100, ("0.7", "0.7", "0.99")),
        (30, ("0", "0", "0.9666666666666666666666666667")),
        (1, ("0", "0", "0")),
        (0, ("0", "0", "0")),
    ],
)
def test_constant_input_is_asked_once_a_day(volume: int, expected: tuple[str, str, str]) -> None:
    booked = Pricing(PRICING.table, type(PRICING.volumes)((("app/agent.py", Decimal(volume)),)))
    assert booked.repeated_share(request()) == estimate(*expected)


def test_constant_input_without_a_volume_takes_the_reference(pricing: Pricing) -> None:
    assert pricing.repeated_share(request(entry_point="notebook")).expected == Decimal("0.997")


# --------------------------------------------------------------------------- unknown and zero


@pytest.mark.parametrize("model", [UNKNOWN, ABSENT, Known("my-deployment"), Known("")])
def test_without_a_model_the_share_is_known_and_the_money_is_not(model: Any, pricing: Pricing) -> None:
    subject = request(model, "azure")
    saving = pricing.cache_saving(subject, FREE_TEXT, "constant")
    assert pricing.cost(subject) is None
    assert saving.percent == estimate("2", "18", "45")
    assert saving.usd_per_1000_requests is None
    assert saving.usd_per_month is None
    assert any(words.startswith("no price") for words in saving.assumptions)
    assert pricing.downgrade_saving(subject, strong=True) is None


def test_without_a_model_a_batch_discount_is_not_invented(pricing: Pricing) -> None:
    saving = pricing.batch_saving(request(UNKNOWN), offline=True)
    assert (saving.percent, saving.usd_per_month) == (None, None)
    assert saving.note is not None


def test_an_alias_makes_a_deployment_known() -> None:
    aliased = Pricing.load(aliases={"my-deployment": "gpt-4o"})
    cost = aliased.cost(request("my-deployment", "azure"))
    assert cost is not None
    assert cost.usd_per_1000_requests.expected == Decimal("4.9975")


def test_nobody_batches_what_somebody_waits_for(pricing: Pricing) -> None:
    saving = pricing.batch_saving(request(), offline=False)
    assert (saving.percent, saving.usd_per_1000_requests, saving.usd_per_month) == (NOTHING, NOTHING, NOTHING)
    assert "time" in (saving.note or "")


def test_no_batch_price_is_zero_and_says_so(pricing: Pricing) -> None:
    saving = pricing.batch_saving(request("openai/gpt-4o", "openrouter"), offline=True)
    assert saving.usd_per_month == NOTHING
    assert "no batch price is known" in (saving.note or "")


def test_what_is_not_money_is_exactly_zero(pricing: Pricing) -> None:
    for subject in (None, request()):
        saving = pricing.zero(subject, "rotate the key")
        assert (saving.percent, saving.usd_per_1000_requests, saving.usd_per_month) == (
            NOTHING,
            NOTHING,
            NOTHING,
        )
        assert saving.note == "rotate the key"


def test_a_local_model_costs_nothing(pricing: Pricing) -> None:
    subject = request("llama3.1", "openai", local=True)
    cost = pricing.cost(subject)
    assert cost is not None
    assert cost.usd_per_1000_requests == NOTHING
    assert pricing.downgrade_saving(subject, strong=True) is None


@pytest.mark.parametrize("kind", ["image", "audio", "video", "agent"])
def test_what_is_not_billed_by_text_tokens_has_no_cost(kind: str, pricing: Pricing) -> None:
    subject = request(kind=kind)
    assert pricing.cost(subject) is None
    assert any(kind in words for words in pricing.cache_saving(subject, FREE_TEXT, "constant").assumptions)


@pytest.mark.parametrize(
    "fields", [{"entry_point": "test"}, {"excluded": "example"}, {"entry_point": "notebook"}]
)
def test_tests_and_examples_have_no_month(fields: dict[str, str], pricing: Pricing) -> None:
    saving = pricing.cache_saving(request(**fields), FREE_TEXT, "constant")
    assert saving.volume is None
    assert saving.usd_per_month is None
    assert saving.usd_per_1000_requests is not None


@pytest.mark.parametrize(
    ("model", "provider"),
    [
        ("gpt-4o-mini", "openai"),
        ("claude-haiku-4-5", "anthropic"),
        ("grok-4.5", "xai"),
        ("gpt-6-luna", "openai"),
    ],
)
def test_small_models_and_makers_without_a_cheaper_one_have_no_finding(
    model: str, provider: str, pricing: Pricing
) -> None:
    assert pricing.downgrade_saving(request(model, provider, task="simple"), strong=True) is None


# --------------------------------------------------------------------------- what a stand-in must offer


def test_the_target_keeps_the_route_in_front(pricing: Pricing) -> None:
    assert _downgrade(pricing, model="openai/gpt-4o", provider="by-model")[1] == "openai/gpt-6-luna"
    assert _downgrade(pricing, model="vertex_ai/gemini-2.5-pro", provider="by-model")[1].startswith(
        "vertex_ai/"
    )


def test_a_set_temperature_is_respected_or_said(pricing: Pricing) -> None:
    zero = {"temperature": Known(0)}
    assert (
        _downgrade(pricing, model="claude-sonnet-4-6", provider="anthropic", parameters=zero)[1]
        == "claude-haiku-4-5"
    )
    saving, _ = _downgrade(pricing, parameters=zero)
    assert "gpt-6-luna takes a temperature only with reasoning effort none" in saving.assumptions


def test_no_stand_in_with_room_for_the_prompt_means_no_finding(pricing: Pricing) -> None:
    long = {"prompt": prompt("word " * 250_000), "parameters": {"temperature": Known(0)}, "task": "simple"}
    assert pricing.downgrade_saving(request("claude-sonnet-4-6", "anthropic", **long), strong=True) is None


def test_an_unknown_parameter_counts_as_used() -> None:
    needs = needs_of(
        request(parameters={"tools": UNKNOWN, "response_format": ABSENT, "temperature": UNKNOWN})
    )
    assert (needs.tools, needs.schema, needs.sampling, needs.vision) == (True, False, True, False)
    assert needs_of(request(task_vetoes=("images",))).vision


# --------------------------------------------------------------------------- words


def test_assumptions_name_price_day_tokens_volume_and_share(pricing: Pricing) -> None:
    saving = pricing.cache_saving(request(), FREE_TEXT, "equal arguments mean equal answers")
    text = "\n".join(saving.assumptions)
    for part in (
        pricing.as_of,
        "gpt-4o at openai",
        "input:",
        "output:",
        "10,000 requests a month, assumed",
        "18 %",
    ):
        assert part in text


def test_a_configured_volume_is_evidence(pricing: Pricing) -> None:
    booked = Pricing.load(volumes=(("app/agent.py", Decimal(60_000)),))
    before = pricing.cache_saving(request(), FREE_TEXT, "constant")
    after = booked.cache_saving(request(), FREE_TEXT, "constant")
    assert (before.evidence, after.evidence) == ("E0", "E1")
    assert before.usd_per_month is not None
    assert after.usd_per_month is not None
    assert after.usd_per_month.expected == 6 * before.usd_per_month.expected
    assert after.usd_per_1000_requests == before.usd_per_1000_requests
    assert "60,000 requests a month, as configured" in after.assumptions


def test_a_default_model_is_named_as_such(pricing: Pricing) -> None:
    cost = pricing.cost(request(Known("gpt-4o", "env-default")))
    assert cost is not None
    assert any("environment variable" in words for words in cost.assumptions)


# --------------------------------------------------------------------------- what must always hold

MODELS = st.sampled_from(
    [
        ("gpt-4o", "openai"),
        ("o3", "openai"),
        ("gpt-5-mini", "openai"),
        ("gpt-5.5", "openai"),
        ("claude-opus-4-5", "anthropic"),
        ("claude-sonnet-4-6", "anthropic"),
        ("gemini-2.5-pro", "google-gemini"),
        ("deepseek-reasoner", "deepseek"),
        ("mistral-medium-latest", "mistral"),
        ("us.anthropic.claude-sonnet-4-6", "aws-bedrock"),
    ]
)
TEXTS = st.text(alphabet="abc de.\n", max_size=400)


def _is_sane(saving: Saving) -> bool:
    amounts = (saving.percent, saving.usd_per_1000_requests, saving.usd_per_month)
    ordered = all(0 <= a.low <= a.expected <= a.high for a in amounts if a is not None)
    return ordered and (saving.percent is None or saving.percent.high <= 100)


@given(MODELS, TEXTS, st.booleans(), st.booleans(), st.one_of(st.none(), st.integers(1, 3000)))
def test_savings_are_ordered_and_never_above_the_cost(
    model: tuple[str, str], text: str, complete: bool, strong: bool, cap: int | None
) -> None:
    parameters = {} if cap is None else {"max_tokens": Known(cap)}
    subject = request(*model, task="simple", prompt=prompt(text, complete=complete), parameters=parameters)
    cost = PRICING.cost(subject)
    assert cost is not None
    found = PRICING.downgrade_saving(subject, strong)
    savings = [PRICING.batch_saving(subject, True), PRICING.cache_saving(subject, FREE_TEXT, "why")]
    savings += [found[0]] if found is not None else []
    for saving in savings:
        assert _is_sane(saving)
        assert saving.usd_per_1000_requests is not None
        assert saving.usd_per_1000_requests.high <= cost.usd_per_1000_requests.high


@given(st.lists(st.decimals(0, 1, places=3), min_size=3, max_size=3).map(sorted), MODELS)
def test_a_larger_share_saves_more(shares: list[Decimal], model: tuple[str, str]) -> None:
    smaller = PRICING.share_saving(request(*model), Estimate(*(share / 2 for share in shares)), "why")
    larger = PRICING.share_saving(request(*model), Estimate(*shares), "why")
    assert _is_sane(larger)
    assert smaller.usd_per_month is not None
    assert larger.usd_per_month is not None
    assert smaller.usd_per_month.expected <= larger.usd_per_month.expected


@given(st.integers(0, 1_000_000), st.integers(0, 1_000_000))
def test_a_month_is_linear_in_its_volume(first: int, second: int) -> None:
    def month(volume: int) -> Decimal:
        pricing = Pricing(PRICING.table, type(PRICING.volumes)((("app/agent.py", Decimal(volume)),)))
        saving = pricing.cache_saving(request(), FREE_TEXT, "why")
        assert saving.usd_per_month is not None
        return saving.usd_per_month.expected

    assert month(first) + month(second) == month(first + second)
