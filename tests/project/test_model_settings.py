"""The ``models`` table: aliases, own prices, discounts; what is wrong is named."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from llm_lint.errors import LlmLintError
from llm_lint.project.config import Settings, load_settings, read_settings


def _settings(folder: Path, text: str) -> Settings:
    path = folder / "llm-lint.toml"
    path.write_text(text)
    return read_settings(path)


def test_aliases_prices_and_a_discount(tmp_path: Path) -> None:
    settings = _settings(
        tmp_path,
        """
        [models]
        discount = 0.15
        aliases = { "my-deployment" = "gpt-4o" }
        [models.prices."house-7b"]
        input = 0.2
        output = "0.40"
        cached = 0.02
        cache-write = 0.25
        cache-write-1h = 0.4
        batch-input = 0.1
        batch-output = 0.2
        request = 0.001
        """,
    )
    assert settings.discount == Decimal("0.15")
    assert settings.aliases == {"my-deployment": "gpt-4o"}
    assert settings.prices["house-7b"]["output"] == Decimal("0.40")
    assert settings.prices["house-7b"]["request"] == Decimal("0.001")


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("[models]\naliasses = {}", "unknown key `models.aliasses`", "did you mean `models.aliases`?"),
        (
            "[models.prices.x]\nimput = 1",
            "unknown key `models.prices.x.imput`",
            "did you mean `models.prices.x.input`?",
        ),
        (
            "[models.prices.x]\ninput = -1",
            "`models.prices.x.input` must be a number that is not negative",
            None,
        ),
        ("[models.prices.x]\ninput = true", "`models.prices.x.input` must be a number", None),
        ("[models]\ndiscount = 15", "`models.discount` is a share from 0 to 1", "0.15 takes 15 % off"),
        ("[models]\naliases = { a = 1 }", "`models.aliases.a` must be the name of a model", None),
        (
            "[models.prices.x]\ninput = 1\nbatch-input = 1\nbatch-discount = 0.5",
            "`models.prices.x` has both a batch discount and batch prices",
            "keep one of them",
        ),
    ],
)
def test_wrong_entries_are_named(tmp_path: Path, text: str, message: str, hint: str | None) -> None:
    with pytest.raises(LlmLintError) as error:
        _settings(tmp_path, text)
    assert message in error.value.message
    assert hint is None or error.value.hint == hint


def test_an_inline_entry_wins_and_leaves_the_others_alone(tmp_path: Path) -> None:
    (tmp_path / "llm-lint.toml").write_text('[models.aliases]\na = "gpt-4o"\nb = "gpt-4o"\n')
    settings = load_settings(tmp_path, 'models.aliases.b = "gpt-4o-mini"')
    assert settings.aliases == {"a": "gpt-4o", "b": "gpt-4o-mini"}
