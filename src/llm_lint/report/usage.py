"""What ``llm-lint usage`` says: a table for people, an object for machines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from json import dumps

from llm_lint.model import Measured
from llm_lint.pricing.format import count, percent, two_digits, usd
from llm_lint.report.columns import columns
from llm_lint.report.console import Console, plural
from llm_lint.report.contract import measured, money

_HEADER = ("site", "model", "calls", "/month", "tokens", "$/1k", "$/month", "s at p50/95/99", "repeats 24h")
_DOUBTS = ("failed", "estimated")
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class UsageReport:
    """A log, one row per call site and model; ``torn`` lines were no JSON, ``foreign`` ones no record."""

    rows: tuple[Measured, ...]
    files: int
    records: int
    torn: int
    foreign: int
    days: Decimal
    prices_as_of: str
    bills: tuple[str, ...] = ()


def render(report: UsageReport, output_format: str, console: Console) -> str:
    """The report as ``table`` or ``json``."""
    return _json(report) if output_format == "json" else _table(report, console)


def _table(report: UsageReport, console: Console) -> str:
    doubtful = any(row.failed_share or row.estimated_share for row in report.rows)
    header = (*_HEADER, *_DOUBTS) if doubtful else _HEADER
    rows = [_row(row)[: len(header)] for row in report.rows]
    lines = columns(header, rows, console) if rows else []
    if not console.quiet:
        lines += [*([""] if lines else []), *report.bills, _closing(report)]
    return "".join(f"{line}\n" for line in lines)


def _row(row: Measured) -> tuple[str, ...]:
    repeats = row.repeats.get("24h")
    return (
        row.site or "(no call site)",
        row.models[0] or "?",
        count(row.calls),
        "?" if row.requests_per_month is None else count(row.requests_per_month),
        f"{count(row.input_tokens)} + {count(row.output_tokens)}",
        _usd(row.usd_per_1000_requests),
        _usd(row.usd_per_month),
        "?" if row.latency_ms is None else "/".join(map(_latency, row.latency_ms)),
        "?" if repeats is None else percent(repeats * _HUNDRED),
        percent(row.failed_share * _HUNDRED),
        percent(row.estimated_share * _HUNDRED),
    )


def _latency(milliseconds: float) -> str:
    """Seconds with two digits."""
    return f"{two_digits(Decimal(milliseconds) / 1000).normalize():f}"


def _usd(amount: Decimal | None) -> str:
    return "?" if amount is None else usd(amount)


def _closing(report: UsageReport) -> str:
    priced = [row.usd_per_month for row in report.rows if row.usd_per_month is not None]
    records, files = plural(report.records, "record"), plural(report.files, "file")
    text = f"{records} of {float(report.days):.1f} days in {files}"
    if priced:
        text += f"; {usd(sum(priced, Decimal(0)))}/month at the prices of {report.prices_as_of}"
    left = [plural(number, noun) for number, noun in _passed_over(report) if number]
    return f"{text}. Passed over: {' and '.join(left)}." if left else f"{text}."


def _passed_over(report: UsageReport) -> Sequence[tuple[int, str]]:
    return (report.torn, "torn line"), (report.foreign, "foreign line")


def _json(report: UsageReport) -> str:
    document = {
        "version": 1,
        "prices_as_of": report.prices_as_of,
        "files": report.files,
        "records": report.records,
        "torn": report.torn,
        "foreign": report.foreign,
        "days": money(report.days),
        "bills": list(report.bills),
        "sites": [measured(row) for row in report.rows],
    }
    return dumps(document, indent=2) + "\n"
