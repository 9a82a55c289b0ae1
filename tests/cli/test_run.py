"""``llm-lint run`` records a program that knows nothing of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from llm_lint.runtime.reading import read
from tests.fake_provider import FakeProvider, words

ASK = """\
import sys
from openai import OpenAI


def ask(text):
    reply = OpenAI().chat.completions.create(
        model="gpt-4o-mini", messages=[{"role": "user", "content": text}]
    )
    return reply.choices[0].message.content


if __name__ == "__main__":
    print(ask(sys.argv[1]))
"""


@pytest.fixture(scope="module")
def provider() -> Iterator[FakeProvider]:
    with FakeProvider(tokenize=words) as running:
        yield running


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, provider: FakeProvider) -> Path:
    (tmp_path / "ask.py").write_text(ASK)
    monkeypatch.chdir(tmp_path)
    for name, value in provider.environment().items():
        monkeypatch.setenv(name, value)
    for name in ("LLM_LINT_LOG", "PYTHONPATH"):
        monkeypatch.delenv(name, raising=False)
    provider.ledger.clear()
    return tmp_path


def record(*arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "llm_lint", "run", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, **more)


def test_a_script_is_recorded_with_its_sites_and_its_costs(project: Path, provider: FakeProvider) -> None:
    done = record("--", sys.executable, "ask.py", "hello")
    assert (done.returncode, len(done.stdout.split())) == (0, 12)
    assert "recorded 1 request, $0.0000, in llm-usage.jsonl" in done.stderr
    (found,) = read("llm-usage.jsonl")
    assert found["site"].startswith("ask.py:ask:6")
    assert Decimal(str(found["cost_usd"])) == provider.ledger.total > 0
    assert "hello" not in (project / "llm-usage.jsonl").read_text()


def test_subprocesses_and_spawned_workers_are_recorded(project: Path) -> None:
    (project / "many.py").write_text(
        "import multiprocessing, subprocess, sys\n"
        "from ask import ask\n"
        "if __name__ == '__main__':\n"
        "    with multiprocessing.get_context('spawn').Pool(1) as pool:\n"
        "        pool.map(ask, ['a', 'b'])\n"
        "    subprocess.run([sys.executable, '-m', 'ask', 'c'], check=True)\n"
    )
    assert record("--log", "logs/", "--", sys.executable, "-m", "many").returncode == 0
    assert [each["site"].split(":6")[0] for each in read("logs/")] == ["ask.py:ask"] * 3
    assert len(list((project / "logs").iterdir())) == 2


def test_the_exit_code_is_the_programs(project: Path) -> None:
    done = record("-q", "--", sys.executable, "-c", "import sys; sys.exit(7)")
    assert (done.returncode, done.stdout, done.stderr) == (7, "", "")


def test_a_signal_reaches_the_program(project: Path) -> None:
    script = "import time; open('ready', 'w').close(); time.sleep(60)"
    command = [sys.executable, "-m", "llm_lint", "run", "-q", "--", sys.executable, "-c", script]
    with subprocess.Popen(command) as process:
        for _ in range(600):
            if (project / "ready").exists():
                break
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 128 + signal.SIGTERM


def test_the_sitecustomize_that_was_there_still_runs(project: Path) -> None:
    own = project / "own"
    own.mkdir()
    (own / "sitecustomize.py").write_text("import builtins\nbuiltins.greeting = 'from the own one'\n")
    done = record(
        "-q", "--", sys.executable, "-c", "print(greeting)", env={**os.environ, "PYTHONPATH": str(own)}
    )
    assert done.stdout == "from the own one\n"


def test_nothing_recorded_is_said(project: Path) -> None:
    done = record("--", sys.executable, "-c", "print('no request')")
    assert done.stdout == "no request\n"
    assert "no LLM request was recorded" in done.stderr
    assert not (project / "llm-usage.jsonl").exists()


def test_a_command_that_is_not_there_is_an_error(project: Path) -> None:
    done = record("--", "no-such-command-anywhere")
    assert done.returncode == 2
    assert "cannot run no-such-command-anywhere" in done.stderr
