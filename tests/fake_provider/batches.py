"""Batch processing: OpenAI's files and batches, Anthropic's message batches; done when the clock says so."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fake_provider import anthropic, openai
from tests.fake_provider.desk import Desk, Turn

Run = Callable[[Desk, str, Mapping[str, Any]], Turn]


@dataclass
class Batch:
    """One batch of either provider: ``lines`` are its requests, ``results`` appear when it is done."""

    id: str
    account: str
    created: float
    due: float
    lines: list[dict[str, Any]]
    about: dict[str, Any]
    results: list[dict[str, Any]] | None = None
    cancelled: bool = False


@dataclass
class Batches:
    """All files and batches; a batch takes ``seconds`` of the desk's clock."""

    desk: Desk
    seconds: float = 0.0
    files: dict[str, bytes] = field(default_factory=dict)
    batches: dict[str, Batch] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def upload(self, content: bytes, purpose: str = "batch") -> dict[str, Any]:
        """Keep a file."""
        with self.lock:
            name = f"file-{self.desk.number():08d}"
            self.files[name] = content
        return {
            "id": name,
            "object": "file",
            "bytes": len(content),
            "created_at": int(self.desk.clock.now()),
            "filename": f"{name}.jsonl",
            "purpose": purpose,
            "status": "processed",
        }

    def create(self, account: str, prefix: str, lines: list[dict[str, Any]], about: dict[str, Any]) -> Batch:
        """Start a batch."""
        now = self.desk.clock.now()
        with self.lock:
            batch = Batch(
                f"{prefix}_{self.desk.number():08d}", account, now, now + self.seconds, lines, about
            )
            self.batches[batch.id] = batch
        return batch

    def look(self, batch: Batch, run: Callable[[Batch, dict[str, Any]], dict[str, Any]]) -> Batch:
        """The batch, with results once its time has come."""
        with self.lock:
            if batch.results is None and not batch.cancelled and self.desk.clock.now() >= batch.due:
                batch.results = [run(batch, line) for line in batch.lines]
        return batch


# --------------------------------------------------------------------------- OpenAI


def create_openai(batches: Batches, account: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """``POST /v1/batches``."""
    content = batches.files[body["input_file_id"]]
    lines = [json.loads(line) for line in content.splitlines() if line.strip()]
    return openai_view(batches, batches.create(account, "batch", lines, dict(body)))


def openai_view(batches: Batches, batch: Batch) -> dict[str, Any]:
    """``GET /v1/batches/…``."""
    batches.look(batch, lambda of, line: _openai_result(batches.desk, of, line))
    done = batch.results is not None
    if batch.results is not None and "output_file_id" not in batch.about:
        text = "".join(f"{json.dumps(result)}\n" for result in batch.results)
        batch.about["output_file_id"] = batches.upload(text.encode(), "batch_output")["id"]
    status = "completed" if done else "cancelled" if batch.cancelled else "in_progress"
    count = len(batch.lines)
    return {
        "id": batch.id,
        "object": "batch",
        "endpoint": batch.about["endpoint"],
        "errors": None,
        "input_file_id": batch.about["input_file_id"],
        "completion_window": batch.about.get("completion_window", "24h"),
        "status": status,
        "output_file_id": batch.about.get("output_file_id"),
        "error_file_id": None,
        "created_at": int(batch.created),
        "metadata": batch.about.get("metadata"),
        "request_counts": {"total": count, "completed": count if done else 0, "failed": 0},
    }


def _openai_result(desk: Desk, batch: Batch, line: Mapping[str, Any]) -> dict[str, Any]:
    run = openai.ENDPOINTS[line["url"].removeprefix("/v1")]
    turn = run(desk.in_batch(), batch.account, line["body"])
    response = {"status_code": 200, "request_id": f"req_{desk.number():08d}", "body": turn.whole}
    return {"id": "batch_req", "custom_id": line["custom_id"], "response": response, "error": None}


# --------------------------------------------------------------------------- Anthropic


def create_anthropic(batches: Batches, account: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """``POST /v1/messages/batches``."""
    return anthropic_view(batches, batches.create(account, "msgbatch", body["requests"], {}))


def anthropic_view(batches: Batches, batch: Batch) -> dict[str, Any]:
    """``GET /v1/messages/batches/…``."""
    batches.look(batch, lambda of, line: _anthropic_result(batches.desk, of, line))
    done, count = batch.results is not None, len(batch.lines)
    counts = dict.fromkeys(("errored", "canceled", "expired"), 0)
    ended = done or batch.cancelled
    return {
        "id": batch.id,
        "type": "message_batch",
        "processing_status": "ended" if ended else "in_progress",
        "request_counts": {"processing": 0 if ended else count, "succeeded": count if done else 0, **counts},
        "created_at": "2025-06-15T15:06:40Z",
        "expires_at": "2025-06-16T15:06:40Z",
        "ended_at": "2025-06-15T15:06:40Z" if ended else None,
        "cancel_initiated_at": None,
        "archived_at": None,
        "results_url": f"/v1/messages/batches/{batch.id}/results" if done else None,
    }


def _anthropic_result(desk: Desk, batch: Batch, line: Mapping[str, Any]) -> dict[str, Any]:
    turn = anthropic.messages(desk.in_batch(), batch.account, line["params"])
    return {"custom_id": line["custom_id"], "result": {"type": "succeeded", "message": turn.whole}}
