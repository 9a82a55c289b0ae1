"""Which loops stand around a request that is reached through methods of one object."""

import json
from pathlib import Path

import pytest

from llm_lint.cli import main

NODES = """\
class Node:
    def exec(self, item):
        pass

    def _exec(self, item):
        return self.exec(item)

    def run(self, shared):
        return self._exec(shared)


class BatchNode(Node):
    def _exec(self, items):
        return [super(BatchNode, self)._exec(item) for item in items]
"""
APP = """\
from openai import OpenAI

from nodes import BatchNode, Node

client = OpenAI()


class Title(Node):
    def exec(self, item):
        return client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": item}])


class Tags(BatchNode):
    def exec(self, item):
        return client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": item}])
"""


def loops(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> dict[str, str]:
    """The loop of each function's request."""
    monkeypatch.chdir(folder)
    assert main(["inventory", "--output-format", "json"]) == 0
    requests = json.loads(capsys.readouterr().out)["requests"]
    return {request["function"]: request["loop"]["kind"] for request in requests}


def test_a_loop_of_a_base_class_is_around_its_heirs_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "nodes.py").write_text(NODES)
    (tmp_path / "app.py").write_text(APP)
    assert loops(tmp_path, monkeypatch, capsys) == {"Title.exec": "none", "Tags.exec": "data"}


def test_every_implementation_is_reached_however_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "nodes.py").write_text(NODES)
    more = APP[APP.index("class Tags") :]
    classes = "\n\n".join(more.replace("Tags", f"Tags{number}") for number in range(20))
    (tmp_path / "app.py").write_text(APP + "\n\n" + classes)
    found = loops(tmp_path, monkeypatch, capsys)
    assert found.pop("Title.exec") == "none"
    assert len(found) == 21
    assert set(found.values()) == {"data"}


def test_a_scheduler_of_many_says_nothing_of_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "nodes.py").write_text(NODES)
    fillers = "".join(
        f"\n\nclass Step{n}(Node):\n    def exec(self, item):\n        return {n}\n" for n in range(9)
    )
    flow = (
        "\n\ndef flow(node: Node, items):\n    for item in items:\n        node.exec(item)\n"
        '\n\nif __name__ == "__main__":\n    flow(Title(), open("items.txt"))\n'
    )
    (tmp_path / "app.py").write_text(APP + fillers + flow)
    assert loops(tmp_path, monkeypatch, capsys)["Tags.exec"] == "data"
