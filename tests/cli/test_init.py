"""``llm-lint init`` adds what is asked for, and leaves every other byte as it was."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from llm_lint.project.config import read_settings
from tests.cli.conftest import Run

PYPROJECT = '[project]\nname = "shop"  # ours\n\n[tool.ruff]\nline-length = 90\n'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_bytes(PYPROJECT.encode())
    return tmp_path


def test_the_configuration_is_added_at_the_end(project: Path, run: Run) -> None:
    assert run("init").code == 0
    assert (project / "pyproject.toml").read_text() == PYPROJECT + (
        '\n[tool.llm-lint]\nruntime = "llm_lint.runtime"\n\n[tool.llm-lint.cache]\nttl = 3600\n'
    )


def test_a_second_run_changes_nothing(project: Path, run: Run) -> None:
    everything = ("init", "--vendor", "src/app/rt", "--pre-commit", "--env", "--gitignore")
    run(*everything)
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    again = run(*everything)
    assert again.code == 0
    assert [line.split(":")[0] for line in again.out.splitlines()] == ["unchanged"] * 5
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (
            '[tool.llm-lint]\r\nselect = ["ALL"]\r\n\r\n[other]\r\na = 1\r\n',
            '[tool.llm-lint]\r\nruntime = "llm_lint.runtime"\r\nselect = ["ALL"]\r\n\r\n[other]\r\na = 1\r\n'
            "\r\n[tool.llm-lint.cache]\r\nttl = 3600\r\n",
        ),
        (
            "[tool.llm-lint.cache] # kept\n[x]\n",
            "[tool.llm-lint.cache] # kept\nttl = 3600\n[x]\n"
            '\n[tool.llm-lint]\nruntime = "llm_lint.runtime"\n',
        ),
        (
            "[a]\nb = 1",
            '[a]\nb = 1\n\n[tool.llm-lint]\nruntime = "llm_lint.runtime"\n'
            "\n[tool.llm-lint.cache]\nttl = 3600\n",
        ),
    ],
)
def test_other_bytes_stay(project: Path, run: Run, text: str, result: str) -> None:
    (project / "pyproject.toml").write_bytes(text.encode())
    assert run("init").code == 0
    assert (project / "pyproject.toml").read_bytes().decode() == result


def test_a_value_that_is_there_is_not_replaced_unasked(project: Path, run: Run) -> None:
    text = '[tool.llm-lint]\nruntime = "app.mine"  # do not touch\n[tool.llm-lint.cache]\nttl = 60\n'
    (project / "pyproject.toml").write_text(text)
    assert run("init").code == 0  # defaults give way
    assert (project / "pyproject.toml").read_text() == text
    refused = run("init", "--ttl", "1h")
    assert refused.code == 2
    assert "`cache.ttl` is 60 already" in refused.err
    assert (project / "pyproject.toml").read_text() == text
    assert run("init", "--ttl", "1h", "--overwrite").code == 0
    assert (project / "pyproject.toml").read_text() == text.replace("60", '"1h"')


def test_layouts_that_lines_cannot_extend_are_refused(project: Path, run: Run) -> None:
    text = "tool = { llm-lint = { select = ['ALL'] } }\n"
    (project / "pyproject.toml").write_text(text)
    refused = run("init")
    assert refused.code == 2
    assert "cannot be edited safely" in refused.err
    assert (project / "pyproject.toml").read_text() == text


def test_own_names_are_configured(project: Path, run: Run) -> None:
    assert run("init", "--track", "shop.obs:follow", "--cached", "shop.cache.keep", "--ttl", "7d").code == 0
    settings = read_settings(project / "pyproject.toml")
    assert settings.inserted("track") == ("shop.obs", "follow")
    assert settings.inserted("cached") == ("shop.cache", "keep")
    assert (settings.cache_ttl, settings.runtime) == (7 * 86400, None)


def test_without_a_pyproject_the_settings_get_a_file_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("init").code == 0
    assert (tmp_path / "llm-lint.toml").read_text() == 'runtime = "llm_lint.runtime"\n\n[cache]\nttl = 3600\n'


@pytest.mark.parametrize("arguments", [("--ttl", "soon"), ("--track", "follow"), ("--vendor", "my-app/rt")])
def test_wrong_values_are_refused_before_anything_is_written(
    project: Path, run: Run, arguments: tuple[str, ...]
) -> None:
    assert run("init", "--gitignore", *arguments).code == 2
    assert (project / "pyproject.toml").read_text() == PYPROJECT
    assert [path.name for path in project.iterdir()] == ["pyproject.toml"]


def test_dry_run_writes_nothing(project: Path, run: Run) -> None:
    shown = run("init", "--vendor", "src/app/rt", "--dry-run")
    assert "would be created: src/app/rt/ (the runtime)" in shown.out
    assert [path.name for path in project.iterdir()] == ["pyproject.toml"]


def test_a_vendored_copy_works_without_the_linter_and_its_drift_is_found(project: Path, run: Run) -> None:
    assert run("init", "--vendor", "src/shop/llm_runtime").code == 0
    assert run("init", "--check").code == 0
    script = (
        "import sys; sys.path.insert(0, 'src')\n"
        "from decimal import Decimal\n"
        "from shop.llm_runtime import track, cached, configure, budget, read\n"
        "from shop.llm_runtime.prices import cost\n"
        "from shop.llm_runtime.usage import Usage\n"
        "print(cost('openai', ('gpt-4o-mini',), Usage(1000000)) == Decimal('0.15'))\n"
        "print([name for name in sys.modules if name.startswith('llm_lint')])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n[]\n"
    copy = project / "src/shop/llm_runtime/log.py"
    copy.write_text(copy.read_text() + "# mine\n")
    drifted = run("init", "--check")
    assert (drifted.code, drifted.out.count("edited")) == (1, 1)
    refused = run("init", "--vendor", "src/shop/llm_runtime")
    assert refused.code == 2
    assert "was edited: log.py" in refused.err
    assert run("init", "--vendor", "src/shop/llm_runtime", "--overwrite").code == 0
    assert run("init", "--check").code == 0


def test_somebody_elses_folder_is_not_vendored_into(project: Path, run: Run) -> None:
    (project / "shop").mkdir()
    (project / "shop" / "log.py").write_text("mine = True\n")
    refused = run("init", "--vendor", "shop")
    assert refused.code == 2
    assert "is no copy of the runtime" in refused.err
    assert (project / "shop" / "log.py").read_text() == "mine = True\n"


def test_the_hook_joins_the_others(project: Path, run: Run) -> None:
    config = project / ".pre-commit-config.yaml"
    head = "default_stages: [pre-commit]\nrepos:\n  - repo: meta\n    hooks:\n      - id: identity\n"
    config.write_text(f"{head}\nfail_fast: true\n")
    assert run("init", "--pre-commit").code == 0
    text = config.read_text()
    assert text.startswith(
        "default_stages: [pre-commit]\nrepos:\n  - repo: meta\n    hooks:\n      - id: identity\n"
    )
    assert text.endswith("\n\nfail_fast: true\n")
    assert subprocess.run(["pre-commit", "validate-config", str(config)], check=False).returncode == 0
    assert run("init", "--pre-commit").code == 0
    assert config.read_text() == text


def test_lines_that_are_there_are_not_repeated(project: Path, run: Run) -> None:
    (project / ".gitignore").write_text(".env\n*.pyc")
    (project / ".env.example").write_text("LLM_LINT_LOG=somewhere.jsonl\n")
    assert run("init", "--gitignore", "--env").code == 0
    assert (project / ".gitignore").read_text().splitlines()[:2] == [".env", "*.pyc"]
    assert (project / ".gitignore").read_text().count(".env") == 1
    assert (project / ".env.example").read_text().count("LLM_LINT_LOG") == 1
