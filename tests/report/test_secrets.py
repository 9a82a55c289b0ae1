"""No format shows a key, wherever in the data of a report it may have got."""

from __future__ import annotations

import html
import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llm_lint.model import (
    Applicability,
    Edit,
    Fix,
    Inventory,
    Known,
    Related,
    Report,
    Skipped,
    Step,
    Volume,
)
from llm_lint.report import (
    format_names,
    inventory_format_names,
    render,
    render_explanation,
    render_inventory,
)
from llm_lint.report.console import Console
from tests.report.samples import BATCH, CALL, PRICED, REQUEST, span
from tests.specimens import specimens

KEYS = sorted(specimens().values())
WINDOW = 10  # characters of a key that must not be seen in a row
TEMPLATES = (
    'client = OpenAI(api_key="{}")',
    "os.environ['SOME_API_KEY'] = '{}'  # nightly",
    '    "Authorization": "Bearer {}",',
    "# was api_key = {} before",
)


def tainted(text: str) -> Report:
    """A report that carries a text in every place that holds free text."""
    lines = ("before", text, "after")
    place = span("app.py", 2, 1, 2, len(text) + 1)
    cell = replace(place, filename="note.ipynb", cell=0)
    saving = replace(
        PRICED, assumptions=(text,), note=text, usd_per_month=None, volume=Volume(Decimal(1), "configured")
    )
    finding = replace(
        BATCH,
        span=place,
        message=text,
        advice=text,
        related=(Related(text, replace(place, start=place.start, end=place.end)), Related(text, cell)),
        saving=saving,
        fix=Fix(Applicability.DISPLAY, text, (Edit(CALL, text),)),
        fix_refused=text,
    )
    request = replace(
        REQUEST,
        callee=text,
        cached=replace(REQUEST.cached, present=True, by=text),
        chain=(Step(CALL, "main"), Step(place, "label")),
        prompt=replace(REQUEST.prompt, static_text=text, holes=(text,)),
        parameters={"instructions": Known(text)},
        task_signals=(text,),
    )
    return Report(
        findings=(finding, replace(finding, span=cell, fix=None)),
        suppressed=(finding,),
        skipped=(Skipped("broken.py", text),),
        inventory=Inventory((request,), (), (Skipped("broken.py", text),)),
        sources={"app.py": lines, "note.ipynb#0": lines},
        files_checked=1,
    )


def everything(report: Report, console: Console) -> dict[str, str]:
    """What each format makes of a report, with its escapes undone."""
    shown = {name: render(name, report, console) for name in format_names()}
    shown |= {
        f"inventory {name}": render_inventory(name, report, console) for name in inventory_format_names()
    }
    shown |= {
        f"explanation {name}": render_explanation(REQUEST.key, name, report, console)
        for name in ("table", "json")
    }
    return {name: html.unescape(text) for name, text in shown.items()}


def leaks(key: str, text: str) -> list[str]:
    """The parts of a key that a text shows."""
    parts = (key[start : start + WINDOW] for start in range(len(key) - WINDOW + 1))
    return [part for part in parts if part in text or json.dumps(part)[1:-1] in text]


@settings(deadline=None, max_examples=60)
@given(
    key=st.sampled_from(KEYS),
    template=st.sampled_from(TEMPLATES),
    width=st.integers(40, 200),
    color=st.booleans(),
)
def test_no_format_shows_a_key(key: str, template: str, width: int, color: bool) -> None:
    shown = everything(tainted(template.format(key)), Console(width=width, color=color))
    assert {name: leaks(key, text) for name, text in shown.items() if leaks(key, text)} == {}


@pytest.mark.parametrize("key", KEYS, ids=sorted(specimens()))
def test_every_kind_of_key_is_masked_in_an_excerpt(key: str) -> None:
    report = tainted(f'client = Client(api_key="{key}")')
    assert leaks(key, render("full", report, Console())) == []


def test_what_is_no_key_stays_readable() -> None:
    text = 'reply = client.chat.completions.create(model="gpt-4o-mini-2024-07-18", temperature=0)'
    shown = everything(tainted(text), Console(width=300))
    assert text in shown["full"]
    assert text in shown["markdown"]
