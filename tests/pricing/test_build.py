"""The build scripts: what they compile is what their sources say."""

from __future__ import annotations

import importlib
import json
import sys
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pytest

from llm_lint.pricing.prices import PriceTable
from llm_lint.pricing.snapshot import lines, shipped
from llm_lint.pricing.sources import litellm, rows
from llm_lint.pricing.sources.families import families, ladder, order
from llm_lint.pricing.sources.genai import genai_rows, installed_source

TOOLS = Path(__file__).resolve().parents[2] / "tools"


def _tool(name: str) -> ModuleType:
    sys.path.insert(0, str(TOOLS))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(TOOLS))


def test_the_snapshot_holds_every_price_of_its_source(table: PriceTable) -> None:
    """Every model of the installed source at the snapshot's hour, where the source is the one compiled."""
    pytest.importorskip("genai_prices")
    if installed_source() not in table.sources:
        pytest.skip(f"the snapshot was compiled from {table.sources[0]}")
    found_rows = genai_rows(table.as_of)
    shipped = {provider: {row["id"]: row for row in shelf.rows} for provider, shelf in table.shelves.items()}
    compared = 0
    for provider, found in found_rows.items():
        for row in found:
            for key, value in row.prices.items():
                assert shipped[provider][row.id][key] == value, (provider, row.id, key)
            compared += 1
    assert compared > 2000


def test_prices_per_token_stay_exact() -> None:
    assert rows.per_million(Decimal("1.25e-06")) == "1.25"
    assert rows.per_million(Decimal("2E-8")) == "0.02"
    assert rows.plain(Decimal("100")) == "100"
    assert rows.plain(Decimal("2.50")) == "2.5"


ENTRY = {
    "litellm_provider": "openai",
    "mode": "chat",
    "input_cost_per_token": Decimal("2e-6"),
    "output_cost_per_token": Decimal("8e-6"),
    "input_cost_per_token_above_200k_tokens": Decimal("4e-6"),
    "input_cost_per_token_batches": Decimal("1e-6"),
    "output_cost_per_token_batches": Decimal("4e-6"),
    "deprecation_date": "2027-01-31",
    "max_input_tokens": 1000,
    "supports_function_calling": True,
    "supports_vision": False,
}


def test_a_model_only_the_second_source_knows_is_added() -> None:
    known: dict[str, list[object]] = {"openai": []}
    litellm.enrich(known, {"gpt-x": ENTRY, "gpt-image": {**ENTRY, "mode": "image_generation"}})
    (row,) = known["openai"]
    assert row.data() == {  # type: ignore[attr-defined]
        "id": "gpt-x",
        "in": ["2", [200000, "4"]],
        "out": "8",
        "batch": {"in": "1", "out": "4"},
        "can": "t",
        "window": 1000,
        "retires": {"gpt-x": "2027-01-31"},
    }


def test_the_first_sources_prices_are_kept_and_enriched() -> None:
    row = rows.Row("gpt-x", {"in": "2", "out": "8"}, names=["gpt-x-0101"])
    other = rows.Row("gpt-y", {"in": "3", "out": "8"})
    litellm.enrich({"openai": [row, other]}, {"gpt-x": ENTRY, "gpt-y": ENTRY})
    assert row.data()["batch"] == {"in": "1", "out": "4"}
    assert row.data()["retires"] == {"gpt-x": "2027-01-31"}
    assert "batch" not in other.data()  # its prices differ, so the batch prices belong to another tariff
    assert other.prices["in"] == "3"


def test_disagreeing_sources_are_named() -> None:
    row, other = rows.Row("gpt-x", {"in": "2", "out": "8"}), rows.Row("gpt-y", {"in": "3", "out": "8"})
    found = litellm.disagreements({"openai": [row, other]}, {"gpt-x": ENTRY, "gpt-y": ENTRY}, ("openai", "x"))
    assert list(found) == [("gpt-y", "in 3, in the LiteLLM map 2")]


def test_a_batch_that_is_not_cheaper_is_no_batch() -> None:
    assert rows.cheaper({"in": "2", "out": "8"}, {"in": "2", "out": "8"}) is None
    assert rows.cheaper({"in": "2.2"}, {"in": "2", "out": "8"}) is None


@pytest.mark.parametrize(
    ("model", "prefer", "expected"),
    [
        ("gpt-6.1-sol", [], [6, 1]),
        ("claude-haiku-4-5-20251001", [], [4, 5]),
        ("gpt-4o-2024-05-13", [], [4]),
        ("gpt-4-32k", [], [4]),
        ("b", ["a", "b"], [1]),
        ("c", ["a", "b"], []),
    ],
)
def test_the_order_inside_a_family(model: str, prefer: list[str], expected: list[int]) -> None:
    assert order(model, prefer) == expected


def test_one_record_a_line() -> None:
    text = lines({"version": 1}, rows={"b": [{"x": 1}], "a": [{"x": 2}, {"x": 3}]})
    assert json.loads(text) == {"version": 1, "rows": {"a": [{"x": 2}, {"x": 3}], "b": [{"x": 1}]}}
    assert len(text.splitlines()) == 9


def test_the_ladder_is_what_the_families_say() -> None:
    """But for what only the sources tell: whether a model is still sold."""
    found = {
        provider: [rows.Row.of(row) for row in listed] for provider, listed in shipped().providers.items()
    }
    derived = ladder(found, families())
    for provider, rungs in shipped().rungs.items():
        assert [{**rung, "proposed": None} for rung in derived[provider]] == [
            {**rung, "proposed": None} for rung in rungs
        ]


def test_a_row_survives_being_written() -> None:
    for listed in shipped().providers.values():
        for row in listed:
            assert rows.Row.of(row).data() == row


def test_ranks_are_packed_without_loss() -> None:
    ranks = _tool("build_ranks")
    raw = b"IQ== 0\nIiM= 1\nYWJj 2\n"
    assert ranks.unpack(ranks.pack(raw)) == raw
    with pytest.raises(SystemExit, match="contiguous"):
        ranks.pack(b"IQ== 0\nIiM= 2\n")
