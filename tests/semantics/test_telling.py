"""Calls are held back by the names in them only while nothing could answer to those names."""

from __future__ import annotations

from pathlib import Path

import pytest

from llm_lint.project.config import Settings
from llm_lint.project.runner import Options, run_inventory

LLM = """\
from openai import OpenAI

client = OpenAI()


def ask(text):
    return client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": text}])
"""
TOIL = "\n\ndef main():\n    for text in open('x'):\n        {call}\n"
WORKER = "from llm import ask\n\n\nclass Worker:\n    def toil(self, text):\n        return ask(text)\n"
CASES = {
    "a method of a class of another module": (
        "from worker import Worker\n\n\ndef main(worker: Worker):\n    for text in open('x'):\n"
        "        worker.toil(text)\n"
    ),
    "an inherited method": (
        "import worker\n\n\nclass Own(worker.Worker):\n    pass\n" + TOIL.format(call="Own().toil(text)")
    ),
    "an attribute of a module": "import llm\n" + TOIL.format(call="llm.ask(text)"),
    "an attribute set from outside": (
        "from llm import ask\n\n\nclass Box:\n    pass\n\n\nbox = Box()\nbox.toil = ask\n"
        + TOIL.format(call="box.toil(text)")
    ),
    "an attribute set in a method": (
        "from llm import ask\n\n\nclass Box:\n    def __init__(self):\n        self.toil = ask\n"
        + TOIL.format(call="Box().toil(text)")
    ),
    "a field given by keyword": (
        "from llm import ask\nfrom shape import Box\n\nbox = Box(toil=ask)\n"
        + TOIL.format(call="box.toil(text)")
    ),
    "a function handed on": "import llm\n\n\ndef main(pool):\n    pool.map(llm.ask, open('x'))\n",
    "a variable handed on": (
        "from llm import ask\n\ntoil = ask\n\n\ndef main(pool):\n    pool.map(toil, open('x'))\n"
    ),
    "a lambda handed on": "from llm import ask\n\n\ndef main(df):\n    df.x.apply(lambda x: ask(x))\n",
    "a star import": "from llm import *\n" + TOIL.format(call="ask(text)"),
    "a function run through a queue": "from llm import ask\n" + TOIL.format(call="ask.delay(text)"),
}
SHAPE = (
    "from dataclasses import dataclass\nfrom typing import Any\n\n\n@dataclass\nclass Box:\n    toil: Any\n"
)


@pytest.mark.parametrize("app", CASES.values(), ids=CASES)
def test_a_call_by_any_name_is_followed(app: str, tmp_path: Path) -> None:
    files = {"llm.py": LLM, "worker.py": WORKER, "app.py": app, "shape.py": SHAPE}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    report = run_inventory(Options((str(tmp_path),), Settings(respect_gitignore=False)))
    assert report.inventory is not None
    (request,) = report.inventory.requests
    assert {loop.kind for loop in request.loops} == {"data"}
