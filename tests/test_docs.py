"""The documentation says what is the case."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import click
import pytest

from llm_lint.cli.program import program
from llm_lint.rules import all_rules

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
DUE = "run `python tools/build_docs.py`"


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_docs", ROOT / "tools" / "build_docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def essence(text: str) -> list[str]:
    """What an output says in substance: places and rules of findings, what is told of each, the counts."""
    finding = r"^\S+:\d+:\d+: LLM\d+ \[[a-z-]+\]|^  = \w+:|^    +\d+\. \S+"
    kept = re.findall(rf"{finding}|^Found .*|^why .*|^what .*|^how .*", text, re.M)
    return [line.strip() for line in kept]


def test_the_outputs_in_the_readme_are_real(tool: ModuleType) -> None:
    shown = list(tool.OUTPUT.finditer((ROOT / "README.md").read_text(encoding="utf-8")))
    assert len(shown) == 2
    for found in shown:
        assert essence(found["text"]), found["command"]
        assert essence(found["text"]) == essence(tool.output(found["command"])), DUE


def test_every_key_is_documented(tool: ModuleType) -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert tool.keys() in text, DUE


def test_every_rule_is_listed() -> None:
    text = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    for rule in all_rules():
        row = f"| [{rule.code}](../rules/{rule.code}-{rule.name}.md) | {rule.name} | {rule.severity.value} |"
        assert row in text, DUE


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_commands_and_options_exist(page: Path) -> None:
    context = click.Context(program)
    for line in re.findall(r"llm-lint ([a-z].*)", page.read_text(encoding="utf-8")):
        words = re.split(r"[`\s]", line.split("`")[0].split("#")[0].split(" -- ")[0].strip())
        command = program.get_command(context, words[0])
        if command is None:
            continue  # prose
        known = {"--help"}
        for parameter in _parameters(command):
            known.update(parameter.opts, parameter.secondary_opts)
        options = (re.match(r"--[a-z][a-z-]*", word) for word in words[1:])
        assert {option[0] for option in options if option} <= known, line


def _parameters(command: click.Command) -> list[click.Parameter]:
    """Those of a command and of the commands in it."""
    inner = command.commands.values() if isinstance(command, click.Group) else ()
    return [*command.params, *(parameter for other in inner for parameter in _parameters(other))]


def test_commands_in_code_blocks_are_known() -> None:
    context = click.Context(program)
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)
    commands = {name for block in blocks for name in re.findall(r"^llm-lint ([a-z-]+)", block, re.M)}
    assert {"check", "baseline", "inventory", "cost", "diff"} <= commands
    assert commands <= set(program.list_commands(context))
