"""``llm-lint cost``: the calculator and a project's bill."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cli.conftest import Run

WALK = """\
USD a month                  gpt-4o
every request at list price  $2,000.00
response cache               $600.00
cascade                      $200.00
Batch API                    $120.00
per 1,000 requests           $12.00

A request: 68,000 tokens in, 3,000 out; 10,000 a month.
List prices of 2026-11-23 from genai-prices 0.2.3 (MIT), LiteLLM price map 1.109.1 (MIT).
"""
SIDE_BY_SIDE = """\
USD a month                  gpt-4o  claude-sonnet-4-6
every request at list price  $5.50   $7.50
provider's prompt cache      $5.50   $7.50
Batch API                    $2.75   $3.75
per 1,000 requests           $2.75   $3.75

A request: 1,000 tokens in, 300 out; 1,000 a month.
List prices of 2026-11-23 from genai-prices 0.2.3 (MIT), LiteLLM price map 1.109.1 (MIT).
gpt-4o: gpt-4o caches prefixes of 1024 tokens or more only.
claude-sonnet-4-6: claude-sonnet-4-6 caches prefixes of 1024 tokens or more only.
"""


def test_the_headline_walk(clean: Path, run: Run) -> None:
    ran = run(
        *("cost", "gpt-4o", "--input", "68,000", "--output", "3000", "--requests", "10000"),
        *("--cache-hit", "70%", "--cascade", "gpt-4o-mini:100/141", "--batch-share", "0.8"),
    )
    assert (ran.code, ran.out, ran.err) == (0, WALK, "")


def test_models_side_by_side(clean: Path, run: Run) -> None:
    ran = run(
        *("cost", "gpt-4o", "claude-sonnet-4-6", "--requests", "1000"),
        *("--cached-share", "0.5", "--batch-share", "100%"),
    )
    assert ran.out == SIDE_BY_SIDE


def test_the_json_is_exact(clean: Path, run: Run) -> None:
    ran = run(
        "cost", "gpt-5.5", "--input", "1234", "--output", "7", "--requests", "3", "--output-format", "json"
    )
    document = json.loads(ran.out)
    (model,) = document["models"]
    assert document["prices_as_of"] == "2026-11-23"
    assert model["usd_per_month"] == "0.01914"
    assert model["stages"] == [{"measure": "every request at list price", "usd_per_month": "0.01914"}]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nonesuch",), "does not know `nonesuch`"),
        (("gpt-4o", "--cache-hit", "1.2"), "`1.2` is not a share from 0 to 1"),
        (("gpt-4o", "--cache-hit", "1/0"), "`1/0` is not a share from 0 to 1"),
        (("gpt-4o", "--input", "-5"), "`-5` is not a number of at least 0"),
        (("gpt-4o", "--input", "NaN"), "`NaN` is not a number of at least 0"),
        (("gpt-4o", "--cascade", "gpt-4o-mini"), "`gpt-4o-mini` is not MODEL:SHARE"),
        (("gpt-4o", "--cascade", "gpt-4o-mini:x"), "`x` is not a share"),
        (
            ("gpt-4o", "--cascade", "gpt-4o-mini:0.6", "--cascade", "gpt-4o-mini:0.6"),
            "the cascade answers 1.2",
        ),
        (("deepseek-v4-pro", "--batch-share", "1"), "no batch price is known for deepseek-v4-pro"),
        (("app", "gpt-4o"), "no such file or directory: gpt-4o"),
        (("app", "--input", "3"), "--input belongs to the calculator"),
        (("--same-text",), "--same-text belongs to the calculator"),
    ],
)
def test_wrong_questions(project: Path, run: Run, arguments: tuple[str, ...], message: str) -> None:
    ran = run("cost", *arguments)
    assert ran.code == 2
    assert message in ran.err


def test_own_prices_count(clean: Path, run: Run) -> None:
    ran = run("cost", "house", "--config", "models.prices.house = { input = 1, output = 10 }")
    assert "every request at list price  $40.00" in ran.out


def test_the_bill_of_a_project(project: Path, run: Run) -> None:
    ran = run("cost", "app")
    lines = ran.out.splitlines()
    assert lines[0].split() == ["where", "model", "$/1k", "requests/month", "$/month", "fixed", "by"]
    assert lines[1].startswith("app/llm.py:7:13  gpt-4o")
    assert lines[1].endswith("LLM301 LLM401")
    assert lines[3].startswith("1 request: ~$")
    assert lines[4].startswith("With every finding fixed: <$1/month")
    assert lines[5].startswith("Volumes are assumed; prices of 2026-11-23 from genai-prices")


def test_the_bill_agrees_with_check_and_inventory(project: Path, run: Run) -> None:
    document = json.loads(run("cost", "--output-format", "json").out)
    (line,) = document["requests"]
    inventory = json.loads(run("inventory", "--output-format", "json").out)
    summary = json.loads(run("check", "--output-format", "json").out)["summary"]
    assert line["usd_per_1000_requests"] == inventory["requests"][0]["cost"]["usd_per_1000_requests"]
    saved = Decimal(line["usd_per_month"]["expected"]) - Decimal(line["projected_usd_per_month"]["expected"])
    assert abs(saved - Decimal(summary["usd_per_month"]["expected"])) < Decimal("0.0001")
    assert document["usd_per_month"] == line["usd_per_month"]
    assert line["volume"] == {"requests_per_month": "3000", "source": "assumed"}
    assert any("list prices of 2026-11-23" in said for said in line["assumptions"])


def test_a_project_without_requests(clean: Path, run: Run) -> None:
    assert run("cost").out == "No requests in 3 files.\n"


def test_what_has_no_price_is_named_not_summed(project: Path, run: Run) -> None:
    path = project / "app" / "llm.py"
    path.write_text(path.read_text().replace("gpt-4o", "our-deployment"))
    ran = run("cost")
    assert "1 request whose model or price is not known" in ran.out
    assert "request: ~$" not in ran.out
    assert json.loads(run("cost", "--output-format", "json").out)["not_included"] == ["app/llm.py::label#0"]


def test_a_log_measures_the_bill(project: Path, run: Run) -> None:
    record = {
        "endpoint": "/v1/chat/completions",
        "model": "gpt-4o",
        "tokens_input": 1000,
        "tokens_output": 300,
        "cost_usd": 0.0055,
        "latency_ms": 900,
        "cache_hit": False,
        "call_site": "app/llm.py::label#0",
    }
    log = project / "usage.jsonl"
    days = (f"2026-11-{day:02}T12:00:00Z" for day in range(1, 31))
    log.write_text("".join(f"{json.dumps({'timestamp': day, **record})}\n" for day in days))
    (line,) = json.loads(run("cost", "--usage", str(log), "--output-format", "json").out)["requests"]
    assert line["volume"]["source"] == "log"
    assert line["usd_per_1000_requests"]["expected"] == "5.5"
    ran = run("cost", "gpt-4o", "--usage", str(log))
    assert ran.code == 2
    assert "--usage belongs to a project's bill" in ran.err
