"""Estimates of requests that a usage log has: measured volumes, tokens and repeats instead of assumptions."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_lint.model import UNKNOWN, Estimate, Request
from llm_lint.pricing import Pricing
from llm_lint.pricing.billed import Billed
from llm_lint.pricing.measured import measurements, thresholds
from llm_lint.usage.records import Record
from llm_lint.usage.statistics import Log, add_up
from tests.pricing.builders import request

SITE = "app/agent.py:answer:1"
FREE_TEXT = Estimate(Decimal("0.02"), Decimal("0.18"), Decimal("0.45"))
DAY = 86_400.0


def _log(records: list[Record]) -> Log:
    return add_up(records, thresholds(Pricing.load().table))


def _month(calls: int = 1_000, repeated: int = 4, **changes: object) -> Log:
    """A month of evenly spaced calls with inputs around 1,000 tokens, each prompt asked so often in a row."""
    plain = Record(0.0, "gpt-4o", "openai", SITE, 1_000, 100)._replace(**changes)  # type: ignore[arg-type]
    return _log(
        [
            plain._replace(
                time=index * 30.4 * DAY / calls,
                tokens_input=plain.tokens_input + index % 5 * 100 - 200,
                request_hash=f"{index // repeated:x}",
            )
            for index in range(calls)
        ]
    )


def _priced(log: Log, *requests: Request) -> Pricing:
    pricing = Pricing.load()
    return pricing.with_usage(measurements(log, requests, pricing.table), None, requests)


def test_volume_tokens_and_cost_are_those_of_the_log() -> None:
    subject = request()
    pricing = _priced(_month(), subject)
    cost, volume = pricing.cost(subject), pricing.volume(subject)
    assert cost is not None
    assert volume is not None
    assert (volume.source, round(volume.requests_per_month)) == ("log", 1_000)
    assert cost.usd_per_1000_requests.expected == Decimal("3.5")
    assert (cost.input_tokens.expected, cost.output_tokens.expected) == (1_000, 100)
    low, high = cost.usd_per_1000_requests.low, cost.usd_per_1000_requests.high
    assert Decimal("3.4") < low < Decimal("3.5") < high < Decimal("3.6")


def test_repeats_replace_the_published_share() -> None:
    subject = request()
    saving = _priced(_month(), subject).cache_saving(subject, FREE_TEXT, "temperature is 0")
    assert saving.evidence == "E3"
    assert saving.percent is not None
    assert round(saving.percent.expected) == 75
    assert saving.measured == "$3.5/month measured (30 days, 1,000 calls), 75 % repeats within 24 h"
    assert any("equal requests within 24 h" in words for words in saving.assumptions)


def test_a_shorter_time_to_live_answers_less() -> None:
    subject = request()
    pricing = Pricing.load(ttl=300)
    logged = pricing.with_usage(measurements(_month(), [subject], pricing.table), None, [subject])
    saving = logged.cache_saving(subject, FREE_TEXT, "temperature is 0")
    assert saving.percent is not None
    assert saving.percent.expected == 0


def test_too_few_hashes_keep_the_published_share_and_the_measured_cost() -> None:
    subject = request()
    saving = _priced(_month(250), subject).cache_saving(subject, FREE_TEXT, "temperature is 0")
    assert saving.percent is not None
    assert saving.percent.expected == 18
    assert saving.usd_per_1000_requests is not None
    assert saving.usd_per_1000_requests.expected == Decimal("3.5") * Decimal("0.18")


def test_without_hashes_the_evidence_is_weaker() -> None:
    subject = request()
    log = _log([Record(day * DAY, "gpt-4o", "openai", SITE, 1_000, 100) for day in range(30)])
    saving = _priced(log, subject).cache_saving(subject, FREE_TEXT, "temperature is 0")
    assert saving.evidence == "E2"
    assert saving.measured == "$0.11/month measured (30 days, 30 calls)"


def test_the_log_knows_a_model_that_the_code_does_not_show() -> None:
    subject = request(UNKNOWN)
    assert Pricing.load().cost(subject) is None
    cost = _priced(_month(), subject).cost(subject)
    assert cost is not None
    assert cost.price.model == "gpt-4o"


def test_the_saving_of_a_cheaper_model_uses_the_measured_tokens() -> None:
    subject = request("claude-sonnet-4-6", "anthropic", task="simple")
    log = _month(model="claude-sonnet-4-6", provider="anthropic")
    found = _priced(log, subject).downgrade_saving(subject, strong=True)
    assert found is not None
    saving, target = found
    assert target == "claude-haiku-5-5"
    after = next(symbol for symbol in saving.symbols if symbol.name == "C'").value.expected
    ratio = Decimal("1.55") / Decimal("1.18")
    assert round(after, 6) == round(
        (1_000 * ratio * Decimal("0.1") + 100 * ratio * Decimal("0.5")) / 1_000, 6
    )


def test_cached_tokens_stay_cached_with_another_model() -> None:
    subject = request(task="simple")
    plain = _priced(_month(), subject).downgrade_saving(subject, strong=True)
    cached = _priced(_month(cached=800), subject).downgrade_saving(subject, strong=True)
    assert plain is not None
    assert cached is not None
    assert plain[0].usd_per_month is not None
    assert cached[0].usd_per_month is not None
    assert cached[0].usd_per_month.expected < plain[0].usd_per_month.expected


def test_failed_and_cached_answers_cost_nothing() -> None:
    subject = request()
    records = [Record(day * DAY, "gpt-4o", "openai", SITE, 1_000, 100) for day in range(30)]
    records += [record._replace(failed=True) for record in records]
    records += [record._replace(hit=True) for record in records[:30]]
    pricing = _priced(_log(sorted(records)), subject)
    volume = pricing.volume(subject)
    assert volume is not None
    assert round(volume.requests_per_month) == round(30 * 30.4 / 29.3)


def test_a_call_site_without_records_keeps_its_assumptions() -> None:
    other = request(filename="app/other.py", function="other", key="app/other.py::other#0")
    pricing = _priced(_month(), request(), other)
    volume = pricing.volume(other)
    assert volume is not None
    assert volume.source == "assumed"
    assert pricing.cache_saving(other, FREE_TEXT, "constant").evidence == "E0"


def test_sites_of_the_log_that_are_not_in_the_code_are_named() -> None:
    found = measurements(_month(), [], Pricing.load().table)
    assert f"in the usage log but not in the code: {SITE} (1,000 calls, $3.5)" in found.warnings


def test_a_bill_scales_assumed_volumes_and_says_so() -> None:
    subject = request()
    month = Pricing.load().cache_saving(subject, FREE_TEXT, "constant").usd_per_month
    billed = Pricing.load().with_usage(None, Billed({"gpt-4o": Decimal(100)}, {}, 30), [subject])
    saving = billed.cache_saving(subject, FREE_TEXT, "constant")
    assert month is not None
    assert saving.usd_per_month is not None
    assert round(saving.usd_per_month.expected, 9) == 18
    assert any("add up to the bill" in words for words in saving.assumptions)


@given(
    st.lists(
        st.tuples(st.integers(1, 300_000), st.integers(0, 5_000), st.booleans()), min_size=1, max_size=30
    ),
    st.sampled_from([("gpt-4o", "openai"), ("gpt-5.5", "openai"), ("claude-sonnet-4-5", "anthropic")]),
)
def test_the_cost_of_a_log_is_the_sum_of_its_requests(
    sizes: list[tuple[int, int, bool]], model: tuple[str, str]
) -> None:
    """Tiers hold per request, so sums by tier must not lose any."""
    pricing = Pricing.load()
    price = pricing.table.find(*model)
    assert price is not None
    records = [
        Record(float(index), *model, SITE, incoming, outgoing, batch=batch)
        for index, (incoming, outgoing, batch) in enumerate(sizes)
    ]
    subject = request(*model)
    site = measurements(_log(records), [subject], pricing.table).of(subject)
    assert site is not None
    assert site.cost is not None
    exact = sum(price.cost(incoming, outgoing, batch=batch) for incoming, outgoing, batch in sizes)
    assert float(site.cost) == pytest.approx(float(exact), rel=1e-12)
