"""The batch APIs of OpenAI and Anthropic, through their own clients."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

Requests = list[tuple[int, dict[str, Any]]]


@dataclass(frozen=True)
class Outcome:
    """What became of one request of a batch."""

    number: int
    response: dict[str, Any] | None
    error: str | None


class Api(Protocol):
    """What the queue needs of a provider.

    ``find`` looks for the batch of a tag that was claimed at a time; its second value says whether None means
    that there is none (and not that it cannot be told yet). ``results`` is None while a batch is under way.
    """

    provider: str
    endpoint: str

    def create(self, tag: str, endpoint: str, requests: Requests) -> str: ...
    def find(self, tag: str, claimed: float) -> tuple[str | None, bool]: ...
    def results(self, batch_id: str, tag: str) -> Iterator[Outcome] | None: ...


def api_of(client: Any) -> Api:
    """The batch API of an SDK's client; raises TypeError for a client without one."""
    if hasattr(client, "batches") and hasattr(client, "files"):
        return OpenAIBatches(client)
    if hasattr(client, "messages") and hasattr(client.messages, "batches"):
        return AnthropicBatches(client)
    raise TypeError(f"{type(client).__module__} has no batch API that is known here")


_TAG = "llm_lint"


class OpenAIBatches:
    """A file of requests, and a batch whose metadata hold the tag."""

    provider = "openai"
    endpoint = "/v1/chat/completions"

    def __init__(self, client: Any) -> None:
        self._client = client

    def create(self, tag: str, endpoint: str, requests: Requests) -> str:
        """Upload the requests and start the batch."""
        lines = [
            json.dumps({"custom_id": str(number), "method": "POST", "url": endpoint, "body": body})
            for number, body in requests
        ]
        content = "\n".join(lines).encode()
        file = self._client.files.create(file=(f"{tag}.jsonl", content), purpose="batch")
        batch = self._client.batches.create(
            input_file_id=file.id, endpoint=endpoint, completion_window="24h", metadata={_TAG: tag}
        )
        return str(batch.id)

    def find(self, tag: str, claimed: float) -> tuple[str | None, bool]:
        """The batch with the tag, among those since the claim."""
        for batch in self._client.batches.list(limit=100):
            if (batch.metadata or {}).get(_TAG) == tag:
                return str(batch.id), True
            if batch.created_at < claimed - 3600:  # clocks differ; older ones cannot be ours
                break
        return None, True

    def results(self, batch_id: str, tag: str) -> Iterator[Outcome] | None:
        """The outcomes of a finished batch; every request gets one."""
        batch = self._client.batches.retrieve(batch_id)
        if batch.status not in ("completed", "failed", "expired", "cancelled"):
            return None
        return self._read(batch)

    def _read(self, batch: Any) -> Iterator[Outcome]:
        seen: set[int] = set()
        for file_id in (batch.output_file_id, batch.error_file_id):
            for line in self._client.files.content(file_id).text.splitlines() if file_id else ():
                found = json.loads(line)
                number, response = int(found["custom_id"]), found.get("response") or {}
                seen.add(number)
                good = response.get("status_code") == 200
                fault = found.get("error") or response.get("body")
                yield Outcome(number, response["body"] if good else None, None if good else json.dumps(fault))
        content = self._client.files.content(batch.input_file_id).text
        for line in content.splitlines() if batch.status != "completed" else ():
            number = int(json.loads(line)["custom_id"])
            if number not in seen:
                yield Outcome(number, None, f"the batch is {batch.status}")


class AnthropicBatches:
    """Message batches; they hold no metadata, so that the tag is part of every request's id."""

    provider = "anthropic"
    endpoint = "/v1/messages"

    def __init__(self, client: Any) -> None:
        self._api = client.messages.batches

    def create(self, tag: str, endpoint: str, requests: Requests) -> str:
        """Start the batch."""
        items = [{"custom_id": f"{tag}-{number}", "params": body} for number, body in requests]
        return str(self._api.create(requests=items).id)

    def find(self, tag: str, claimed: float) -> tuple[str | None, bool]:
        """The batch with the tag; not to be told while a batch since the claim is still under way."""
        is_known = True
        for batch in self._api.list(limit=100):
            if batch.created_at.timestamp() < claimed - 3600:
                break
            if batch.processing_status != "ended":
                is_known = False
                continue
            first = next(iter(self._api.results(batch.id)), None)
            if first is not None and first.custom_id.startswith(f"{tag}-"):
                return str(batch.id), True
        return None, is_known

    def results(self, batch_id: str, tag: str) -> Iterator[Outcome] | None:
        """The outcomes of a finished batch."""
        if self._api.retrieve(batch_id).processing_status != "ended":
            return None
        return self._read(batch_id, tag)

    def _read(self, batch_id: str, tag: str) -> Iterator[Outcome]:
        for found in self._api.results(batch_id):
            number = int(found.custom_id.removeprefix(f"{tag}-"))
            if found.result.type == "succeeded":
                yield Outcome(number, found.result.message.model_dump(mode="json"), None)
            else:
                error = getattr(found.result, "error", None)
                yield Outcome(
                    number, None, error.model_dump_json() if error else f"the request {found.result.type}"
                )
