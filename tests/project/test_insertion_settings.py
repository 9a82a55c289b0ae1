"""What fixes insert, and for how long answers are kept, as the configuration says it."""

from __future__ import annotations

from typing import Any

import pytest

from llm_lint.errors import LlmLintError
from llm_lint.project.config import Settings, apply


def settings(**table: Any) -> Settings:
    return apply(Settings(), table, "pyproject.toml")


def test_without_configuration_nothing_is_set_up() -> None:
    assert Settings().inserted("track") is None
    assert Settings().cache_ttl is None


def test_the_runtime_module_supplies_both_names() -> None:
    found = settings(runtime="app.llm_runtime")
    assert found.inserted("track") == ("app.llm_runtime", "track")
    assert found.inserted("cached") == ("app.llm_runtime", "cached")


@pytest.mark.parametrize("path", ["app.obs:follow", "app.obs.follow"])
def test_own_names_win_over_the_runtime(path: str) -> None:
    found = settings(runtime="app.llm_runtime", fix={"track": path})
    assert found.inserted("track") == ("app.obs", "follow")
    assert found.inserted("cached") == ("app.llm_runtime", "cached")


@pytest.mark.parametrize(
    ("written", "seconds"), [(3600, 3600), ("90s", 90), ("15m", 900), ("1h", 3600), ("7d", 604800)]
)
def test_a_ttl_is_seconds_or_carries_its_unit(written: Any, seconds: int) -> None:
    assert settings(cache={"ttl": written}).cache_ttl == seconds


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"cache": {"ttl": 0}}, "`cache.ttl` must be a number of seconds"),
        ({"cache": {"ttl": True}}, "`cache.ttl` must be a number of seconds"),
        ({"cache": {"ttl": "1 fortnight"}}, "`cache.ttl` must be a number of seconds"),
        ({"cache": {"tll": 60}}, "unknown key `cache.tll`"),
        ({"runtime": "app/llm_runtime.py"}, "`runtime` must be the dotted name"),
        ({"fix": {"track": "follow"}}, "`fix.track` must name a function"),
        ({"fix": {"tracks": "app:track"}}, "unknown key `fix.tracks`"),
    ],
)
def test_wrong_values_name_their_key(table: dict[str, Any], words: str) -> None:
    with pytest.raises(LlmLintError, match=words):
        settings(**table)
