"""Which prices a run uses: those of the package, or newer ones that the user fetched."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from llm_lint.errors import LlmLintError
from llm_lint.pricing import Pricing
from llm_lint.pricing.snapshot import current, read, shipped, user_file


@pytest.fixture
def own_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's file, which is not there yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    path = user_file()
    assert path is not None
    path.parent.mkdir(parents=True)
    return path


def test_without_an_update_the_packages_prices_count(own_file: Path) -> None:
    assert current() == shipped()
    assert current().path is None


def test_an_update_counts_until_the_package_is_newer(own_file: Path) -> None:
    own_file.write_text(replace(shipped(), sources=("updated",)).text(), encoding="utf-8")
    assert current().sources == ("updated",)
    assert Pricing.load().table.sources == ("updated",)
    older = replace(shipped(), as_of=shipped().as_of - timedelta(days=1), sources=("updated",))
    own_file.write_text(older.text(), encoding="utf-8")
    assert current().path is None


def test_a_snapshot_survives_being_written(own_file: Path) -> None:
    own_file.write_text(shipped().text(), encoding="utf-8")
    found = read(own_file)
    assert (found.as_of, found.sources) == (shipped().as_of, shipped().sources)
    assert found.providers == shipped().providers
    assert found.rungs == shipped().rungs
    assert found.text() == shipped().text()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"version":2,"as_of":"2026-01-01","sources":[],"providers":{}}',
        '{"version":1,"as_of":"soon","sources":[],"providers":{}}',
        '{"version":1,"as_of":"2026-01-01","sources":[],"providers":{"x":[{"id":"y","in":"much"}]}}',
        '{"version":1,"as_of":"2026-01-01","sources":[],"providers":{"x":[{"in":"1"}]}}',
    ],
)
def test_a_foreign_file_is_no_snapshot(own_file: Path, text: str) -> None:
    own_file.write_text(text)
    with pytest.raises(LlmLintError, match="holds no price snapshot"):
        current()


def test_a_relative_cache_folder_is_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    path = user_file()
    assert path is not None
    assert path.is_relative_to(tmp_path)
