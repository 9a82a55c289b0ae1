"""No command opens a connection or looks up a host."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import NoReturn

import click
import pytest

from llm_lint.cli.program import program
from llm_lint.pricing.snapshot import shipped
from tests.cli.conftest import Run
from tests.project.test_revision import git

COMMANDS = [
    ("baseline",),
    ("check",),
    ("check", "--usage", "usage.jsonl"),
    ("check", "--diff-base", "HEAD"),
    ("config",),
    ("cost",),
    ("cost", "gpt-4o", "claude-sonnet-4-6"),
    ("diff",),
    ("generate-shell-completion", "bash"),
    ("init", "--vendor", "app/llm_runtime"),
    ("inventory",),
    ("models",),
    ("prices",),
    ("prices", "check", "snapshot.json"),
    ("prices", "update", "snapshot.json", "--force"),
    ("rule", "LLM101"),
    ("rules",),
    ("usage", "usage.jsonl"),
]
RECORD = {
    "timestamp": "2026-11-01T00:00:00Z",
    "endpoint": "/v1/chat/completions",
    "model": "gpt-4o",
    "tokens_input": 10,
    "tokens_output": 10,
    "cost_usd": 0.000125,
    "latency_ms": 9,
    "cache_hit": False,
}


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a socket fails."""

    def refuse(*_arguments: object, **_options: object) -> NoReturn:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def test_every_command_is_tried() -> None:
    """But for ``run``, whose program may do as it likes."""
    known = set(program.list_commands(click.Context(program)))
    assert known - {name for name, *_ in COMMANDS} == {"run"}


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_commands_work_without_a_network(
    project: Path, run: Run, offline: None, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(project / "cache"))
    (project / "snapshot.json").write_text(shipped().text(), encoding="utf-8")
    (project / "usage.jsonl").write_text(json.dumps(RECORD) + "\n")
    git(project, "init", "-q")
    git(project, "add", "-A")
    git(project, "commit", "-qm", "one")
    ran = run(*arguments)
    assert ran.code in (0, 1), ran.err
