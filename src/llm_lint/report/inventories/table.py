"""Every request in a table, then the functions of the project through which requests are issued."""

from __future__ import annotations

from llm_lint.model import Estimate, Gateway, Inventory, Known, Report, Request, Value
from llm_lint.pricing.format import count, usd
from llm_lint.report.columns import columns
from llm_lint.report.console import Console, plural
from llm_lint.report.contract import batchable
from llm_lint.report.places import place

_REQUESTS = (
    "where",
    "request",
    "kind",
    "model",
    "from",
    "loop",
    "batch",
    "cached",
    "tracked",
    "$/1k",
)
_LOGGED = ("calls", "$/month")
_GATEWAYS = ("where", "gateway", "requests", "called from")


def render(report: Report, console: Console) -> str:
    """The tables and a closing line."""
    inventory = report.inventory or Inventory((), (), ())
    blocks = []
    if inventory.requests:
        blocks.append(
            columns(
                (*_REQUESTS, *_LOGGED) if report.measured else _REQUESTS,
                [_row(request, report) for request in inventory.requests],
                console,
            )
        )
    if inventory.gateways:
        blocks.append(columns(_GATEWAYS, [_gateway(gateway) for gateway in inventory.gateways], console))
    if not console.quiet:
        blocks.append(_closing(inventory, report))
    return "\n".join("".join(f"{line}\n" for line in block) for block in blocks)


def _row(request: Request, report: Report) -> tuple[str, ...]:
    row = _request(request, report.costs.get(request.key))
    if not report.measured:
        return row
    logged = report.measured.get(request.key)
    month = logged.usd_per_month if logged is not None else None
    return (*row, "0" if logged is None else count(logged.calls), "?" if month is None else usd(month))


def _request(request: Request, cost: Estimate | None) -> tuple[str, ...]:
    return (
        place(request.span),
        request.callee,
        request.kind,
        _model(request.model),
        "local" if request.local else request.entry_point,
        _loop(request),
        batchable(request),
        request.cached.by or "yes" if request.cached.present else "no",
        request.tracked.by or "yes" if request.tracked.present else "no",
        "?" if cost is None else usd(cost.expected),
    )


def _model(value: Value) -> str:
    return str(value.value) if isinstance(value, Known) else "?"


def _loop(request: Request) -> str:
    loop = request.loop
    if loop is None:
        return "none"
    return loop.kind if loop.depth == "direct" else f"{loop.kind} in {loop.function}"


def _gateway(gateway: Gateway) -> tuple[str, ...]:
    callers = dict.fromkeys(f"{step.function} ({place(step.span)})" for step in gateway.callers)
    return (
        place(gateway.span),
        gateway.function,
        str(len(gateway.requests)),
        ", ".join(callers) or "nowhere",
    )


def _closing(inventory: Inventory, report: Report) -> list[str]:
    requests, gateways = (
        plural(len(inventory.requests), "request"),
        plural(len(inventory.gateways), "gateway"),
    )
    lines = [f"{requests} and {gateways} in {plural(report.files_checked, 'file')}."]
    if report.costs:
        source = f" ({', '.join(report.price_sources)})" if report.price_sources else ""
        day = f"{report.prices_as_of}{source}"
        lines.append(f"$/1k is the expected cost of 1,000 requests at the prices of {day}.")
    return lines
