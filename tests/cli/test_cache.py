"""The cache: equal runs are repeated, anything that could change a result is noticed, damage is no error."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from llm_lint.project import cache
from tests.cli.conftest import JOBS, Run
from tests.specimens import specimen

SOURCE = str(Path(__file__).parents[2] / "src")
FOLDER = ".llm_lint_cache"
MARK = "this comes from the cache\n"


@pytest.fixture(autouse=True)
def _remembering(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLM_LINT_NO_CACHE", "0")


def results(project: Path) -> list[Path]:
    """The results that the project's cache holds."""
    return sorted((project / FOLDER / "results").glob("*.json"))


def mark(project: Path) -> None:
    """Change what the cache would say, so that its answers can be told from those of a run."""
    store = cache.Store(str(project / FOLDER))
    for path in results(project):
        result = store.load("results", path.name)
        assert result is not None
        store.save({**result, "written": [[1, MARK]]}, "results", path.name)


def test_an_equal_run_is_repeated(project: Path, run: Run) -> None:
    first = run("check")
    assert first.code == 1
    assert run("check") == first
    mark(project)
    assert run("check").out == MARK
    assert run("check", "app").out == run("check", "--no-cache", "app").out != MARK


@pytest.mark.parametrize("arguments", [("inventory",), ("check", "--output-format", "json", "-q")])
def test_every_format_is_repeated(arguments: tuple[str, ...], project: Path, run: Run) -> None:
    first = run(*arguments)
    assert run(*arguments) == first
    mark(project)
    assert run(*arguments).out == MARK


def edited(project: Path) -> None:
    (project / "app" / "jobs.py").write_text(JOBS.replace("for row in", "for one in").replace("row[", "one["))


def edited_unnoticed(project: Path) -> None:
    path = project / "app" / "llm.py"
    before = path.stat()
    path.write_text(path.read_text().replace('"gpt-4o"', '"gpt-4.1"').replace("praise", "prais"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size


def added(project: Path) -> None:
    shutil.copy(project / "app" / "llm.py", project / "app" / "more.py")


def added_folder(project: Path) -> None:
    (project / "deep" / "er").mkdir(parents=True)
    shutil.copy(project / "app" / "llm.py", project / "deep" / "er" / "more.py")


def removed(project: Path) -> None:
    (project / "app" / "jobs.py").unlink()


def renamed(project: Path) -> None:
    (project / "app" / "jobs.py").rename(project / "app" / "work.py")


def unreadable(project: Path) -> None:
    (project / "app" / "jobs.py").write_bytes(b"x = 1\x00")


def configured(project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.llm-lint]\nignore = ["LLM401"]\n')


def configured_nearer(project: Path) -> None:
    (project / "llm-lint.toml").write_text('ignore = ["LLM401"]\n')


def priced(project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.llm-lint.usage]\nprofile = "large"\n')


CHANGES: list[Callable[[Path], None]] = [
    edited, edited_unnoticed, added, added_folder, removed, renamed, unreadable, configured,
    configured_nearer, priced,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
@pytest.mark.parametrize("settled", [True, False])
def test_a_change_is_noticed(
    change: Callable[[Path], None], settled: bool, project: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    if settled:  # the stamps alone must tell
        monkeypatch.setattr(cache, "_SETTLED_NS", -(10**18))
    run("check")
    mark(project)
    change(project)
    after = run("check")
    assert after == run("check", "--no-cache")
    assert after.out != MARK
    assert run("check") == after


def test_a_file_that_git_ignores_later_is_left_out(project: Path, run: Run) -> None:
    subprocess.run(["git", "init", "-q", "."], cwd=project, check=True)
    assert run("check").code == 1
    (project / ".gitignore").write_text("app/\n")
    after = run("check")
    assert after == run("check", "--no-cache")
    assert after.code == 0
    subprocess.run(["git", "add", "-f", "app/llm.py"], cwd=project, check=True)
    assert run("check") == run("check", "--no-cache")
    subprocess.run(["git", "rm", "-q", "--cached", "app/llm.py"], cwd=project, check=True)
    assert run("check") == run("check", "--no-cache") == after


def test_another_environment_is_another_run(project: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    plain = run("check")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in run("check").out
    monkeypatch.delenv("FORCE_COLOR")
    assert run("check") == plain


def test_another_version_computes_again(project: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    first = run("check")
    mark(project)
    monkeypatch.setattr(cache, "maker", lambda: "another version")
    assert run("check") == first


def test_the_day_is_part_of_a_result(project: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    first = run("check")
    mark(project)
    monkeypatch.setattr("time.strftime", lambda *_: "2099-01-01")
    assert run("check") == first


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b"{}", b"\xff\xfe\x00", b'{"format": 1, "files": 3}', b"[" * 9999]
)
def test_a_damaged_cache_is_computed_again(damage: bytes, project: Path, run: Run) -> None:
    first = run("check")
    files = list((project / FOLDER).rglob("*.json"))
    for path in files:
        before = path.read_bytes()
        path.write_bytes(damage)
        assert run("check") == first
        path.write_bytes(before[: len(before) // 2])
        assert run("check") == first
    assert run("check") == first


def test_the_cache_holds_no_key(project: Path, run: Run) -> None:
    key = specimen("openai-project")
    (project / "app" / "secret.py").write_text(f'import openai\nopenai.api_key = "{key}"\nKEY = "{key}"\n')
    assert "LLM801" in run("check").out
    run("check", "--output-format", "json")
    run("inventory", "--output-format", "json")
    files = [path for path in (project / FOLDER).rglob("*") if path.is_file()]
    assert len(files) >= 5
    for path in files:
        assert key.encode() not in path.read_bytes()


def test_no_cache_leaves_nothing_behind(project: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    assert run("check", "--no-cache").code == 1
    monkeypatch.setenv("LLM_LINT_NO_CACHE", "1")
    assert run("check").code == 1
    assert not (project / FOLDER).exists()


def test_the_cache_can_be_elsewhere(project: Path, tmp_path: Path, run: Run) -> None:
    first = run("check", "--cache-dir", str(tmp_path / "kept"))
    assert not (project / FOLDER).exists()
    assert (tmp_path / "kept" / ".gitignore").read_text() == "*\n"
    assert run("check", f"--cache-dir={tmp_path / 'kept'}") == first


def test_a_folder_that_cannot_be_written_is_no_error(project: Path, run: Run) -> None:
    (project / FOLDER).write_text("a file stands in the way")
    assert run("check") == run("check", "--no-cache")


def test_failed_runs_are_not_kept(project: Path, run: Run) -> None:
    (project / "pyproject.toml").write_text("[tool.llm-lint]\nnonsense = 1\n")
    assert run("check").code == 2
    assert not results(project)


# ------------------------------------------------------------------ the fast start


def imported(*arguments: str, cwd: Path) -> tuple[set[str], str]:
    """The modules that a run imports, and what it writes."""
    program = (
        "import sys; from llm_lint.cli import main; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    )
    environment = {**os.environ, "PYTHONPATH": SOURCE}
    ran = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(ran.stderr.split()), ran.stdout


HEAVY = {
    "libcst",
    "click",
    "ast",
    "dataclasses",
    "inspect",
    "decimal",
    "subprocess",
    "llm_lint.semantics.surfaces",
}


def test_an_equal_run_imports_nothing_heavy(project: Path) -> None:
    first, out = imported("check", cwd=project)
    assert first >= {"click", "ast"}
    second, again = imported("check", cwd=project)
    assert again == out
    assert second.isdisjoint(HEAVY)


def test_a_commit_without_llm_code_imports_nothing_heavy(project: Path, run: Run) -> None:
    (project / "tools.py").write_text("def add(a, b):\n    return a + b\n")
    hook = ("check", "--force-exclude")
    assert run(*hook, "app/llm.py").code == 1  # an earlier commit
    (project / "tools.py").write_text("def add(a, b):\n    return b + a\n")
    modules, out = imported(*hook, "tools.py", cwd=project)
    assert modules.isdisjoint(HEAVY)
    assert out == "No findings in 1 file.\n" == run("check", "--no-cache", "tools.py").out
    assert imported(*hook, "-q", "tools.py", cwd=project)[1] == ""


TURNS = [
    "from app.llm import label\n\nfor text in open('x'):\n    print(label(text))\n",
    "from openai import OpenAI\n\nfor text in open('x'):\n"
    "    OpenAI().chat.completions.create(model='gpt-4o', messages=[])\n",
    "def broken(:\n",
    "x = '\\x00'\n# \x00\n",
    "import requests\n"
    "requests.post('https://api.openai.com/v1/chat/completions', json={'model': 'gpt-4o'})\n",
    "KEY = 1  # llm-lint: ignore\nOPENAI_API_KEY = 'sk-abcdefghijklmnopqrstuvwxyz1234567890ABCD'\n",
]


@pytest.mark.parametrize("code", TURNS)
def test_a_file_that_turns_to_llm_code_is_checked(code: str, project: Path, run: Run) -> None:
    (project / "tools.py").write_text("def add(a, b):\n    return a + b\n")
    run("check", "--force-exclude", "app/llm.py")
    assert run("check", "--force-exclude", "tools.py").out == "No findings in 1 file.\n"
    (project / "tools.py").write_text(code)
    after = run("check", "--force-exclude", "tools.py")
    assert after == run("check", "--no-cache", "--force-exclude", "tools.py")
