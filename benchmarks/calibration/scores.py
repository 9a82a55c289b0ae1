"""How good the estimates were: coverage, bias, error, sharpness, ranking; by half, track and kind."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from benchmarks.calibration.bench import Composition, Expectation, Outcome

_PICO = Decimal("1e-12")
_COLUMNS = "n | within LOW to HIGH | bias | median error | sharpness | pinball | ranks |"
_TARGETS = """
Targets of the held-out half: within LOW to HIGH 80 % (70 to 90 passes); with a log a bias of 0.95 to 1.05, a
median error of at most 10 % and a sharpness (HIGH over LOW) of at most 1.6; without one a bias of 0.5 to 2
and a rank correlation of at least 0.7. Pinball is the mean loss at P10 and P90 over what was saved.
"""


def report(outcomes: Sequence[Outcome], false_alarms: Sequence[str], given: dict[str, Any]) -> str:
    """The report in Markdown."""
    rows = [row for outcome in outcomes for row in outcome.expectations]
    compositions = [row for outcome in outcomes for row in outcome.compositions]
    requests = sum(outcome.requests for outcome in outcomes)
    parts = [
        "# Calibration: what the linter expects against what a fix really saves\n",
        f"{len(outcomes)} programs, each run before and after its fixes with the real SDKs against a fake\n"
        f"provider with a decimal ledger; {requests:,} requests before the fixes; seed {given['seed']}. The\n"
        "parameters and the split are in `parameters.toml`, what this can and cannot show in `README.md`.\n",
        "## Scores\n",
        *_scored(rows, given),
        _TARGETS,
        "## By kind, both halves\n",
        *_kinds(rows, given),
        "",
        _zero(rows),
        _composition(compositions),
        f"Findings with money in the programs that waste none: {', '.join(false_alarms) or 'none'}.\n",
        "## Every estimate, in USD a month\n",
        *_every(rows),
    ]
    return "\n".join(parts) + "\n"


def _tracks(given: dict[str, Any]) -> Iterator[tuple[str, int, str]]:
    yield "a", 0, "static"
    for size in given["logs"]:
        yield "b", size, f"log of {size:,}"


def _scored(rows: Iterable[Expectation], given: dict[str, Any]) -> Iterator[str]:
    paid = [row for row in rows if row.kind != "no-money"]
    yield f"| half | track | {_COLUMNS}"
    yield "|---|---|---|---|---|---|---|---|---|"
    for held_out, half in ((True, "held out"), (False, "training")):
        for track, size, name in _tracks(given):
            chosen = [r for r in paid if (r.held_out, r.track, r.log) == (held_out, track, size)]
            if chosen:
                yield f"| {half} | {name} | {_scores(chosen)} |"


def _kinds(rows: Iterable[Expectation], given: dict[str, Any]) -> Iterator[str]:
    paid = [row for row in rows if row.kind != "no-money"]
    yield f"| kind | fix | track | {_COLUMNS}"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for kind, fix in dict.fromkeys((row.kind, row.fix) for row in paid):
        for track, size, name in _tracks(given):
            chosen = [r for r in paid if (r.kind, r.fix, r.track, r.log) == (kind, fix, track, size)]
            if chosen:
                yield f"| {kind} | {fix} | {name} | {_scores(chosen)} |"


def _scores(rows: Sequence[Expectation]) -> str:
    within = sum(row.low <= row.realised + _PICO and row.realised <= row.high + _PICO for row in rows)
    expected, real = sum(row.expected for row in rows), sum(row.realised for row in rows)
    both = [(row.expected, row.realised) for row in rows if row.expected > 0 and row.realised > 0]
    errors = [abs(math.log(estimate / saved)) for estimate, saved in both]
    widths = [float(row.high / row.low) for row in rows if row.low > 0]
    cells = (
        str(len(rows)),
        f"{within / len(rows):.0%}",
        f"{expected / real:.3f}" if real else "?",
        f"{math.expm1(statistics.median(errors)):.1%}" if errors else "?",
        f"{statistics.median(widths):.2f}" if widths else "?",
        f"{_pinball(rows):.3f}",
        f"{_correlation([float(r.expected) for r in rows], [float(r.realised) for r in rows]):.2f}",
    )
    return " | ".join(cells)


def _pinball(rows: Sequence[Expectation]) -> float:
    """The mean of the losses at P10 and P90, as a share of the realised savings."""
    loss = 0.0
    for row in rows:
        for bound, level in ((float(row.low), 0.1), (float(row.high), 0.9)):
            gap = float(row.realised) - bound
            loss += max(level * gap, (level - 1) * gap)
    real = sum(float(row.realised) for row in rows)
    return loss / 2 / real if real else 0.0


def _correlation(left: Sequence[float], right: Sequence[float]) -> float:
    """Spearman's, by ranks."""
    first, second = ([sorted(values).index(value) for value in values] for values in (left, right))
    try:
        return statistics.correlation(first, second)
    except statistics.StatisticsError:
        return float("nan")


def _zero(rows: Iterable[Expectation]) -> str:
    zero = [row for row in rows if row.kind == "no-money"]
    exact = sum(row.low == row.expected == row.high == row.realised == 0 for row in zero)
    return f"Kinds without money: {exact} of {len(zero)} estimates are exactly $0, as is what was saved.\n"


def _composition(rows: Sequence[Composition]) -> str:
    if not rows:
        return ""
    gaps = [abs(float((row.multiplied - row.realised) / row.before)) for row in rows]
    return (
        "Several fixes of one request: the product of the single fixes' factors differs from the ledger\n"
        f"with all of them by {statistics.median(gaps):.1%} of the bill in the middle, {max(gaps):.1%} at "
        f"most ({len(rows)} programs).\n"
    )


def _every(rows: Iterable[Expectation]) -> Iterator[str]:
    yield "| program | fix | half | track | LOW | EXPECTED | HIGH | realised |"
    yield "|---|---|---|---|---|---|---|---|"
    for row in rows:
        name = f"log of {row.log}" if row.track == "b" else "static"
        half = "held out" if row.held_out else "training"
        figures = " | ".join(f"{value:.4f}" for value in (row.low, row.expected, row.high, row.realised))
        yield f"| {row.program} | {row.fix} | {half} | {name} | {figures} |"
