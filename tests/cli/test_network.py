"""No command opens a connection or looks up a host."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import NoReturn

import pytest

from llm_lint.pricing.snapshot import shipped
from tests.cli.conftest import Run
from tests.project.test_revision import git
from tests.usage.logs import month


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a socket fails."""

    def refuse(*_arguments: object, **_options: object) -> NoReturn:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.parametrize(
    "arguments",
    [
        ("check",),
        ("inventory",),
        ("cost",),
        ("cost", "gpt-4o", "claude-sonnet-4-6"),
        ("models",),
        ("prices",),
        ("prices", "check", "snapshot.json"),
        ("prices", "update", "snapshot.json", "--force"),
        ("diff",),
        ("check", "--usage", "usage.jsonl"),
        ("inventory", "--usage", "usage.jsonl"),
        ("usage", "usage.jsonl"),
        ("usage", "init"),
        ("rule", "LLM101"),
        ("rules",),
    ],
    ids=" ".join,
)
def test_commands_work_without_a_network(
    project: Path, run: Run, offline: None, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(project / "cache"))
    (project / "snapshot.json").write_text(shipped().text(), encoding="utf-8")
    (project / "usage.jsonl").write_bytes(month(60))
    git(project, "init", "-q")
    git(project, "add", "-A")
    git(project, "commit", "-qm", "one")
    assert run(*arguments).code in (0, 1)
