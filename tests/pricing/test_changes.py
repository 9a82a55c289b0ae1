"""What a change does to the bill: which request is which, what differs, and the dollars."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_lint.model import UNKNOWN, Evidence, Known, Loop, Request
from llm_lint.pricing import Pricing
from llm_lint.pricing.changes import Change, compare
from llm_lint.pricing.guards import guards
from llm_lint.pricing.matching import pairs
from tests.pricing.builders import data_loop, prompt, request, span

PRICING = Pricing.load()
CLASSIFY = prompt("Classify the ticket as one of bug, question, praise.", "text")
SUMMARISE = prompt("Summarise the following conversation in two sentences.", "text")


def _at(place: str, **fields: object) -> Request:
    return request(key=place, **fields)  # type: ignore[arg-type]


def _only(before: list[Request], after: list[Request]) -> Change:
    (change,) = compare(before, after, PRICING, PRICING).changes
    return change


def _matched(before: list[Request], after: list[Request]) -> set[tuple[str | None, str | None]]:
    return {(b and b.key, a and a.key) for b, a in pairs(before, after)}


# --------------------------------------------------------------------------- which is which


def test_a_request_put_before_another_does_not_take_its_place() -> None:
    before = [_at("a.py::f#0", prompt=CLASSIFY)]
    after = [_at("a.py::f#0", prompt=SUMMARISE), _at("a.py::f#1", prompt=CLASSIFY)]
    assert _matched(before, after) == {("a.py::f#0", "a.py::f#1"), (None, "a.py::f#0")}


def test_a_file_that_was_renamed() -> None:
    before, after = [_at("old.py::Agent.ask#0")], [_at("new.py::Agent.ask#0", model="gpt-4o-mini")]
    assert _matched(before, after) == {("old.py::Agent.ask#0", "new.py::Agent.ask#0")}


def test_a_function_that_was_renamed_is_known_by_its_prompt() -> None:
    before, after = [_at("a.py::f#0", prompt=CLASSIFY)], [_at("b.py::g#0", prompt=CLASSIFY)]
    assert _matched(before, after) == {("a.py::f#0", "b.py::g#0")}


def test_modules_are_not_confused_for_being_called_the_same() -> None:
    before, after = [_at("a.py::<module>#0")], [_at("b.py::<module>#0")]
    assert _matched(before, after) == {("a.py::<module>#0", None), (None, "b.py::<module>#0")}


def test_another_sdk_in_the_same_function_is_a_change() -> None:
    before = [_at("a.py::f#0")]
    after = [
        _at("a.py::f#0", callee="Anthropic.messages.create", model="claude-haiku-4-5", provider="anthropic")
    ]
    change = _only(before, after)
    assert change.kind == "changed"
    assert [detail.what for detail in change.details][:2] == ["model", "provider"]


KEYS = st.sampled_from([f"{file}.py::{name}" for file in "ab" for name in ("f", "g", "<module>")])


@given(st.lists(KEYS, max_size=6), st.lists(KEYS, max_size=6))
def test_every_request_is_in_one_pair(before: list[str], after: list[str]) -> None:
    old = [_at(f"{key}#{number}") for number, key in enumerate(before)]
    new = [_at(f"{key}#{number}") for number, key in enumerate(after)]
    found = pairs(old, new)
    assert sorted(b.key for b, _ in found if b) == sorted(r.key for r in old)
    assert sorted(a.key for _, a in found if a) == sorted(r.key for r in new)


@given(st.lists(KEYS, max_size=6))
def test_nothing_changed_is_nothing(keys: list[str]) -> None:
    requests = [_at(f"{key}#{number}") for number, key in enumerate(keys)]
    assert compare(requests, requests, PRICING, PRICING).changes == ()


# --------------------------------------------------------------------------- dollars


def test_an_added_request_costs_what_it_costs() -> None:
    change = _only([], [_at("a.py::f#0")])
    cost = PRICING.cost(_at("a.py::f#0"))
    assert cost is not None
    assert (change.kind, change.unit) == ("added", cost.usd_per_1000_requests)
    assert change.month is not None
    assert change.month.expected == cost.usd_per_1000_requests.expected * 10


def test_adding_and_removing_cancel_out() -> None:
    added, removed = _only([], [_at("a.py::f#0")]), _only([_at("a.py::f#0")], [])
    assert added.month is not None
    assert removed.month is not None
    assert removed.month.expected == -added.month.expected
    assert (removed.month.low, removed.month.high) == (-added.month.high, -added.month.low)


def test_a_cheaper_model_only_moves_the_price() -> None:
    change = _only([_at("a.py::f#0")], [_at("a.py::f#0", model="gpt-4o-mini")])
    before, after = PRICING.cost(_at("x")), PRICING.cost(_at("x", model="gpt-4o-mini"))
    assert change.unit is not None
    assert before is not None
    assert after is not None
    assert change.unit.expected == (
        after.usd_per_1000_requests.expected - before.usd_per_1000_requests.expected
    )
    assert change.unit.high < 0
    assert [(d.what, d.before, d.after) for d in change.details] == [("model", "gpt-4o", "gpt-4o-mini")]


@pytest.mark.parametrize(
    ("fields", "what", "sign"),
    [
        ({"parameters": {"max_tokens": Known(20)}}, "output cap", -1),
        ({"parameters": {"n": Known(3)}}, "answers", 1),
        ({"prompt": prompt("word " * 3000)}, "input tokens", 1),
        ({"loops": (data_loop(40),)}, "loop", 1),
        ({"loops": (data_loop(),)}, "loop", 1),
        ({"parameters": {"max_tokens": Known(20), "tools": UNKNOWN}}, "tools", -1),
        ({"cached": Evidence(True, "lru_cache")}, "cache", -1),
        ({"entry_point": "cli"}, "runs from", -1),
    ],
)
def test_every_kind_of_change_is_named_and_priced(fields: dict[str, object], what: str, sign: int) -> None:
    there, back = _at("a.py::f#0"), _at("a.py::f#0", **fields)
    change, reverse = _only([there], [back]), _only([back], [there])
    assert what in [detail.what for detail in change.details]
    assert change.month is not None
    assert reverse.month is not None
    assert change.month.expected * sign > 0
    assert reverse.month.expected * sign < 0


def test_a_new_loop_of_known_length_multiplies() -> None:
    change = _only([_at("a.py::f#0")], [_at("a.py::f#0", loops=(data_loop(5),))])
    cost = PRICING.cost(_at("x"))
    assert change.month is not None
    assert cost is not None
    assert change.month.expected == cost.usd_per_1000_requests.expected * 10 * 4
    assert change.because == ("a run sends 5 requests where it sent 1 request",)


def test_a_loop_that_the_volume_counts_already_does_not_multiply_again() -> None:
    before, after = (_at("a.py::f#0", entry_point="cli", loops=loops) for loops in ((), (data_loop(5),)))
    change = _only([before], [after])
    assert change.because == ()
    assert change.month is not None


def test_chat_and_retry_loops_are_no_multiplication() -> None:
    chat = Loop("chat", "direct", "while", span(), "main", False)
    change = _only([_at("a.py::f#0")], [_at("a.py::f#0", loops=(chat,))])
    assert change.because == ()


def test_what_is_not_known_has_no_amount() -> None:
    change = _only([_at("a.py::f#0")], [_at("a.py::f#0", model=UNKNOWN)])
    assert (change.unit, change.month) == (None, None)
    assert change.is_unpriced
    assert change.model_is_new
    changes = compare([_at("a.py::f#0")], [_at("a.py::f#0", model=UNKNOWN)], PRICING, PRICING)
    assert changes.delta.expected == 0


def test_requests_of_tests_are_left_out() -> None:
    assert (
        compare(
            [], [_at("t.py::f#0", excluded="test"), _at("b.py::f#0", billed=False)], PRICING, PRICING
        ).changes
        == ()
    )


@given(
    st.lists(st.tuples(KEYS, st.sampled_from(["gpt-4o", "gpt-4o-mini", "o3"])), max_size=5),
    st.lists(st.tuples(KEYS, st.sampled_from(["gpt-4o", "gpt-4o-mini", "o3"])), max_size=5),
)
def test_the_differences_add_up_to_the_bills(
    before: list[tuple[str, str]], after: list[tuple[str, str]]
) -> None:
    old = [_at(f"{key}#{number}", model=model) for number, (key, model) in enumerate(before)]
    new = [_at(f"{key}#{number}", model=model) for number, (key, model) in enumerate(after)]
    there, back = compare(old, new, PRICING, PRICING), compare(new, old, PRICING, PRICING)
    assert abs(there.before.expected + there.delta.expected - back.before.expected) < Decimal("1e-12")
    assert there.delta.low <= there.delta.expected <= there.delta.high


# --------------------------------------------------------------------------- limits


def test_limits_are_kept_or_broken() -> None:
    changes = compare([_at("a.py::f#0")], [_at("a.py::f#0"), _at("a.py::g#0")], PRICING, PRICING)
    rise = changes.delta.expected
    kept, broken = (next(guards(changes, max_usd=limit)) for limit in (rise, rise - Decimal("0.01")))
    assert (kept.broken, broken.broken) == (False, True)
    assert next(guards(changes, max_percent=Decimal(99))).broken
    assert not next(guards(changes, max_percent=Decimal(100))).broken
    assert list(guards(changes)) == []


def test_a_percentage_of_nothing_is_not_judged() -> None:
    (guard,) = guards(compare([], [_at("a.py::f#0")], PRICING, PRICING), max_percent=Decimal(1))
    assert (guard.broken, guard.found) == (False, "nothing was billed before")


def test_only_unknown_models_that_came_in_are_blocked() -> None:
    unknown = _at("a.py::f#0", model="our-deployment")
    changed = replace(unknown, entry_point="cli")
    assert next(guards(compare([], [unknown], PRICING, PRICING), block_unknown=True)).broken
    assert not next(guards(compare([unknown], [changed], PRICING, PRICING), block_unknown=True)).broken
    assert not next(guards(compare([unknown], [], PRICING, PRICING), block_unknown=True)).broken


def test_a_longer_prompt_is_a_change_also_where_nothing_is_priced() -> None:
    before, after = (_at("a.py::f#0", model=UNKNOWN, prompt=text) for text in (CLASSIFY, SUMMARISE))
    (detail,) = _only([before], [after]).details
    assert detail.what == "input tokens"


def test_what_is_not_billed_by_tokens_is_no_unknown_model() -> None:
    image = _at("a.py::f#0", model="gpt-image-1", kind="image")
    changes = compare([], [image], PRICING, PRICING)
    assert len(changes.changes) == 1
    assert not next(guards(changes, block_unknown=True)).broken
