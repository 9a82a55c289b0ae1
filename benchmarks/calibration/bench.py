"""Runs one program against the fake provider, as it is and fixed, and asks the linter what it expected."""

from __future__ import annotations

import csv
import hashlib
import importlib.util
import json
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime, timezone
from decimal import Decimal
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.fake_provider import FakeProvider, words

from benchmarks.calibration.programs import ABREAST, DOWNGRADE, Program
from benchmarks.calibration.workload import DAY, Workload, draw
from llm_lint.model import Estimate, Finding, Report
from llm_lint.pricing.compose import monthly_total
from llm_lint.project.runner import Options, run_check

SUPPORT = Path(__file__).parent / "support"
_TRY = re.compile(r"try `([^`]+)`")


@dataclass(frozen=True)
class Expectation:
    """What the linter expects of a fix, in USD a month; ``track`` is ``a`` or ``b``, ``log`` its records."""

    program: str
    kind: str
    fix: str
    held_out: bool
    track: str
    log: int
    low: Decimal
    expected: Decimal
    high: Decimal
    realised: Decimal


@dataclass(frozen=True)
class Composition:
    """USD a month with all fixes: the ledger's, and what the single fixes' factors multiply to."""

    program: str
    before: Decimal
    realised: Decimal
    multiplied: Decimal


@dataclass
class Outcome:
    """Everything one program yields."""

    expectations: list[Expectation] = field(default_factory=list)
    compositions: list[Composition] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    requests: int = 0


def run(program: Program, given: dict[str, Any]) -> Outcome:
    """One program from its code to its ledgers."""
    outcome = Outcome()
    work = draw(program, given)
    constant = work.texts[0] if program.entry == "constant" else ""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "pyproject.toml").write_text("[tool.llm-lint]\n", encoding="utf-8")
        (folder / "program.py").write_text(program.source(constant=constant), encoding="utf-8")
        static = run_check(Options((place,)))
        wanted = program.fixes
        found = {finding.code: finding for finding in (*static.findings, *static.hidden)}
        if any(code not in found for code in wanted):
            outcome.problems.append(f"{program.name}: found {sorted(found)} instead of {wanted}")
            return outcome
        target = _target(found.get(DOWNGRADE))
        before, lines = _ledger(program, folder, work, given["days"])
        outcome.requests = len(lines)
        after = {}
        for fixes in (*((code,) for code in wanted), *([wanted] if len(wanted) > 1 else [])):
            applied = (ABREAST,) if program.kind == "no-money" else fixes
            (folder / "program.py").write_text(program.source(applied, target, constant), encoding="utf-8")
            after[fixes], _ = _ledger(program, folder, work, given["days"])
        (folder / "program.py").write_text(program.source(constant=constant), encoding="utf-8")
        site = f"program.py:{found[wanted[0]].span.start.row}"
        reports = [("a", 0, static)]
        for size in given["logs"]:
            (folder / "usage.jsonl").write_bytes(b"".join(_line(line, site) for line in lines[:size]))
            reports.append(("b", size, run_check(Options((place,), usage=(str(folder / "usage.jsonl"),)))))
    for track, size, report in reports:
        for fixes, cost in after.items():
            estimate = _estimate(report, fixes, len(lines))
            if estimate is None:
                outcome.problems.append(f"{program.name}: no estimate of {fixes} in track {track}")
                continue
            about = (program.name, program.kind, "+".join(fixes), program.is_held_out, track, size)
            figures = (estimate.low, estimate.expected, estimate.high, before - cost)
            outcome.expectations.append(Expectation(*about, *figures))
    if len(wanted) > 1 and before:
        multiplied = before
        for code in wanted:
            multiplied *= after[(code,)] / before
        outcome.compositions.append(Composition(program.name, before, after[wanted], multiplied))
    return outcome


def _target(finding: Finding | None) -> str:
    match = _TRY.search(finding.advice) if finding is not None else None
    return match[1] if match is not None else ""


def _estimate(report: Report, fixes: Sequence[str], requests: int) -> Estimate | None:
    """USD a month at the true number of requests: volumes drift, and are judged apart from shares."""
    every = [finding for finding in (*report.findings, *report.hidden) if finding.code in fixes]
    volumes = [finding.saving.volume for finding in every if finding.saving is not None]
    total = monthly_total(every)
    if len(every) < len(fixes) or total is None or not volumes or volumes[0] is None:
        return None
    factor = Decimal(requests) / volumes[0].requests_per_month
    return Estimate(total.low * factor, total.expected * factor, total.high * factor)


# --------------------------------------------------------------------------- running


def _ledger(
    program: Program, folder: Path, work: Workload, days: float
) -> tuple[Decimal, list[tuple[Any, dict[str, Any]]]]:
    """USD of the month, and every request that was sent with its bill."""
    with FakeProvider(tokenize=words) as provider, _environment(provider.environment()):
        fixes = _module("fixes", SUPPORT / "fixes.py")
        fixes.easy, fixes.can_wait, fixes.now = work.easy(), work.can_wait(), provider.clock.now
        sys.modules["fixes"] = fixes
        sys.modules["fastapi"] = _module("fastapi", SUPPORT / "fastapi.py")
        module = _module("program", folder / "program.py")
        begin = provider.clock.now()

        def until(seconds: float) -> None:
            provider.clock.advance(max(begin + seconds - provider.clock.now(), 0.0))

        with redirect_stdout(StringIO()):
            _drive(program, module, folder, work, until, days)
        entries = list(provider.ledger)
        bodies = [dict(body) for path, body in provider.received if not path.endswith(("/batches", "/files"))]
        return provider.ledger.total, list(zip(entries, bodies, strict=False))


def _drive(
    program: Program,
    module: ModuleType,
    folder: Path,
    work: Workload,
    until: Callable[[float], None],
    days: float,
) -> None:
    """Call the program as the month asks for it."""
    if program.entry == "job":
        for day in range(int(days) + 1):
            due = zip(work.times, work.texts, strict=True)
            texts = [text for time, text in due if int(time // DAY) == day]
            until(day * DAY)
            _job(module, folder, texts)
        until(days * DAY)
        return
    function = getattr(module, program.source().split("def ", 1)[1].split("(", 1)[0])
    if program.entry == "list":
        for start in range(0, len(work.texts), 20):
            until(work.times[start])
            module.all_labels(list(work.texts[start : start + 20]))
        return
    for time, text in zip(work.times, work.texts, strict=True):
        until(time)
        function() if program.entry == "constant" else function(text)


def _job(module: ModuleType, folder: Path, texts: Sequence[str]) -> None:
    path = folder / "rows.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["text"])
        writer.writerows([text] for text in texts)
    given = sys.argv
    sys.argv = ["program.py", str(path)]
    try:
        module.main()
    finally:
        sys.argv = given


def _module(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(path)
    module = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode = True  # one name for many contents
    spec.loader.exec_module(module)
    return module


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _line(line: tuple[Any, dict[str, Any]], site: str) -> bytes:
    """One record as the runtime writes it."""
    entry, body = line
    path, _, row = site.partition(":")
    record = {
        "timestamp": datetime.fromtimestamp(entry.time, timezone.utc).isoformat(timespec="milliseconds"),
        "endpoint": entry.endpoint,
        "model": entry.model,
        "tokens_input": entry.input,
        "tokens_output": entry.output,
        "cost_usd": float(entry.usd or 0),
        "latency_ms": 500.0,
        "cache_hit": False,
        "provider": entry.provider,
        "site": f"{path}:?:{row}",
        "request_hash": hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:16],
        "cached_tokens": entry.cached,
        "cache_write_tokens": entry.write,
        "batch": entry.batch,
        "attempt": 0,
        "variant": None,
        "status": 200,
        "error": None,
        "estimated": False,
    }
    return json.dumps(record).encode() + b"\n"
