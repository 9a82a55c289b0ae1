"""Tokens of one request: counted where shown, from the trace where not, in words either way."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_lint.model import UNKNOWN, Estimate, Known
from llm_lint.pricing.prices import PriceTable
from llm_lint.pricing.tokens import count_tokens, estimate_tokens
from llm_lint.pricing.workload import is_label, thinking_of, workload
from tests.pricing.builders import prompt, request

CHAT_INPUT = Estimate(Decimal(207), Decimal(1155), Decimal(2734))
CHAT_OUTPUT = Estimate(Decimal(54), Decimal(211), Decimal(424))
LABEL_OUTPUT = Estimate(Decimal(7), Decimal(28), Decimal(55))


def test_nothing_shown_is_the_trace() -> None:
    load = workload(request())
    assert (load.input, load.output) == (CHAT_INPUT, CHAT_OUTPUT)
    assert any("Azure 2023" in words for words in load.because)


def test_a_complete_static_prompt_is_its_own_size_and_its_frame() -> None:
    text = "Name one river of Portugal."
    load = workload(request(prompt=prompt(text, messages=2)))
    assert load.input.expected == estimate_tokens(text) + 9
    assert load.input.high - load.input.low == estimate_tokens(text) * Decimal("0.1")


def test_an_incomplete_prompt_is_at_least_what_is_shown() -> None:
    text = "word " * 5000
    load = workload(request(prompt=prompt(text, complete=False)))
    assert load.input.expected == estimate_tokens(text) + 20
    short = workload(request(prompt=prompt("Hello", complete=False)))
    assert short.input == CHAT_INPUT


@pytest.mark.parametrize(
    ("hole", "expected"),
    [
        ("user_id", 10),
        ("row['language']", 10),
        ("str(order.category)", 10),
        ("question", 60),
        ("request.user_query", 60),
        ("document", None),
        ("ticket", None),
        ("context_for(question)", None),
        ("messages", None),
        ("prompt", None),
        ("contents", None),
    ],
)
def test_slots_by_name(hole: str, expected: int | None) -> None:
    load = workload(request(prompt=prompt("Label:", hole, messages=0), kind="completion"))
    assert load.input.expected == (1155 if expected is None else estimate_tokens("Label:") + expected)


def test_the_output_of_a_simple_task_is_a_label() -> None:
    assert workload(request(task="simple")).output == LABEL_OUTPUT
    assert workload(request(parameters={"max_tokens": Known(5)})).output == LABEL_OUTPUT
    assert workload(request(task="complex")).output == CHAT_OUTPUT


def test_a_cap_holds_for_what_is_billed(table: PriceTable) -> None:
    price = table.find("o3", "openai")
    assert price is not None
    free, capped = request("o3"), request("o3", parameters={"max_tokens": Known(100)})
    assert workload(free).for_model(price, free).output == Estimate(Decimal(54), Decimal(844), Decimal(4240))
    assert workload(capped).for_model(price, capped).output == Estimate(
        Decimal(54), Decimal(100), Decimal(100)
    )


@pytest.mark.parametrize("cap", [UNKNOWN, Known("many"), Known(0), Known(None)])
def test_a_cap_that_is_not_a_number_claims_nothing(cap: Any) -> None:
    assert workload(request(parameters={"max_tokens": cap})).output == CHAT_OUTPUT


def test_several_answers_multiply_the_output() -> None:
    assert workload(request(parameters={"n": Known(3)})).output.expected == 633
    assert workload(request(parameters={"n": UNKNOWN})).output.expected == 211


def test_embeddings_have_no_output() -> None:
    load = workload(request("text-embedding-3-small", kind="embedding", prompt=prompt("Some text.")))
    assert load.output.high == 0
    assert load.input.expected == estimate_tokens("Some text.")


def test_reasoning_switched_off_is_not_charged(table: PriceTable) -> None:
    price = table.find("gpt-5", "openai")
    assert price is not None
    assert thinking_of(price, request("gpt-5")).high == 10
    assert thinking_of(price, request("gpt-5", parameters={"reasoning": Known("minimal")})).high == 1


def test_other_vendors_count_their_own_tokens(table: PriceTable) -> None:
    price = table.find("claude-sonnet-4-6", "anthropic")
    assert price is not None
    tokens = workload(request()).for_model(price, request())
    assert tokens.input == Estimate(Decimal("223.56"), Decimal("1362.90"), Decimal("3554.20"))


def test_near_a_price_tier_the_prompt_is_counted() -> None:
    text = "many words of a very long instruction " * 30
    load = workload(request(prompt=prompt(text, messages=1)), tiers=(estimate_tokens(text),))
    assert load.input.expected == count_tokens(text) + 6
    assert load.input.low == load.input.high
    assert "counted" in load.because[0]


def test_what_is_left_out_is_said() -> None:
    words = workload(request(parameters={"tools": Known([1])}, task_vetoes=("images",))).because
    assert "tool definitions are not counted" in words
    assert "image tokens are not counted" in words


def test_labels() -> None:
    assert is_label(request(task="simple"))
    assert is_label(request(parameters={"max_tokens": Known(64)}))
    assert not is_label(request(parameters={"max_tokens": Known(65)}))


@given(
    st.text(max_size=300),
    st.lists(st.sampled_from(["user_id", "question", "document", "x"]), max_size=4),
    st.booleans(),
    st.one_of(st.none(), st.integers(1, 5000)),
)
def test_levels_are_ordered(text: str, holes: list[str], complete: bool, cap: int | None) -> None:
    parameters = {} if cap is None else {"max_tokens": Known(cap)}
    load = workload(request(prompt=prompt(text, *holes, complete=complete), parameters=parameters))
    for estimate in (load.input, load.output):
        assert 0 <= estimate.low <= estimate.expected <= estimate.high
