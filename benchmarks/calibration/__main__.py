"""``python -m benchmarks.calibration [--only TEXT] [--write]``: run the programs and score the estimates."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path
from typing import Any

from benchmarks.calibration import bench, scores
from benchmarks.calibration.programs import CONTROLS, Program
from benchmarks.calibration.workload import parameters, programs
from llm_lint.project.runner import Options, run_check
from llm_lint.report.savings import saves_no_money


def main() -> int:
    """Print the scores; with ``--write`` also into REPORT.md."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--only", default="", help="programs whose name holds this")
    reader.add_argument("--write", action="store_true", help="write REPORT.md")
    reader.add_argument("--jobs", type=int, default=1, help="processes side by side")
    options = reader.parse_args()
    given = parameters()
    every = [p for p in programs(given) if p.kind != "control" and options.only in p.name]
    outcomes = []
    begun = time.monotonic()
    with ProcessPoolExecutor(options.jobs) as pool:
        for program, outcome in zip(every, pool.map(_run, every, repeat(given)), strict=True):
            outcomes.append(outcome)
            spent = time.monotonic() - begun
            print(f"{spent:6.0f} s  {program.name}  {outcome.requests:,} requests", file=sys.stderr)
            for problem in outcome.problems:
                print(problem, file=sys.stderr)
    false_alarms = [alarm for number in range(len(CONTROLS)) for alarm in _alarms(number)]
    text = scores.report(outcomes, false_alarms, given)
    print(text)
    if options.write:
        (Path(__file__).parent / "REPORT.md").write_text(text, encoding="utf-8")
    return 1 if any(outcome.problems for outcome in outcomes) else 0


def _run(program: Program, given: dict[str, Any]) -> bench.Outcome:
    """One program; an error in it must not lose the others."""
    try:
        return bench.run(program, given)
    except Exception as error:
        return bench.Outcome(problems=[f"{program.name}: {type(error).__name__}: {error}"])


def _alarms(number: int) -> list[str]:
    """Findings with money in a program that wastes none."""
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "pyproject.toml").write_text("[tool.llm-lint]\n", encoding="utf-8")
        (Path(place) / "program.py").write_text(CONTROLS[number], encoding="utf-8")
        found = run_check(Options((place,))).findings
    return [
        f"control {number}: {finding.code}"
        for finding in found
        if finding.saving is not None and not saves_no_money(finding.saving)
    ]


if __name__ == "__main__":
    sys.exit(main())
