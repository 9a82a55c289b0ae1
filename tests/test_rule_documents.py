"""Every example of every rule document does what it says."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from llm_lint.project.config import load_settings
from llm_lint.project.fixing import Fixed, run_fix
from llm_lint.project.runner import Options, run_check
from llm_lint.rules import all_rules
from tests.documents import Example, documents, examples
from tests.specimens import with_keys

EXAMPLES = [example for path in documents() for example in examples(path)]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.id)
def test_example_fires_on_its_marked_lines_only(
    example: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    example.write_to(folder)
    for path in folder.rglob("*.py"):
        path.write_text(with_keys(path.read_text(encoding="utf-8")), encoding="utf-8")
    monkeypatch.chdir(folder)
    settings = load_settings(folder)
    report = run_check(Options((".",), settings))
    fired = {(f.span.filename, f.span.start.row) for f in report.findings if f.code == example.rule}
    assert fired == example.expected
    assert not report.skipped


def fixed_by(example: Example, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, Fixed]:
    """The example's file after its fixes, and what the run says."""
    folder.mkdir()
    example.write_to(folder)
    path = folder / "app.py"
    path.write_text(with_keys(path.read_text(encoding="utf-8")), encoding="utf-8")
    monkeypatch.chdir(folder)
    settings = replace(load_settings(folder), select=(example.rule,))
    fixed = run_fix(Options((".",), settings), example.unsafe)
    return (fixed.files[0].new.text if fixed.files else path.read_text(encoding="utf-8")), fixed


@pytest.mark.parametrize(
    "example", [example for example in EXAMPLES if example.fixed is not None], ids=lambda example: example.id
)
def test_example_is_fixed_as_shown_once_and_for_all(
    example: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, fixed = fixed_by(example, tmp_path / "project", monkeypatch)
    assert text == with_keys(example.fixed or "")
    assert not fixed.unsettled
    again = replace(example, files=(("app.py", text),))
    assert fixed_by(again, tmp_path / "again", monkeypatch)[0] == text


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.name)
def test_document_has_the_parts_that_readers_look_for(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    code, name = path.stem.split("-", 1)
    assert text.startswith(f"# {name} ({code})\n")
    headings = re.findall(r"^## (.+)$", text, re.M)
    for wanted in ("Why it costs money", "Example", "How the saving is estimated", "Not reported"):
        assert wanted in headings
    assert "```python bad" in text
    assert "```python good" in text
    assert ("## Fix safety" in text) == ("```python fixed" in text)


def test_every_rule_has_a_document_and_every_document_a_rule() -> None:
    assert [path.stem for path in documents()] == [f"{rule.code}-{rule.name}" for rule in all_rules()]
