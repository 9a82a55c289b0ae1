"""The loop closes: what the runtime records of a program prices the findings in that program."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from llm_lint import runtime
from llm_lint.project.runner import Options, run_check
from llm_lint.usage.files import Counts, read
from tests.fake_provider import FakeProvider, words

openai = pytest.importorskip("openai")
PROGRAM = """\
from openai import OpenAI
from llm_lint.runtime import track


class Desk:
    def __init__(self):
        self.client = track(OpenAI())

    def label(self, text):
        reply = self.client.chat.completions.create(
            model="gpt-4o",
            temperature=0,
            max_tokens=5,
            messages=[
                {"role": "system", "content": "Classify the ticket as one of: bug, question, praise."},
                {"role": "user", "content": text},
            ],
        )
        return reply.choices[0].message.content
"""


def test_a_recorded_program_is_priced_with_its_own_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.llm-lint]\n")
    (tmp_path / "desk.py").write_text(PROGRAM)
    log = tmp_path / "llm-usage.jsonl"
    with FakeProvider(tokenize=words) as provider:
        for name, value in provider.environment().items():
            monkeypatch.setenv(name, value)
        spec = importlib.util.spec_from_file_location("desk", tmp_path / "desk.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        runtime.configure(log=str(log))
        try:
            desk = module.Desk()
            for number in range(6):
                desk.label(f"ticket {number % 2}")
        finally:
            runtime.configure(log=None)
        billed = provider.ledger.total
    counts = Counts()
    records = list(read([str(log)], counts))
    assert (counts.records, counts.torn, counts.foreign) == (6, 0, 0)
    assert len({record.request_hash for record in records}) == 2
    report = run_check(Options((str(tmp_path),), usage=(str(log),)))
    saving = next(finding.saving for finding in report.findings if finding.code == "LLM301")
    assert saving is not None
    assert saving.measured is not None
    assert "6 calls" in saving.measured
    measured = report.measured["desk.py::Desk.label#0"]
    assert measured.usd == billed
    assert not [text for text in report.warnings if "not in the code" in text or "tokens cost" in text]
