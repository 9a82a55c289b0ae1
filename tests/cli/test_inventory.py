"""``llm-lint inventory`` and the JSON contracts on what the engine really finds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import LLM, Run
from tests.report.test_machine import validate


def test_the_table_lists_requests_and_gateways(project: Path, run: Run) -> None:
    ran = run("inventory")
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[0].split()[:3] == ["where", "request", "kind"]
    assert lines[1].startswith(
        "app/llm.py:7:13  OpenAI.chat.completions.create  chat  gpt-4o  cli   data in main"
    )
    assert any(line.startswith("app/llm.py:6:1 ") and "main (app/jobs.py:9:15)" in line for line in lines)
    assert lines[-1].startswith("$/1k is the expected cost of 1,000 requests at the prices of 20")


def test_the_inventory_keeps_its_contract(project: Path, run: Run) -> None:
    document = json.loads(run("inventory", "--output-format", "json").out)
    validate(document, "inventory")
    (request,) = document["requests"]
    assert request["key"] == "app/llm.py::label#0"
    assert request["loop"]["kind"] == "data"
    assert request["max_output_tokens"] == 5
    assert request["prompt"]["static_tokens"] > 0
    assert request["prompt"]["dynamic"] is True
    assert float(request["cost"]["usd_per_1000_requests"]["expected"]) > 0


def test_the_findings_keep_their_contract(project: Path, run: Run) -> None:
    (project / "app" / "broken.py").write_text("import openai\ndef f(:\n")
    document = json.loads(run("check", "--pedantic", "--output-format", "json").out)
    validate(document, "check")
    assert {row["code"] for row in document["findings"]} >= {"LLM301", "LLM401", "LLM701"}
    assert len({row["fingerprint"] for row in document["findings"]}) == len(document["findings"])
    assert all(row["request"] == "app/llm.py::label#0" for row in document["findings"])


def test_the_inventory_of_some_files_knows_the_whole_project(project: Path, run: Run) -> None:
    document = json.loads(run("inventory", "--output-format", "json", "app/llm.py").out)
    assert document["requests"][0]["loop"]["at"][0]["filename"] == "app/jobs.py"
    assert json.loads(run("inventory", "--output-format", "json", "app/jobs.py").out)["requests"] == []


def test_the_inventory_can_go_to_a_file(project: Path, run: Run) -> None:
    expected = run("inventory").out
    ran = run("inventory", "--output-file", "inventory.txt")
    assert (ran.code, ran.out) == (0, "")
    assert (project / "inventory.txt").read_text() == expected


def test_files_that_were_not_analysed_are_named(project: Path, run: Run) -> None:
    (project / "app" / "broken.py").write_text("import openai\ndef f(:\n")
    ran = run("inventory")
    assert ran.code == 0
    assert ran.err.startswith("warning: app/broken.py: not analysed: ")
    assert run("inventory", "-q").err == ""


def test_nowhere_is_an_error(project: Path, run: Run) -> None:
    assert run("inventory", "nowhere").code == 2


def test_a_rule_is_explained_by_code_or_name(run: Run) -> None:
    by_code = run("rule", "llm401")
    assert by_code.code == 0
    assert by_code.out.startswith("REQUEST-IN-LOOP (LLM401)\n\nOne request is sent")
    assert run("rule", "request-in-loop").out == by_code.out
    assert run("rule", "LLM401", "--output-format", "markdown").out.startswith("# request-in-loop (LLM401)\n")


def test_a_misspelt_rule_has_a_suggestion(run: Run) -> None:
    assert run("rule", "request-in-lop").err.splitlines()[1] == "hint: did you mean `request-in-loop`?"


# ------------------------------------------------------------------ --explain


def test_one_request_is_explained(project: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    ran = run("inventory", "--explain", "label#0")
    assert ran.code == 0
    head, why, known, reached, unknown = ran.out.split("\n\n")
    assert head == "app/llm.py::label#0\napp/llm.py:7:13: OpenAI.chat.completions.create"
    assert why.splitlines() == [
        "why it is a request",
        "  - `OpenAI.chat.completions.create` is a call of the SDK `openai` that sends a request of kind "
        "chat",
        "  - its client is made at app/llm.py:3:10",
        "  - openai bills it",
    ]
    facts = dict(line.split(None, 1) for line in known.splitlines()[1:] if line[2] != " ")
    assert facts["model"] == "gpt-4o (written at the call)"
    assert facts["max_tokens"] == "5 (written at the call)"
    assert facts["loop"] == "data (`for` in `main`, app/jobs.py:8:5, independent iterations)"
    assert facts["prompt"].endswith("of text that the code shows; filled at run time: `text`")
    assert facts["cost"].startswith("~$")
    assert reached.splitlines() == [
        "how it is reached",
        "  started from a command line",
        "     1. app/jobs.py:13:5 `<module>` calls `main`",
        "     2. app/jobs.py:9:15 `main` calls `label`",
        "     3. app/llm.py:7:13 `label` sends the request",
    ]
    assert unknown == "what is unknown\n  nothing that the rules ask for\n"


def test_every_way_to_a_request_is_shown(project: Path, run: Run) -> None:
    (project / "app" / "web.py").write_text(
        "from fastapi import FastAPI\n\nfrom app.llm import label\n\napp = FastAPI()\n\n\n"
        "@app.get('/')\ndef root(text):\n    return label(text)\n"
    )
    document = json.loads(run("inventory", "--explain", "label", "--output-format", "json", "app/llm.py").out)
    ways = [[step["function"] for step in chain] for chain in document["chains"]]
    assert sorted(ways) == [["<module>", "main", "label"], ["root", "label"]]
    assert document["parameters"]["temperature"] == {"value": 0, "source": "literal"}
    assert document["request"]["key"] == "app/llm.py::label#0"
    assert document["unknown"] == []


def test_what_is_unknown_is_said(project: Path, run: Run) -> None:
    (project / "app" / "any.py").write_text(
        "import os\n\nfrom openai import OpenAI\n\nclient = OpenAI()\n\n\n"
        "def ask(messages, **options):\n"
        "    return client.chat.completions.create(model=os.environ['M'], messages=messages, **options)\n"
    )
    out = run("inventory", "--explain", "any.py::ask#0").out
    unknown = out.split("what is unknown\n")[1]
    assert "`model`" in unknown
    assert "how hard the task is" in unknown
    assert "what it costs: no price is known for its model" in unknown
    assert "model  " not in out.split("what is known")[1].split("how it is")[0]


def test_a_key_that_means_several_or_none_is_refused(project: Path, run: Run) -> None:
    (project / "app" / "other.py").write_text(LLM)
    ran = run("inventory", "--explain", "label")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "error: `label` means 2 requests\nhint: give one of app/llm.py::label#0, app/other.py::label#0\n"
    )
    ran = run("inventory", "--explain", "app/lml.py::label#0")
    assert ran.code == 2
    assert ran.err.splitlines()[1] == "hint: did you mean `app/llm.py::label#0`?"
    assert "lists the keys" in run("inventory", "--explain", "zzz").err
