"""Budgets: who is told, what stops, and what the SDKs make of it."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import anthropic
import openai
import pytest

from llm_lint.runtime import budget, cached, configure, track
from tests.fake_provider import FakeProvider
from tests.runtime.conftest import Ask, Record

ONE = "0.000008"  # less than one request costs


def test_a_warning_lets_requests_pass_and_comes_once(
    ask: Ask, provider: FakeProvider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, logger="llm_lint")
    budget(ONE)
    for _ in range(4):
        ask()
    assert len(provider.ledger) == 4
    assert [message for message in caplog.messages if "budget exceeded" in message] == [
        f"budget exceeded: ${provider.ledger.total / 4:f} of ${ONE} per day"
    ]


def test_a_block_is_http_402_which_sdks_raise_as_their_own_error(
    ask: Ask, provider: FakeProvider, records: list[Record]
) -> None:
    budget(ONE, on_exceed="block")
    ask()
    client = track(openai.OpenAI(**provider.openai(max_retries=3)))
    with pytest.raises(openai.APIStatusError, match="budget") as caught:
        ask(client=client)
    assert caught.value.status_code == 402
    claude = track(anthropic.Anthropic(**provider.anthropic(max_retries=3)))
    messages: Any = [{"role": "user", "content": "hello"}]
    with pytest.raises(anthropic.APIStatusError) as refused:
        claude.messages.create(model="claude-3-5-haiku-latest", max_tokens=9, messages=messages)
    assert refused.value.status_code == 402
    with pytest.raises(openai.APIStatusError):
        list(ask(client=client, stream=True))
    assert len(provider.ledger) == 1
    assert [record["status"] for record in records] == [200, 402, 402, 402]
    assert [record["cost_usd"] for record in records[1:]] == [0, 0, 0]


def test_kept_answers_are_given_beyond_the_budget(ask: Ask, provider: FakeProvider) -> None:
    budget(ONE, on_exceed="block")
    with cached(60):
        ask()
        assert ask().choices
    assert len(provider.ledger) == 1


def test_a_function_decides(ask: Ask, provider: FakeProvider) -> None:
    events: list[dict[str, Any]] = []

    def decide(event: dict[str, Any]) -> bool:
        events.append(event)
        return len(events) > 1

    budget(ONE, per="month", on_exceed=decide)
    ask()
    ask()
    with pytest.raises(openai.APIStatusError):
        ask()
    assert events[0]["level"] == "exceeded"
    assert (events[0]["per"], events[0]["budget_usd"]) == ("month", ONE)
    assert Decimal(events[1]["spent_usd"]) == provider.ledger.total


def test_alerts_come_when_it_is_nearing_and_when_it_is_exceeded(ask: Ask) -> None:
    levels: list[str] = []
    budget("0.00002", alert=lambda event: levels.append(event["level"]), nearing="0.5")
    for _ in range(6):
        ask()
    assert levels == ["nearing", "exceeded"]


def test_a_webhook_gets_the_event(ask: Ask) -> None:
    got: list[dict[str, Any]] = []
    arrived = threading.Event()

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(204)
            self.end_headers()
            arrived.set()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    budget(ONE, alert=f"http://127.0.0.1:{server.server_address[1]}/alert")
    ask()
    ask()
    assert arrived.wait(10)
    server.shutdown()
    server.server_close()
    assert set(got[0]) == {"level", "budget_usd", "spent_usd", "per", "period"}


def test_other_processes_count_through_the_log(ask: Ask, provider: FakeProvider, tmp_path: Path) -> None:
    log = tmp_path / "usage.jsonl"
    configure(log=log, rotate=1)  # rotated at once: the parts count too
    watched = budget("1", on_exceed="block")
    ask()
    other = (
        "import time\nfrom llm_lint.runtime import configure, log\n"
        f"configure(log={str(log)!r})\n"
        "log.write(log.compose(timestamp=log.timestamp(time.time()), cost_usd=0.9999))\n"
        "log.write(log.compose(timestamp='2020-01-01T00:00:00Z', cost_usd=5.0))\n"
    )
    subprocess.run([sys.executable, "-c", other], check=True)
    assert watched.spent == provider.ledger.total + Decimal("0.9999")
    configure(log=log)
    ask()


@pytest.mark.parametrize(
    ("arguments", "more"),
    [
        ((0,), {}),
        (("x",), {}),
        ((5,), {"per": "week"}),
        ((5,), {"on_exceed": "stop"}),
        ((5,), {"alert": "me"}),
    ],
)
def test_wrong_values_are_refused(
    arguments: tuple[Any, ...], more: dict[str, Any], records: list[Record]
) -> None:
    with pytest.raises(ValueError, match=r"must be|is not"):
        budget(*arguments, **more)


def test_the_environment_sets_a_budget() -> None:
    script = (
        "from llm_lint.runtime.state import state\n"
        "(one,) = state.budgets\nprint(one.usd, one.per, one.on_exceed, one.alerts)"
    )
    environment = {"LLM_LINT_BUDGET": "50/month,block", "LLM_LINT_ALERT": "https://example.com/a", "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "50 month block ('log', 'https://example.com/a')\n"
