"""What people read: the full and the concise format, as exact text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from llm_lint.model import (
    Applicability,
    Edit,
    Finding,
    Fix,
    Related,
    Report,
    Severity,
)
from llm_lint.report import render
from llm_lint.report.console import Console
from llm_lint.resources import rules_directory
from tests.report.samples import BATCH, EMPTY, KEY, PRICED, REPORT, TRACKING, estimate, span, with_finding


def test_full_shows_source_path_saving_and_advice() -> None:
    assert render("full", REPORT, Console()) == FULL


FULL = """\
app/llm.py:3:10: LLM701 [missing-cost-logging] nothing records what the request in `label` costs
  |
3 | client = OpenAI()
  |          ^^^^^^^^
...
7 |     reply = client.chat.completions.create(
  |             ------------------------------- sends the request
  |
  = note: no direct saving; makes every other estimate a measurement
  = help: wrap the client in a tracker

app/llm.py:7:13: LLM401 [request-in-loop] `client.chat.completions.create` in `label` is sent once per element
   |
 6 | def label(text):
 7 |     reply = client.chat.completions.create(
   |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
 8 |         model="gpt-4o",
 9 |         messages=[{"role": "user", "content": text}],
10 |     )
   |
  = path: started from a command line
     1. app/jobs.py:10:5  `main` calls `run`
     2. app/jobs.py:6:21  `run` calls `label`, in the `for` loop of line 5
     3. app/llm.py:7:13   `label` sends the request
  = saves: ~$27/month (50 %) [LOW $4 – HIGH $71] at 10,000 requests/month (assumed); $2.7 per 1,000
           requests · evidence E0 (no usage data) · prices 2026-11-20
  = assumes: 500 input and 150 output tokens, as nothing shows more
  = help: nobody waits for these answers: submit them as one job of the provider's Batch API

explore.ipynb:cell 4:2:11: LLM801 [hardcoded-api-key] an OpenAI key stands in the source
  = help: revoke the key and read it from the environment

Found 3 findings (1 error, 1 warning, 1 info) in 2 of 14 files.
1 file not analysed; stderr says why.
`llm-lint rule LLM701` explains a rule and how its saving is estimated.
"""


def test_concise_is_one_line_for_each_finding() -> None:
    assert render("concise", REPORT, Console()) == CONCISE


CONCISE = """\
app/llm.py:3:10: LLM701 [missing-cost-logging] nothing records what the request in `label` costs
app/llm.py:7:13: LLM401 [request-in-loop] `client.chat.completions.create` in `label` is sent once per element (saves ~$27/month (50 %) [LOW $4 – HIGH $71] at 10,000 requests/month (assumed); $2.7 per 1,000 requests · evidence E0 · prices 2026-11-20)
explore.ipynb:cell 4:2:11: LLM801 [hardcoded-api-key] an OpenAI key stands in the source
Found 3 findings (1 error, 1 warning, 1 info) in 2 of 14 files.
1 file not analysed; stderr says why.
"""  # noqa: E501


@pytest.mark.parametrize("name", ["full", "concise"])
def test_a_clean_run_says_how_much_was_read(name: str) -> None:
    assert render(name, EMPTY, Console()) == "No findings in 3 files.\n"


@pytest.mark.parametrize("name", ["full", "concise"])
def test_quiet_leaves_out_the_summary(name: str) -> None:
    assert render(name, EMPTY, Console(quiet=True)) == ""
    assert "Found" not in render(name, REPORT, Console(quiet=True))


def test_the_summary_counts_what_is_not_shown() -> None:
    report = replace(with_finding(KEY), hidden=(BATCH, BATCH), suppressed=(TRACKING,))
    assert render("concise", report, Console()).splitlines()[1:] == [
        "Found 1 finding (1 error) in 1 of 14 files.",
        "2 more findings below the confidence or saving asked for (see --pedantic and --min-saving).",
        "1 finding suppressed (see --ignore-suppressions).",
        "1 file not analysed; stderr says why.",
    ]


CHEAPER = replace(
    BATCH,
    code="LLM301",
    name="expensive-model-for-simple-task",
    saving=replace(
        PRICED, percent=estimate("80", "80", "80"), usd_per_month=estimate("6.464", "43.36", "113.6")
    ),
)


def test_two_findings_at_one_request_are_never_added_up() -> None:
    lines = render("concise", replace(REPORT, findings=(CHEAPER, BATCH)), Console()).splitlines()
    # the request costs $54.2: what the model leaves is $10.84, of which half goes; not $27.1 + $43.36 = $70
    assert lines[-2:] == [
        "Together the priced fixes would save ~$49/month [LOW $7.3 – HIGH $130] at assumed volumes; "
        "overlaps are counted once.",
        "Of that, ~$22 comes from changing models and needs an evaluation first.",
    ]


def test_one_priced_finding_has_no_total() -> None:
    assert "Together" not in render("full", REPORT, Console())


def test_findings_without_a_price_have_no_total() -> None:
    unpriced = replace(BATCH, saving=replace(PRICED, usd_per_month=None, volume=None))
    lines = render("concise", replace(REPORT, findings=(unpriced, unpriced)), Console()).splitlines()
    assert lines[-1] == (
        "Each saving is what fixing that finding alone would bring; they overlap and are not added up."
    )


def test_what_several_findings_assume_is_told_once() -> None:
    text = render("full", replace(REPORT, findings=(CHEAPER, BATCH)), Console())
    assert text.count("500 input and 150 output tokens, as nothing shows more") == 1
    assert text.count("  = assumes: [1]\n") == 2
    assert (
        "Assumptions behind the savings:\n [1] 500 input and 150 output tokens, as nothing shows more\n"
        in text
    )


def test_a_fix_says_who_may_apply_it() -> None:
    fix = Fix(Applicability.UNSAFE, "send them as a batch", (Edit(BATCH.span, "batch()"),))
    text = render("full", with_finding(replace(BATCH, fix=fix)), Console())
    assert "  = fix: send them as a batch (--fix --unsafe-fixes)\n" in text


def test_a_refused_fix_says_why() -> None:
    text = render("full", with_finding(replace(BATCH, fix_refused="the function is a method")), Console())
    assert "  = no fix: the function is a method\n" in text


def test_colours_change_nothing_but_escape_sequences() -> None:
    import re

    coloured = render("full", REPORT, Console(color=True))
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == FULL


def test_severities_have_different_colours() -> None:
    codes = {
        render("full", with_finding(replace(KEY, severity=level)), Console(color=True)).split("LLM801")[0][
            -7:
        ]
        for level in Severity
    }
    assert len(codes) == 3


# ------------------------------------------------------------------ excerpts


def excerpt_of(lines: list[str], where: tuple[int, int, int, int], width: int = 100) -> list[str]:
    """The excerpt of one finding in a file with these lines."""
    finding = replace(KEY, span=span("a.py", *where), advice="")
    report = Report((finding,), sources={"a.py": tuple(lines)})
    return render("full", report, Console(width=width, quiet=True)).splitlines()[1:]


def test_tabs_and_wide_characters_keep_the_underline_in_place() -> None:
    assert excerpt_of(["\tname = '漢字'; key = 'x'"], (1, 21, 1, 24)) == [
        "  |",
        "1 |     name = '漢字'; key = 'x'",
        "  |                          ^^^",
        "  |",
    ]


def test_a_long_line_is_cut_at_the_width() -> None:
    lines = excerpt_of([f"key = '{'a' * 200}'"], (1, 7, 1, 209), width=60)
    assert all(len(line) <= 60 for line in lines)
    assert lines[1].endswith("…")


def test_a_long_statement_shows_its_first_rows() -> None:
    lines = excerpt_of(["call(", *[f"    a{n}=1," for n in range(20)], ")"], (1, 1, 22, 2))
    assert [line for line in lines if line[:2].strip().isdigit()] == [
        "1 | call(",
        "2 |     a0=1,",
        "3 |     a1=1,",
        "4 |     a2=1,",
        "5 |     a3=1,",
        "6 |     a4=1,",
    ]


def test_a_place_past_the_end_of_the_file_is_shown_without_source() -> None:
    assert excerpt_of(["one line"], (9, 1, 9, 2)) == []


def test_a_column_past_the_end_of_the_line_still_gets_a_mark() -> None:
    assert excerpt_of(["ab"], (1, 40, 1, 50))[2] == "  |   ^"


def test_control_characters_cannot_steer_the_terminal() -> None:
    finding = replace(KEY, span=span("a.py", 1, 1, 1, 2), message="bad \x1b[2J\u202e name")
    report = Report((finding,), sources={"a.py": ("x = '\x1b]0;owned\x07'",)})
    for name in ("full", "concise"):
        text = render(name, report, Console())
        assert "\x1b" not in text
        assert "\u202e" not in text
    assert "x = '\\x1b]0;owned\\x07'" in render("full", report, Console())


def test_places_in_other_files_become_notes() -> None:
    related = (Related("a tracker stands here", span("other.py", 4, 1, 4, 9)),)
    text = render("full", with_finding(replace(KEY, related=related)), Console())
    assert "  = note: other.py:4:1 a tracker stands here\n" in text


def test_cells_are_counted_from_one() -> None:
    report = replace(with_finding(KEY), sources={"explore.ipynb#3": ("import os", 'api_key = "…"')})
    lines = render("full", report, Console()).splitlines()
    assert lines[0].startswith("explore.ipynb:cell 4:2:11: ")
    assert '2 | api_key = "…"' in lines


def test_many_places_are_listed_only_on_demand() -> None:
    related = tuple(Related(f"place {row}", span("other.py", row, 1, row, 9)) for row in range(1, 8))
    report = with_finding(replace(KEY, related=related))
    text = render("full", report, Console())
    assert text.count("  = note: other.py:") == 4
    assert "  = note: and 3 more such places (-v lists them)\n" in text
    assert render("full", report, Console(verbose=True)).count("  = note: other.py:") == 7


def test_less_than_a_dollar_is_no_exact_figure() -> None:
    small = replace(PRICED, usd_per_month=estimate("0", "0.4", "1.6"))
    text = render("concise", with_finding(replace(BATCH, saving=small)), Console())
    assert "(saves <$1/month (50 %) [LOW $0 – HIGH $1.6] at 10,000 requests/month (assumed); " in text


def test_a_saving_without_a_volume_is_told_per_1000_requests() -> None:
    unit = replace(PRICED, usd_per_month=None, volume=None)
    text = render("concise", with_finding(replace(BATCH, saving=unit)), Console())
    assert (
        "(saves ~$2.7 per 1,000 requests (50 %) [LOW $0.40 – HIGH $7.1]; evidence E0 · prices 2026-11-20)"
        in text
    )


def test_a_saving_without_a_price_is_told_as_a_share() -> None:
    share = replace(PRICED, usd_per_1000_requests=None, usd_per_month=None, volume=None)
    text = render("concise", with_finding(replace(BATCH, saving=share)), Console())
    assert (
        "(saves ~50 % of what this request costs [LOW 50 % – HIGH 50 %]; no price is known for it; "
        "evidence E0)"
    ) in text


def test_a_saving_of_which_nothing_is_known_says_so() -> None:
    unknown = replace(PRICED, percent=None, usd_per_1000_requests=None, usd_per_month=None, volume=None)
    text = render("full", with_finding(replace(BATCH, saving=unknown)), Console())
    assert "  = saves: unknown: neither a price nor a share is known; evidence E0 (no usage data)\n" in text


def test_the_way_is_shown_where_money_or_the_rule_depends_on_it() -> None:
    assert "  = path: " in render("full", with_finding(BATCH), Console())
    tracking = replace(TRACKING, request=BATCH.request)
    assert "  = path: " not in render("full", with_finding(tracking), Console())
    through = replace(tracking, related=BATCH.related)
    assert "  = path: " in render("full", with_finding(through), Console())


# ------------------------------------------------------------------ many findings


def tracking(row: int) -> Finding:
    """One of many findings that cost nothing."""
    key = f"app/llm.py::ask{row}#0"
    return replace(TRACKING, span=span("app/llm.py", row, 10, row, 18), related=(), request=key)


def test_what_costs_nothing_and_comes_in_numbers_is_told_once() -> None:
    many = tuple(tracking(row) for row in range(1, 13))
    text = render("full", replace(REPORT, findings=(*many, BATCH)), Console())
    first, second, *_ = text.split("\n\n")
    assert first.startswith("app/llm.py:7:13: LLM401 [request-in-loop]")
    assert second.splitlines() == [
        "LLM701 [missing-cost-logging] 12 places",
        *(f"  app/llm.py:{row}:10  in `ask{row}`" for row in range(1, 11)),
        "  and 2 more (-v tells each in full, --output-format concise lists them)",
        "  = note: no direct saving; makes every other estimate a measurement",
        "  = help: wrap the client in a tracker",
    ]
    assert render("full", replace(REPORT, findings=many), Console(verbose=True)).count("[missing-cost") == 12
    assert render("full", replace(REPORT, findings=many[:3]), Console()).count("[missing-cost") == 3


def test_two_findings_at_one_request_show_source_and_way_once() -> None:
    text = render("full", replace(REPORT, findings=(CHEAPER, BATCH)), Console())
    assert text.count("  = path: ") == 1
    assert text.count(" 7 |     reply = client.chat.completions.create(") == 1
    assert text.count("  = saves: ") == 2


def test_a_way_that_is_too_long_for_the_terminal_is_broken() -> None:
    lines = render("full", with_finding(BATCH), Console(width=60)).splitlines()
    start = lines.index("     1. app/jobs.py:10:5")
    assert lines[start : start + 4] == [
        "     1. app/jobs.py:10:5",
        "        `main` calls `run`",
        "     2. app/jobs.py:6:21",
        "        `run` calls `label`, in the `for` loop of line 5",
    ]


def test_the_summary_says_where_the_money_is() -> None:
    elsewhere = replace(
        CHEAPER, span=span("app/web.py", 3, 1, 3, 9), request="app/web.py::root#0", related=()
    )
    report = replace(REPORT, findings=(CHEAPER, BATCH, elsewhere))
    lines = render("concise", report, Console()).splitlines()
    assert lines[lines.index("Where the money is:") + 1 :] == [
        "    ~$49/month  app/llm.py:7:13 (LLM301, LLM401)",
        "    ~$43/month  app/web.py:3:1 (LLM301)",
    ]


def test_a_place_that_the_finding_itself_marks_is_no_note() -> None:
    twice = replace(KEY, related=(Related("the client is made here", KEY.span),))
    assert "the client is made here" not in render("full", with_finding(twice), Console())


def test_codes_lead_to_their_pages_on_a_terminal() -> None:
    text = render("full", with_finding(BATCH), Console(links=True))
    target = next(rules_directory().glob("LLM401-*.md")).resolve().as_uri()
    assert f": \x1b]8;;{target}\x1b\\LLM401\x1b]8;;\x1b\\ [request-in-loop]" in text
    assert "\x1b]8" not in render("full", with_finding(BATCH), Console(color=True))
