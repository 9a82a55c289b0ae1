"""Log lines for the tests."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

BEGIN = datetime(2026, 10, 1, tzinfo=timezone.utc)
SITE = "app/llm.py:label:7"


def entry(hours: float = 0.0, **changes: Any) -> dict[str, Any]:
    """A full record of our own runtime, so many hours after the first."""
    moment = (BEGIN + timedelta(hours=hours)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "timestamp": moment,
        "endpoint": "/v1/chat/completions",
        "model": "gpt-4o",
        "tokens_input": 1000,
        "tokens_output": 100,
        "cost_usd": 0.0035,
        "latency_ms": 800.0,
        "cache_hit": False,
        "provider": "openai",
        "site": SITE,
        "request_hash": "00000000deadbeef",
        "cached_tokens": 0,
        "cache_write_tokens": 0,
        "batch": False,
        "attempt": 0,
        "variant": None,
        "status": 200,
        "error": None,
        "estimated": False,
        **changes,
    }


def line(record: dict[str, Any]) -> bytes:
    """One line of JSON, as compact as the runtime writes it."""
    return json.dumps(record, separators=(",", ":")).encode() + b"\n"


def month(calls: int = 900, **changes: Any) -> bytes:
    """A log of 30.4 days with evenly spaced calls, each hash asked three times in a row."""
    step = 30.4 * 24 / calls
    return b"".join(
        line(entry(index * step, request_hash=f"{index // 3:016x}", **changes)) for index in range(calls)
    )
