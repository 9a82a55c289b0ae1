"""Usage and cost exports of OpenAI and Anthropic: tokens and dollars by model and day, without call sites.

They say nothing about one call site; they scale the assumptions about all of them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from llm_lint.usage.records import seconds, tokens, truth

DAY = 86_400
_NAMES = {"usage_date_utc": "starting_at", "model_version": "model"}
_PREFIX = "usage_"


@dataclass(frozen=True, slots=True)
class Line:
    """What one model used, at once or as batches; ``input`` has the cached and written tokens in it."""

    provider: str
    model: str
    batch: bool
    requests: int = 0
    input: int = 0
    output: int = 0
    cached: int = 0
    written: int = 0
    written_1h: int = 0

    def plus(self, other: Line) -> Line:
        """Both together."""
        return replace(
            self,
            requests=self.requests + other.requests,
            input=self.input + other.input,
            output=self.output + other.output,
            cached=self.cached + other.cached,
            written=self.written + other.written,
            written_1h=self.written_1h + other.written_1h,
        )


@dataclass(frozen=True, slots=True)
class Bill:
    """All exports of a run, over ``days``; ``usd`` holds billed amounts by provider and model."""

    days: int
    lines: tuple[Line, ...]
    usd: Mapping[tuple[str, str], Decimal]


def is_bill(document: Mapping[str, Any]) -> bool:
    """Whether an object is a page, a bucket or a row of a provider's usage or cost export."""
    if "usage_row" in document:
        return True
    if isinstance(document.get("results"), list):
        return "starting_at" in document or document.get("object") == "bucket"
    data = document.get("data")
    return isinstance(data, list) and bool(data) and isinstance(data[0], dict) and is_bill(data[0])


def is_table(header: bytes) -> bool:
    """Whether a line is the header of a usage export as CSV."""
    names = header.lower()
    return b"," in names and b"model" in names and b"input_tokens" in names


def table(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """The rows of a CSV export, each marked as one."""
    for row in csv.DictReader(line.decode("utf-8-sig", "replace") for line in lines):
        plain = {_NAMES.get(name, name.removeprefix(_PREFIX)): value for name, value in row.items() if name}
        yield {"usage_row": True, **plain}


def read_bill(documents: Iterable[Mapping[str, Any]]) -> tuple[Bill, int]:
    """The exports added up, and how many of their rows are damaged."""
    days: set[int] = set()
    lines: dict[tuple[str, str, bool], Line] = {}
    usd: dict[tuple[str, str], Decimal] = {}
    damaged = 0
    for bucket, row in _rows(documents):
        try:
            days.update(_days(bucket))
            if row.get("amount") is not None:
                owner, amount = _amount(row)
                usd[owner] = usd.get(owner, Decimal(0)) + amount
            elif row.get("model"):
                line = _line(row)
                key = (line.provider, line.model, line.batch)
                lines[key] = lines[key].plus(line) if key in lines else line
        except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
            damaged += 1
    return Bill(len(days), tuple(lines[key] for key in sorted(lines)), usd), damaged


def _rows(documents: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Each row with the bucket of time that it lies in."""
    for document in documents:
        if "usage_row" in document:
            yield document, document
            continue
        for bucket in document.get("data", [document]):
            for row in bucket.get("results") or [{}]:
                yield bucket, row


def _days(bucket: Mapping[str, Any]) -> Iterable[int]:
    begun = bucket.get("start_time") or bucket.get("starting_at")
    if begun is None:
        return ()
    first = int(seconds(begun) // DAY)
    ended = bucket.get("end_time") or bucket.get("ending_at")
    last = int((seconds(ended) - 1) // DAY) if ended else first
    return range(first, max(first, last) + 1)


def _line(row: Mapping[str, Any]) -> Line:
    """One row: Anthropic counts the uncached input, OpenAI the whole one."""
    uncached = row.get("uncached_input_tokens", row.get("input_tokens_no_cache"))
    cached = tokens(_filled(row, "input_cached_tokens", "cache_read_input_tokens", "input_tokens_cache_read"))
    details = row.get("cache_creation") or {}
    short = _filled(details, "ephemeral_5m_input_tokens") or _filled(
        row, "input_cache_write_tokens", "input_tokens_cache_write_5m"
    )
    long = _filled(details, "ephemeral_1h_input_tokens") or _filled(row, "input_tokens_cache_write_1h")
    written, written_1h = tokens(short), tokens(long)
    if uncached is not None:
        provider, total = "anthropic", tokens(uncached) + cached + written + written_1h
    else:
        provider, total = "openai", tokens(_filled(row, "input_tokens"))
    tier = str(row.get("service_tier") or row.get("type") or "").lower()
    return Line(
        provider,
        str(row["model"]),
        truth(row.get("batch")) or tier == "batch",
        tokens(_filled(row, "num_model_requests")),
        total,
        tokens(_filled(row, "output_tokens")),
        cached,
        written,
        written_1h,
    )


def _amount(row: Mapping[str, Any]) -> tuple[tuple[str, str], Decimal]:
    """A billed amount and whose it is: OpenAI writes dollars in an object, Anthropic cents as text."""
    amount = row["amount"]
    if isinstance(amount, dict):
        model = str(row.get("line_item") or "").split(",")[0].strip()
        return ("openai", model), Decimal(str(amount["value"]))
    return ("anthropic", str(row.get("model") or "")), Decimal(str(amount)) / 100


def _filled(row: Mapping[str, Any], *names: str) -> Any:
    """The first value that is there; CSV leaves empty texts."""
    return next((row[name] for name in names if row.get(name) not in (None, "")), None)
