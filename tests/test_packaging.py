"""What is shipped: the wheel and the source archive, and that an installed wheel works."""

from __future__ import annotations

import email
import email.message
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import llm_lint
from llm_lint.resources import rules_directory
from llm_lint.rules import all_rules

ROOT = Path(__file__).parents[1]
OTHER_PYTHONS = ("3.10", "3.13")  # the oldest and the newest that are supported

APP = """\
from openai import OpenAI

client = OpenAI()

for line in open("questions.txt"):
    print(client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": line}]))
"""


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command that sees nothing of this checkout or this environment."""
    hidden = ("PYTHON", "VIRTUAL_ENV", "COV", "GIT_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    return subprocess.run(
        list(map(str, command)), cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


def built(target: str, source: Path, folder: Path) -> Path:
    """The archive that hatchling builds of a source tree."""
    result = run(sys.executable, "-m", "hatchling", "build", "-t", target, "-d", folder, cwd=source)
    assert result.returncode == 0, result.stdout + result.stderr
    (archive,) = folder.iterdir()
    return archive


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built("sdist", ROOT, tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="session")
def names(wheel: Path) -> set[str]:
    return set(zipfile.ZipFile(wheel).namelist())


@pytest.fixture(scope="session")
def metadata(wheel: Path) -> email.message.Message:
    text = zipfile.ZipFile(wheel).read(f"llm_cost_lint-{llm_lint.__version__}.dist-info/METADATA")
    return email.message_from_bytes(text)


# --------------------------------------------------------------------------- contents


def tracked(folder: str) -> set[str]:
    """The files of a folder, without what running leaves behind."""
    paths = (path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*") if path.is_file())
    return {path for path in paths if "__pycache__" not in path}


def test_the_wheel_holds_the_package_and_all_knowledge_and_nothing_else(names: set[str]) -> None:
    package = {path.removeprefix("src/") for path in tracked("src")}
    knowledge = {path.replace("rules/", "llm_lint/_rules/", 1) for path in tracked("rules")}
    assert {name for name in names if ".dist-info/" not in name} == package | knowledge
    assert "llm_lint/py.typed" in names


def test_the_wheel_is_small(wheel: Path) -> None:
    assert wheel.stat().st_size < 3_000_000


def test_the_wheel_says_who_may_use_it_and_what_it_needs(metadata: email.message.Message) -> None:
    assert metadata["Name"] == "llm-cost-lint"
    assert metadata["Version"] == llm_lint.__version__
    assert metadata["Requires-Python"] == ">=3.10"
    assert metadata["License-Expression"] == "MIT"
    assert metadata.get_all("License-File") == ["LICENSE", "NOTICE"]
    needed = {
        re.split(r"[^\w-]", line)[0]
        for line in metadata.get_all("Requires-Dist", [])
        if "extra ==" not in line
    }
    assert needed == {"click", "libcst", "tiktoken", "tomli"}


def test_both_commands_start_the_same_program(wheel: Path) -> None:
    text = (
        zipfile.ZipFile(wheel)
        .read(f"llm_cost_lint-{llm_lint.__version__}.dist-info/entry_points.txt")
        .decode()
    )
    assert text.split() == [
        "[console_scripts]", "llm-cost-lint", "=", "llm_lint.cli:main", "llm-lint", "=", "llm_lint.cli:main"
    ]  # fmt: skip


def test_the_source_archive_builds_the_same_wheel(archive: Path, names: set[str], tmp_path: Path) -> None:
    with tarfile.open(archive) as opened:
        opened.extractall(tmp_path / "tree")
    (tree,) = (tmp_path / "tree").iterdir()
    assert set(zipfile.ZipFile(built("wheel", tree, tmp_path / "wheel")).namelist()) == names
    for part in (
        "tests/run.sh",
        "examples",
        "tools",
        "README.md",
        "LICENSE",
        "NOTICE",
        ".pre-commit-hooks.yaml",
    ):
        assert (tree / part).exists(), part


def test_an_editable_install_finds_the_knowledge() -> None:
    assert rules_directory().samefile(ROOT / "rules")


# --------------------------------------------------------------------------- installed


def interpreter(version: str) -> str | None:
    """A Python of a version that starts: on the path, or among those that pyenv keeps."""
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = [shutil.which(f"python{version}"), *map(str, sorted(root.glob(f"{version}.*/bin/python")))]
    for path in filter(None, found):
        if run(path, "-c", "import ensurepip, venv", cwd=ROOT).returncode == 0:
            return path
    return None


def installed(python: str, wheel: Path, folder: Path) -> Path:
    """The scripts of a new environment that holds the wheel and what it needs."""
    for command in (
        (python, "-m", "venv", folder),
        (folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel),
    ):
        result = run(*command, cwd=folder.parent)
        assert result.returncode == 0, result.stdout + result.stderr
    return folder / "bin"


def assert_works(scripts: Path, folder: Path) -> None:
    """Use the installed commands as a newcomer would, away from this checkout."""
    (folder / "app.py").write_text(APP)
    for command in ("llm-lint", "llm-cost-lint"):
        version = run(scripts / command, "--version", cwd=folder)
        assert llm_lint.__version__ in version.stdout, version.stderr
    place = run(
        scripts / "python", "-c", "import llm_lint.resources as r; print(r.rules_directory())", cwd=folder
    )
    assert place.stdout.strip().endswith(os.path.join("llm_lint", "_rules"))
    listed = run(scripts / "llm-lint", "rules", cwd=folder)
    assert all(rule.code in listed.stdout for rule in all_rules()), listed.stderr
    checked = run(scripts / "llm-lint", "check", ".", "--output-format", "concise", cwd=folder)
    assert checked.returncode == 1, checked.stderr
    assert "app.py:6:" in checked.stdout
    assert "LLM401" in checked.stdout
    explained = run(scripts / "llm-lint", "rule", "LLM801", cwd=folder)
    assert "LLM801" in explained.stdout, explained.stderr


@pytest.mark.slow
def test_the_installed_wheel_works(wheel: Path, tmp_path: Path) -> None:
    assert_works(installed(sys.executable, wheel, tmp_path / "venv"), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("version", OTHER_PYTHONS)
def test_the_installed_wheel_works_on_the_oldest_and_the_newest_python(
    version: str, wheel: Path, tmp_path: Path
) -> None:
    if version == ".".join(map(str, sys.version_info[:2])):
        pytest.skip("is the Python that runs the tests")
    python = interpreter(version)
    if python is None:
        pytest.skip(f"no Python {version} on this machine")
    assert_works(installed(python, wheel, tmp_path / "venv"), tmp_path)
