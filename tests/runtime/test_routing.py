"""Cascades, shares and comparisons."""

from __future__ import annotations

import random
from typing import Any

import openai
import pytest

from llm_lint.runtime import cached, cascade, compare, split
from tests.fake_provider import FakeProvider
from tests.runtime.conftest import Record


def said(gpt: openai.OpenAI, model: str, text: str = "hello") -> str:
    messages: Any = [{"role": "user", "content": text}]
    found = gpt.chat.completions.create(model=model, messages=messages, temperature=0)
    return str(found.choices[0].message.content)


def test_a_cascade_stops_at_the_first_accepted_answer(gpt: openai.OpenAI, records: list[Record]) -> None:
    strong = said(gpt, "gpt-4o")
    records.clear()
    found = cascade(lambda model: said(gpt, model), ["gpt-4o-mini", "gpt-4o"], lambda text: text == strong)
    assert found == strong
    assert [record["variant"] for record in records] == ["cascade:gpt-4o-mini", "cascade:gpt-4o"]
    cascade(lambda model: said(gpt, model), ["gpt-4o-mini", "gpt-4o"], lambda text: True)
    assert len(records) == 3
    with pytest.raises(ValueError, match="empty"):
        cascade(str, [], bool)


def test_shares_are_sticky_and_kept() -> None:
    shares = {"big": 0.8, "small": 0.2}
    chosen = [split(shares, user) for user in range(2000)]
    assert chosen == [split(shares, user) for user in range(2000)]
    assert 0.17 < chosen.count("small") / 2000 < 0.23
    assert {split(["a", "b"], user) for user in range(50)} == {"a", "b"}
    assert {split({"a": 1, "b": 0}, user) for user in range(50)} == {"a"}
    with pytest.raises(ValueError, match="positive"):
        split({}, 1)


def scored(right_a: float, right_b: float, count: int) -> Any:
    chance = random.Random(1)
    answers = {
        case: {"a": chance.random() < right_a, "b": chance.random() < right_b} for case in range(count)
    }
    return compare(
        lambda model, case: answers[case][model],
        "a",
        "b",
        range(count),
        lambda case, answer: float(answer),
        0.05,
    )


def test_a_verdict_needs_enough_cases() -> None:
    few = scored(0.9, 0.9, 20)
    assert (few.verdict, few.needed > 20) == ("undecided", True)
    worse = scored(0.95, 0.6, 1500)
    assert worse.verdict == "inferior"
    assert worse.low < worse.difference < worse.high < -0.05
    assert scored(1, 1, 1500).verdict == "non-inferior"


def test_a_comparison_asks_anew(gpt: openai.OpenAI, provider: FakeProvider) -> None:
    with cached(60):
        said(gpt, "gpt-4o", "case 1")
        compare(
            lambda model, case: said(gpt, model, case), "gpt-4o", "gpt-4o-mini", ["case 1"], lambda *_: 1.0
        )
    assert len(provider.ledger) == 3
