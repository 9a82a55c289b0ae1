"""Where the cache goes, when that is safe, and when it does not go there at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from llm_lint.model import Applicability, Finding
from llm_lint.project.config import Settings
from llm_lint.project.fixing import run_fix
from llm_lint.project.runner import Options, run_check

HEAD = """\
from flask import Flask
from openai import OpenAI

app = Flask(__name__)
client = OpenAI()

"""
CREATE = "client.chat.completions.create"
CALL = f'{CREATE}(model="gpt-4o", temperature=0, messages=[{{"role": "user", "content": "Hi."}}])'
WARM = CALL.replace(" temperature=0,", "")
ROUTE = '@app.get("/tip")\n'
READY = Settings(select=("LLM101",), runtime="llm_lint.runtime", cache_ttl=7200)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def finding(folder: Path, body: str, settings: Settings = READY, name: str = "app.py") -> Finding:
    """What LLM101 says of a file."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEAD + body)
    return run_check(Options((".",), settings)).findings[0]


def fixed(settings: Settings = READY, unsafe: bool = False) -> str:
    """The first file after its fixes, below the imports; empty when there is nothing to fix."""
    files = run_fix(Options((".",), settings), unsafe).files
    return files[0].new.text.partition("client = OpenAI()\n\n")[2] if files else ""


def test_it_goes_below_all_other_decorators(folder: Path) -> None:
    body = f'class Tips:\n    @app.get("/tip")\n    @staticmethod\n    def tip():\n        return {CALL}\n'
    found = finding(folder, body)
    assert found.fix is not None
    assert found.fix.applicability is Applicability.SAFE
    assert found.fix.message == "answer equal requests of `tip` from a cache for 2 hours"
    assert fixed() == body.replace("    def tip", "    @cached(ttl=7200)\n    def tip")


def test_import_and_decorator_may_go_to_one_place(folder: Path) -> None:
    call = CALL.replace('"Hi."', "'Language of: ' + text")
    body = f"def tip(text: str):\n    from openai import OpenAI\n\n    client = OpenAI()\n    return {call}\n"
    (folder / "app.py").write_text(f"{body}\nfor line in open('a'):\n    tip(line)\n")
    files = run_fix(Options((".",), replace(READY, pedantic=True)), False).files
    start = "from llm_lint.runtime import cached\n\n\n@cached(ttl=7200)\ndef tip(text: str):\n"
    assert files[0].new.text.startswith(start)


def test_two_requests_of_a_function_share_it(folder: Path) -> None:
    body = f'@app.get("/tip")\ndef tip():\n    return {CALL}, {CALL.replace("Hi.", "Ho.")}\n'
    finding(folder, body)
    assert fixed() == body.replace("def tip", "@cached(ttl=7200)\ndef tip")


@pytest.mark.parametrize(
    ("body", "settings", "reason"),
    [
        (f"{ROUTE}def tip():\n    return {CALL}\n", replace(READY, cache_ttl=None), "no time to live"),
        (f"{ROUTE}def tip():\n    return {WARM}\n", READY, "one answer will stand"),
        (f'import ray\n\n@app.get("/tip")\n@ray.remote(num_cpus=1)\ndef tip():\n    return {CALL}\n', READY,
         "takes the function elsewhere"),
    ],
)  # fmt: skip
def test_it_is_unsafe_where_it_may_change_answers(
    body: str, settings: Settings, reason: str, folder: Path
) -> None:
    fix = finding(folder, body, settings).fix
    assert fix is not None
    assert fix.applicability is Applicability.UNSAFE
    assert reason in fix.message
    assert fixed(settings) == ""
    assert "@cached(ttl=" in fixed(settings, unsafe=True)


@pytest.mark.parametrize(
    ("body", "name", "reason"),
    [
        (f'@app.get("/tip")\ndef tip():\n    yield {CALL}\n', "app.py", "is a generator"),
        (f'@app.get("/tip")\ndef tip():\n    return {CALL}\n', "evals/app.py", "want fresh answers"),
        (f'class A:\n    @app.get("/tip")\n    def __call__(self):\n        return {CALL}\n', "app.py",
         "no function to decorate"),
    ],
)  # fmt: skip
def test_it_is_refused_where_it_does_not_belong(body: str, name: str, reason: str, folder: Path) -> None:
    found = finding(folder, body, name=name)
    assert found.fix is None
    assert reason in str(found.fix_refused)


def test_without_a_runtime_there_is_none(folder: Path) -> None:
    body = f'@app.get("/tip")\ndef tip():\n    return {CALL}\n'
    found = finding(folder, body, Settings(select=("LLM101",), cache_ttl=60))
    assert "run `llm-lint init`" in str(found.fix_refused)
