"""Run llm-lint on a labelled program and read back what it reports, through the public JSON contract."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from click.testing import CliRunner

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
    with tempfile.TemporaryDirectory(prefix="corpus-") as scratch, _inside(Path(scratch)):
        program.write_to(Path.cwd())
        try:
            inventory = _run("inventory", ".", "--output-format", "json")
            check = _run("check", ".", "--output-format", "json", "--exit-zero")
        except _Failed as error:
            return Answer(failure=str(error))
    return Answer(
        [_reported(row) for row in inventory["requests"]], [_found(row) for row in check["findings"]]
    )


class _Failed(Exception):
    """The tool stopped abnormally."""


def _run(*arguments: str) -> Any:
    from llm_lint.cli import main

    result = CliRunner().invoke(main, list(arguments))
    if result.exit_code != 0:
        raise _Failed(
            f"{arguments[0]}: exit code {result.exit_code}: {result.exception or result.output[-400:]}"
        )
    return json.loads(result.stdout)


@contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


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
