"""Files are replaced at once or not at all, whatever happens meanwhile."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from llm_lint.errors import LlmLintError
from llm_lint.fixes.writing import replace_file

APP = """\
from openai import OpenAI

client = OpenAI()


def answer(question):
    return client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": question}])
"""
FIXED = APP.replace("from openai", "from llm_lint.runtime import track\nfrom openai").replace(
    "OpenAI()", "track(OpenAI())"
)
# Runs the command line and dies, as a power cut would, when the Nth of the calls that touch files is made.
DYING = """\
import os, sys

left = int(sys.argv[1])


def dying(module, name):
    real = getattr(module, name)

    def call(*arguments, **options):
        global left
        left -= 1
        if left < 0:
            os._exit(9)
        return real(*arguments, **options)

    setattr(module, name, call)


import tempfile

from llm_lint.cli import main
import llm_lint.fixes.writing

for module, name in ((tempfile, "mkstemp"), (os, "fdopen"), (os, "fsync"), (os, "chmod"), (os, "replace")):
    dying(module, name)
code = main(["check", "--fix", "--isolated", "--config", 'runtime = "llm_lint.runtime"', "."])
os._exit(100 if left >= 0 else code)
"""


def test_a_file_is_replaced_with_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"old")
    path.chmod(0o751)
    replace_file(path, b"old", b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o751
    assert os.listdir(tmp_path) == ["a.py"]


def test_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    target, link = tmp_path / "there" / "a.py", tmp_path / "a.py"
    target.write_bytes(b"old")
    link.symlink_to(target)
    replace_file(link, b"old", b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_a_file_that_somebody_else_changed_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"edited meanwhile")
    with pytest.raises(LlmLintError, match="was changed by somebody else"):
        replace_file(path, b"old", b"new")
    assert path.read_bytes() == b"edited meanwhile"
    assert os.listdir(tmp_path) == ["a.py"]


def test_a_change_during_the_writing_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"old")
    real = os.chmod

    def edit_and_chmod(*arguments: object) -> None:
        path.write_bytes(b"edited meanwhile")
        real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "chmod", edit_and_chmod)
    with pytest.raises(LlmLintError, match="was changed by somebody else"):
        replace_file(path, b"old", b"new")
    assert path.read_bytes() == b"edited meanwhile"
    assert os.listdir(tmp_path) == ["a.py"]


def test_a_vanished_file_is_not_made_again(tmp_path: Path) -> None:
    with pytest.raises(LlmLintError, match="No such file"):
        replace_file(tmp_path / "a.py", b"old", b"new")
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anything")
def test_a_read_only_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"old")
    path.chmod(0o444)
    with pytest.raises(LlmLintError, match="read-only"):
        replace_file(path, b"old", b"new")


def test_dying_at_any_step_leaves_every_file_old_or_new(tmp_path: Path) -> None:
    names = ("one.py", "two.py")
    for step in range(40):
        folder = tmp_path / str(step)
        folder.mkdir()
        for name in names:
            (folder / name).write_text(APP)
        command = [sys.executable, "-c", DYING, str(step)]
        code = subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode
        texts = [(folder / name).read_text() for name in names]
        new = [
            text.replace("from llm_lint.runtime import track\n", "").replace("track(OpenAI())", "OpenAI()")
            for text in texts
        ]
        assert new == [APP, APP]
        changed = sum("track(OpenAI())" in text for text in texts)
        if code != 9:
            assert code == 100
            assert changed == 2
            break
        assert changed < 2 or step > 5
    assert step >= 10  # five calls a file
