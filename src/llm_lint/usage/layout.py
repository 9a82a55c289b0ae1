"""Reads the lines of our own runtime without a JSON parser, which would take most of the time.

The runtime writes its keys in one order, so that a comma and a quote separate its entries. Where a text ends
in a comma they do not, and then the parts no longer begin with their keys; whatever does not look exactly
as expected is left to ``json``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

from llm_lint.usage.records import PICO, Record, milliseconds, truth

KEYS = (
    "timestamp",
    "endpoint",
    "model",
    "tokens_input",
    "tokens_output",
    "cost_usd",
    "latency_ms",
    "cache_hit",
    "provider",
    "site",
    "request_hash",
    "cached_tokens",
    "cache_write_tokens",
    "batch",
    "attempt",
    "variant",
    "status",
    "error",
    "estimated",
)  # fmt: skip
_REMEMBERED = 20_000
_READS_ZULU = sys.version_info >= (3, 11)

Read = Callable[[bytes], Record | None]


def reader() -> Read:
    """A function that reads one line, and gives None for lines that need a JSON parser."""
    spaced, compact = _reader(b", ", b": "), _reader(b",", b":")

    def read(line: bytes) -> Record | None:
        if line.startswith(b'{"timestamp": "'):
            return spaced(line)
        return compact(line) if line.startswith(b'{"timestamp":"') else None

    return read


def _reader(comma: bytes, colon: bytes) -> Read:
    heads = [key.encode() + b'"' + colon for key in KEYS]
    h_in, h_out, h_cost, h_late, h_hash = (heads[index] for index in (3, 4, 5, 6, 10))
    separator, start = comma + b'"', len(b'{"timestamp"' + colon) + 1
    flags = {heads[7] + b"true": True, heads[7] + b"false": False}
    named: dict[bytes, str] = {}
    ended: dict[bytes, tuple[int, int, bool, bool, bool]] = {}
    create, parse = tuple.__new__, datetime.fromisoformat

    def name(part: bytes, index: int) -> str:
        value = _value(part, heads[index])
        if value is not None and type(value) is not str:
            raise ValueError
        if len(named) < _REMEMBERED:
            named[part] = value or ""
        return value or ""

    def end(text: bytes) -> tuple[int, int, bool, bool, bool]:
        parts = text.rstrip().removesuffix(b"}").split(separator)
        cached, written, batch, _, _, status, error, estimated = map(_value, parts, heads[11:])
        counts = tuple(0 if value is None else value for value in (cached, written))
        if len(parts) != 8 or not all(type(count) is int and count >= 0 for count in counts):
            raise ValueError
        failed = bool(error) or (type(status) is int and status >= 400)
        found = (counts[0], counts[1], truth(batch), failed, truth(estimated))
        if len(ended) < _REMEMBERED:
            ended[text] = found
        return found

    def read(line: bytes) -> Record | None:
        try:
            begun, _, model, incoming, outgoing, cost, late, hit, provider, site, hashed, rest = line.split(
                separator, 11
            )
            stamp = begun[start:-1].decode()
            moment = parse(stamp if _READS_ZULU else stamp.replace("Z", "+00:00"))
            number_in, number_out = int(incoming.removeprefix(h_in)), int(outgoing.removeprefix(h_out))
            cost, late, text = cost.removeprefix(h_cost), late.removeprefix(h_late), hashed[len(h_hash) :]
            if (
                moment.tzinfo is None
                or number_in < 0
                or number_out < 0
                or b"\\" in text
                or (text[:1] != b'"' and text != b"null")
                or not hashed.startswith(h_hash)
            ):
                return None
            return create(
                Record,
                (
                    moment.timestamp(),
                    named[model] if model in named else name(model, 2),
                    named[provider] if provider in named else name(provider, 8),
                    named[site] if site in named else name(site, 9),
                    number_in,
                    number_out,
                    None if cost == b"null" else round(float(cost) * PICO),
                    None if late == b"null" else milliseconds(float(late)),
                    None if text == b"null" else text[1:-1].decode(),
                    flags[hit],
                    *(ended.get(rest) or end(rest)),
                ),
            )
        except (KeyError, ValueError, OverflowError):
            return None

    return read


def _value(part: bytes, head: bytes) -> Any:
    if not part.startswith(head):
        raise ValueError
    return json.loads(part[len(head) :])
