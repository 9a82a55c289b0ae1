"""Batches: nothing lost, nothing sent twice, whatever point a process dies at."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import anthropic
import openai
import pytest

from llm_lint.runtime import Batcher, BatchQueue
from tests.fake_provider import Clock, FakeProvider, words
from tests.runtime.conftest import Record

JOBS = 5


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    with FakeProvider(tokenize=words, batch_seconds=60, clock=Clock(time.time())) as running:
        yield running


def body(number: int, **more: Any) -> dict[str, Any]:
    return {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": f"job {number}"}], **more}


def test_requests_are_answered_at_half_the_price(
    provider: FakeProvider, records: list[Record], tmp_path: Path
) -> None:
    gpt = openai.OpenAI(**provider.openai())
    queue = BatchQueue(f"sqlite:///{tmp_path}/jobs.db", gpt)
    numbers = [queue.put(body(number)) for number in range(JOBS)]
    assert (queue.submit(), queue.submit(), queue.collect()) == (JOBS, 0, 0)
    assert queue.result(numbers[0]) is None
    provider.clock.advance(60)
    assert (queue.collect(), queue.collect()) == (JOBS, 0)
    answer = queue.result(numbers[3])
    online: Any = gpt.chat.completions.create(**body(3))
    assert answer is not None
    assert answer["choices"][0]["message"]["content"] == online.choices[0].message.content
    batched, (single,) = list(provider.ledger)[:JOBS], list(provider.ledger)[JOBS:]
    assert single.usd == batched[3].usd * 2  # type: ignore[operator]
    assert [record["batch"] for record in records] == [True] * JOBS
    assert [Decimal(str(record["cost_usd"])) for record in records] == [entry.usd for entry in batched]


def test_anthropic_batches_too(provider: FakeProvider, records: list[Record], tmp_path: Path) -> None:
    claude = anthropic.Anthropic(**provider.anthropic())
    queue = BatchQueue(f"sqlite:///{tmp_path}/jobs.db", claude)
    numbers = [queue.put(body(each, model="claude-3-5-haiku-latest", max_tokens=20)) for each in range(3)]
    assert queue.submit() == 3
    provider.clock.advance(60)
    assert queue.collect() == 3
    answer = queue.result(numbers[1])
    assert answer is not None
    assert answer["content"][0]["text"]
    assert sum(Decimal(str(record["cost_usd"])) for record in records) == provider.ledger.total


# Where a process dies: before or after a call of the API, or of a step of the queue.
CRASHES = {
    "claimed": "queue._send = die",
    "uploaded": "client.batches.create = die",
    "created": "queue._adopt = die",
    "submitted": "queue.submit(); die()",
    "downloaded": "queue.submit(); queue._settle = die; client.advance(); queue.collect()",
    "half written": "queue.submit(); client.advance(); queue._log = die; queue.collect()",
}
PROGRAM = """
import os, sys, urllib.request
from openai import OpenAI
from llm_lint.runtime import BatchQueue
def die(*arguments, **more):
    os._exit(9)
client = OpenAI()
object.__setattr__(client, "advance", lambda: urllib.request.urlopen(os.environ["ADVANCE"]).read())
queue = BatchQueue("sqlite:///" + sys.argv[1], client)
for number in range({jobs}):
    queue.put(dict(model="gpt-4o-mini", messages=[dict(role="user", content="job %d" % number)]))
{crash}
queue.submit()
die()
"""


@pytest.mark.parametrize("point", CRASHES)
def test_a_crash_neither_loses_nor_repeats_a_request(
    provider: FakeProvider, tmp_path: Path, point: str
) -> None:
    environment = {**provider.environment(), "ADVANCE": f"{provider.url}/_control/advance?60", "PATH": ""}
    program = textwrap.dedent(PROGRAM).format(jobs=JOBS, crash=CRASHES[point])
    done = subprocess.run(
        [sys.executable, "-c", program, f"{tmp_path}/jobs.db"], env=environment, check=False, timeout=60
    )
    assert done.returncode == 9
    queue = BatchQueue(f"sqlite:///{tmp_path}/jobs.db", openai.OpenAI(**provider.openai()))
    queue.submit()
    provider.clock.advance(60)
    queue.collect()
    assert queue.counts() == {"done": JOBS}
    assert len(provider.batches.batches) == 1
    assert len(provider.ledger) == JOBS


def test_a_submission_that_failed_is_taken_up_again(provider: FakeProvider, tmp_path: Path) -> None:
    gpt = openai.OpenAI(**provider.openai(max_retries=0))
    queue = BatchQueue(f"sqlite:///{tmp_path}/jobs.db", gpt)
    queue.put(body(1))
    queue._api.create = lambda *arguments: 1 / 0  # type: ignore[method-assign, assignment, return-value]
    with pytest.raises(ZeroDivisionError):
        queue.submit()
    again = BatchQueue(f"sqlite:///{tmp_path}/jobs.db", gpt)
    assert (again.submit(), again.counts()) == (1, {"submitted": 1})


def test_clients_without_batches_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="no batch API"):
        BatchQueue(f"sqlite:///{tmp_path}/jobs.db", object())


# --------------------------------------------------------------------------- Batcher


def test_concurrent_callers_share_requests() -> None:
    asked: list[list[int]] = []

    async def ask(items: list[int]) -> list[int]:
        asked.append(items)
        return [item * 2 for item in items]

    async def main() -> list[int]:
        batcher = Batcher(ask, max_size=4, max_wait=0.01)
        return await asyncio.gather(*(batcher(number) for number in range(10)))

    assert asyncio.run(main()) == [number * 2 for number in range(10)]
    assert [len(items) for items in asked] == [4, 4, 2]


def test_an_error_reaches_everybody_who_waits() -> None:
    async def main() -> list[Any]:
        batcher: Batcher[int, int] = Batcher(lambda items: [], max_wait=0.001)
        return await asyncio.gather(batcher(1), batcher(2), return_exceptions=True)

    assert [str(error) for error in asyncio.run(main())] == ["0 results for 2 items"] * 2
