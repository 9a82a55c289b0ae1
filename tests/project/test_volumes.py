"""Volumes in the settings and in comments."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from llm_lint.errors import LlmLintError
from llm_lint.project.config import Settings, apply
from llm_lint.project.runner import Options, run_check

CODE = """\
from openai import OpenAI

client = OpenAI()


def label(text):
{above}    return client.chat.completions.create(
        model="gpt-4o",
        temperature=0,
        max_tokens=5,{inside}
        messages=[{{"role": "user", "content": f"Classify as spam or not spam: {{text}}"}}],
    )
"""


def _volume(folder: Path, above: str = "", inside: str = "", **usage: Any) -> tuple[Decimal, str]:
    (folder / "llm.py").write_text(CODE.format(above=above, inside=inside))
    settings = apply(Settings(), {"usage": usage}, "test")
    report = run_check(Options((str(folder),), settings))
    saving = next(finding.saving for finding in report.findings if finding.code == "LLM301")
    assert saving is not None
    assert saving.volume is not None
    return saving.volume.requests_per_month, saving.evidence


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("[tool.llm-lint]\n")
    return tmp_path


def test_a_comment_beside_the_request_wins(folder: Path) -> None:
    function = {"llm:label": 7}
    assert _volume(folder, **function) == (7, "E1")
    assert _volume(folder, above="    # llm-lint: volume=2000/day\n", **function) == (60_800, "E1")
    assert _volume(folder, inside="  # llm-lint: volume=500", **function) == (500, "E1")
    assert _volume(folder, above='    print("# llm-lint: volume=9")\n', **function) == (7, "E1")


def test_a_comment_that_names_no_volume_is_an_error(folder: Path) -> None:
    with pytest.raises(LlmLintError, match=r"llm\.py:7: `volume` must be a number"):
        _volume(folder, above="    # llm-lint: volume=often\n")
    with pytest.raises(LlmLintError, match="unknown period `year`"):
        _volume(folder, above="    # llm-lint: volume=9/year\n")


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("profil", "did you mean `usage.profile`?"),
        ("entry:wbe", "did you mean `usage.entry:web`?"),
        ("label", "a function is `module:function`"),
        ("worker", "did you mean `usage.entry:worker`?"),
        ("entry:kitchen", "the entry points are web"),
    ],
)
def test_a_key_that_names_nothing_is_an_error(key: str, hint: str) -> None:
    with pytest.raises(LlmLintError, match=f"unknown key `usage.{key}`") as error:
        apply(Settings(), {"usage": {key: 5}}, "test")
    assert error.value.hint is not None
    assert error.value.hint.startswith(hint)


@pytest.mark.parametrize("value", [-1, "x", True, "5/year", "", None, float("nan"), [1]])
def test_what_is_no_volume_is_an_error(value: Any) -> None:
    with pytest.raises(LlmLintError):
        apply(Settings(), {"usage": {"jobs/": value}}, "test")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (2000, 2000),
        ("2000", 2000),
        ("2_000 / day", 60_800),
        ("10/hour", 7_296),
        ("100/week", Decimal("434.5")),
    ],
)
def test_units(value: Any, expected: Any) -> None:
    settings = apply(Settings(), {"usage": {"profile": "small", "app/x.py::f#0": value}}, "test")
    assert settings.volumes == (("app/x.py::f#0", expected),)
    assert settings.profile == "small"
