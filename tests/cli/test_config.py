"""What can be configured, and that the reference tells all of it."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest

from llm_lint.project import config
from llm_lint.project.config import Settings, load_settings
from llm_lint.project.reference import KEYS, Key, in_toml
from tests.cli.conftest import Run


def test_the_reference_knows_every_key() -> None:
    assert {key.name for key in KEYS} == set(config.KEYS)


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.name)
def test_every_example_is_accepted_and_changes_the_settings(key: Key, tmp_path: Path) -> None:
    (tmp_path / "llm-lint.toml").write_text(key.example)
    assert key.value(load_settings(tmp_path)) != key.value(Settings())


def test_the_settings_read_back_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "llm-lint.toml").write_text(
        "\n".join(key.example for key in KEYS if "[" not in key.example[:1])
    )
    settings = load_settings(tmp_path)
    lines = [line for line in in_toml(settings) if not line.startswith(("usage", "calls", "models"))]
    (tmp_path / "llm-lint.toml").write_text("\n".join(lines))
    again = load_settings(tmp_path)
    assert {f.name: getattr(again, f.name) for f in fields(Settings)} == {
        f.name: getattr(settings, f.name) for f in fields(Settings)
    }


def test_the_keys_are_listed(run: Run) -> None:
    assert run("config").out.splitlines() == [key.name for key in KEYS]
    rows = json.loads(run("config", "--output-format", "json").out)
    assert [row["name"] for row in rows] == [key.name for key in KEYS]


def test_one_key_is_explained(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    assert run("config", "max-waste").out == (
        "MAX-WASTE\n\n"
        "A run fails only when its findings together waste more than this; "
        "findings without a monthly figure\n"
        "do not count.\n\n"
        "Takes: USD a month\n\n"
        "Default: none\n\n"
        "Example:\n\n"
        "  configuration:\n"
        "    max-waste = 100\n"
    )


def test_a_misspelt_key_has_a_suggestion(run: Run) -> None:
    ran = run("config", "max-wast")
    assert (ran.code, ran.err) == (2, "error: unknown key `max-wast`\nhint: did you mean `max-waste`?\n")


def test_the_settings_that_hold_are_shown(project: Path, run: Run) -> None:
    (project / "pyproject.toml").write_text('[tool.llm-lint]\nfail-on = "error"\nmin-saving = 5\n')
    lines = run("check", "--show-settings", "--ignore", "LLM701").out.splitlines()
    assert lines[0] == f"# from {project / 'pyproject.toml'}"
    assert {'fail-on = "error"', "min-saving = 5", 'ignore = ["LLM701"]'} <= set(lines)
    assert run("check", "--show-settings", "--isolated").out.startswith("# defaults: no configuration file\n")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_complete_commands_and_options(shell: str, run: Run) -> None:
    out = run("generate-shell-completion", shell).out
    assert f"_LLM_LINT_COMPLETE={shell}_complete" in out


def test_completion_answers(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from llm_lint.cli import main

    monkeypatch.setenv("_LLM_LINT_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "llm-lint check --output-format s")
    monkeypatch.setenv("COMP_CWORD", "3")
    with pytest.raises(SystemExit):
        main([])
    assert capsys.readouterr().out == "plain,sarif\n"
