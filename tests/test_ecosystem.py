"""The tool that compares what two versions say about real projects."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from tests.cli.conftest import JOBS, LLM

TOOL = Path(__file__).parents[1] / "tools" / "ecosystem.py"


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("ecosystem", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    app = tmp_path / "repositories" / "acme+app" / "app"
    app.mkdir(parents=True)
    (app / "__init__.py").write_text("")
    (app / "llm.py").write_text(LLM)
    (app / "jobs.py").write_text(JOBS)
    (app / "broken.py").write_text("def f(:\n")
    (tmp_path / "repositories" / "acme+empty").mkdir()
    return tmp_path / "repositories"


def result(tool: ModuleType, folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    assert tool.main([str(folder)]) == 0
    return capsys.readouterr().out


def test_requests_and_findings_are_told_by_stable_keys(
    tool: ModuleType, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = result(tool, folder, capsys)
    rows = [line.split("\t") for line in first.splitlines()]
    assert [row[:2] for row in rows] == [
        *[["acme+app", "finding"]] * 3, ["acme+app", "request"], ["acme+app", "skipped"]
    ]  # fmt: skip
    assert rows[3][2] == "app/llm.py::label#0"
    facts = dict(fact.split("=", 1) for fact in rows[3][3].split(" "))
    assert (facts["callee"], facts["loop"]) == ("OpenAI.chat.completions.create", "data")
    path = folder / "acme+app" / "app" / "llm.py"
    path.write_text("import os\n\n\n" + LLM)
    assert result(tool, folder, capsys) == first


def test_two_results_are_compared(
    tool: ModuleType, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = tmp_path / "old.txt", tmp_path / "new.txt"
    old.write_text(result(tool, folder, capsys))
    assert tool.main(["--compare", str(old), str(old)]) == 0
    assert capsys.readouterr().out == "no difference\n"
    path = folder / "acme+app" / "app" / "llm.py"
    again = "\n\ndef again(text):\n    return client.embeddings.create(model='m', input=text)\n"
    path.write_text(LLM.replace("gpt-4o", "gpt-4o-mini") + again)
    new.write_text(result(tool, folder, capsys))
    assert tool.main(["--compare", str(old), str(new)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert "~ acme+app\trequest\tapp/llm.py::label#0\tmodel=gpt-4o → gpt-4o-mini" in lines
    assert any(line.startswith("+ acme+app\trequest\tapp/llm.py::again#0\t") for line in lines)
    assert any(line.startswith("- acme+app\tfinding\tLLM301 app/llm.py::label#0 ") for line in lines)


def test_a_run_that_fails_is_a_row(
    tool: ModuleType, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tool.main([str(folder), "--timeout", "0.01"]) == 1
    out = capsys.readouterr().out
    assert "acme+app\terror\tcheck\ttook longer than 0.01 s\n" in out
