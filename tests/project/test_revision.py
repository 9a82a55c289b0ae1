"""The files of an earlier commit, out of real repositories."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from llm_lint.errors import LlmLintError
from llm_lint.project.config import Settings
from llm_lint.project.revision import base_of, files_of, has_sources_of
from llm_lint.project.runner import Options, Tree, run_inventory

SOURCE = "from openai import OpenAI\n\nOpenAI().responses.create(model='gpt-4o', input='hi')\n"


def git(folder: Path, *arguments: str) -> str:
    """Run git with a fixed identity; what it printed."""
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    command = ["git", *identity, *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two commits on main; the first has ``app/llm.py``."""
    folder = tmp_path / "repository"
    (folder / "app").mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    (folder / "app" / "llm.py").write_text(SOURCE)
    (folder / "notes.txt").write_text("no source")
    (folder / "app" / "link.py").symlink_to("llm.py")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "one")
    (folder / "app" / "llm.py").write_text("")
    git(folder, "commit", "-qam", "two")
    return folder


def test_the_files_of_a_commit_are_its_sources(repository: Path) -> None:
    base = base_of(repository, "HEAD~1")
    with files_of(repository, base.commit) as files:
        assert {name: blob.read_bytes().decode() for name, blob in files.items()} == {"app/llm.py": SOURCE}


def test_names_are_relative_to_the_folder(repository: Path) -> None:
    with files_of(repository / "app", base_of(repository / "app", "HEAD~1").commit) as files:
        assert list(files) == ["llm.py"]


def test_a_commit_is_analysed_without_touching_the_working_tree(repository: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in repository.rglob("*") if ".git" not in path.parts}
    index = (repository / ".git" / "index").read_bytes()
    with files_of(repository, base_of(repository, "HEAD~1").commit) as files:
        report = run_inventory(Options((str(repository),), Settings(), tree=Tree(repository, files)))
    assert report.inventory is not None
    assert [request.key for request in report.inventory.requests] == ["app/llm.py::<module>#0"]
    assert before == {p: p.stat().st_mtime_ns for p in repository.rglob("*") if ".git" not in p.parts}
    assert index == (repository / ".git" / "index").read_bytes()


def test_excluded_folders_are_left_out_as_on_disk(repository: Path) -> None:
    settings = Settings(extend_exclude=("app",))
    with files_of(repository, base_of(repository, "HEAD~1").commit) as files:
        report = run_inventory(Options((str(repository),), settings, tree=Tree(repository, files)))
    assert report.files_checked == 0


def test_a_branch_is_compared_from_where_it_was_left(repository: Path) -> None:
    git(repository, "checkout", "-qb", "feature")
    parted = git(repository, "rev-parse", "HEAD")
    git(repository, "commit", "-qm", "three", "--allow-empty")
    git(repository, "checkout", "-q", "main")
    git(repository, "commit", "-qm", "four", "--allow-empty")
    git(repository, "checkout", "-q", "feature")
    base = base_of(repository, "main")
    assert base.commit == parted
    assert base.label == f"main ({parted[:7]})"


@pytest.mark.parametrize("revision", ["nowhere", "--output=x", "HEAD~7"])
def test_an_unknown_revision_is_named(repository: Path, revision: str) -> None:
    with pytest.raises(LlmLintError, match=f"git knows no revision `{revision}`"):
        base_of(repository, revision)


def test_a_shallow_clone_says_what_it_lacks(repository: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth=1", repository.as_uri(), "shallow")
    with pytest.raises(LlmLintError, match="this is a shallow clone") as error:
        base_of(tmp_path / "shallow", "HEAD~1")
    assert "fetch-depth: 0" in (error.value.hint or "")


def test_histories_without_a_common_commit(repository: Path) -> None:
    git(repository, "checkout", "-q", "--orphan", "other")
    git(repository, "commit", "-qm", "apart")
    with pytest.raises(LlmLintError, match="no common commit"):
        base_of(repository, "main")


def test_a_partial_clone_fetches_nothing(repository: Path, tmp_path: Path) -> None:
    git(repository, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--filter=blob:none", repository.as_uri(), "partial")
    folder = tmp_path / "partial"
    lacking = pytest.raises(LlmLintError, match="lacks the object")
    with files_of(folder, base_of(folder, "HEAD~1").commit) as files, lacking:
        files["app/llm.py"].read_bytes()


def test_outside_a_repository_and_before_the_first_commit(tmp_path: Path) -> None:
    with pytest.raises(LlmLintError, match="not in a git repository"):
        base_of(tmp_path, "HEAD")
    git(tmp_path, "init", "-q")
    with pytest.raises(LlmLintError, match="no commit yet"):
        base_of(tmp_path, "HEAD")


def test_whether_the_sources_are_those_of_a_commit(repository: Path) -> None:
    here, before = (git(repository, "rev-parse", name) for name in ("HEAD", "HEAD~1"))
    (repository / "notes.txt").write_text("changed")
    assert has_sources_of(repository, here)
    assert not has_sources_of(repository, before)
    (repository / "app" / "new.py").write_text("")
    assert not has_sources_of(repository, here)
    (repository / "app" / "new.py").unlink()
    (repository / "app" / "llm.py").write_text(SOURCE)
    assert not has_sources_of(repository, here)
    assert has_sources_of(repository, before)


def test_a_repository_of_somebody_else(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(LlmLintError, match="belongs to somebody else") as error:
        base_of(repository, "HEAD")
    assert "safe.directory" in (error.value.hint or "")
