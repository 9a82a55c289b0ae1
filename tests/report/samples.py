"""Hand-made reports that show every shape a renderer has to cope with."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from llm_lint.model import (
    Confidence,
    Estimate,
    Finding,
    Inventory,
    Known,
    Location,
    Loop,
    Related,
    Report,
    Request,
    Saving,
    Severity,
    Skipped,
    Span,
    Step,
    Volume,
)

LLM = """\
from openai import OpenAI

client = OpenAI()


def label(text):
    reply = client.chat.completions.create(
        model="gpt-4o",
        messages=[{"role": "user", "content": text}],
    )
    return reply.choices[0].message.content
"""
JOBS = """\
from app.llm import label


def run(rows):
    for row in rows:
        row.label = label(row.text)


def main():
    run(load())
"""
SOURCES = {"app/llm.py": tuple(LLM.splitlines()), "app/jobs.py": tuple(JOBS.splitlines())}


def span(name: str, row: int, column: int, end_row: int, end_column: int, cell: int | None = None) -> Span:
    """A range, in short."""
    return Span(name, Location(row, column), Location(end_row, end_column), cell)


def estimate(low: str, expected: str, high: str) -> Estimate:
    """An estimate, in short."""
    return Estimate(Decimal(low), Decimal(expected), Decimal(high))


CALL = span("app/llm.py", 7, 13, 10, 6)
LOOP = span("app/jobs.py", 5, 5, 6, 36)
IN_RUN = span("app/jobs.py", 6, 21, 6, 36)
IN_MAIN = span("app/jobs.py", 10, 5, 10, 16)
REQUEST = Request(
    key="app/llm.py::label#0",
    span=CALL,
    statement=CALL,
    callee="client.chat.completions.create",
    sdk="openai",
    provider="openai",
    kind="chat",
    model=Known("gpt-4o"),
    function="label",
    function_span=span("app/llm.py", 6, 1, 11, 44),
    mode="sync",
    entry_point="cli",
    loops=(Loop("data", "indirect", "for", LOOP, "run", True),),
    chain=(Step(IN_MAIN, "main"), Step(IN_RUN, "run"), Step(CALL, "label", "request")),
    callers=(Step(IN_RUN, "run"),),
)
PRICED = Saving(
    percent=estimate("50", "50", "50"),
    usd_per_1000_requests=estimate("0.4", "2.71", "7.1"),
    usd_per_month=estimate("4.04", "27.1", "71"),
    volume=Volume(Decimal(10000), "assumed"),
    evidence="E0",
    assumptions=("500 input and 150 output tokens, as nothing shows more",),
)
FREE = Saving(
    percent=estimate("0", "0", "0"),
    usd_per_1000_requests=estimate("0", "0", "0"),
    usd_per_month=estimate("0", "0", "0"),
    volume=Volume(Decimal(10000), "assumed"),
    evidence="E1",
    note="no direct saving; makes every other estimate a measurement",
)
BATCH = Finding(
    code="LLM401",
    name="request-in-loop",
    severity=Severity.WARNING,
    confidence=Confidence.MEDIUM,
    message="`client.chat.completions.create` in `label` is sent once per element",
    span=CALL,
    advice="nobody waits for these answers: submit them as one job of the provider's Batch API",
    related=(Related("the loop in `run`", LOOP), Related("`main` leads here", IN_MAIN)),
    request=REQUEST.key,
    saving=PRICED,
    fingerprint="0123456789abcdef",
)
TRACKING = Finding(
    code="LLM701",
    name="missing-cost-logging",
    severity=Severity.INFO,
    confidence=Confidence.MEDIUM,
    message="nothing records what the request in `label` costs",
    span=span("app/llm.py", 3, 10, 3, 18),
    advice="wrap the client in a tracker",
    related=(Related("sends the request", CALL),),
    request=None,
    saving=FREE,
    fingerprint="fedcba9876543210",
)
KEY = Finding(
    code="LLM801",
    name="hardcoded-api-key",
    severity=Severity.ERROR,
    confidence=Confidence.HIGH,
    message="an OpenAI key stands in the source",
    span=span("explore.ipynb", 2, 11, 2, 40, cell=3),
    advice="revoke the key and read it from the environment",
    fingerprint="00112233445566aa",
)
REPORT = Report(
    findings=(TRACKING, BATCH, KEY),
    skipped=(Skipped("broken.py", "line 3: '(' was never closed"),),
    inventory=Inventory((REQUEST,), (), ()),
    sources=SOURCES,
    files_checked=14,
    prices_as_of="2026-11-20",
)
EMPTY = Report((), files_checked=3)


def with_finding(finding: Finding, report: Report = REPORT) -> Report:
    """A report with one finding."""
    return replace(report, findings=(finding,))
