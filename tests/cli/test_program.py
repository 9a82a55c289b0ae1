"""The program around the commands: errors, hints, streams, start-up."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import llm_lint
from llm_lint.cli.output import encoded, write_file
from llm_lint.cli.progress import ProgressBar, progress_bar
from llm_lint.cli.terminal import wants_color
from llm_lint.errors import LlmLintError
from llm_lint.project.runner import Options, run_check
from tests.cli.conftest import LLM, Run

SOURCE = str(Path(llm_lint.__file__).parent.parent)


def spawned(*arguments: str, cwd: Path, **variables: str) -> subprocess.CompletedProcess[bytes]:
    """The program in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": SOURCE, **variables}
    command = [sys.executable, "-m", "llm_lint", *arguments]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, check=False)


# ------------------------------------------------------------------ errors


def test_the_version(run: Run) -> None:
    ran = run("--version")
    assert (ran.code, ran.out) == (0, f"llm-lint {llm_lint.__version__}\n")


def test_no_command_shows_the_help(run: Run) -> None:
    ran = run()
    assert ran.code == 2
    assert "  Find and price wasted LLM requests.\n" in ran.err


def test_a_path_instead_of_a_command(project: Path, run: Run) -> None:
    for path in ("app", "app/llm.py", "other.py", "some/where", ".", "-"):
        ran = run(path)
        assert ran.code == 2
        assert ran.err == f"error: unknown command `{path}`\nhint: did you mean `llm-lint check {path}`?\n"


def test_a_misspelt_command(run: Run) -> None:
    assert run("chek").err == "error: unknown command `chek`\nhint: did you mean `check`?\n"
    ran = run("zzz")
    assert ran.err.startswith("error: unknown command `zzz`\nhint: the commands are ")
    assert {"check", "inventory", "rule", "rules"} <= set(re.split(r"[ ,\n]+", ran.err))


def test_a_misspelt_option(run: Run) -> None:
    ran = run("check", "--selct", "LLM401")
    assert ran.code == 2
    first, second = ran.err.splitlines()
    assert first.startswith("error: ")
    assert "--select" in first
    assert second == "hint: see `llm-lint check --help`"


def test_an_unknown_key_of_the_configuration(project: Path, run: Run) -> None:
    (project / "pyproject.toml").write_text('[tool.llm-lint]\nselct = ["LLM401"]\n')
    ran = run("check")
    assert ran.code == 2
    assert "unknown key `selct`" in ran.err
    assert "hint: did you mean `select`?" in ran.err


def test_verbose_shows_where_an_error_happened(project: Path, run: Run) -> None:
    assert "Traceback" not in run("check", "nowhere").err
    assert "Traceback" in run("check", "-v", "nowhere").err


def test_every_option_stands_under_a_heading(run: Run) -> None:
    out = run("check", "--help").out
    headings = [line for line in out.splitlines() if line.endswith(":") and not line.startswith(" ")]
    assert headings == ["Fixes:", "Rule selection:", "File selection:", "Output:", "Other:"]


# ------------------------------------------------------------------ rules


def test_the_rules_as_a_table(run: Run) -> None:
    ran = run("rules")
    assert ran.code == 0
    assert any(line.startswith("LLM401  request-in-loop ") for line in ran.out.splitlines())


def test_an_unknown_rule_has_a_hint(run: Run) -> None:
    ran = run("rule", "requests-in-loops")
    assert ran.code == 2
    assert ran.err.startswith("error: unknown rule `requests-in-loops`\nhint: ")


# ------------------------------------------------------------------ streams


def test_an_ascii_terminal_gets_ascii(project: Path) -> None:
    (project / "app" / "llm.py").write_text(LLM.replace("def label(text):", "def label(text):  # – schön"))
    ran = spawned("check", cwd=project, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert ran.returncode == 1
    text = ran.stdout.decode("ascii")
    assert "# - sch\\xf6n" in text
    assert ran.stderr == b""


def test_utf8_is_written_as_it_is() -> None:
    assert encoded("LOW – HIGH", "utf-8").decode() == "LOW – HIGH"
    assert encoded("LOW – HIGH … 漢", "latin-1") == b"LOW - HIGH ... \\u6f22"


def test_a_reader_that_went_away_is_no_error(project: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    ran = subprocess.run(
        [sys.executable, "-m", "llm_lint", "check"],
        cwd=project,
        env={**os.environ, "PYTHONPATH": SOURCE},
        stdout=write,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(write)
    assert (ran.returncode, ran.stderr) == (1, b"")


def test_a_closed_output_is_no_error(project: Path) -> None:
    shell = f"exec {sys.executable} -m llm_lint check >&-"
    environment = {**os.environ, "PYTHONPATH": SOURCE}
    ran = subprocess.run(shell, shell=True, cwd=project, env=environment, stderr=subprocess.PIPE, check=False)
    assert (ran.returncode, ran.stderr) == (1, b"")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_written_through(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE) as reader:
        write_file(pipe, "text")
        assert reader.communicate()[0] == b"text"
    assert pipe.is_fifo()


def test_a_file_behind_a_link_is_replaced_not_the_link(tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_text("old")
    link = tmp_path / "link.txt"
    link.symlink_to("real.txt")
    write_file(link, "new")
    assert link.is_symlink()
    assert (tmp_path / "real.txt").read_text() == "new"


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(LlmLintError):
        write_file(tmp_path / "folder", "text")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["folder"]


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("option", "variables", "expected"),
    [
        ("auto", {}, True),
        ("never", {"FORCE_COLOR": "1"}, False),
        ("always", {"NO_COLOR": "1"}, True),
        ("auto", {"NO_COLOR": "1"}, False),
        ("auto", {"NO_COLOR": ""}, True),
        ("auto", {"TERM": "dumb"}, False),
        ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
    ],
)
def test_colours_on_a_terminal(
    option: str, variables: dict[str, str], expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert wants_color(Terminal(), option) is expected


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "0"}, False),
        ({"CLICOLOR_FORCE": "1"}, True),
    ],
)
def test_colours_in_a_pipe(
    variables: dict[str, str], expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert wants_color(io.StringIO(), "auto") is expected


def test_the_progress_bar_waits_a_second(capsys: pytest.CaptureFixture[str]) -> None:
    moments = iter([0.0, 0.5, 1.2, 3.0])
    bar = ProgressBar(lambda: next(moments))
    bar(1, 4)
    bar.draw()
    assert capsys.readouterr().err == ""
    bar(2, 4)
    bar.draw()
    assert capsys.readouterr().err == "\r[###############...............] 2/4 files read, 1 s"
    bar(5, 4)
    bar.draw()
    assert capsys.readouterr().err == f"\r[{'#' * 30}] 5/5 files read, 3 s"
    bar.finish()
    assert capsys.readouterr().err == "\r\x1b[K"


def test_a_run_reports_its_progress(project: Path) -> None:
    seen: list[tuple[int, int]] = []
    run_check(Options((".",)), lambda done, total: seen.append((done, total)))
    assert seen
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert {total for _, total in seen} == {1}


def test_a_long_run_shows_a_bar_on_a_terminal_and_removes_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr("llm_lint.cli.progress._PATIENCE", 0.0)
    monkeypatch.setattr("llm_lint.cli.progress._PAUSE", 0.01)
    drawn = threading.Event()
    monkeypatch.setattr(terminal, "flush", drawn.set, raising=False)
    with progress_bar(quiet=False) as bar:
        assert bar is not None
        bar(3, 4)
        assert drawn.wait(10)
    assert terminal.getvalue().startswith("\r[")
    assert terminal.getvalue().endswith("\r\x1b[K")
    with progress_bar(quiet=True) as nothing:
        assert nothing is None


# ------------------------------------------------------------------ start-up


def imported(*arguments: str, cwd: Path) -> set[str]:
    """The modules that a run imports."""
    program = (
        "import sys; from llm_lint.cli import main; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": SOURCE},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(ran.stderr.split())


def test_the_package_imports_nothing_heavy() -> None:
    program = (
        "import sys; before = set(sys.modules); import llm_lint.cli; print(*(set(sys.modules) - before))"
    )
    environment = {**os.environ, "PYTHONPATH": SOURCE}
    out = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    modules = set(out.stdout.split())
    assert {name for name in modules if name.startswith("llm_lint")} == {"llm_lint", "llm_lint.cli"}
    assert modules.isdisjoint({"click", "re", "dataclasses", "json", "decimal"})


def test_a_tree_without_llm_code_is_checked_without_the_parser(clean: Path) -> None:
    modules = imported("check", cwd=clean)
    assert modules.isdisjoint({"libcst", "tiktoken", "jsonschema"})
    used = {name for name in modules if name.startswith("llm_lint.report.formats.")}
    assert used == {"llm_lint.report.formats.full"}
    assert "llm_lint.rules" not in modules


# ------------------------------------------------------------------ interruptions


class Interrupted(io.RawIOBase):
    """An input at which somebody presses Ctrl-C."""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        raise KeyboardInterrupt


def test_ctrl_c_is_no_traceback(project: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(Interrupted())))
    ran = run("check", "-")
    assert ran.code == 2
    assert ran.err.strip() == "error: interrupted"


def test_a_bug_is_named_and_hints_at_the_traceback(
    project: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    monkeypatch.setattr(sys, "stdin", "not a stream")
    ran = run("check", "-")
    assert ran.code == 2
    assert ran.err.startswith("error: AttributeError: ")
    assert ran.err.endswith("hint: this is a bug in llm-lint; -v shows where it happened\n")
    assert "Traceback (most recent call last)" in run("check", "-", "-v").err
