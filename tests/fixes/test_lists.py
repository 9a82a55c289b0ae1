"""Which loops over texts become lists, and what they look like then."""

from __future__ import annotations

from pathlib import Path

import pytest

from llm_lint.model import Applicability, Finding
from llm_lint.project.config import Settings
from llm_lint.project.fixing import run_fix
from llm_lint.project.runner import Options, run_check

HEAD = "from openai import OpenAI\n\nclient = OpenAI()\n\n\n"
CALL = 'client.embeddings.create(model="text-embedding-3-small", input={})'
ONE, MANY = CALL.format("text"), CALL.format("texts[start : start + 36]")


@pytest.fixture
def finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """``finding(body)``: what LLM402 says of a file."""
    monkeypatch.chdir(tmp_path)

    def check(body: str) -> Finding:
        (tmp_path / "app.py").write_text(HEAD + body)
        found = run_check(Options((".",), Settings(select=("LLM402",)))).findings
        return found[0]

    return check


def fixed(unsafe: bool = False) -> str:
    """The file after its fixes."""
    files = run_fix(Options((".",), Settings(select=("LLM402",))), unsafe).files
    return files[0].new.text.removeprefix(HEAD) if files else ""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "def f(texts: list[str]):\n"
            "    vectors = []\n"
            "    for text in texts:\n"
            f"        answer = {ONE}\n"
            "        vectors.append(answer.data[0].embedding)\n"
            "    return vectors\n",
            "def f(texts: list[str]):\n"
            "    vectors = []\n"
            "    for start in range(0, len(texts), 36):\n"
            f"        answer = {MANY}\n"
            "        vectors.extend(item.embedding for item in answer.data)\n"
            "    return vectors\n",
        ),
        (
            "def f(lines):\n"
            "\tvectors = []\n"
            "\tfor text in lines():\n"
            f"\t\tvectors.append({CALL.format('[text]')}.data[0].embedding)\n"
            "\treturn vectors\n"
            "f(open)\n",
            "def f(lines):\n"
            "\tvectors = []\n"
            "\ttexts = list(lines())\n"
            "\tfor start in range(0, len(texts), 36):\n"
            f"\t\tvectors.extend(item.embedding for item in {MANY}.data)\n"
            "\treturn vectors\n"
            "f(open)\n",
        ),
        (
            f"vectors = [{ONE}.data[0].embedding for text in open('a')]\n",
            "vectors = [item.embedding for texts in [list(open('a'))] for start in range(0, len(texts), 36) "
            f"for item in {MANY}.data]\n",
        ),
    ],
)
def test_the_shapes(before: str, after: str, finding) -> None:  # type: ignore[no-untyped-def]
    fix = finding(before).fix
    assert fix is not None
    assert fix.applicability is Applicability.SAFE
    assert fixed() == after


def test_names_in_use_are_not_taken_again(finding) -> None:  # type: ignore[no-untyped-def]
    finding(f"start = 1\nitem = texts = 2\nvectors = [{ONE}.data[0].embedding for text in open('a')]\n")
    assert "for texts_ in [list(open('a'))] for start_ in range(0, len(texts_), 36) for item_ in" in fixed()


def test_an_awaited_request_stays_awaited(finding) -> None:  # type: ignore[no-untyped-def]
    finding(
        "from openai import AsyncOpenAI\nclient = AsyncOpenAI()\n"
        f"async def f(texts: list[str]):\n    return [(await {ONE}).data[0].embedding for text in texts]\n"
    )
    assert f"for item in (await {MANY}).data]" in fixed()


def test_a_handler_around_makes_it_unsafe(finding) -> None:  # type: ignore[no-untyped-def]
    before = (
        "def f(texts: list[str]):\n    vectors = []\n    try:\n        for text in texts:\n"
        f"            vectors.append({ONE}.data[0].embedding)\n    except OSError:\n        pass\n"
        "    return vectors\n"
    )
    fix = finding(before).fix
    assert fix is not None
    assert fix.applicability is Applicability.UNSAFE
    assert "half-way" in fix.message
    assert fixed() == ""
    assert "vectors.extend(" in fixed(unsafe=True)


@pytest.mark.parametrize(
    "body",
    [
        f"d = {{text: {ONE}.data[0].embedding for text in open('a')}}\n",
        f"v = [{ONE}.data[0].embedding for text in open('a') if text]\n",
        f"v = [{CALL.format('text.strip()')}.data[0].embedding for text in open('a')]\n",
        f"v = [{ONE}.usage for text in open('a')]\n",
        f"v = [{CALL.format('text, user=text')}.data[0].embedding for text in open('a')]\n",
        f"v = []\nfor text in open('a'):\n    v.append({ONE}.data[0].embedding)\nprint(text)\n",
        f"v = []\nfor text in open('a'):\n    print(text)\n    v.append({ONE}.data[0].embedding)\n",
        f"v = []\nfor text in open('a'):  # each\n    v.append({ONE}.data[0].embedding)\n",
        f"v = []\nfor text in open('a'): v.append({ONE}.data[0].embedding)\n",
        f"v = []\nfor text in open('a'):\n    v.append({ONE}.data[0].embedding)\nelse:\n    print(v)\n",
    ],
)
def test_other_shapes_are_left_to_the_reader(body: str, finding) -> None:  # type: ignore[no-untyped-def]
    found = finding(body)
    assert found.fix is None
    assert "can be rewritten" in str(found.fix_refused)


def test_an_endpoint_of_unknown_limits_is_left_alone(finding) -> None:  # type: ignore[no-untyped-def]
    found = finding(
        'from openai import OpenAI\nclient = OpenAI(base_url="https://llm.example.com/v1")\n'
        f"v = [{ONE}.data[0].embedding for text in open('a')]\n"
    )
    assert found.fix_refused == "how long a list this endpoint takes is not known"
