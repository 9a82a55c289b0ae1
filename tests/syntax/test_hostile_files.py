"""Files that break other tools: each is reported by name, and the others are checked."""

from __future__ import annotations

import codecs
import json
import os
from pathlib import Path

import pytest

from llm_lint.model import Report
from llm_lint.project.config import Settings
from llm_lint.project.runner import Options, run_check

CALL = """\
from openai import OpenAI

client = OpenAI()
for line in open("questions.txt"):
    client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": line}])
"""
ROW = 5  # of the request
ROWS = "    a +\n" * 4000
BRANCHES = "elif b: pass\n" * 3000

HOSTILE: dict[str, tuple[bytes, str]] = {
    "brackets.py": (f"{CALL}x = {'[' * 1500}{']' * 1500}\n".encode(), "nested too deeply"),
    "chain.py": (f"{CALL}x = a{'.b()' * 5000}\n".encode(), "nested too deeply"),
    "sum.py": (f"{CALL}x = {' + '.join(['a'] * 8000)}\n".encode(), "nested too deeply"),
    "rows.py": (
        f"{CALL}x = (\n{ROWS}    a)\n".encode(),
        "nested too deeply",
    ),
    "attributes.py": (f"{CALL}x = a{'.b' * 20000}\n".encode(), "nested too deeply"),
    "negations.py": (f"{CALL}x = {'not ' * 5000}a\n".encode(), "nested too deeply"),
    "branches.py": (f"{CALL}if a: pass\n{BRANCHES}".encode(), "nested too"),
    "null.py": (CALL.encode() + b"\x00", "contains null bytes"),
    "utf16.py": (CALL.encode("utf-16"), "contains null bytes"),
    "bytes.py": (b"# \xe4\n" + CALL.encode(), "not valid UTF-8 at byte 2"),
    "cookie.py": (b"# coding: klingon\n" + CALL.encode(), "unknown encoding: klingon"),
    "syntax.py": (f"{CALL}def f(:\n".encode(), "syntax error at line 6"),
    "large.py": (CALL.encode() + b"x = 1\n" * 1_500_000, "larger than 8 MB"),
    "torn.ipynb": (b'{"cells": [', "not a Jupyter notebook"),
    "list.ipynb": (b"[]", "not a Jupyter notebook"),
    "none.ipynb": (b'{"cells": null}', "not a Jupyter notebook"),
}


def checked(folder: Path, **settings: object) -> Report:
    return run_check(Options((str(folder),), Settings(select=("LLM401",), **settings)))  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "fine.py").write_text(CALL)
    return tmp_path


def test_every_hostile_file_is_named_and_the_others_are_checked(folder: Path) -> None:
    for name, (data, _) in HOSTILE.items():
        (folder / name).write_bytes(data)
    report = checked(folder)
    assert [(f.span.filename, f.span.start.row) for f in report.findings] == [("fine.py", ROW)]
    reasons = {skipped.filename: skipped.reason for skipped in report.skipped}
    assert set(reasons) == set(HOSTILE)
    assert {name: reasons[name] for name, (_, why) in HOSTILE.items() if why not in reasons[name]} == {}


def test_hostile_files_without_llm_code_are_named_as_well(folder: Path) -> None:
    (folder / "null.py").write_bytes(b"x = 1\x00")
    (folder / "sum.py").write_text(f"x = {' + '.join(['a'] * 8000)}\n")
    assert [skipped.filename for skipped in checked(folder).skipped] == ["null.py", "sum.py"]


@pytest.mark.parametrize(
    "text",
    [
        f"x = {'[' * 90}{']' * 90}",
        f"x = a{'.b()' * 300}",
        f"x = {' + '.join(['a'] * 900)}",
        f"x = ({'a.' * 900}b)",
        "if a: pass\n" + "elif b: pass\n" * 900,
    ],
    ids=["brackets", "chain", "sum", "attributes", "branches"],
)
def test_generated_code_that_python_accepts_is_analysed(text: str, folder: Path) -> None:
    (folder / "generated.py").write_text(f"{CALL}{text}\n")
    report = checked(folder)
    assert report.skipped == ()
    assert {f.span.filename for f in report.findings} == {"fine.py", "generated.py"}


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="needs symbolic links")
@pytest.mark.parametrize("respect_gitignore", [True, False])
def test_links_that_lead_nowhere_are_named(folder: Path, respect_gitignore: bool) -> None:
    (folder / "broken.py").symlink_to("nowhere.py")
    (folder / "loop.py").symlink_to("loop.py")
    (folder / "up").symlink_to("..")
    report = checked(folder, respect_gitignore=respect_gitignore)
    assert [skipped.filename for skipped in report.skipped] == ["broken.py", "loop.py"]
    assert report.files_checked == 3


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs permissions")
def test_a_file_without_permission_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "closed.py"
    path.write_text(CALL)
    path.chmod(0)
    if os.access(path, os.R_OK):  # root may read everything: let the system refuse this one file
        real = Path.read_bytes

        def refusing(self: Path) -> bytes:
            if self.name == path.name:
                raise PermissionError(13, "Permission denied")
            return real(self)

        monkeypatch.setattr(Path, "read_bytes", refusing)
    report = checked(folder)
    assert [(s.filename, s.reason) for s in report.skipped] == [("closed.py", "permission denied")]
    assert [f.span.filename for f in report.findings] == ["fine.py"]


# ------------------------------------------------------------------ encodings


@pytest.mark.parametrize(
    ("data", "row"),
    [
        (CALL.encode(), ROW),
        (CALL.replace("\n", "\r\n").encode(), ROW),
        (CALL.replace("\n", "\r").encode(), ROW),
        (CALL.replace("\n", "\r\n", 2).encode(), ROW),
        (codecs.BOM_UTF8 + CALL.encode(), ROW),
        (b"\x0c" + CALL.encode(), ROW),
        (b"# -*- coding: latin-1 -*-\n# \xe4\n" + CALL.encode(), ROW + 2),
        (b"#!/usr/bin/env python\n# coding: cp1252\nx = '\x80'\n" + CALL.encode(), ROW + 3),
    ],
    ids=["lf", "crlf", "cr", "mixed", "bom", "form feed", "latin-1", "cp1252"],
)
def test_every_encoding_and_newline_is_read(data: bytes, row: int, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_bytes(data)
    (finding,) = checked(tmp_path).findings
    assert (finding.span.start.row, finding.span.start.column) == (row, 5)


# ------------------------------------------------------------------ newer syntax


@pytest.mark.parametrize(
    "newer",
    [
        "type Pair[T] = tuple[T, T]",
        "class Box[T]:\n    def put[U: int](self, item: U) -> U: return item",
        "def first[T](\n    items: list[T],\n) -> T: return items[0]",
        'd = {"a": 1}\nx = f"{d["a"]} {"\\n".join(["a"])}"',
        'x = f"{  # why\n    1}"',
        'n = 1\nx = t"hello {n}"',
        "try:\n    pass\nexcept ValueError, TypeError:\n    pass",
        "try:\n    pass\nexcept* ValueError:\n    pass",
        "def f(*args: *Ts): pass\nx = a[*b]",
        "match a:\n    case {'x': 1}: pass",
    ],
    ids=[
        "695 alias",
        "695 class",
        "695 rows",
        "701 quotes",
        "701 comment",
        "750",
        "758",
        "654",
        "646",
        "634",
    ],
)
def test_code_newer_than_the_interpreter_is_analysed(newer: str, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(f"{newer}\n{CALL}")
    report = checked(tmp_path)
    assert report.skipped == ()
    (finding,) = report.findings
    assert finding.span.start.row == ROW + newer.count("\n") + 1


# ------------------------------------------------------------------ notebooks


def notebook(*cells: object) -> bytes:
    code = [{"cell_type": "code", "source": cell, "outputs": []} for cell in cells]
    return json.dumps({"cells": [{"cell_type": "markdown", "source": ["# hi"]}, *code]}).encode()


def test_cells_are_read_together_and_magics_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "note.ipynb").write_bytes(
        notebook(
            [
                "%pip install openai\n",
                "!ls\n",
                "files = !ls\n",
                "from openai import OpenAI\n",
                "c = OpenAI()",
            ],
            "%%bash\nfor x in *; do echo $x; done",
            "%%time\nfor line in open('a'):\n    c.chat.completions.create(model='gpt-4o', messages=[line])",
            "def f(:",
            "await c.close()\nc?",
            None,
        )
    )
    report = checked(tmp_path)
    (finding,) = report.findings
    assert (finding.span.cell, finding.span.start.row, finding.span.start.column) == (3, 3, 5)
    assert [(s.filename, s.reason) for s in report.skipped] == [
        ("note.ipynb", "cell 5: syntax error at line 1: invalid syntax")
    ]


def test_old_and_odd_notebooks_are_read(tmp_path: Path) -> None:
    old = {"worksheets": [{"cells": [{"cell_type": "code", "input": CALL}]}]}
    (tmp_path / "old.ipynb").write_text(json.dumps(old))
    (tmp_path / "bom.ipynb").write_bytes(codecs.BOM_UTF8 + notebook(CALL.splitlines(True)))
    odd = {
        "cells": [{"cell_type": "code", "source": "import openai", "outputs": [{"data": [1]}, 5]}, 5, None]
    }
    (tmp_path / "odd.ipynb").write_text(json.dumps(odd))
    report = checked(tmp_path)
    assert report.skipped == ()
    assert [(f.span.filename, f.span.cell) for f in report.findings] == [("bom.ipynb", 1), ("old.ipynb", 0)]
