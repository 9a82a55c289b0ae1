"""Reading an answer as it passes: tokens, whether it is whole, whether it may be kept."""

from __future__ import annotations

import json
import re
import zlib
from typing import Any

from . import wire
from .usage import Usage, find_usage, read_usage

KEEP_BYTES = 1024 * 1024  # longer answers are not kept
_PARSE_BYTES = 8 * 1024 * 1024

# Lines of a stream that are worth parsing; all others are text.
_TELLING = re.compile(
    rb'"(?:finish_reason|stop_reason|finishReason)"\s*:\s*"|"(?:usage|usageMetadata)"\s*:\s*\{'
    rb'|"error"\s*:\s*\{|"refusal"\s*:\s*"|"done"\s*:\s*true|"type"\s*:\s*"(?:response\.(?:completed|incomplete'
    rb'|failed)|message_stop|error|response\.refusal[^"]*)"'
)
_TEXT = re.compile(rb'"(?:content|text|delta|arguments|partial_json)"\s*:\s*"[^"]')
_BAD_STOPS = {"length", "max_tokens", "content_filter", "refusal", "MAX_TOKENS", "SAFETY", "RECITATION"}
_LAST = {"message_stop", "response.completed"}


class Answer:
    """One response, fed as it arrives; ``close`` when nothing more comes.

    ``only_usage`` saves the decoding of a body of which nothing but the tokens is wanted.
    """

    def __init__(
        self, call: wire.Call, content_type: str, encoding: str = "", only_usage: bool = False
    ) -> None:
        self.usage: Usage | None = None
        self.model = ""
        self.complete = False  # the terminal event was seen, or the whole body read
        self.flawed = False  # error, refusal, cut off: must never be given again
        self.pieces = 0  # events with text: about one token each
        self.error = ""
        self._call = call
        self._only_usage = only_usage and bool(call.model)
        self._lines = "event-stream" in content_type or "ndjson" in content_type
        self._readable = encoding in ("", "identity", "gzip", "deflate")
        self._inflate = zlib.decompressobj(47) if encoding in ("gzip", "deflate") else None
        self._rest = b""
        self._kept: list[bytes] = []
        self._size = 0

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes of the body as they came over the wire."""
        if not self._readable:
            return
        if self._inflate is not None:
            chunk = self._inflate.decompress(chunk)
        self._size += len(chunk)
        if self._size <= (KEEP_BYTES if self._lines else _PARSE_BYTES):
            self._kept.append(chunk)
        if self._lines:
            *lines, self._rest = (self._rest + chunk).split(b"\n")
            for line in lines:
                self._line(line)

    def close(self, exhausted: bool) -> None:
        """Draw the conclusions; ``exhausted`` says that the body was read to its end."""
        if self._lines:
            self._line(self._rest)
            if exhausted and self._call.family == wire.GEMINI:
                self.complete = self.usage is not None  # these streams have no last event
        elif exhausted and self._readable:
            self._whole(b"".join(self._kept))

    @property
    def body(self) -> bytes | None:
        """The decoded body, if it may be given again."""
        if self.flawed or not self.complete or not self._readable or self._size > KEEP_BYTES:
            return None
        return b"".join(self._kept)

    def _line(self, line: bytes) -> None:
        data = line.strip()
        if data.startswith(b"data:"):
            data = data[5:].strip()
        elif not data.startswith(b"{"):
            return
        if data == b"[DONE]":
            self.complete = True
        elif not self.model or _TELLING.search(data):
            self._take(_parsed(data))
        self.pieces += _TEXT.search(data) is not None

    def _whole(self, body: bytes) -> None:
        if self._call.family == wire.EMBEDDING or self._size > KEEP_BYTES:
            self.complete = self._size <= _PARSE_BYTES
            self.usage = usage_at_end(body)
            return
        if self._only_usage:
            self.usage = usage_at_end(body)
            if self.usage is not None:
                return
        answer = _parsed(body)
        self._take(answer)
        self.complete = bool(answer) and not self.error

    def _take(self, answer: dict[str, Any]) -> None:
        """What one event, or a whole body, says."""
        inner = answer.get("response") or answer.get("message")
        holder = inner if isinstance(inner, dict) else answer
        self.model = self.model or str(holder.get("model") or answer.get("modelVersion") or "")
        usage = find_usage(answer)
        if usage is not None:
            self.usage = _merged(self.usage, usage)
        kind = answer.get("type")
        if kind in _LAST or answer.get("done") is True:
            self.complete = True
        if answer.get("error") or holder.get("error"):
            fault = answer.get("error") or holder.get("error")
            self.error = str(fault.get("type") if isinstance(fault, dict) else "error") or "error"
        if self.error or _is_flawed(answer, holder):
            self.flawed = True


def _is_flawed(answer: dict[str, Any], holder: dict[str, Any]) -> bool:
    """Whether the model refused, was stopped, or did not get to its end."""
    kind = str(answer.get("type") or "")
    if kind.startswith("response.refusal") or kind in ("response.incomplete", "response.failed", "error"):
        return True
    if holder.get("status") in ("incomplete", "failed", "cancelled"):
        return True
    for output in holder.get("output") or ():
        parts = output.get("content") if isinstance(output, dict) else None
        if any(isinstance(part, dict) and part.get("type") == "refusal" for part in parts or ()):
            return True
    delta = answer.get("delta")
    stops = [holder.get("stop_reason"), holder.get("done_reason"), holder.get("finish_reason")]
    if isinstance(delta, dict):
        stops.append(delta.get("stop_reason"))
    for choice in (*(answer.get("choices") or ()), *(answer.get("candidates") or ())):
        stops += [choice.get("finish_reason"), choice.get("finishReason")]
        said = choice.get("message") or choice.get("delta") or {}
        if said.get("refusal"):
            return True
    return any(stop in _BAD_STOPS for stop in stops if isinstance(stop, str))


def _merged(old: Usage | None, new: Usage) -> Usage:
    """Usage that comes in parts: what is sent first, what is written last."""
    if old is None:
        return new
    return Usage(
        *(
            max(getattr(old, name), getattr(new, name))
            for name in ("input", "output", "cached", "write", "write_1h")
        )
    )


def usage_at_end(body: bytes) -> Usage | None:
    """The usage of a long body, without decoding the rest of it."""
    place = body.rfind(b'"usage"')
    if place < 0:
        return None
    text = body[place : place + 4096].decode("utf-8", "replace").partition(":")[2].lstrip()
    try:
        found, _ = json.JSONDecoder().raw_decode(text)
    except ValueError:
        return None
    return read_usage(found) if isinstance(found, dict) else None


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
