"""Batching: many callers into one list request, and many requests into a provider's batch.

``Batcher`` saves requests and waiting, not tokens. ``BatchQueue`` uses the providers' batch APIs, which cost
half and answer within a day.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from . import log
from .batch_apis import Api, Outcome, api_of
from .keys import fingerprint
from .prices import cost
from .usage import Usage, find_usage

if TYPE_CHECKING:
    import sqlite3

Item = TypeVar("Item")
Result = TypeVar("Result")


class Batcher(Generic[Item, Result]):
    """Gathers what concurrent tasks ask for and asks once: ``await batcher(text)``.

    ``ask`` takes a list and returns (or awaits to) a list of the same length. A batch is sent when it has
    ``max_size`` items or ``max_wait`` seconds after its first one. An error of ``ask`` reaches all who wait.
    """

    def __init__(
        self,
        ask: Callable[[list[Item]], Awaitable[Sequence[Result]] | Sequence[Result]],
        max_size: int = 256,
        max_wait: float = 0.02,
    ) -> None:
        self._ask = ask
        self._max_size = max_size
        self._max_wait = max_wait
        self._waiting: dict[Any, list[tuple[Item, Any]]] = {}  # by event loop
        self._tasks: set[Any] = set()

    async def __call__(self, item: Item) -> Result:
        """The result for one item."""
        import asyncio

        loop = asyncio.get_running_loop()
        future = loop.create_future()
        waiting = self._waiting.setdefault(loop, [])
        waiting.append((item, future))
        if len(waiting) >= self._max_size:
            self._send(loop)
        elif len(waiting) == 1:
            loop.call_later(self._max_wait, self._send, loop, waiting)
        result: Result = await future
        return result

    def _send(self, loop: Any, only: list[tuple[Item, Any]] | None = None) -> None:
        if only is not None and self._waiting.get(loop) is not only:
            return  # that batch was full and is under way
        batch = self._waiting.pop(loop, [])
        if batch:
            task = loop.create_task(self._run(batch))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _run(self, batch: list[tuple[Item, Any]]) -> None:
        try:
            found = self._ask([item for item, _ in batch])
            results = await found if isinstance(found, Awaitable) else found
            if len(results) != len(batch):
                raise ValueError(f"{len(results)} results for {len(batch)} items")
        except BaseException as error:
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
            return
        for (_, future), result in zip(batch, results, strict=True):
            if not future.done():
                future.set_result(result)


_TABLE = """
CREATE TABLE IF NOT EXISTS job (
    id INTEGER PRIMARY KEY, endpoint TEXT, body TEXT, state TEXT, tag TEXT, owner TEXT, claimed REAL,
    batch_id TEXT, response TEXT, error TEXT, created REAL
)
"""
QUEUED, SUBMITTING, SUBMITTED, DONE, FAILED = "queued", "submitting", "submitted", "done", "failed"


class BatchQueue:
    """Requests that wait in a SQLite file until they are sent as a batch and answered.

    ``BatchQueue("sqlite:///jobs.db", OpenAI())`` (or ``Anthropic()``). ``put`` a request body, ``submit`` all
    that wait, ``collect`` what is answered, as often as you like and from any process. A crash at any point
    neither loses a request nor sends it twice: a batch carries a tag that is on disk before it is created,
    and is found by it again. ``lease``: seconds after which another host's unfinished submission is taken
    over.
    """

    def __init__(self, url: str, client: Any, *, lease: float = 600.0) -> None:
        self._path = url.removeprefix("sqlite:///")
        self._api: Api = api_of(client)
        self._lease = lease
        with self._open() as connection:
            connection.execute(_TABLE)

    def put(self, body: dict[str, Any], endpoint: str | None = None) -> int:
        """Queue a request (the arguments of ``create``, as JSON); returns its number."""
        with self._open() as connection:
            row = connection.execute(
                "INSERT INTO job (endpoint, body, state, created) VALUES (?, ?, ?, ?)",
                (endpoint or self._api.endpoint, json.dumps(body), QUEUED, time.time()),
            )
            assert row.lastrowid is not None
            return row.lastrowid

    def submit(self, limit: int = 10_000) -> int:
        """Send what is queued, one batch an endpoint; returns how many requests were sent."""
        sent = self._recover()
        for endpoint in self._endpoints():
            tag = self._claim(endpoint, limit)
            if tag is not None:
                sent += self._send(tag)
        return sent

    def collect(self) -> int:
        """Fetch the answers of finished batches; returns how many requests were settled."""
        self._recover()
        settled = 0
        with self._open() as connection:
            rows = connection.execute(
                "SELECT DISTINCT batch_id, tag FROM job WHERE state = ?", (SUBMITTED,)
            ).fetchall()
        for batch_id, tag in rows:
            outcomes = self._api.results(batch_id, tag)
            if outcomes is not None:
                settled += self._settle(batch_id, list(outcomes))
        return settled

    def result(self, number: int) -> dict[str, Any] | None:
        """The answer to a request; None while there is none. Raises RuntimeError when it failed."""
        with self._open() as connection:
            row = connection.execute(
                "SELECT state, response, error FROM job WHERE id = ?", (number,)
            ).fetchone()
        if row is None:
            raise KeyError(number)
        if row[0] == FAILED:
            raise RuntimeError(row[2])
        found: dict[str, Any] | None = json.loads(row[1]) if row[1] else None
        return found

    def counts(self) -> dict[str, int]:
        """How many requests are in which state."""
        with self._open() as connection:
            return dict(connection.execute("SELECT state, COUNT(*) FROM job GROUP BY state").fetchall())

    # ------------------------------------------------------------------ steps

    def _claim(self, endpoint: str, limit: int) -> str | None:
        """Mark waiting requests as being sent under a new tag."""
        tag = os.urandom(8).hex()
        with self._open() as connection:
            changed = connection.execute(
                "UPDATE job SET state = ?, tag = ?, owner = ?, claimed = ? WHERE id IN"
                " (SELECT id FROM job WHERE state = ? AND endpoint = ? ORDER BY id LIMIT ?)",
                (SUBMITTING, tag, _me(), time.time(), QUEUED, endpoint, limit),
            ).rowcount
        return tag if changed else None

    def _send(self, tag: str) -> int:
        with self._open() as connection:
            rows = connection.execute("SELECT id, endpoint, body FROM job WHERE tag = ?", (tag,)).fetchall()
        requests = [(row[0], json.loads(row[2])) for row in rows]
        try:
            batch_id = self._api.create(tag, rows[0][1], requests)
        except BaseException:  # it may or may not be there: the next call looks
            self._release(tag)
            raise
        self._adopt(tag, batch_id)
        return len(rows)

    def _adopt(self, tag: str, batch_id: str) -> None:
        with self._open() as connection:
            connection.execute(
                "UPDATE job SET state = ?, batch_id = ? WHERE tag = ? AND state = ?",
                (SUBMITTED, batch_id, tag, SUBMITTING),
            )

    def _recover(self) -> int:
        """Finish what a process that is gone began: find its batch by the tag, or send it again."""
        sent = 0
        with self._open() as connection:
            rows = connection.execute(
                "SELECT tag, MIN(owner), MIN(claimed) FROM job WHERE state = ? GROUP BY tag", (SUBMITTING,)
            ).fetchall()
        for tag, owner, claimed in rows:
            if not self._is_abandoned(owner, claimed):
                continue
            with self._open() as connection:  # of several who notice, one takes it over
                mine = connection.execute(
                    "UPDATE job SET owner = ?, claimed = ? WHERE tag = ? AND owner = ? AND claimed = ?",
                    (_me(), time.time(), tag, owner, claimed),
                ).rowcount
            if not mine:
                continue
            batch_id, is_known = self._api.find(tag, claimed)
            if batch_id is not None:
                self._adopt(tag, batch_id)
            elif is_known:
                sent += self._send(tag)
            else:  # it cannot be told yet: leave it for the next time
                self._release(tag, claimed)
        return sent

    def _release(self, tag: str, claimed: float | None = None) -> None:
        """Let go of an unfinished submission, so that the next call takes it up."""
        with self._open() as connection:
            connection.execute(
                "UPDATE job SET owner = '', claimed = COALESCE(?, claimed) WHERE tag = ?", (claimed, tag)
            )

    def _is_abandoned(self, owner: str, claimed: float) -> bool:
        host, _, process = owner.rpartition(":")
        if not owner or time.time() - claimed > self._lease:
            return True
        if host != _host():
            return False
        if int(process) == os.getpid():
            return False
        try:
            os.kill(int(process), 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            return False
        return False

    def _settle(self, batch_id: str, outcomes: list[Outcome]) -> int:
        """Keep all answers of a batch at once; then, and only then, log them."""
        settled: list[Outcome] = []
        with self._open() as connection:
            for outcome in outcomes:
                changed = connection.execute(
                    "UPDATE job SET state = ?, response = ?, error = ?"
                    " WHERE id = ? AND batch_id = ? AND state = ?",
                    (
                        DONE if outcome.error is None else FAILED,
                        json.dumps(outcome.response) if outcome.response is not None else None,
                        outcome.error,
                        outcome.number,
                        batch_id,
                        SUBMITTED,
                    ),
                ).rowcount
                if changed:
                    settled.append(outcome)
            bodies = {
                outcome.number: connection.execute(
                    "SELECT endpoint, body, created FROM job WHERE id = ?", (outcome.number,)
                ).fetchone()
                for outcome in settled
            }
        for outcome in settled:
            self._log(outcome, *bodies[outcome.number])
        return len(settled)

    def _log(self, outcome: Outcome, endpoint: str, body: str, created: float) -> None:
        answer = outcome.response or {}
        usage = find_usage(answer) or Usage(0)
        model = str(json.loads(body).get("model") or answer.get("model") or "")
        usd = cost(self._api.provider, (model, str(answer.get("model") or "")), usage, batch=True)
        now = time.time()
        log.write(
            log.compose(
                timestamp=log.timestamp(now),
                endpoint=endpoint,
                model=model,
                tokens_input=usage.input,
                tokens_output=usage.output,
                cost_usd=float(usd) if usd is not None else None,
                latency_ms=round((now - created) * 1000, 3),
                cache_hit=False,
                provider=self._api.provider,
                site=None,
                request_hash=fingerprint(endpoint, body.encode(), json.loads(body)),
                cached_tokens=usage.cached,
                cache_write_tokens=usage.write + usage.write_1h,
                batch=True,
                attempt=0,
                variant=None,
                status=200 if outcome.error is None else None,
                error=outcome.error and "batch_error",
                estimated=False,
            )
        )

    # ------------------------------------------------------------------ database

    def _endpoints(self) -> list[str]:
        with self._open() as connection:
            rows = connection.execute("SELECT DISTINCT endpoint FROM job WHERE state = ?", (QUEUED,))
            return [row[0] for row in rows.fetchall()]

    def _open(self) -> _Transaction:
        return _Transaction(self._path)


class _Transaction:
    """One transaction on a connection of its own: durable when the block ends, undone by an exception."""

    def __init__(self, path: str) -> None:
        import sqlite3

        self._connection = sqlite3.connect(path, timeout=30, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")

    def __enter__(self) -> sqlite3.Connection:
        self._connection.execute("BEGIN IMMEDIATE")
        return self._connection

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: object) -> None:
        self._connection.execute("COMMIT" if kind is None else "ROLLBACK")
        self._connection.close()


def _host() -> str:
    import socket

    return socket.gethostname()


def _me() -> str:
    return f"{_host()}:{os.getpid()}"
