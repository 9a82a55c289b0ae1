"""Running the command line inside the test process, in a small project of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from llm_lint.cli import main

LLM = """\
from openai import OpenAI

client = OpenAI()


def label(text):
    reply = client.chat.completions.create(
        model="gpt-4o",
        temperature=0,
        max_tokens=5,
        messages=[
            {"role": "system", "content": "Classify the ticket as one of: bug, question, praise."},
            {"role": "user", "content": text},
        ],
    )
    return reply.choices[0].message.content
"""
JOBS = """\
import csv
import sys

from app.llm import label


def main():
    for row in csv.DictReader(open(sys.argv[1])):
        print(label(row["text"]))


if __name__ == "__main__":
    main()
"""


@dataclass(frozen=True)
class Ran:
    """What one run left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """``run("check", "app")``: the exit code and what was written."""

    def call(*arguments: str) -> Ran:
        capsys.readouterr()
        code = main(arguments)
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return call


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose requests are sent in a loop; the current folder is its root."""
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "COLUMNS", "LLM_LINT_OUTPUT_FORMAT"):
        monkeypatch.delenv(name, raising=False)
    for name in ("GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE", "CI_PROJECT_DIR"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "project"
    (folder / "app").mkdir(parents=True)
    (folder / "pyproject.toml").write_text("[tool.llm-lint]\n")
    (folder / "app" / "__init__.py").write_text("")
    (folder / "app" / "llm.py").write_text(LLM)
    (folder / "app" / "jobs.py").write_text(JOBS)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def clean(project: Path) -> Path:
    """The same project without a request."""
    (project / "app" / "llm.py").write_text("def label(text):\n    return text\n")
    return project
