"""The JSON of ``diff``."""

from __future__ import annotations

from json import dumps
from typing import Any

from llm_lint.model import Known
from llm_lint.pricing.bill import Line
from llm_lint.pricing.changes import Change
from llm_lint.pricing.diff import Diff
from llm_lint.report import contract
from llm_lint.report.console import Console


def render(diff: Diff, console: Console) -> str:
    """One object with every change, the totals and the limits."""
    changes = diff.changes
    document = {
        "version": 1,
        "base": {"revision": diff.base.name, "commit": diff.base.commit},
        "prices_as_of": diff.report.prices_as_of,
        "price_sources": list(diff.report.price_sources),
        "changes": [_change(change) for change in changes.changes],
        "usd_per_month": {
            "before": contract.estimate(changes.before),
            "difference": contract.estimate(changes.delta),
            "percent": None if changes.percent is None else contract.money(changes.percent),
        },
        "limits": [
            {"name": guard.name, "limit": guard.limit, "found": guard.found, "broken": guard.broken}
            for guard in diff.guards
        ],
        "skipped": [contract.skipped(skipped) for skipped in diff.report.skipped],
    }
    return dumps(document, indent=2) + "\n"


def _change(change: Change) -> dict[str, Any]:
    request = change.line.request
    return {
        "kind": change.kind,
        "key": request.key,
        **contract.span(request.span),
        "callee": request.callee,
        "function": request.function,
        "differences": [
            {"what": detail.what, "before": detail.before, "after": detail.after} for detail in change.details
        ],
        "before": _side(change.before),
        "after": _side(change.after),
        "usd_per_1000_requests": contract.estimate(change.unit),
        "usd_per_month": contract.estimate(change.month),
        "assumptions": list(change.because),
    }


def _side(line: Line | None) -> dict[str, Any] | None:
    if line is None:
        return None
    volume = line.volume
    return {
        "key": line.request.key,
        "model": str(line.request.model.value) if isinstance(line.request.model, Known) else None,
        "usd_per_1000_requests": contract.estimate(line.cost.usd_per_1000_requests if line.cost else None),
        "usd_per_month": contract.estimate(line.month),
        "volume": None
        if volume is None
        else {"requests_per_month": contract.money(volume.requests_per_month), "source": volume.source},
        "assumptions": list(line.cost.assumptions) if line.cost is not None else [],
    }
