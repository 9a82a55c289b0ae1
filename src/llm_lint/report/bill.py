"""A project's bill: what its requests cost a month, and what is left with every finding fixed."""

from __future__ import annotations

from collections.abc import Sequence
from json import dumps
from typing import Any

from llm_lint.model import Known, Report
from llm_lint.pricing.bill import Bill, Line
from llm_lint.pricing.format import count, usd
from llm_lint.report import contract
from llm_lint.report.columns import columns
from llm_lint.report.console import Console, plural
from llm_lint.report.places import place
from llm_lint.report.savings import SOURCES, per_month

_HEADER = ("where", "model", "$/1k", "requests/month", "$/month", "fixed", "by")


def bill_table(found: Bill, report: Report, console: Console) -> str:
    """One line a request, the dearest first, then the totals and what they leave out."""
    lines = columns(_HEADER, [_row(line) for line in found.lines], console) if found.lines else []
    if not console.quiet:
        lines += [""] if lines else []
        lines += _closing(found, report)
    return "".join(f"{line}\n" for line in lines)


def bill_json(found: Bill, report: Report) -> str:
    """The same for machines, with the assumptions behind every figure."""
    document = {
        "version": 1,
        "prices_as_of": report.prices_as_of or None,
        "price_sources": list(report.price_sources),
        "requests": [_record(line) for line in found.lines],
        "usd_per_month": contract.estimate(found.now),
        "projected_usd_per_month": contract.estimate(found.projected),
        "not_included": [line.request.key for line in found.unpriced],
        "skipped": [contract.skipped(skipped) for skipped in report.skipped],
    }
    return dumps(document, indent=2) + "\n"


def model_of(line: Line) -> str:
    """The model as the code writes it, ``?`` where it does not show."""
    model = line.request.model
    return str(model.value) if isinstance(model, Known) else "?"


def _row(line: Line) -> tuple[str, ...]:
    month, projected = line.month, line.projected
    return (
        place(line.request.span),
        model_of(line),
        "?" if line.cost is None else usd(line.cost.usd_per_1000_requests.expected),
        "–" if line.volume is None else _volume(line),
        "?" if month is None else usd(month.expected, floor=True),
        "" if projected is None or not line.codes else usd(projected.expected, floor=True),
        " ".join(line.codes),
    )


def _volume(line: Line) -> str:
    if line.volume is None:
        return "–"
    return f"{count(line.volume.requests_per_month)} {SOURCES[line.volume.source]}"


def _closing(found: Bill, report: Report) -> list[str]:
    priced = [line for line in found.lines if line.month is not None]
    if not found.lines:
        return [f"No requests in {plural(report.files_checked, 'file')}."]
    lines = []
    if priced:
        lines.append(f"{plural(len(priced), 'request')}: {per_month(found.now)}.")
        if any(line.codes for line in priced):
            rest = per_month(found.projected)
            lines.append(f"With every finding fixed: {rest}; overlaps are counted once.")
        dated = f"prices of {report.prices_as_of} from {', '.join(report.price_sources)}"
        lines.append(f"Volumes are {_sources(priced)}; {dated}.")
    if found.unpriced:
        lines.append(f"Not included: {', '.join(_reasons(found.unpriced))}.")
    return lines


def _sources(lines: Sequence[Line]) -> str:
    named = {SOURCES[line.volume.source] for line in lines if line.volume is not None}
    return " and ".join(sorted(named))


def _reasons(lines: Sequence[Line]) -> list[str]:
    """How many requests no total holds, by reason."""
    unpriced = sum(line.cost is None for line in lines)
    unheard = len(lines) - unpriced
    return [
        said
        for said, number in (
            (f"{plural(unpriced, 'request')} whose model or price is not known", unpriced),
            (f"{plural(unheard, 'request')} in tests, examples or notebooks", unheard),
        )
        if number
    ]


def _record(line: Line) -> dict[str, Any]:
    volume = line.volume
    return {
        "key": line.request.key,
        **contract.span(line.request.span),
        "model": model_of(line) if isinstance(line.request.model, Known) else None,
        "provider": line.request.provider,
        "usd_per_1000_requests": contract.estimate(line.cost.usd_per_1000_requests if line.cost else None),
        "usd_per_month": contract.estimate(line.month),
        "projected_usd_per_month": contract.estimate(line.projected),
        "volume": None
        if volume is None
        else {"requests_per_month": contract.money(volume.requests_per_month), "source": volume.source},
        "findings": list(line.codes),
        "assumptions": list(line.cost.assumptions) if line.cost is not None else [],
    }
