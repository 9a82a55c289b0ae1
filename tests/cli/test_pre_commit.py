"""The hooks that other repositories install."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import JOBS, LLM

ROOT = Path(__file__).parents[2]


def called(*command: str, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """A command with its output as one text."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")} | variables
    return subprocess.run(
        command,
        cwd=cwd,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def pre_commit(*arguments: str, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """``pre-commit`` of this interpreter."""
    return called(sys.executable, "-m", "pre_commit", *arguments, cwd=cwd, **variables)


def test_the_manifest_is_valid() -> None:
    ran = pre_commit("validate-manifest", str(ROOT / ".pre-commit-hooks.yaml"), cwd=ROOT)
    assert (ran.returncode, ran.stdout) == (0, "")


def test_our_own_configuration_is_valid() -> None:
    ran = pre_commit("validate-config", str(ROOT / ".pre-commit-config.yaml"), cwd=ROOT)
    assert (ran.returncode, ran.stdout) == (0, "")


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """A git repository with a gateway, a loop in another file, and a file without LLM code."""
    folder = tmp_path / "scratch"
    (folder / "app").mkdir(parents=True)
    (folder / "app" / "__init__.py").write_text("")
    (folder / "app" / "llm.py").write_text(LLM)
    (folder / "app" / "jobs.py").write_text(JOBS)
    (folder / "app" / "plain.py").write_text("answer = 42\n")
    called("git", "init", "-q", cwd=folder)
    called("git", "add", ".", cwd=folder)
    return folder


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The files that a clone of this repository would have, committed."""
    folder = tmp_path / "llm-lint"
    listed = called("git", "ls-files", "-co", "--exclude-standard", "-z", cwd=ROOT)
    names = listed.stdout.split("\0") if listed.returncode == 0 else []
    for name in filter(None, names):
        if (ROOT / name).is_file() and not name.startswith("tests/"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    identity = ("-c", "user.name=test", "-c", "user.email=test@example.com")
    called("git", "init", "-q", cwd=folder)
    called("git", "add", ".", cwd=folder)
    called("git", *identity, "commit", "-qm", "a clone", cwd=folder)
    return folder


@pytest.mark.slow
def test_the_hooks_work_from_a_fresh_clone(repository: Path, scratch: Path, tmp_path: Path) -> None:
    home = {"PRE_COMMIT_HOME": str(tmp_path / "home")}

    def hook(name: str, *files: str) -> subprocess.CompletedProcess[str]:
        return pre_commit("try-repo", str(repository), name, "--files", *files, cwd=scratch, **home)

    found = hook("llm-lint", "app/llm.py", "app/plain.py")
    assert found.returncode == 1, found.stdout
    assert "app/llm.py:7:13: LLM401 [request-in-loop]" in found.stdout
    assert "app/jobs.py:9:15  `main` calls `label`, in the `for` loop of line 8" in found.stdout

    clean = hook("llm-lint", "app/plain.py")
    assert clean.returncode == 0, clean.stdout

    untouched = hook("llm-lint-fix", "app/llm.py")
    assert untouched.returncode == 1, untouched.stdout
    assert "run `llm-lint init`" in untouched.stdout
    assert (scratch / "app" / "llm.py").read_text() == LLM

    (scratch / "pyproject.toml").write_text(
        '[tool.llm-lint]\nruntime = "llm_lint.runtime"\nselect = ["LLM7"]\n'
    )
    fixing = hook("llm-lint-fix", "app/llm.py")
    assert fixing.returncode == 1, fixing.stdout
    assert "- files were modified by this hook" in fixing.stdout
    assert "exit code" not in fixing.stdout
    assert "Fixed 1 finding in app/llm.py." in fixing.stdout
    assert "client = track(OpenAI())" in (scratch / "app" / "llm.py").read_text()
    assert hook("llm-lint-fix", "app/llm.py").returncode == 0
