"""``llm-lint usage`` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from llm_lint.pricing.prices import PriceTable
from tests.cli.conftest import Run
from tests.report.test_machine import validate
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


# --------------------------------------------------------------------------- next to the code


def test_check_prices_with_what_was_measured(run: Run, log: Path) -> None:
    ran = run("check", "--usage", "usage.jsonl")
    assert ran.code == 1
    assert ran.err == ""
    assert "$3.2/month measured (30 days, 900 calls), 67 % repeats within 24 h" in ran.out
    assert "at 900 requests/month (logged)" in ran.out
    assert "evidence E3 (usage log with request hashes)" in ran.out


def test_call_sites_that_are_not_in_the_code_are_named(run: Run, log: Path) -> None:
    log.write_bytes(log.read_bytes() + line(entry(7, site="old/gone.py:f:3")) + b"torn\n")
    for command in ("check", "inventory"):
        err = run(command, "--usage", "usage.jsonl").err
        assert "warning: in the usage log but not in the code: old/gone.py:f:3 (1 calls, $0.0035)\n" in err
        assert "warning: usage log: 1 torn line passed over\n" in err


def test_the_inventory_shows_calls_and_dollars(run: Run, log: Path) -> None:
    ran = run("inventory", "--usage", "usage.jsonl")
    header, row = ran.out.splitlines()[:2]
    assert header.split()[-3:] == ["$/1k", "calls", "$/month"]
    assert row.split()[-3:] == ["$3.5", "900", "$3.2"]
    document = json.loads(run("inventory", "--usage", "usage.jsonl", "--output-format", "json").out)
    validate(document, "inventory")
    assert document["requests"][0]["usage"]["usd_per_month"] == "3.15"


def test_a_missing_log_is_an_error(run: Run, project: Path) -> None:
    ran = run("check", "--usage", "missing.jsonl")
    assert (ran.code, ran.err.splitlines()[0]) == (2, "error: no usage log missing.jsonl")


# --------------------------------------------------------------------------- explained


def test_a_saving_is_explained_with_its_numbers(run: Run, log: Path) -> None:
    document = json.loads(run("check", "--usage", "usage.jsonl", "--output-format", "json").out)
    validate(document, "check")
    finding = next(row for row in document["findings"] if row["code"] == "LLM301")
    ran = run("check", "--usage", "usage.jsonl", "--explain-saving", finding["fingerprint"][:12])
    assert ran.code == 0
    assert ran.out.startswith("LLM301 expensive-model-for-simple-task at app/llm.py:7:13\n")
    assert "C = (p_in·I + p_out·O) / 1,000\n" in ran.out
    assert "S = f·(C - C') = 0.9 · (3.5 - " in ran.out
    assert "S_m = S·N / 1,000 = " in ran.out
    for text in (
        f"prices {document['prices_as_of']}",
        "list prices of",
        "tokens of 900 logged requests",
        "evidence E3",
    ):
        assert text in ran.out


def test_explanations_of_no_money_and_of_nothing(run: Run, project: Path) -> None:
    document = json.loads(run("check", "--output-format", "json").out)
    finding = next(row for row in document["findings"] if row["code"] == "LLM701")
    assert "$0: no direct saving" in run("check", "--explain-saving", finding["fingerprint"]).out
    ran = run("check", "--explain-saving", "nothing")
    assert (ran.code, ran.err.splitlines()[0]) == (2, "error: no finding has the fingerprint `nothing`")
    assert run("check", "--explain-saving", "").code in (0, 1)


# --------------------------------------------------------------------------- usage init


def test_init_writes_a_line_for_each_call_site_and_keeps_what_was_set(run: Run, project: Path) -> None:
    settings = project / "pyproject.toml"
    ran = run("usage", "init")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "1 call site in pyproject.toml; uncomment the lines whose volume you know\n"
    written = settings.read_text()
    assert written.startswith("[tool.llm-lint]\n\n[tool.llm-lint.usage]\n# Requests of each call site")
    assert '# "app/llm.py::label#0" = 3000  # gpt-4o, cli\n' in written
    settings.write_text(written.replace('# "app/llm.py::label#0" = 3000', '"app/llm.py::label#0" = "9/day"'))
    kept = settings.read_bytes()
    assert "no new call site" in run("usage", "init").out
    assert settings.read_bytes() == kept
    assert "at 274 requests/month (configured)" in run("check").out


def test_init_adds_what_is_new_and_names_what_is_gone(run: Run, project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.llm-lint.usage]\n"app/gone.py::f#0" = 5\n')
    ran = run("usage", "init", "app")
    assert ran.err.endswith("`app/gone.py::f#0` names no call site\n")
    assert "1 call site in pyproject.toml" in ran.out


def test_the_help_names_both(run: Run) -> None:
    out = run("usage", "--help").out
    assert "LOG is a file, a folder, a glob" in out
    assert "init  Write a table of volumes to fill in." in out
    assert "commented line per call" in run("usage", "init", "--help").out
