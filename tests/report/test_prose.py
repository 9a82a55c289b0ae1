"""Rule documents as text for a terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from llm_lint.report.console import Console
from llm_lint.report.documents import document_of, documents
from llm_lint.report.prose import prose
from llm_lint.report.rulebook import rules_json, rules_table
from llm_lint.rules import all_rules

PAGE = """\
# request-in-loop (LLM401)

One **request** is sent for each `element` of some
data: see [the guide](https://example.com/guide).

## Example

```python bad file=app.py
for row in rows:

    send(row)  # expect: LLM401
```

```python bad file=other.py
rows = []
```

- one point that is long enough to be wrapped when the terminal is narrow
- another
1. a step

| model | price |
|---|---:|
| small | **1** |
| `large` | 20 |
"""

PLAIN = """\
REQUEST-IN-LOOP (LLM401)

One request is sent for each `element` of
some data: see the guide
(https://example.com/guide).

Example

  reported, in app.py:
    for row in rows:

        send(row)  # <- LLM401

  other.py:
    rows = []

  • one point that is long enough to be
    wrapped when the terminal is narrow
  • another
  1. a step

model    price
small    1
`large`  20
"""


def test_a_page_as_text() -> None:
    assert prose(PAGE, Console(width=42)) == PLAIN


def test_colours_mark_headings_and_code() -> None:
    text = prose("# Title\n\nSome `code` and **plain** words.\n", Console(color=True))
    assert text == "\x1b[1mTITLE\x1b[0m\n\nSome \x1b[36mcode\x1b[0m and plain words.\n"


@pytest.mark.parametrize("page", documents(), ids=lambda page: page.code)
def test_every_rule_document_can_be_shown(page: object) -> None:
    shown = prose(page.text, Console(width=80))  # type: ignore[attr-defined]
    assert "```" not in shown
    assert "# expect:" not in shown


def test_a_rule_without_a_document_has_none() -> None:
    assert document_of("LLM000") is None


def test_the_table_of_rules() -> None:
    lines = rules_table(Console(width=200)).splitlines()
    assert lines[0].split() == ["code", "name", "severity", "reports"]
    assert [line.split()[:2] for line in lines[1:]] == [[rule.code, rule.name] for rule in all_rules()]


def test_the_rules_as_json() -> None:
    rows = json.loads(rules_json())
    assert [row["code"] for row in rows] == [rule.code for rule in all_rules()]
    batch = next(row for row in rows if row["code"] == "LLM401")
    assert batch["severity"] == "warning"
    assert batch["summary"].endswith(".")
    assert batch["explanation"].startswith("# request-in-loop (LLM401)\n")


def test_sarif_carries_the_rule_document() -> None:
    from llm_lint.report import render
    from tests.report.samples import BATCH, with_finding

    rule = json.loads(render("sarif", with_finding(BATCH), Console()))["runs"][0]["tool"]["driver"]["rules"][
        0
    ]
    page = document_of("LLM401")
    assert page is not None
    assert rule["help"]["markdown"] == page.text
    assert rule["fullDescription"]["text"] == page.summary
    assert Path(__file__).parents[2].joinpath("rules", "LLM401-request-in-loop.md").read_text() == page.text
