"""``llm-lint models``: the selection matrix."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

MATRIX = """\
model             provider   tier   in   out  cached  batch    window  $/1k  ratio  retires
gpt-4o            openai     top    2.5  10   1.25    1.25/5   128k    $5.5  ×22
claude-haiku-4-5  anthropic  small  1    5    0.1     0.5/2.5  200k    $2.5  ×10

model             for simple work             for medium work             for complex work
gpt-4o            gpt-6-luna ×0.045           gpt-6.1-terra ×0.45         –
claude-haiku-4-5  claude-haiku-5-5 ×0.1·1.31  claude-haiku-5-5 ×0.1·1.31  claude-haiku-5-5 ×0.1·1.31

in, out, cached, batch (in/out): USD per million tokens; + has a higher price for long inputs.
$/1k: 1,000 requests of 1,000 tokens in and 300 out; ratio: that over the provider's cheapest current model.
for … work: what to try at the same provider, and its cost per token: ×0.7 at most.
·…: how many tokens its tokenizer makes of one, which comes on top for the same text.
List prices of 2026-11-23 from genai-prices 0.2.3 (MIT), LiteLLM price map 1.109.1 (MIT).
"""


def test_named_models_side_by_side(clean: Path, run: Run) -> None:
    ran = run("models", "gpt-4o", "claude-haiku-4-5")
    assert ran.code == 0
    assert ran.out == MATRIX


def test_the_matrix_is_ordered_and_holds_what_can_be_bought(clean: Path, run: Run) -> None:
    document = json.loads(run("models", "--output-format", "json").out)
    assert document["prices_as_of"] == "2026-11-23"
    assert document["price_sources"][0].startswith("genai-prices")
    rows = document["models"]
    assert len(rows) > 50
    assert [row["provider"] for row in rows] == sorted(row["provider"] for row in rows)
    assert all(row["retires"] is None or row["retires"] >= "2026-11-23" for row in rows)
    assert all(row["ratio"] is not None for row in rows)
    everything = json.loads(run("models", "--all", "--output-format", "json").out)["models"]
    assert {row["model"] for row in rows} < {row["model"] for row in everything}
    assert any(row["retires"] and row["retires"] < "2026-11-23" for row in everything)


def test_filters(clean: Path, run: Run) -> None:
    document = json.loads(run("models", "--provider", "gemini", "--output-format", "json").out)
    assert {row["provider"] for row in document["models"]} == {"google"}
    document = json.loads(run("models", "--tier", "small", "--output-format", "json").out)
    assert {row["tier"] for row in document["models"]} == {"small"}


def test_one_record_in_full(clean: Path, run: Run) -> None:
    (record,) = json.loads(run("models", "gpt-5.5", "--output-format", "json").out)["models"]
    assert record["usd_per_million_tokens"]["input"] == {"base": "5", "above": {"272000": "10"}}
    assert record["recommended"] == {
        "simple": {
            "model": "gpt-6-luna",
            "ratio": "0.0178571",
            "tokens_per_token": "1",
            "always_reasons": False,
        },
        "medium": {
            "model": "gpt-6.1-terra",
            "ratio": "0.178571",
            "tokens_per_token": "1",
            "always_reasons": False,
        },
        "complex": {
            "model": "gpt-6.1-sol",
            "ratio": "0.357143",
            "tokens_per_token": "1",
            "always_reasons": True,
        },
    }


def test_the_configuration_counts(clean: Path, run: Run) -> None:
    (clean / "pyproject.toml").write_text(
        '[tool.llm-lint.models]\ndiscount = 0.2\naliases = { "prod" = "gpt-4o" }\n'
        "[tool.llm-lint.models.prices.house]\ninput = 1\noutput = 2\n"
    )
    ran = run("models", "prod", "house", "--output-format", "json")
    prod, house = json.loads(ran.out)["models"]
    assert (prod["priced_as"], prod["usd_per_million_tokens"]["input"]) == ("gpt-4o", "2")
    assert house["usd_per_million_tokens"]["output"] == "2"
    assert "with 1 price of your own and a discount of 20%." in run("models", "prod").out


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (("gpt-4oo-mini",), "does not know `gpt-4oo-mini`", "did you mean `gpt-4o-mini`?"),
        (("zzz",), "does not know `zzz`", "[tool.llm-lint.models]"),
        (("--provider", "nobody"), "no ranked models of `nobody`", "anthropic"),
        (("gpt-4o", "--tier", "top"), "--tier and --all select among all models", "leave them out"),
    ],
)
def test_what_is_not_there_is_said(
    clean: Path, run: Run, arguments: tuple[str, ...], message: str, hint: str
) -> None:
    ran = run("models", *arguments)
    assert ran.code == 2
    assert message in ran.err
    assert hint in ran.err
