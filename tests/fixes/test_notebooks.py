"""Notebooks keep their formatting, byte for byte, outside the lines that change."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from llm_lint.errors import SkipFile
from llm_lint.fixes.notebooks import rewrite
from llm_lint.model import Edit, Location, Span
from llm_lint.project.config import Settings
from llm_lint.project.fixing import run_fix, write
from llm_lint.project.runner import Options

CELLS = [
    {"cell_type": "markdown", "metadata": {}, "source": ["# Ünïcode\n", "text"]},
    {
        "cell_type": "code",
        "execution_count": 3,
        "metadata": {"tags": []},
        "outputs": [{"output_type": "stream", "name": "stdout", "text": ["1e400 {[:,]} \\\"\n"]}],
        "source": [
            *("%pip install openai\n", "import sys\n", "\n", "from openai import OpenAI\n", "\n"),
            "client = OpenAI()",
        ],
    },
    {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": "messages = [{'role': 'user', 'content': sys.argv[1]}]\n"
        "reply = client.chat.completions.create(model='gpt-4o', messages=messages)\nprint('é', reply)",
    },
]  # fmt: skip
NOTEBOOK = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"x": [1.50, 1e400, -0]}, "cells": CELLS}
LAYOUTS = {
    "jupyter": {"indent": 1, "ensure_ascii": False},
    "two spaces": {"indent": 2, "ensure_ascii": True},
    "one line": {"ensure_ascii": False},
    "tight": {"separators": (",", ":"), "ensure_ascii": True},
}


def edit(cell: int, start: tuple[int, int], end: tuple[int, int], content: str) -> Edit:
    """An edit in a cell."""
    return Edit(Span("a.ipynb", Location(*start), Location(*end), cell), content)


def sources(text: str) -> list[str]:
    """The code of each cell."""
    return ["".join(cell["source"]) for cell in json.loads(text)["cells"]]


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_a_fix_changes_only_its_lines(layout: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = json.dumps(NOTEBOOK, **LAYOUTS[layout])  # type: ignore[arg-type]
    path = tmp_path / "a.ipynb"
    path.write_text(text + "\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    settings = Settings(runtime="llm_lint.runtime", select=("LLM701",))
    fixed = run_fix(Options((".",), settings), False)
    assert write(fixed) == {}
    after = path.read_text(encoding="utf-8")
    runtime, client = (
        json.dumps("from llm_lint.runtime import track\n"),
        json.dumps("client = track(OpenAI())"),
    )
    separator = text[text.index('install openai\\n"') + len('install openai\\n"') : text.index('"import sys')]
    restored = after.replace(runtime + separator, "").replace(client, json.dumps("client = OpenAI()"))
    assert restored == text + "\n"
    assert sources(after)[1] == (
        "%pip install openai\nimport sys\n\nfrom llm_lint.runtime import track\nfrom openai import OpenAI\n"
        "\nclient = track(OpenAI())"
    )
    assert not run_fix(Options((".",), settings), False).files


def test_lines_can_be_added_at_both_ends_of_a_cell() -> None:
    text = json.dumps(NOTEBOOK, indent=1)
    after = rewrite(
        text.encode(),
        [edit(1, (1, 1), (1, 1), "import os\n"), edit(1, (6, 18), (6, 18), "\nprint(client)")],
    ).decode()
    assert sources(after)[1] == "import os\n" + sources(text)[1] + "\nprint(client)"
    assert sources(after)[2] == sources(text)[2]


def test_a_cell_that_is_one_string_stays_one() -> None:
    text = json.dumps(NOTEBOOK, indent=1)
    after = rewrite(text.encode(), [edit(2, (2, 1), (2, 6), "answer")]).decode()
    assert json.loads(after)["cells"][2]["source"] == CELLS[2]["source"].replace("reply", "answer", 1)  # type: ignore[attr-defined]


def test_a_line_that_is_no_python_is_not_edited() -> None:
    with pytest.raises(SkipFile, match="no Python"):
        rewrite(json.dumps(NOTEBOOK).encode(), [edit(1, (1, 1), (1, 5), "pass")])


def test_carriage_returns_in_a_cell_are_refused() -> None:
    notebook = {
        **NOTEBOOK,
        "cells": [{"cell_type": "code", "metadata": {}, "outputs": [], "source": ["a = 1\r\n", "b"]}],
    }
    with pytest.raises(SkipFile, match="carriage returns"):
        rewrite(json.dumps(notebook).encode(), [edit(0, (1, 1), (1, 2), "c")])
