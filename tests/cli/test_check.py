"""``llm-lint check``: what it reports, how it exits, where it writes."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from llm_lint.project.config import OUTPUT_FORMATS
from llm_lint.report import format_names
from tests.cli.conftest import LLM, Run

FORMATS = format_names()


def findings(text: str) -> list[tuple[str, str]]:
    """The code and file of each finding of a JSON report."""
    return [(row["code"], row["filename"]) for row in json.loads(text)["findings"]]


def codes(text: str) -> set[str]:
    """The rules that fired in a JSON report."""
    return {code for code, _ in findings(text)}


def test_the_configuration_knows_every_format() -> None:
    assert set(OUTPUT_FORMATS) == set(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_findings_exit_with_1_in_every_format(name: str, project: Path, run: Run) -> None:
    ran = run("check", "--output-format", name)
    assert ran.code == 1
    assert "LLM401" in ran.out
    assert ran.err == ""


@pytest.mark.parametrize("name", FORMATS)
def test_a_clean_run_exits_with_0_in_every_format(name: str, clean: Path, run: Run) -> None:
    ran = run("check", "--output-format", name)
    assert ran.code == 0
    assert ran.err == ""


@pytest.mark.parametrize("name", FORMATS)
def test_a_wrong_path_exits_with_2_in_every_format(name: str, project: Path, run: Run) -> None:
    ran = run("check", "--output-format", name, "nowhere")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "error: no such file or directory: nowhere\n"


def test_the_full_report_tells_the_whole_story(project: Path, run: Run) -> None:
    out = run("check", "--select", "LLM401").out
    assert "app/llm.py:7:13: LLM401 [request-in-loop]" in out
    assert " 7 |     reply = client.chat.completions.create(" in out
    assert "app/jobs.py:9:15  `main` calls `label`, in the `for` loop of line 8" in out
    assert "at 3,000 requests/month (assumed)" in out
    assert "prices 20" in out
    assert "  = help: " in out
    assert out.endswith("`llm-lint rule LLM401` explains a rule and how its saving is estimated.\n")


# ------------------------------------------------------------------ which rules


@pytest.mark.parametrize("selector", ["LLM401", "request-in-loop", "LLM4"])
def test_rules_are_selected_by_code_name_or_prefix(selector: str, project: Path, run: Run) -> None:
    assert codes(run("check", "--output-format", "json", "--select", selector).out) == {"LLM401"}


def test_rules_can_be_ignored(project: Path, run: Run) -> None:
    everything = codes(run("check", "--output-format", "json").out)
    without = codes(run("check", "--output-format", "json", "--ignore", "LLM401,LLM7").out)
    assert {"LLM401", "LLM701"} <= everything
    assert without == everything - {"LLM401", "LLM701"}


def test_extend_select_adds_to_the_selection(project: Path, run: Run) -> None:
    ran = run("check", "--output-format", "json", "--select", "LLM401", "--extend-select", "LLM701")
    assert codes(ran.out) == {"LLM401", "LLM701"}


def test_naming_a_rule_overrules_an_ignore_in_the_configuration(project: Path, run: Run) -> None:
    (project / "pyproject.toml").write_text('[tool.llm-lint]\nignore = ["LLM401"]\n')
    assert "LLM401" not in codes(run("check", "--output-format", "json").out)
    assert codes(run("check", "--output-format", "json", "--select", "LLM401").out) == {"LLM401"}
    assert "LLM401" in codes(run("check", "--output-format", "json", "--isolated").out)


def test_rules_can_be_ignored_in_some_files(project: Path, run: Run) -> None:
    ran = run("check", "--output-format", "json", "--per-file-ignores", "app/*:LLM401,app/*:LLM701")
    assert codes(ran.out).isdisjoint({"LLM401", "LLM701"})
    assert json.loads(ran.out)["summary"]["suppressed"] == 2


def test_an_entry_without_a_rule_is_refused(project: Path, run: Run) -> None:
    ran = run("check", "--per-file-ignores", "tests/*")
    assert ran.code == 2
    assert ran.err.startswith("error: `tests/*` is not PATTERN:RULE\nhint: ")


@pytest.mark.parametrize("option", ["--select", "--ignore", "--extend-select"])
def test_an_unknown_rule_is_refused_with_a_suggestion(option: str, clean: Path, run: Run) -> None:
    ran = run("check", option, "request-in-lop")
    assert ran.code == 2
    assert ran.err == "error: unknown rule `request-in-lop`\nhint: did you mean `request-in-loop`?\n"


def test_an_unknown_rule_in_per_file_ignores_is_refused(clean: Path, run: Run) -> None:
    assert run("check", "--per-file-ignores", "a.py:LLM999").code == 2


def test_pedantic_shows_what_confidence_hides(project: Path, run: Run) -> None:
    hidden = json.loads(run("check", "--output-format", "json").out)["summary"]["hidden"]
    assert hidden > 0
    pedantic = json.loads(run("check", "--output-format", "json", "--pedantic").out)["summary"]
    assert pedantic["hidden"] == 0


def test_small_savings_can_be_hidden(project: Path, run: Run) -> None:
    ran = run("check", "--output-format", "json", "--min-saving", "$1000000")
    assert findings(ran.out) == []
    assert ran.code == 0


@pytest.mark.parametrize("amount", ["-1", "lots", "nan", "inf"])
def test_a_minimum_must_be_an_amount(amount: str, project: Path, run: Run) -> None:
    ran = run("check", f"--min-saving={amount}")
    assert ran.code == 2
    assert "is not an amount of dollars" in ran.err


def test_suppressions_can_be_ignored(project: Path, run: Run) -> None:
    path = project / "app" / "llm.py"
    path.write_text(path.read_text().replace("create(", "create(  # llm-lint: ignore[LLM401] nightly"))
    assert "LLM401" not in codes(run("check", "--output-format", "json").out)
    assert "LLM401" in codes(run("check", "--output-format", "json", "--ignore-suppressions").out)


# ------------------------------------------------------------------ exit codes


@pytest.mark.parametrize(
    ("level", "code"), [("any", 1), ("info", 1), ("warning", 0), ("error", 0), ("never", 0)]
)
def test_fail_on_sets_the_least_severity(level: str, code: int, project: Path, run: Run) -> None:
    assert run("check", "--select", "LLM701", "--fail-on", level).code == code


def test_exit_zero_still_reports(project: Path, run: Run) -> None:
    ran = run("check", "--exit-zero", "--output-format", "concise")
    assert ran.code == 0
    assert "LLM401" in ran.out


# ------------------------------------------------------------------ which files


def test_a_broken_file_is_named_and_the_others_are_checked(project: Path, run: Run) -> None:
    (project / "app" / "broken.py").write_text("import openai\ndef f(:\n")
    (project / "app" / "null.py").write_bytes(b"import openai\n\x00")
    ran = run("check", "--output-format", "json", "--select", "LLM401")
    assert ran.code == 1
    assert findings(ran.out) == [("LLM401", "app/llm.py")]
    assert [row["filename"] for row in json.loads(ran.out)["skipped"]] == ["app/broken.py", "app/null.py"]
    lines = ran.err.splitlines()
    assert lines[0].startswith("warning: app/broken.py: not analysed: syntax error at line 2")
    assert lines[1].startswith("warning: app/null.py: not analysed: ")


def test_nothing_to_check_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run("check")
    assert ran.code == 0
    assert ran.err == "warning: no Python files matched\n"
    assert run("check", "-q").err == ""


def test_show_files_lists_and_stops(project: Path, run: Run) -> None:
    ran = run("check", "--show-files", "--extend-exclude", "jobs.py")
    assert ran.code == 0
    assert ran.out == "app/__init__.py\napp/llm.py\n"


def test_show_files_tells_paths_from_where_the_reader_stands(
    project: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    monkeypatch.chdir(project / "app")
    assert run("check", "--show-files", "..").out == "__init__.py\njobs.py\nllm.py\n"


def test_a_file_named_outright_is_excluded_only_on_demand(project: Path, run: Run) -> None:
    arguments = ("check", "--output-format", "json", "--extend-exclude", "llm.py", "app/llm.py")
    assert codes(run(*arguments).out)
    assert findings(run(*arguments, "--force-exclude").out) == []


def test_paths_are_told_from_where_the_reader_stands(
    project: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    monkeypatch.chdir(project / "app")
    ran = run("check", "--select", "LLM401", "--output-format", "concise")
    assert ran.out.startswith("llm.py:7:13: LLM401 ")
    monkeypatch.chdir(project.parent)
    ran = run("check", "project", "--select", "LLM401", "--output-format", "concise")
    assert ran.out.startswith("project/app/llm.py:7:13: LLM401 ")


def feed(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    """Put bytes on standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_standard_input_takes_the_place_of_a_file(
    project: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    changed = LLM.replace("def label", "\ndef label")
    feed(monkeypatch, changed.encode())
    ran = run(
        "check", "-", "--stdin-filename", "app/llm.py", "--select", "LLM401", "--output-format", "concise"
    )
    assert ran.code == 1
    assert ran.out.startswith("app/llm.py:8:13: LLM401 ")


def test_standard_input_needs_no_name(clean: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    feed(monkeypatch, (LLM + "\nfor row in open('rows'):\n    label(row)\n").encode())
    ran = run("check", "-", "--select", "LLM401", "--output-format", "concise")
    assert ran.out.startswith("stdin.py:7:13: LLM401 ")


@pytest.mark.parametrize("arguments", [("-", "app"), ("app", "--stdin-filename", "x.py")])
def test_standard_input_stands_alone(arguments: tuple[str, ...], project: Path, run: Run) -> None:
    assert run("check", *arguments).code == 2


# ------------------------------------------------------------------ outputs


def test_reports_go_to_files_beside_the_console(project: Path, run: Run) -> None:
    ran = run("check", "--output-format", "concise", "--report", "json=a.json", "--report", "sarif=b.sarif")
    assert ran.code == 1
    assert "LLM401" in codes((project / "a.json").read_text())
    assert json.loads((project / "b.sarif").read_text())["version"] == "2.1.0"
    assert "LLM401 [request-in-loop]" in ran.out


def test_output_file_replaces_standard_output(project: Path, run: Run) -> None:
    expected = run("check").out
    target = project / "report.txt"
    target.write_text("old")
    target.chmod(0o640)
    ran = run("check", "--output-file", "report.txt")
    assert (ran.code, ran.out) == (1, "")
    assert target.read_text() == expected
    assert target.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in project.iterdir()) == ["app", "pyproject.toml", "report.txt"]


@pytest.mark.parametrize("value", ["json", "json=", "yaml=a.yaml"])
def test_a_report_needs_a_known_format_and_a_path(value: str, project: Path, run: Run) -> None:
    ran = run("check", "--report", value)
    assert ran.code == 2
    assert "give FORMAT=PATH, where FORMAT is one of concise, full, " in ran.err


def test_a_report_that_cannot_be_written_is_an_error(project: Path, run: Run) -> None:
    ran = run("check", "--report", "json=nowhere/a.json")
    assert ran.code == 2
    assert ran.err == "error: cannot write nowhere/a.json: No such file or directory\n"


def test_statistics_count_by_rule(project: Path, run: Run) -> None:
    ran = run("check", "--statistics", "--select", "LLM401,LLM701")
    assert ran.code == 1
    lines = [line.split() for line in ran.out.splitlines()]
    assert lines[0] == ["count", "code", "rule", "fixable", "$/month"]
    assert [line[:3] for line in lines[1:]] == [
        ["1", "LLM401", "request-in-loop"],
        ["1", "LLM701", "missing-cost-logging"],
    ]
    assert [line[4][:2] for line in lines[1:]] == ["~$", "-"]
    (row,) = json.loads(run("check", "--statistics", "--select", "LLM401", "--output-format", "json").out)
    assert (row["code"], row["name"], row["count"], row["fixable"]) == ("LLM401", "request-in-loop", 1, 0)
    assert float(row["usd_per_month"]["expected"]) > 0


def test_a_rule_that_crashes_is_named_and_the_others_run(
    project: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    from llm_lint.rules.request_in_loop import rule

    def crash(request: object, context: object) -> None:
        raise RuntimeError("out of luck\nreally")

    monkeypatch.setattr(rule, "check", crash)
    ran = run("check", "--output-format", "json", "--exit-zero")
    assert ran.code == 2
    assert codes(ran.out) == {"LLM301", "LLM701"}
    assert ran.err == (
        "error: LLM401 [request-in-loop] failed at app/llm.py::label#0: RuntimeError: out of luck\n"
        "hint: this is a bug in llm-lint; the findings of this rule are missing\n"
    )
    assert run("check", "-q", "--output-format", "json").err == ran.err


def test_the_format_comes_from_the_environment_or_the_configuration(
    project: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    (project / "pyproject.toml").write_text('[tool.llm-lint]\noutput-format = "json"\n')
    assert codes(run("check").out)
    monkeypatch.setenv("LLM_LINT_OUTPUT_FORMAT", "github")
    assert run("check").out.startswith("::")
    assert run("check", "--output-format", "gitlab").out.startswith("[")


def test_github_appends_to_the_step_summary(project: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    target = project / "summary.md"
    target.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(target))
    assert run("check", "--output-format", "concise").code == 1
    assert target.read_text() == "before\n"
    assert run("check", "--output-format", "github").code == 1
    assert target.read_text().startswith("before\n## llm-lint\n")


def test_github_names_files_from_the_workspace(
    project: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    monkeypatch.setenv("GITHUB_WORKSPACE", str(project.parent))
    out = run("check", "--output-format", "github", "--select", "LLM401").out
    assert ",file=project/app/llm.py," in out


def test_colours_are_forced_by_the_option(project: Path, run: Run) -> None:
    assert "\x1b[" in run("check", "--color", "always").out
    assert "\x1b[" not in run("check").out
