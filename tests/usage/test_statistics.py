"""Adding up: exact sums in any order, repeats against a replayed cache, bounded memory."""

from __future__ import annotations

import random
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_lint.usage import repeats
from llm_lint.usage.latency import Histogram
from llm_lint.usage.records import Record
from llm_lint.usage.repeats import TTLS, Follower, Repeats
from llm_lint.usage.statistics import ELSEWHERE, GROUPS, add_up

DAY = 86_400.0


def _record(time: float = 0.0, **changes: object) -> Record:
    plain = Record(time, "gpt-4o", "openai", "a.py:f:1", 100, 10, 1_000_000_007, 250.0, "x")
    return plain._replace(**changes)  # type: ignore[arg-type]


RECORDS = st.lists(
    st.builds(
        _record,
        st.floats(0, 1e6),
        tokens_input=st.integers(0, 400_000),
        tokens_output=st.integers(0, 5_000),
        cost=st.none() | st.integers(0, 10**12),
        site=st.sampled_from(["a.py:f:1", "b.py:g:2", ""]),
        failed=st.booleans(),
        hit=st.booleans(),
        batch=st.booleans(),
        request_hash=st.none(),
    ),
    max_size=40,
)


@given(RECORDS, st.randoms(use_true_random=False))
def test_sums_do_not_depend_on_the_order(records: list[Record], chance: random.Random) -> None:
    shuffled = list(records)
    chance.shuffle(shuffled)
    assert add_up(records, (128_000, 200_000)) == add_up(shuffled, (128_000, 200_000))


@given(RECORDS)
def test_every_record_is_failed_hit_or_billed(records: list[Record]) -> None:
    log = add_up(records, (128_000,))
    assert sum(usage.calls for usage in log.usages) == len(records)
    for usage in log.usages:
        assert sum(sums.requests for sums in usage.sums) == usage.billed
    billed = [record for record in records if not record.failed and not record.hit]
    total = sum(sums.input for usage in log.usages for sums in usage.sums)
    assert total == sum(record.tokens_input for record in billed)


def test_tiers_split_where_the_price_changes() -> None:
    log = add_up([_record(tokens_input=size) for size in (200_000, 200_001, 5)], (200_000,))
    assert [(sums.tier, sums.requests) for sums in log.usages[0].sums] == [(0, 2), (1, 1)]


def test_the_days_covered_count_the_gap_after_the_last_record() -> None:
    log = add_up(_record(day * DAY) for day in range(10))
    assert log.days == pytest.approx(10)
    assert add_up([_record()]).days == 0
    assert add_up([]).days == 0


def test_more_call_sites_than_room_are_kept_together() -> None:
    log = add_up(_record(i, site=f"s{i}.py:f:1") for i in range(GROUPS + 50))
    assert len(log.usages) == GROUPS + 1
    assert next(usage for usage in log.usages if usage.site == ELSEWHERE).calls == 50


def test_percentiles_are_within_two_percent() -> None:
    chance, histogram = random.Random(7), Histogram()
    values = sorted(chance.lognormvariate(6, 1) for _ in range(20_000))
    for value in values:
        histogram.add(value)
    for share in (0.5, 0.95, 0.99):
        assert histogram.quantile(share) == pytest.approx(values[int(share * len(values))], rel=0.03)
    assert Histogram().quantile(0.5) is None


# --------------------------------------------------------------------------- repeats


def _followed(asked: list[tuple[float, str]], room: int | None = None) -> Repeats:
    follower = Follower()
    for time, key in asked:
        follower.add(time, key)
        while room is not None and len(follower.seen) > room:
            follower.thin()
    return follower.repeats()


def _replayed(asked: list[tuple[float, str]], ttl: float) -> float:
    """The hit share of a cache that forgets an answer so long after it was given."""
    filled: dict[str, float] = {}
    hits = 0
    for time, key in asked:
        if key in filled and time - filled[key] < ttl:
            hits += 1
        else:
            filled[key] = time
    return hits / len(asked) if asked else 0.0


ASKED = st.lists(st.tuples(st.floats(0, 3 * DAY), st.sampled_from("abcde")), min_size=1, max_size=60).map(
    sorted
)


@given(ASKED)
def test_repeats_are_what_a_cache_would_have_answered(asked: list[tuple[float, str]]) -> None:
    found = _followed(asked)
    for ttl, duration in TTLS.items():
        assert found.within(ttl) == pytest.approx(_replayed(asked, duration))
    counts: dict[str, int] = defaultdict(int)
    for _, key in asked:
        counts[key] += 1
    assert (found.distinct, found.once) == (len(counts), sum(number == 1 for number in counts.values()))


def _zipf(number: int, distinct: int, exponent: float, days: float, seed: int = 3) -> list[tuple[float, str]]:
    chance = random.Random(seed)
    weights = [1 / (rank + 1) ** exponent for rank in range(distinct)]
    keys = chance.choices(range(distinct), weights, k=number)
    times = sorted(chance.uniform(0, days * DAY) for _ in range(number))
    return [(time, f"{key:016x}") for time, key in zip(times, keys, strict=True)]


def test_a_sample_tells_nearly_the_same_in_a_fraction_of_the_room() -> None:
    asked = _zipf(60_000, 20_000, 1.0, 30)
    full, part = _followed(asked), _followed(asked, room=2_000)
    for ttl in TTLS:
        assert part.within(ttl) == pytest.approx(full.within(ttl), abs=0.03)
    assert part.distinct == pytest.approx(full.distinct, rel=0.1)
    assert part.next_share == pytest.approx(full.next_share, abs=0.03)


def test_the_memory_is_bounded_over_all_call_sites(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeats, "ROOM", 500)
    monkeypatch.setattr("llm_lint.usage.statistics.ROOM", 500)
    followers: list[Follower] = []

    class Watched(Follower):
        def __init__(self) -> None:
            super().__init__()
            followers.append(self)

    monkeypatch.setattr("llm_lint.usage.statistics.Follower", Watched)
    add_up(_record(i, site=f"{i % 3}.py:f:1", request_hash=f"{i:016x}") for i in range(30_000))
    assert sum(len(follower.seen) for follower in followers) <= 500 + 4_096


def test_a_short_log_forecasts_a_month_within_its_range() -> None:
    """Distinct requests grow by Heaps' law: the last third of a month is foretold by its first tenth."""
    whole = _zipf(10_000, 5_000, 1.0, 30.4)
    start = [entry for entry in whole if entry[0] < 3.04 * DAY]
    found = _followed(start).forecast(30.4 * DAY, 10_000 / (30.4 * DAY))
    assert found is not None
    low, expected, high = found
    real = _replayed(whole, float("inf"))
    assert low <= expected <= high
    assert low <= real <= high
    assert real - 0.2 <= expected <= real + 0.05


def test_a_log_twice_as_long_as_the_ttl_is_a_measurement() -> None:
    whole = _zipf(10_000, 5_000, 1.0, 30.4)
    start = [entry for entry in whole if entry[0] < 5 * DAY]
    found = _followed(start).forecast(DAY, 10_000 / (30.4 * DAY))
    assert found is not None
    assert found[1] == pytest.approx(_replayed(whole, DAY), abs=0.03)


def test_too_few_requests_forecast_nothing() -> None:
    assert _followed(_zipf(299, 10, 1.0, 30)).forecast(DAY, 1.0) is None


@given(ASKED, st.floats(60, 90 * DAY), st.floats(1e-6, 10))
def test_forecasts_are_ordered_shares(asked: list[tuple[float, str]], ttl: float, rate: float) -> None:
    found = _followed(asked * 60).forecast(ttl, rate)
    if found is not None:
        low, expected, high = found
        assert 0 <= low <= expected <= high <= 1
