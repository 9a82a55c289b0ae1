"""The table of requests."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from llm_lint.model import Estimate, Evidence, Gateway, Inventory, Loop, Report, Step, Unknown
from llm_lint.report import render_inventory
from llm_lint.report.console import Console
from llm_lint.report.places import seen_from
from tests.report.samples import CALL, IN_MAIN, IN_RUN, LOOP, REQUEST, span

CHAT = replace(
    REQUEST,
    key="app/bot.py::answer#0",
    span=span("app/bot.py", 20, 5, 20, 30),
    callee="litellm.completion",
    model=Unknown(),
    entry_point="bot",
    loops=(Loop("chat", "direct", "while", LOOP, "answer", None),),
    cached=Evidence(True, "lru_cache"),
    tracked=Evidence(True),
)
REPORT = Report(
    (),
    inventory=Inventory(
        (REQUEST, CHAT),
        (Gateway("label", CALL, (REQUEST.key,), (Step(IN_RUN, "run"), Step(IN_MAIN, "main"))),),
        (),
    ),
    files_checked=14,
    prices_as_of="2026-11-20",
    costs={REQUEST.key: Estimate(Decimal(1), Decimal("2.94"), Decimal(7))},
)

TABLE = """\
where            request                         kind  model   from  loop         batch  cached     tracked  $/1k
app/llm.py:7:13  client.chat.completions.create  chat  gpt-4o  cli   data in run  yes    no         no       $2.9
app/bot.py:20:5  litellm.completion              chat  ?       bot   chat         no     lru_cache  yes      ?

where            gateway  requests  called from
app/llm.py:7:13  label    1         run (app/jobs.py:6:21), main (app/jobs.py:10:5)

2 requests and 1 gateway in 14 files.
$/1k is the expected cost of 1,000 requests at the prices of 2026-11-20.
"""  # noqa: E501


def test_the_table() -> None:
    assert render_inventory("table", REPORT, Console(width=200)) == TABLE


def test_a_narrow_table_keeps_the_places_readable() -> None:
    text = render_inventory("table", REPORT, Console(width=90, quiet=True))
    assert all(len(line) <= 90 for line in text.splitlines())
    assert "app/bot.py:20:5 " in text


def test_a_very_narrow_table_keeps_the_end_of_the_places() -> None:
    text = render_inventory("table", REPORT, Console(width=75, quiet=True))
    assert all(len(line) <= 75 for line in text.splitlines())
    assert "py:20:5 " in text


def test_nothing_found() -> None:
    empty = Report((), inventory=Inventory((), (), ()), files_checked=1)
    assert render_inventory("table", empty, Console()) == "0 requests and 0 gateways in 1 file.\n"


def test_places_are_told_from_where_the_reader_stands() -> None:
    moved = seen_from(replace(REPORT, root="/srv/shop"), "/srv/shop/app")
    assert moved.inventory is not None
    assert [request.span.filename for request in moved.inventory.requests] == ["llm.py", "bot.py"]
    assert moved.inventory.gateways[0].callers[0].span.filename == "jobs.py"
    assert moved.inventory.requests[0].key == REQUEST.key
    outside = seen_from(replace(REPORT, root="/srv/shop"), "/srv/other")
    assert outside.inventory is not None
    assert outside.inventory.requests[0].span.filename == "../shop/app/llm.py"
