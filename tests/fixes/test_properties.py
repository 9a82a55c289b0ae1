"""What holds for every fix, over generated programs in many layouts and over the corpus.

Fixing twice is fixing once; outside the edits every byte stays; the trees are equal but for the edits; the
finding is gone and none is new; comments that silence a finding keep its fix away.
"""

from __future__ import annotations

import ast
import codecs
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from llm_lint.fixes.edits import Offsets
from llm_lint.fixes.proof import objection
from llm_lint.model import Finding, Report
from llm_lint.project.config import Settings
from llm_lint.project.fixing import Fixed, FixedFile, run_fix
from llm_lint.project.runner import Options
from llm_lint.syntax.source import source_from_bytes
from tests.corpus.loader import PROGRAMS
from tests.specimens import specimen

FIXABLE = ("LLM101", "LLM402", "LLM701", "LLM801")
SETTINGS = Settings(select=FIXABLE, runtime="llm_lint.runtime", cache_ttl=60, pedantic=True)
KEY = specimen("openai-project")
# Every third program: an analysis takes its time, and the rules' own tests see them all.
SOME = sorted(path.name for path in PROGRAMS.iterdir() if path.is_dir())[::3]

CLIENTS = [
    "OpenAI()",
    f'OpenAI(api_key="{KEY}")',
    "AsyncOpenAI(max_retries=2)",
    "openai.OpenAI()",
    "Anthropic()",
]
IMPORTS = [
    "import openai", "from openai import OpenAI, AsyncOpenAI", "from anthropic import Anthropic", "import os",
    "import sys; import abc", "from openai import (\n    OpenAI,\n    AsyncOpenAI,  # both\n)",
    "try:\n    import ujson as json\nexcept ImportError:\n    import json",
    "if TYPE_CHECKING:\n    import os",
    "from llm_lint.runtime import budget", "from typing import TYPE_CHECKING", "from a import *",
]  # fmt: skip
HOLDERS = [
    "client = {client}", "client: object = {client}  # Ünïcode", "client = (\n    {client}\n)",
    "x, client = 1, {client}",
    "if True: client = {client}", "with {client} as client:\n    pass",
    "class Gateway:\n    client = {client}\nclient = Gateway.client",
    "def make(track=None, os=1):\n    return {client}\n\nclient = make()",
]  # fmt: skip
CHAT = 'client.chat.completions.create(model="gpt-4o", temperature=0, '
CREATE = CHAT + 'messages=[{"role": "user", "content": %s}])'
EMBED = 'client.embeddings.create(model="text-embedding-3-small", input=text).data[0].embedding'
USES = [
    "def ask(text: str):\n    return "
    + CREATE % "'Language of: ' + text"
    + "\n\nfor word in open('a'):\n    ask(word)",
    "@app.get('/')\n@decorated\nasync def tip():\n    return await " + CREATE % "'Hi.'",
    "class A:\n    @staticmethod\n    def ask(text: str): return " + CREATE % "text",
    "vectors = [" + EMBED + " for text in open('a')]",
    "def embed(texts: list[str]):\n    out = []\n    for text in texts:\n        out.append("
    + EMBED
    + ")\n    return out\nembed(open('a').readlines())",
    "print(" + CREATE % "f'{input()}'" + "); print('done')",
    f'import os\nos.environ["OPENAI_API_KEY"] = "{KEY}"',
    f'HEADERS = {{"Authorization": "Bearer {KEY}"}}  # secret',
]
HEADS = [
    "",
    "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n",
    '"""Doc."""\n',
    "# Licence\n\n",
    "from __future__ import annotations\n",
]


@dataclass(frozen=True)
class Layout:
    """How a program is written down."""

    newline: str
    bom: bool
    tabs: bool
    final_newline: bool

    def written(self, text: str) -> bytes:
        """The bytes of a program."""
        if self.tabs:
            text = text.replace("    ", "\t")
        if not self.final_newline:
            text = text.rstrip("\n")
        data = text.replace("\n", self.newline).encode()
        return codecs.BOM_UTF8 + data if self.bom else data


layouts = st.builds(
    Layout, st.sampled_from(["\n", "\r\n", "\r"]), st.booleans(), st.booleans(), st.booleans()
)


@st.composite
def programs(draw: st.DrawFn) -> bytes:
    """A program with clients, requests and keys in it."""
    imports = draw(st.lists(st.sampled_from(IMPORTS), unique=True, max_size=6))
    holder = draw(st.sampled_from(HOLDERS)).format(client=draw(st.sampled_from(CLIENTS)))
    uses = draw(st.lists(st.sampled_from(USES), min_size=1, max_size=3, unique=True))
    blank = draw(st.sampled_from(["\n", "\n\n", "\n# a comment\n"]))
    needed = ["import openai", "from openai import OpenAI, AsyncOpenAI", "from anthropic import Anthropic"]
    body = blank.join([*imports, *(line for line in needed if line not in imports), holder, *uses])
    return draw(layouts).written(draw(st.sampled_from(HEADS)) + body + "\n")


def fixed(data: bytes, chosen: Settings = SETTINGS) -> Fixed:
    """All fixes of a file that stands alone."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "app.py"
        path.write_bytes(data)
        return run_fix(Options((str(path),), chosen), unsafe=True)


def told(report: Report) -> Counter[tuple[str, str, str]]:
    """The findings of a report, wherever they are."""
    found = (*report.findings, *report.hidden, *report.suppressed)
    return Counter((f.span.filename, f.code, f.identity) for f in found)


def verify(result: Fixed) -> None:
    """Every property of a run that fixed something or nothing."""
    assert result.unsettled == ()
    for file in result.files:
        assert file.new.data != file.old.data
        ast.parse(file.new.text)
        assert file.new.encoding == file.old.encoding
        _same_outside(file)
    left = told(result.report) - told(result.before)
    assert not left
    gone = told(result.before) - told(result.report)
    repaired = Counter((f.span.filename, f.code, f.identity) for f in result.report.fixed)
    assert not repaired - gone


def _same_outside(file: FixedFile) -> None:
    """The lines that the fixes do not touch are there, in order; the last pass is provable by itself."""
    rest = iter(file.new.lines)
    touched = {row for finding in file.findings for row in _rows(finding)}
    kept = [line for row, line in enumerate(file.old.lines, 1) if row not in touched]
    if len(file.findings) == 1:
        assert all(any(line == other for other in rest) for line in kept[:-1])
        fix = file.findings[0].fix
        assert fix is not None
        offsets = Offsets(file.old)
        assert objection(file.old, file.new, [offsets.change(edit) for edit in fix.edits]) is None


def _rows(finding: Finding) -> set[int]:
    edits = finding.fix.edits if finding.fix is not None else ()
    return {row for edit in edits for row in range(edit.span.start.row, edit.span.end.row + 1)}


@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(programs())
def test_fixes_of_generated_programs(data: bytes) -> None:
    ast.parse(source_from_bytes(data, "app.py").text)
    result = fixed(data)
    verify(result)
    if result.files:
        assert not fixed(result.files[0].new.data).files


@settings(max_examples=8, suppress_health_check=list(HealthCheck))
@given(programs())
def test_silenced_findings_are_not_fixed(data: bytes) -> None:
    text = source_from_bytes(data, "app.py").text
    newline = "\r\n" if "\r\n" in text else "\r" if "\r" in text else "\n"
    silenced = (
        text.rstrip("\r\n") + newline + f"# llm-lint: file-ignore[{', '.join(FIXABLE)}] as a test" + newline
    )
    assert not fixed(silenced.encode()).files


@pytest.mark.parametrize("program", SOME)
def test_fixes_of_the_corpus(program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / program
    shutil.copytree(PROGRAMS / program, folder)
    monkeypatch.chdir(folder)
    result = run_fix(Options((".",), SETTINGS), unsafe=True)
    for file in result.files:
        if not file.old.is_notebook:
            ast.parse(file.new.text)
        (folder / file.old.name).write_bytes(file.new.data)
    verify_corpus(result)
    if result.files:
        assert not run_fix(Options((".",), SETTINGS), unsafe=True).files


def verify_corpus(result: Fixed) -> None:
    """The properties that hold for whole projects."""
    assert result.unsettled == ()
    assert not told(result.report) - told(result.before)
    assert sum(len(file.findings) for file in result.files) == len(result.report.fixed)
