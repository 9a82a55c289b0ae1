"""``llm-lint prices``: the price table's day, its update and its check."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from llm_lint.pricing.snapshot import shipped
from tests.cli.conftest import Run

STATE = """\
Prices of 2026-11-23 (0 days old): 3,936 models of 57 providers.
Source: genai-prices 0.2.3 (MIT)
Source: LiteLLM price map 1.109.1 (MIT)
File: the snapshot in the package
"""


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's file of updated prices."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "llm-lint" / "prices.json"


def _on(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    moment = datetime(2026, 11, 23, tzinfo=timezone.utc) + timedelta(days=days)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(moment.timestamp())))


def test_the_day_and_the_sources(clean: Path, run: Run) -> None:
    ran = run("prices")
    assert (ran.code, ran.out, ran.err) == (0, STATE, "")
    document = json.loads(run("prices", "--output-format", "json").out)
    assert (document["prices_as_of"], document["age_days"], document["file"]) == ("2026-11-23", 0, None)


@pytest.mark.parametrize("command", [("prices",), ("models", "gpt-4o"), ("check",), ("inventory",)])
def test_old_prices_are_warned_of(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    _on(monkeypatch, 90)
    assert "days old" not in run(*command).err
    _on(monkeypatch, 91)
    assert (
        "warning: the prices are 91 days old (2026-11-23): update llm-cost-lint, or run "
        "`llm-lint prices update`\n"
    ) in run(*command).err


def test_a_snapshot_is_taken_over_and_used(project: Path, run: Run, cache: Path, tmp_path: Path) -> None:
    given = tmp_path / "newer.json"
    newer = replace(shipped(), as_of=shipped().as_of + timedelta(days=30), sources=("our own list",))
    given.write_text(newer.text(), encoding="utf-8")
    ran = run("prices", "update", str(given))
    assert ran.code == 0
    assert ran.out == f"{cache}: prices of 2026-12-23 from our own list; 0 models changed or added.\n"
    assert f"File: {cache}\n" in run("prices").out
    assert json.loads(run("check", "--output-format", "json").out)["prices_as_of"] == "2026-12-23"


def test_older_prices_are_refused_unless_forced(clean: Path, run: Run, cache: Path, tmp_path: Path) -> None:
    given = tmp_path / "older.json"
    given.write_text(replace(shipped(), as_of=shipped().as_of - timedelta(days=1)).text(), encoding="utf-8")
    ran = run("prices", "update", str(given))
    assert ran.code == 2
    assert "--force takes them anyway" in ran.err
    assert not cache.exists()
    assert run("prices", "update", str(given), "--force").code == 0


def test_a_price_map_adds_what_is_missing(clean: Path, run: Run, cache: Path, tmp_path: Path) -> None:
    given = tmp_path / "model_prices_and_context_window.json"
    entry = {
        "litellm_provider": "openai",
        "mode": "chat",
        "input_cost_per_token": 1e-06,
        "output_cost_per_token": 2e-06,
        "max_input_tokens": 9000,
    }
    given.write_text(json.dumps({"gpt-9": entry, "gpt-4o": {**entry, "input_cost_per_token": 5e-06}}))
    assert run("prices", "check", str(given)).code == 1
    assert "1 model changed or added" in run("prices", "update", str(given)).out
    nine, four = json.loads(run("models", "gpt-9", "gpt-4o", "--output-format", "json").out)["models"]
    assert nine["usd_per_million_tokens"]["input"] == "1"
    assert nine["context_window"] == 9000
    assert four["usd_per_million_tokens"]["input"] == "2.5"


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "nonsense",
        '{"version": 1}',
        '{"a": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": "x"}}',
    ],
)
def test_a_foreign_file_changes_nothing(
    clean: Path, run: Run, cache: Path, tmp_path: Path, text: str
) -> None:
    given = tmp_path / "given.json"
    given.write_text(text)
    ran = run("prices", "update", str(given))
    assert ran.code == 2
    assert str(given) in ran.err
    assert not cache.exists()
    assert run("prices", "update", str(tmp_path / "none.json")).code == 2


def test_a_damaged_update_is_an_error_until_replaced(
    project: Path, run: Run, cache: Path, tmp_path: Path
) -> None:
    cache.parent.mkdir(parents=True)
    cache.write_text("{")
    ran = run("check")
    assert ran.code == 2
    assert f"{cache} holds no price snapshot" in ran.err
    given = tmp_path / "given.json"
    given.write_text(shipped().text(), encoding="utf-8")
    assert run("prices", "update", str(given), "--force").code == 0
    assert run("prices").code == 0


def test_the_installed_package(clean: Path, run: Run, cache: Path) -> None:
    """Its prices of the snapshot's own day are those of the snapshot; later ones may differ."""
    pytest.importorskip("genai_prices")
    from llm_lint.pricing.sources.genai import installed_source

    if installed_source() not in shipped().sources:
        pytest.skip("another version is installed")
    same = run("prices", "check")
    assert same.code == 0
    assert same.out.startswith("No difference between the prices of 2026-11-23 (genai-prices")
    later = run("prices", "check", "--as-of", "2027-06-01", "--output-format", "json")
    assert later.code == 1
    assert json.loads(later.out)["differences"]
    assert run("prices", "update", "--as-of", "2027-06-01").code == 0
    assert run("prices").out.startswith("Prices of 2027-06-01 (0 days old)")


def test_without_the_package_the_error_says_what_to_install(
    clean: Path, run: Run, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from importlib import metadata

    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    ran = run("prices", "update")
    assert ran.code == 2
    assert "genai-prices is not installed beside llm-lint" in ran.err
    assert "pip install -U genai-prices" in ran.err
