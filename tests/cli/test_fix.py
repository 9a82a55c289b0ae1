"""``llm-lint check --fix`` and its options: what is written, what is said, how it exits."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from llm_lint.report import format_names
from tests.cli.conftest import LLM, Run
from tests.specimens import specimen

TRACKED = LLM.replace("from openai", "from llm_lint.runtime import track\nfrom openai").replace(
    "OpenAI()", "track(OpenAI())"
)
KEY = specimen("openai-project")
LEAKY = f'from openai import OpenAI\n\nclient = OpenAI(api_key="{KEY}")\n'


@pytest.fixture
def ready(project: Path) -> Path:
    """The project with a runtime set up, and only rules that have fixes."""
    settings = '[tool.llm-lint]\nruntime = "llm_lint.runtime"\nselect = ["LLM7", "LLM8"]\n'
    (project / "pyproject.toml").write_text(settings)
    return project


def test_safe_fixes_are_applied_and_told(ready: Path, run: Run) -> None:
    ran = run("check", "--fix")
    assert (ready / "app" / "llm.py").read_text() == TRACKED
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "No findings in 3 files.\nFixed 1 finding in app/llm.py.\n"
    assert run("check", "--fix").out == "No findings in 3 files.\n"


def test_without_fix_nothing_is_written(ready: Path, run: Run) -> None:
    ran = run("check")
    assert ran.code == 1
    assert "  = fix: wrap the client in `track(…)`" in ran.out
    assert "1 fix available with `--fix`.\n" in ran.out
    assert (ready / "app" / "llm.py").read_text() == LLM


def test_unsafe_fixes_must_be_asked_for(ready: Path, run: Run) -> None:
    (ready / "app" / "keys.py").write_text(LEAKY)
    assert "1 fix available with `--fix` (1 more with `--unsafe-fixes`)." in run("check").out
    ran = run("check", "--fix")
    assert ran.code == 1
    assert (ready / "app" / "keys.py").read_text() == LEAKY
    assert "1 fix available with `--fix --unsafe-fixes`." in ran.out
    ran = run("check", "--fix", "--unsafe-fixes")
    assert ran.code == 0
    expected = (
        'import os\n\nfrom openai import OpenAI\n\nclient = OpenAI(api_key=os.environ["OPENAI_API_KEY"])\n'
    )
    assert (ready / "app" / "keys.py").read_text() == expected


def test_the_configuration_may_ask_for_unsafe_fixes(ready: Path, run: Run) -> None:
    (ready / "app" / "keys.py").write_text(LEAKY)
    with (ready / "pyproject.toml").open("a") as file:
        file.write("unsafe-fixes = true\n")
    assert run("check", "--fix", "--no-unsafe-fixes").code == 1
    assert run("check", "--fix").code == 0


def test_show_fixes_lists_each(ready: Path, run: Run) -> None:
    out = run("check", "--fix", "--show-fixes").out
    assert out.startswith(
        "Fixed 1 finding:\n- app/llm.py:\n    app/llm.py:7:13 LLM701 [missing-cost-logging] wrap the"
    )


def test_fix_only_says_nothing_of_what_is_left(ready: Path, run: Run) -> None:
    ran = run("check", "--fix-only", "--select", "ALL")
    assert (ran.code, ran.out, ran.err) == (0, "", "Fixed 1 finding in 1 file.\n")
    assert (ready / "app" / "llm.py").read_text() == TRACKED


def test_exit_non_zero_on_fix(ready: Path, run: Run) -> None:
    assert run("check", "--fix", "--exit-non-zero-on-fix").code == 1
    assert run("check", "--fix", "--exit-non-zero-on-fix").code == 0


def test_diff_shows_and_writes_nothing(ready: Path, run: Run) -> None:
    ran = run("check", "--diff")
    assert (ready / "app" / "llm.py").read_text() == LLM
    assert (ran.code, ran.err) == (1, "Would fix 1 finding.\n")
    assert ran.out.startswith(
        "--- app/llm.py\n+++ app/llm.py\n@@ -1,6 +1,7 @@\n+from llm_lint.runtime import track\n"
    )
    assert "-client = OpenAI()\n+client = track(OpenAI())\n" in ran.out
    assert run("check", "--fix").code == 0
    clean = run("check", "--diff")
    assert (clean.code, clean.out, clean.err) == (0, "", "No findings would be fixed.\n")


@pytest.mark.parametrize("options", [("--diff",), ("--fix", "--show-fixes"), ("--output-format", "json")])
def test_no_part_of_a_key_is_shown(options: tuple[str, ...], ready: Path, run: Run) -> None:
    (ready / "app" / "keys.py").write_text(LEAKY)
    held = "q8Zr41LmXw09TbVn6KdE"
    (ready / "app" / "held.py").write_text(f'import cohere\n\nco = cohere.ClientV2(api_key="{held}")\n')
    ran = run("check", "--unsafe-fixes", *options)
    shown = ran.out + ran.err
    assert "environ" in shown
    assert held not in shown
    assert not any(KEY[at : at + 8] in shown for at in range(4, len(KEY) - 8))


def test_standard_input_gives_the_repaired_text_alone(
    ready: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = LLM.replace("\n", "\r\n").encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    ran = run("check", "--fix", "--select", "ALL", "--stdin-filename", "app/llm.py", "-")
    assert ran.code == 1
    assert ran.out == TRACKED.replace("\n", "\r\n")
    assert "LLM301" in ran.err
    assert (ready / "app" / "llm.py").read_text() == LLM


def test_rules_can_be_kept_from_fixing(ready: Path, run: Run) -> None:
    for option in (("--unfixable", "LLM701"), ("--fixable", "hardcoded-api-key")):
        ran = run("check", "--fix", *option)
        assert ran.code == 1
        assert "no fix: the configuration wants no fixes of this rule" in ran.out
    assert (ready / "app" / "llm.py").read_text() == LLM
    assert run("check", "--fix", "--fixable", "LLM7").code == 0


def test_the_configuration_may_class_fixes_differently(ready: Path, run: Run) -> None:
    (ready / "app" / "keys.py").write_text(LEAKY)
    with (ready / "pyproject.toml").open("a") as file:
        file.write('extend-safe-fixes = ["LLM801"]\nextend-unsafe-fixes = ["missing-cost-logging"]\n')
    assert run("check", "--fix").code == 1
    assert "environ" in (ready / "app" / "keys.py").read_text()
    assert (ready / "app" / "llm.py").read_text() == LLM


@pytest.mark.parametrize("key", ["fixable", "unfixable", "extend-safe-fixes", "extend-unsafe-fixes"])
def test_unknown_rules_in_the_configuration_are_refused(key: str, ready: Path, run: Run) -> None:
    (ready / "pyproject.toml").write_text(f'[tool.llm-lint]\n{key} = ["LLM999"]\n')
    assert run("check").code == 2


def test_without_a_runtime_the_fix_says_what_to_do(project: Path, run: Run) -> None:
    ran = run("check", "--fix", "--select", "LLM701")
    assert ran.code == 1
    assert "  = no fix: no runtime is set up that it could insert; run `llm-lint init`" in ran.out
    assert (project / "app" / "llm.py").read_text() == LLM


def test_a_runtime_that_the_program_would_not_find_is_not_inserted(ready: Path, run: Run) -> None:
    settings = (ready / "pyproject.toml").read_text()
    (ready / "requirements.txt").write_text("openai\n")
    assert "neither a module of this project nor among its dependencies" in run("check", "--fix").out
    (ready / "requirements.txt").write_text("openai\nllm_cost-lint>=0.1\n")
    assert run("check", "--fix").code == 0
    (ready / "app" / "llm.py").write_text(LLM)
    (ready / "pyproject.toml").write_text(settings.replace("llm_lint.runtime", "app.metering"))
    assert run("check", "--fix").code == 1
    (ready / "app" / "metering.py").write_text("def track(client):\n    return client\n")
    assert run("check", "--fix").code == 0
    assert "from app.metering import track\n" in (ready / "app" / "llm.py").read_text()


def test_the_projects_own_function_is_inserted(ready: Path, run: Run) -> None:
    (ready / "app" / "obs.py").write_text("def metered(client):\n    return client\n")
    with (ready / "pyproject.toml").open("a") as file:
        file.write('fix = { track = "app.obs:metered" }\n')
    assert run("check", "--fix").code == 0
    text = (ready / "app" / "llm.py").read_text()
    assert "from openai import OpenAI\n\nfrom app.obs import metered\n" in text
    assert "client = metered(OpenAI())\n" in text


def test_suppressed_findings_are_not_fixed(ready: Path, run: Run) -> None:
    text = LLM.replace("create(\n", "create(  # llm-lint: ignore[LLM701] counted elsewhere\n")
    (ready / "app" / "llm.py").write_text(text)
    assert run("check", "--fix").code == 0
    assert (ready / "app" / "llm.py").read_text() == text


def test_only_the_files_that_were_named_are_edited(ready: Path, run: Run) -> None:
    (ready / "app" / "clients.py").write_text("from openai import OpenAI\n\nclient = OpenAI()\n")
    (ready / "app" / "llm.py").write_text(
        LLM.replace("from openai import OpenAI\n\nclient = OpenAI()\n", "from app.clients import client\n")
    )
    ran = run("check", "--fix", "app/llm.py")
    assert ran.code == 1
    assert "no fix: the edit belongs into `app/clients.py`, which this run does not cover" in ran.out
    assert run("check", "--fix").code == 0
    assert "track(OpenAI())" in (ready / "app" / "clients.py").read_text()


@pytest.mark.parametrize("name", format_names())
def test_a_refusal_is_told_in_every_format(name: str, project: Path, run: Run) -> None:
    ran = run("check", "--select", "LLM701", "--output-format", name, "--color", "never")
    assert "no runtime is set up that it could insert" in " ".join(ran.out.split())


@pytest.mark.parametrize("name", format_names())
def test_a_run_that_repairs_everything_exits_with_0_in_every_format(name: str, ready: Path, run: Run) -> None:
    ran = run("check", "--fix", "--output-format", name)
    assert (ran.code, ran.err) == (0, "")
    assert (ready / "app" / "llm.py").read_text() == TRACKED


def test_json_tells_the_edits(ready: Path, run: Run) -> None:
    document = json.loads(run("check", "--output-format", "json").out)
    fix = document["findings"][0]["fix"]
    assert fix["applicability"] == "safe"
    assert fix["edits"] == [
        {
            "location": {"row": 1, "column": 1},
            "end_location": {"row": 1, "column": 1},
            "content": "from llm_lint.runtime import track\n",
        },
        {"location": {"row": 3, "column": 10}, "end_location": {"row": 3, "column": 10}, "content": "track("},
        {"location": {"row": 3, "column": 18}, "end_location": {"row": 3, "column": 18}, "content": ")"},
    ]
    assert document["summary"]["fixable"] == {"safe": 1, "unsafe": 0, "display": 0}
    assert json.loads(run("check", "--fix", "--output-format", "json").out)["summary"]["fixed"] == 1


def test_sarif_tells_the_edits(ready: Path, run: Run) -> None:
    log = json.loads(run("check", "--output-format", "sarif").out)
    change = log["runs"][0]["results"][0]["fixes"][0]["artifactChanges"][0]
    assert change["artifactLocation"]["uri"] == "app/llm.py"
    assert [r["insertedContent"]["text"] for r in change["replacements"]][1:] == ["track(", ")"]
