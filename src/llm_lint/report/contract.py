"""The JSON contract: findings and requests as plain objects, shared by the json, json-lines and SARIF.

Positions are 1-based, money is decimal strings, what is absent is null.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from llm_lint.model import (
    SMALL_LIST,
    Absent,
    Edit,
    Estimate,
    Evidence,
    Finding,
    Fix,
    Gateway,
    Known,
    Location,
    Loop,
    Measured,
    Related,
    Request,
    Saving,
    Skipped,
    Span,
    Step,
    Symbol,
    Value,
)


def location(place: Location) -> dict[str, int]:
    """A point."""
    return {"row": place.row, "column": place.column}


def span(place: Span) -> dict[str, Any]:
    """A range with its file, as the contract spells it."""
    return {
        "filename": place.filename,
        "cell": place.cell,
        "location": location(place.start),
        "end_location": location(place.end),
    }


def money(amount: Decimal) -> str:
    """A decimal string: no exponent, no trailing zeros, at least six significant digits."""
    digits = min(-6, amount.adjusted() - 5)
    text = f"{amount.quantize(Decimal(1).scaleb(digits), ROUND_HALF_UP):f}"
    return text.rstrip("0").rstrip(".") if amount else "0"


def estimate(value: Estimate | None) -> dict[str, str] | None:
    """LOW, EXPECTED and HIGH."""
    if value is None:
        return None
    return {"low": money(value.low), "expected": money(value.expected), "high": money(value.high)}


def saving(value: Saving | None) -> dict[str, Any] | None:
    """What a fix would save, with its assumptions."""
    if value is None:
        return None
    volume = value.volume
    return {
        "percent": estimate(value.percent),
        "usd_per_1000_requests": estimate(value.usd_per_1000_requests),
        "usd_per_month": estimate(value.usd_per_month),
        "volume": None
        if volume is None
        else {"requests_per_month": money(volume.requests_per_month), "source": volume.source},
        "evidence": value.evidence,
        "measured": value.measured,
        "formula": value.formula or None,
        "symbols": [_symbol(symbol) for symbol in value.symbols],
        "assumptions": list(value.assumptions),
        "note": value.note,
    }


def _symbol(value: Symbol) -> dict[str, Any]:
    return {
        "name": value.name,
        "meaning": value.meaning,
        "value": estimate(value.value),
        "source": value.source,
    }


def finding(value: Finding) -> dict[str, Any]:
    """One finding."""
    return {
        "code": value.code,
        "name": value.name,
        "severity": value.severity.value,
        "confidence": value.confidence.value,
        "message": value.message,
        "advice": value.advice,
        **span(value.span),
        "related": [_related(item) for item in value.related],
        "request": value.request,
        "saving": saving(value.saving),
        "fix": _fix(value.fix),
        "fix_refused": value.fix_refused,
        "fingerprint": value.fingerprint,
        "url": None,
    }


def _related(item: Related) -> dict[str, Any]:
    return {"message": item.message, **span(item.span)}


def _fix(value: Fix | None) -> dict[str, Any] | None:
    if value is None:
        return None
    edits = [_edit(edit) for edit in value.edits]
    return {"applicability": value.applicability.value, "message": value.message, "edits": edits}


def _edit(value: Edit) -> dict[str, Any]:
    place = span(value.span)
    return {"location": place["location"], "end_location": place["end_location"], "content": value.content}


def skipped(value: Skipped) -> dict[str, str]:
    """A file that was not analysed."""
    return {"filename": value.filename, "reason": value.reason}


# --------------------------------------------------------------------------- usage logs


def measured(row: Measured) -> dict[str, Any]:
    """What a usage log says of a call site; shares lie between 0 and 1."""
    quantiles = row.latency_ms
    return {
        "site": row.site or None,
        "models": list(row.models),
        "calls": row.calls,
        "requests_per_month": _amount(row.requests_per_month),
        "input_tokens": money(row.input_tokens),
        "output_tokens": money(row.output_tokens),
        "cached_tokens": money(row.cached_tokens),
        "usd": _amount(row.usd),
        "usd_logged": _amount(row.usd_logged),
        "usd_per_1000_requests": _amount(row.usd_per_1000_requests),
        "usd_per_month": _amount(row.usd_per_month),
        "latency_ms": None
        if quantiles is None
        else {name: round(value, 1) for name, value in zip(("p50", "p95", "p99"), quantiles, strict=True)},
        "repeats": {ttl: money(share) for ttl, share in row.repeats.items()} or None,
        "distinct": row.distinct,
        "cached_share": money(row.cached_share),
        "failed_share": money(row.failed_share),
        "estimated_share": money(row.estimated_share),
    }


def _amount(amount: Decimal | None) -> str | None:
    return None if amount is None else money(amount)


# --------------------------------------------------------------------------- inventory


def request(value: Request, cost: Estimate | None = None, usage: Measured | None = None) -> dict[str, Any]:
    """One row of the inventory."""
    return {
        "key": value.key,
        **span(value.span),
        "callee": value.callee,
        "sdk": value.sdk,
        "provider": value.provider,
        "kind": value.kind,
        "model": _model(value.model),
        "function": value.function,
        "mode": value.mode,
        "entry_point": value.entry_point,
        "loop": _loop(value),
        "batchable": batchable(value),
        "concurrent": any(loop.concurrent for loop in value.loops),
        "cached": _evidence(value.cached),
        "tracked": _evidence(value.tracked),
        "max_output_tokens": _cap(value.parameter("max_tokens")),
        "history": value.history,
        "prompt": {"static_tokens": _tokens(value), "dynamic": _dynamic(value)},
        "task": value.task,
        "local": value.local,
        "callers": [step(caller) for caller in value.callers],
        "cost": None if cost is None else {"usd_per_1000_requests": estimate(cost)},
        "usage": None if usage is None else measured(usage),
    }


def gateway(value: Gateway) -> dict[str, Any]:
    """One function through which requests are issued."""
    return {
        "function": value.function,
        "filename": value.span.filename,
        "cell": value.span.cell,
        "location": location(value.span.start),
        "requests": list(value.requests),
        "callers": [step(caller) for caller in value.callers],
    }


def batchable(value: Request) -> str:
    """Whether the requests of a loop could be batched: yes, no or unknown."""
    loop = value.loop
    if loop is None or loop.kind != "data" or value.batch_submit or value.kind in ("agent", "audio", "video"):
        return "no"
    if loop.note in ("steps", "models") or (loop.trips is not None and loop.trips < SMALL_LIST):
        return "no"
    return {True: "yes", False: "no", None: "unknown"}[loop.independent]


def _model(value: Value) -> dict[str, Any]:
    if isinstance(value, Known):
        return {"name": value.value, "source": value.source}
    return {"name": None, "source": "unknown"}


def _loop(value: Request) -> dict[str, Any]:
    loop = value.loop
    if loop is None:
        return {"kind": "none", "depth": None, "at": [], "independent": None}
    places = [span(found.span) for found in value.loops if found.kind == loop.kind]
    return {"kind": loop.kind, "depth": loop.depth, "at": places, "independent": _independence(loop)}


def _independence(loop: Loop) -> bool | None:
    return loop.independent if loop.kind == "data" else False


def _evidence(value: Evidence) -> dict[str, Any]:
    return {"present": value.present, "by": value.by}


def _cap(value: Value) -> int | str | None:
    if isinstance(value, Known) and isinstance(value.value, int):
        return value.value
    return None if isinstance(value, Absent) else "unknown"


def _tokens(value: Request) -> int:
    from llm_lint.pricing.tokens import estimate_tokens

    return estimate_tokens(value.prompt.static_text)


def _dynamic(value: Request) -> bool | None:
    if value.prompt.holes:
        return True
    return False if value.prompt.complete else None


def step(value: Step) -> dict[str, Any]:
    """One place on the way to a request."""
    return {**span(value.span), "function": value.function}
