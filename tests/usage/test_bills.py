"""Exports of providers: read, priced, and used to scale what is assumed."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

from llm_lint.pricing.billed import Billed
from llm_lint.pricing.prices import PriceTable
from llm_lint.project.usage import read_logs
from llm_lint.usage.bills import is_bill, read_bill

OPENAI = {
    "object": "page",
    "data": [
        {
            "object": "bucket",
            "start_time": 1_790_000_000 // 86_400 * 86_400 + day * 86_400,
            "end_time": 1_790_000_000 // 86_400 * 86_400 + (day + 1) * 86_400,
            "results": [
                {
                    "object": "organization.usage.completions.result",
                    "input_tokens": 1_000_000,
                    "input_cached_tokens": 400_000,
                    "output_tokens": 100_000,
                    "num_model_requests": 500,
                    "model": "gpt-4o-2024-08-06",
                    "batch": batch,
                }
                for batch in (False, True)
            ],
        }
        for day in range(2)
    ],
    "has_more": False,
}
ANTHROPIC = {
    "data": [
        {
            "starting_at": "2026-10-01T00:00:00Z",
            "ending_at": "2026-10-02T00:00:00Z",
            "results": [
                {
                    "uncached_input_tokens": 100_000,
                    "cache_read_input_tokens": 200_000,
                    "cache_creation": {
                        "ephemeral_5m_input_tokens": 10_000,
                        "ephemeral_1h_input_tokens": 20_000,
                    },
                    "output_tokens": 50_000,
                    "model": "claude-sonnet-4-6",
                    "service_tier": "standard",
                }
            ],
        }
    ]
}


def test_an_openai_export_is_priced_with_cached_tokens_and_batches(table: PriceTable) -> None:
    bill, damaged = read_bill([OPENAI])
    assert (bill.days, damaged, len(bill.lines)) == (2, 0, 2)
    billed = Billed.of(bill, table)
    # A day at once: 0.6 M × $2.50 + 0.4 M × $1.25 + 0.1 M × $10 = $3; as a batch half of it, cached included.
    assert 1.4 < float(billed.usd_per_month["gpt-4o"]) / (3 * 30.4) <= 1.6
    assert billed.requests_per_month["gpt-4o"] == Decimal("30400")


def test_an_anthropic_export_counts_the_uncached_input(table: PriceTable) -> None:
    bill, _ = read_bill([ANTHROPIC])
    assert bill.lines[0].input == 330_000
    cost = Decimal("0.1") * 3 + Decimal("0.2") * Decimal("0.3") + Decimal("0.01") * Decimal("3.75")
    cost += Decimal("0.02") * 6 + Decimal("0.05") * 15
    assert Billed.of(bill, table).usd_per_month["claude-sonnet-4-6"] == cost * Decimal("30.4")


def test_billed_amounts_win_over_tokens(table: PriceTable) -> None:
    cents = {"currency": "USD", "amount": "1234.5", "model": "claude-sonnet-4-6"}
    report = {"data": [{**ANTHROPIC["data"][0], "results": [cents]}]}
    billed = Billed.of(read_bill([ANTHROPIC, report])[0], table)
    assert billed.usd_per_month["claude-sonnet-4-6"] == Decimal("12.345") * Decimal("30.4")
    dollars = {"amount": {"value": 2.5, "currency": "usd"}, "line_item": "gpt-4o-2024-08-06, input"}
    costs = {"object": "page", "data": [{**OPENAI["data"][0], "results": [dollars, dollars]}]}  # type: ignore[index]
    assert Billed.of(read_bill([costs])[0], table).usd_per_month["gpt-4o"] == 5 * Decimal("30.4")


def test_damaged_rows_are_counted(table: PriceTable) -> None:
    bucket = {**ANTHROPIC["data"][0], "results": [{"model": "x", "uncached_input_tokens": "many"}]}
    assert read_bill([{"data": [bucket]}])[1] == 1
    assert not is_bill({"data": []})
    assert not is_bill({"data": [{"type": "GENERATION"}]})


def test_a_csv_export(tmp_path: Path, table: PriceTable) -> None:
    (tmp_path / "usage.csv").write_text(
        "start_time,end_time,num_model_requests,model,batch,input_tokens,output_tokens,input_cached_tokens\n"
        "1790000000,1790003600,10,gpt-4o-2024-08-06,False,1000000,0,\n"
        "1790000000,1790003600,10,gpt-4o-2024-08-06,,1000000,0,0\n"
    )
    found = read_logs([str(tmp_path / "usage.csv")], table)
    assert found.bill is not None
    assert found.bill.usd_per_month["gpt-4o"] == 5 * Decimal("30.4")


def test_the_bill_is_spread_over_what_is_assumed_only() -> None:
    billed = Billed({"gpt-4o": Decimal(100)}, {}, 30)
    estimates = [("gpt-4o", Decimal(10), True), ("gpt-4o", Decimal(30), True), ("gpt-4o", Decimal(20), False)]
    assert billed.factors([*estimates, ("o3", Decimal(5), True)]) == {"gpt-4o": Decimal(2)}
    assert billed.factors([("gpt-4o", Decimal(500), False), ("gpt-4o", Decimal(1), True)]) == {
        "gpt-4o": Decimal(0)
    }


def test_one_document_on_one_line_or_over_many(tmp_path: Path, table: PriceTable) -> None:
    for text in (json.dumps(OPENAI), json.dumps(OPENAI, indent=2), json.dumps([OPENAI])):
        (tmp_path / "usage.json").write_text(text)
        found = read_logs([str(tmp_path / "usage.json")], table)
        assert found.bill is not None
        assert found.bill.days == 2
        assert (found.counts.torn, found.counts.foreign) == (0, 0)
