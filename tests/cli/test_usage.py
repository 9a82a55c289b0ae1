"""``llm-lint usage`` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from llm_lint.pricing.prices import PriceTable
from tests.cli.conftest import Run
from tests.usage.logs import entry, line, month

TABLE = """\
site                model   calls  /month  tokens       $/1k  $/month  s at p50/95/99  repeats 24h
app/llm.py:label:7  gpt-4o  900    900     1,000 + 100  $3.5  $3.2     0.8/0.8/0.8     67 %

900 records of 30.4 days in 1 file; $3.2/month at the prices of DAY.
"""


@pytest.fixture
def log(project: Path) -> Path:
    """A month of one call site in the current folder."""
    path = project / "usage.jsonl"
    path.write_bytes(month())
    return path


def test_the_table(run: Run, log: Path) -> None:
    ran = run("usage", "usage.jsonl")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.replace(PriceTable.load().as_of.isoformat(), "DAY") == TABLE


def test_json(run: Run, log: Path) -> None:
    document = json.loads(run("usage", "usage.jsonl", "--output-format", "json").out)
    assert (document["version"], document["records"], document["days"]) == (1, 900, "30.4")
    site = document["sites"][0]
    assert (site["site"], site["calls"], site["usd"], site["usd_per_month"]) == (
        "app/llm.py:label:7",
        900,
        "3.15",
        "3.15",
    )
    assert site["repeats"] == {"5min": "0", "1h": "0.3333", "24h": "0.6667", "7d": "0.6667"}


def test_what_is_doubtful_is_said(run: Run, log: Path) -> None:
    log.write_bytes(
        line(entry(0, cost_usd=0.01)) + line(entry(1, model="my-deployment", cost_usd=None)) + b"torn\n{}\n"
    )
    ran = run("usage", "usage.jsonl")
    assert "below 7 a month is a guess" in ran.err
    assert "the log says $0.010, its tokens cost $0.0035" in ran.err
    assert "no price is known for my-deployment: 1 requests count as unpriced" in ran.err
    assert "Passed over: 1 torn line and 1 foreign line." in ran.out
    assert run("usage", "-q", "usage.jsonl").err == ""


def test_nothing_to_add_up_is_an_error(run: Run, project: Path) -> None:
    (project / "other.jsonl").write_text('{"level": "info"}\n')
    ran = run("usage", "other.jsonl")
    assert ran.code == 2
    assert ran.err == (
        "error: no usage record in what was given\nhint: 0 torn and 1 foreign lines in 1 files\n"
    )
    assert run("usage", "missing.jsonl").code == 2
    assert run("usage").code == 2
