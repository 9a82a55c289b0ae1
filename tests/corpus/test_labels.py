"""The labels are true of the programs beside them: lines, anchors, vocabulary, spread."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from . import loader

PROGRAMS = loader.load_all()
REQUIRED = loader.read_toml(Path(__file__).with_name("shapes.toml"))["required"]
_MAGIC = re.compile(r"(?m)^(\s*)[%!].*$")


def every(kind: str) -> list[object]:
    return [pytest.param(program, id=program.name) for program in PROGRAMS if getattr(program, kind)]


@pytest.mark.parametrize("program", every("files"))
def test_program_is_python(program: loader.Program) -> None:
    for path in program.files:
        if path.suffix == ".py":
            compile(path.read_text(encoding="utf-8"), str(path), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        elif path.suffix == ".ipynb":
            for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
                if cell["cell_type"] == "code":
                    source = _MAGIC.sub(r"\1pass", "".join(cell["source"]))
                    compile(source, str(path), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


@pytest.mark.parametrize("program", every("files"))
def test_anchors_stand_on_their_lines(program: loader.Program) -> None:
    for place in program.places():
        lines = loader.lines_of(program, place)
        assert place.anchor in lines[place.line - 1], f"{program.name}: {place}"


@pytest.mark.parametrize("program", every("requests"))
def test_labels_use_the_vocabulary(program: loader.Program) -> None:
    for request in program.requests:
        for field, values in request.values.items():
            allowed = loader.VOCABULARY.get(field)
            assert allowed is None or set(values) <= allowed, f"{program.name}: {request.place}: {field}"
        assert request.findings | request.maybe <= set(loader.RULES)
        assert not request.findings & request.maybe, f"{program.name}: {request.place}"
        missing = set(loader.FIELDS) - set(request.values) - {"independent", "task"}
        assert not missing, f"{program.name}: {request.place}: {missing}"


@pytest.mark.parametrize("program", every("files"))
def test_places_are_labelled_once(program: loader.Program) -> None:
    counts = Counter((place.file, place.cell, place.line) for place in program.places())
    assert [place for place, count in counts.items() if count > 1] == []


def test_halves_are_equal() -> None:
    counts = Counter(program.split for program in PROGRAMS)
    assert set(counts) == set(loader.SPLITS)
    assert abs(counts["dev"] - counts["held-out"]) <= 2


def test_every_shape_and_context_occurs_twice() -> None:
    counts = Counter(shape for program in PROGRAMS for shape in set(program.shapes))
    assert {shape for shape in REQUIRED if counts[shape] < 2} == set()


@pytest.mark.parametrize("split", loader.SPLITS)
@pytest.mark.parametrize("rule", loader.RULES)
def test_every_rule_is_expected_in_both_halves(rule: str, split: str) -> None:
    programs = [program for program in PROGRAMS if program.split == split]
    expected = sum(rule in request.findings for program in programs for request in program.requests)
    if rule == "LLM801":
        expected = sum(len(program.secrets) for program in programs)
    assert expected >= 2


def test_no_key_is_stored_whole() -> None:
    tables = loader.read_toml(loader.KEYS)["key"]
    formats = [re.compile(table["regex"]) for table in tables if table.get("confidence") == "high"]
    for program in PROGRAMS:
        for path in program.files:
            text = path.read_text(encoding="utf-8")
            assert not any(pattern.search(text) for pattern in formats), path


@pytest.mark.parametrize("program", every("secrets"))
def test_written_programs_hold_whole_keys(program: loader.Program, tmp_path: Path) -> None:
    formats = [re.compile(table["regex"]) for table in loader.read_toml(loader.KEYS)["key"]]
    program.write_to(tmp_path)
    for place in {secret.place.file for secret in program.secrets}:
        text = (tmp_path / place).read_text(encoding="utf-8")
        assert "{{key:" not in text
        wanted = sum(secret.place.file == place for secret in program.secrets)
        assert sum(any(f.search(line) for f in formats) for line in text.splitlines()) >= wanted
