"""Run llm-lint on a labelled program and read back what it reports, in the terms of the JSON contract."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from llm_lint.project.runner import Options, run_check
from llm_lint.report import contract

from .loader import Program

# `cron` is a worker that a clock starts; the labels do not tell them apart.
_ENTRY_POINTS = {"cron": "worker"}


@dataclass(frozen=True)
class Spot:
    """Where the tool says something is."""

    file: str
    cell: int | None
    row: int


@dataclass(frozen=True)
class Reported:
    """One row of the inventory."""

    key: str
    spot: Spot
    values: dict[str, object]


@dataclass(frozen=True)
class Found:
    """One finding, with every place it names."""

    code: str
    request: str | None
    spot: Spot
    related: tuple[Spot, ...]


@dataclass
class Answer:
    """All that the tool says about a program; ``failure`` is the reason when it could not say it."""

    requests: list[Reported] = field(default_factory=list)
    findings: list[Found] = field(default_factory=list)
    failure: str | None = None


def answer_for(program: Program) -> Answer:
    """Analyse ``program`` in a scratch directory, where no path says that this is a test."""
    with tempfile.TemporaryDirectory(prefix="corpus-") as scratch:
        program.write_to(Path(scratch))
        try:
            report = run_check(Options(paths=(scratch,)))
        except Exception as error:  # one program that breaks the analysis must not hide the others' scores
            return Answer(failure=f"{type(error).__name__}: {error}")
    requests = report.inventory.requests if report.inventory else ()
    return Answer(
        [_reported(contract.request(request)) for request in requests],
        [_found(contract.finding(finding)) for finding in report.findings],
    )


def _spot(row: dict[str, Any]) -> Spot:
    return Spot(row["filename"], row.get("cell"), row["location"]["row"])


def _found(row: dict[str, Any]) -> Found:
    related = tuple(_spot(item) for item in row.get("related") or ())
    return Found(row["code"], row.get("request"), _spot(row), related)


def _reported(row: dict[str, Any]) -> Reported:
    loop = row["loop"]
    values: dict[str, object] = {
        name: row[name] for name in ("kind", "provider", "mode", "batchable", "local")
    }
    values |= {
        "model": row["model"]["name"] or "unknown",
        "function": (row["function"] or "<module>").replace("<locals>.", "").removesuffix(".<lambda>"),
        "loop": loop["kind"],
        "independent": "unknown" if loop.get("independent") is None else loop["independent"],
        "cached": row["cached"]["present"],
        "tracked": row["tracked"]["present"],
        "history": row["history"],
        "task": row["task"],
        "entry_point": _ENTRY_POINTS.get(row["entry_point"], row["entry_point"]),
    }
    return Reported(row["key"], _spot(row), values)
