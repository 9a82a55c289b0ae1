"""Taking the linter into use on code that has findings: baseline, ignore comments, changed lines, limits."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import LLM, Run

BASELINE = ".llm-lint-baseline.json"
SELECT = ("--select", "LLM401,LLM701", "--output-format", "json")


def report(run: Run, *arguments: str) -> dict:  # type: ignore[type-arg]
    return json.loads(run("check", *SELECT, *arguments).out)  # type: ignore[no-any-return]


def codes(document: dict) -> list[str]:  # type: ignore[type-arg]
    return sorted(finding["code"] for finding in document["findings"])


# ------------------------------------------------------------------ baseline


def test_a_baseline_accepts_what_is_there(project: Path, run: Run) -> None:
    ran = run("baseline")
    assert ran.code == 0
    first, second = ran.out.splitlines()
    assert first == f"Wrote {BASELINE}: 3 accepted findings, 3 added, 0 removed."
    assert second.startswith("The baseline hides 3 accepted findings, worth ~$8.1/month [LOW ")
    checked = run("check")
    assert (checked.code, checked.err) == (0, "")
    assert second in checked.out
    assert run("check", "--no-baseline").code == 1


def test_a_baseline_has_an_entry_a_line_without_places_or_dates(project: Path, run: Run) -> None:
    run("baseline")
    lines = (project / BASELINE).read_text().splitlines()
    assert lines[0] == '{"version": 1, "findings": ['
    assert lines[-1] == "]}"
    rows = [json.loads(line.rstrip(",")) for line in lines[1:-1]]
    assert [(row["path"], row["rule"], row["function"]) for row in rows] == [
        ("app/llm.py", "LLM301", "label"),
        ("app/llm.py", "LLM401", "label"),
        ("app/llm.py", "LLM701", "label"),
    ]
    assert all(set(row) == {"path", "rule", "function", "hash"} for row in rows)


def test_moving_code_keeps_the_baseline_and_changing_the_request_does_not(project: Path, run: Run) -> None:
    run("baseline")
    path = project / "app" / "llm.py"
    before = (project / BASELINE).read_text()
    path.write_text(
        "import os\n\n\n" + LLM.replace("        temperature=0,\n", "        temperature = 0,\n\n")
    )
    assert run("check").code == 0
    run("check", "--update-baseline")
    assert (project / BASELINE).read_text() == before
    path.write_text(LLM.replace('"gpt-4o"', '"gpt-4.1"'))
    assert codes(report(run)) == ["LLM401", "LLM701"]


def test_a_fix_and_a_new_waste_do_not_cancel_out(project: Path, run: Run) -> None:
    run("baseline")
    other = LLM.replace("Classify the ticket", "Translate the poem")
    (project / "app" / "llm.py").write_text(other)
    document = report(run)
    assert codes(document) == ["LLM401", "LLM701"]


def test_two_equal_requests_are_two_entries(project: Path, run: Run) -> None:
    call = "    client.chat.completions.create(model='gpt-4o', messages=[])\n"
    text = "from openai import OpenAI\n\nclient = OpenAI()\nfor row in open('a'):\n"
    (project / "app" / "twice.py").write_text(text + call)
    run("baseline", "app/twice.py")
    (project / "app" / "twice.py").write_text(text + call + call)
    assert codes(report(run, "app/twice.py")) == ["LLM401"]


def test_stale_entries_are_warned_about_and_pruned(project: Path, run: Run) -> None:
    run("baseline")
    (project / "app" / "llm.py").write_text("def label(text):\n    return text\n")
    warning = f"{BASELINE}: 3 entries match nothing any more; --update-baseline removes what is stale"
    assert run("check").err == f"warning: {warning}\n"
    assert run("check", "app/jobs.py").err == ""
    assert run("check", "--select", "LLM801").err == ""
    ran = run("check", "--update-baseline")
    assert f"Wrote {BASELINE}: 0 accepted findings, 0 added, 3 removed." in ran.out
    assert (project / BASELINE).read_text() == '{"version": 1, "findings": [\n]}\n'


def test_an_update_keeps_the_entries_it_cannot_judge(project: Path, run: Run) -> None:
    run("baseline")
    before = (project / BASELINE).read_text()
    run("check", "--update-baseline", "--select", "LLM401", "app/jobs.py")
    assert (project / BASELINE).read_text() == before


def test_entries_of_removed_files_are_stale(project: Path, run: Run) -> None:
    run("baseline")
    (project / "app" / "llm.py").unlink()
    assert "3 entries match nothing any more" in run("check").err


def test_the_configuration_names_the_baseline(project: Path, run: Run) -> None:
    (project / "ci").mkdir()
    (project / "pyproject.toml").write_text('[tool.llm-lint]\nbaseline = "ci/accepted.json"\n')
    run("check", "--update-baseline")
    rows = json.loads((project / "ci" / "accepted.json").read_text())["findings"]
    assert {row["path"] for row in rows} == {"../app/llm.py"}
    assert run("check", "app").code == 0
    assert run("check", "--no-baseline").code == 1


def test_the_baseline_is_the_same_from_everywhere(
    project: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    run("baseline")
    monkeypatch.chdir(project / "app")
    assert run("check").code == 0
    monkeypatch.chdir(project.parent)
    assert run("check", "project").code == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<<<<<<< HEAD\n", "is no baseline: "),
        ('{"version": 2}', "is no baseline of version 1"),
        ('{"version": 1, "findings": [{"path": "a"}]}', "is no entry of a baseline"),
    ],
)
def test_what_is_no_baseline_is_refused(text: str, message: str, project: Path, run: Run) -> None:
    (project / BASELINE).write_text(text)
    ran = run("check")
    assert ran.code == 2
    assert message in ran.err
    assert (project / BASELINE).read_text() == text


def test_a_baseline_that_is_not_there_is_an_error(project: Path, run: Run) -> None:
    assert run("check", "--baseline", "nowhere.json").code == 2
    assert run("check", "--baseline", "new.json", "--update-baseline").code == 0


def test_json_and_sarif_count_what_the_baseline_hides(project: Path, run: Run) -> None:
    run("baseline")
    summary = report(run)["summary"]
    assert (summary["findings"], summary["baselined"]) == (0, 2)
    assert float(summary["baselined_usd_per_month"]["expected"]) > 0
    results = json.loads(run("check", "--output-format", "sarif").out)["runs"][0]["results"]
    assert {
        row["ruleId"]: (row["baselineState"], row["suppressions"][0]["kind"]) for row in results
    } == dict.fromkeys(("LLM301", "LLM401", "LLM701"), ("unchanged", "external"))


def test_a_baseline_holds_nothing_of_a_key(project: Path, run: Run) -> None:
    from tests.specimens import specimens

    key = specimens()["openai-project#0"]
    (project / "app" / "keys.py").write_text(f'OPENAI_API_KEY = "{key}"\n')
    run("baseline")
    first = (project / BASELINE).read_text()
    assert "LLM801" in first
    assert key[:12] not in first
    (project / "app" / "keys.py").write_text(f'OPENAI_API_KEY = "{key[:-4]}Zz9q"\n')
    run("check", "--update-baseline")
    assert (project / BASELINE).read_text() == first


# ------------------------------------------------------------------ limits


def test_a_limit_decides_instead_of_the_severities(project: Path, run: Run) -> None:
    ran = run("check", "--max-waste", "5", "--select", "LLM401,LLM301")
    assert ran.code == 1
    assert ran.err == "error: the findings waste $8.1 a month, more than the $5 allowed\n"
    ran = run("check", "--max-waste", "$5000")
    assert (ran.code, ran.err) == (0, "")
    assert run("check", "--max-waste", "5000", "--fail-on", "warning").code == 1
    assert run("check", "--max-waste", "5", "--exit-zero").code == 0


def test_the_limit_comes_from_the_configuration(project: Path, run: Run) -> None:
    (project / "pyproject.toml").write_text("[tool.llm-lint]\nmax-waste = 5000\n")
    assert run("check").code == 0
    assert run("check", "--max-waste", "1").code == 1


def test_what_the_baseline_hides_does_not_count(project: Path, run: Run) -> None:
    run("baseline")
    assert run("check", "--max-waste", "0").code == 0


# ------------------------------------------------------------------ changed lines


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=test", "-c", "user.email=test@example.com")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(project: Path) -> Path:
    git(project, "init", "-q", "-b", "main")
    git(project, "add", ".")
    git(project, "commit", "-qm", "first")
    return project


def test_only_changed_lines_are_reported(repository: Path, run: Run) -> None:
    document = report(run, "--diff-base", "HEAD")
    assert codes(document) == []
    assert document["summary"]["untouched"] == 2
    path = repository / "app" / "llm.py"
    path.write_text(LLM.replace("max_tokens=5", "max_tokens=6") + "\n\nDONE = 1\n")
    assert codes(report(run, "--diff-base", "main")) == ["LLM401", "LLM701"]
    git(repository, "commit", "-qam", "second")
    assert codes(report(run, "--diff-base", "HEAD")) == []
    assert codes(report(run, "--diff-base", "HEAD~1")) == ["LLM401", "LLM701"]


def test_a_new_loop_around_an_old_request_is_a_change(repository: Path, run: Run) -> None:
    path = repository / "app" / "jobs.py"
    path.write_text(path.read_text().replace("    for row in csv", "    for row  in csv"))
    assert codes(report(run, "--diff-base", "HEAD")) == ["LLM401"]


def test_new_files_are_changed_whole(repository: Path, run: Run) -> None:
    (repository / "app" / "schön und neu.py").write_text(LLM + "\n\nfor row in open('a'):\n    label(row)\n")
    found = report(run, "--diff-base", "HEAD")["findings"]
    assert {finding["filename"] for finding in found} == {"app/schön und neu.py"}
    git(repository, "add", ".")
    found = report(run, "--diff-base", "HEAD")["findings"]
    assert {finding["filename"] for finding in found} == {"app/schön und neu.py"}


def test_what_did_not_change_is_counted(repository: Path, run: Run) -> None:
    assert "3 more findings on lines that did not change." in run("check", "--diff-base", "HEAD").out


def test_a_revision_must_be_known(repository: Path, run: Run) -> None:
    ran = run("check", "--diff-base", "nowhere")
    assert ran.code == 2
    assert ran.err.startswith("error: git knows no revision `nowhere`\n")


def test_changes_need_a_repository(project: Path, run: Run) -> None:
    assert run("check", "--diff-base", "HEAD").code == 2


# ------------------------------------------------------------------ comments


def test_comments_silence_every_finding(project: Path, run: Run) -> None:
    ran = run("check", "--select", "LLM401,LLM701", "--add-ignore=until the batch job is ready", "app")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "app/llm.py: 1 comment added\nAdded 1 comment in 1 file.\n"
    comment = "    # llm-lint: ignore[request-in-loop, missing-cost-logging] until the batch job is ready\n"
    assert (project / "app" / "llm.py").read_text() == LLM.replace("    reply", f"{comment}    reply")
    document = report(run)
    assert codes(document) == []
    assert document["summary"]["suppressed"] == 2


def test_a_reason_may_be_left_out(project: Path, run: Run) -> None:
    run("check", "--select", "LLM401", "--add-ignore", "app")
    assert "    # llm-lint: ignore[request-in-loop]\n" in (project / "app" / "llm.py").read_text()


def test_comments_keep_encoding_and_line_ends(project: Path, run: Run) -> None:
    path = project / "app" / "llm.py"
    data = ("# coding: latin-1\n# schön\n" + LLM).replace("\n", "\r\n").encode("latin-1")
    path.write_bytes(data)
    run("check", "--select", "LLM401", "--add-ignore")
    comment = b"    # llm-lint: ignore[request-in-loop]\r\n"
    assert path.read_bytes() == data.replace(b"    reply", comment + b"    reply")


def test_notebooks_are_left_alone(project: Path, run: Run) -> None:
    cell = {"cell_type": "code", "source": LLM + "\nfor row in open('a'):\n    label(row)\n", "outputs": []}
    path = project / "note.ipynb"
    path.write_text(json.dumps({"cells": [cell]}))
    before = path.read_bytes()
    ran = run("check", "--add-ignore", "note.ipynb")
    assert ran.code == 1
    assert ran.err == "warning: note.ipynb: not changed: comments are not written into notebooks\n"
    assert path.read_bytes() == before


def test_a_comment_never_changes_a_string(project: Path, run: Run) -> None:
    path = project / "app" / "keys.py"
    from tests.specimens import specimens

    path.write_text(f'HELP = """\nexport OPENAI_API_KEY={specimens()["openai-project#0"]}\n"""\n')
    before = path.read_text()
    ran = run("check", "--select", "LLM801", "--add-ignore", "app/keys.py")
    assert ran.code == 1
    assert "app/keys.py: not changed: a comment cannot stand above the statement" in ran.err
    assert path.read_text() == before


def test_a_reason_is_one_line(project: Path, run: Run) -> None:
    assert run("check", "--add-ignore=a\nimport os").code == 2


# ------------------------------------------------------------------ suppressions are checked


def test_comments_that_silence_nothing_are_reported(project: Path, run: Run) -> None:
    path = project / "app" / "jobs.py"
    path.write_text(
        path.read_text().replace("def main", "# llm-lint: ignore[request-in-lop, LLM701]\ndef main")
    )
    out = run("check", "--select", "LLM7,LLM9", "--output-format", "concise", "app/jobs.py").out
    assert out.splitlines()[:2] == [
        "app/jobs.py:7:1: LLM901 [unused-suppression] this comment silences `LLM701`, of which there is "
        "nothing here",
        "app/jobs.py:7:1: LLM902 [unknown-rule] `request-in-lop` is the name of no rule, so this comment "
        "does not silence anything by it",
    ]
    assert run("check", "--select", "LLM901", "app/jobs.py").code == 0
