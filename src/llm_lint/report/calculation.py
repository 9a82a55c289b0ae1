"""The calculator's result: models side by side, from list price down to what is left to pay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from json import dumps
from typing import Any

from llm_lint.pricing.calculator import Route, Stage, Workload
from llm_lint.pricing.format import count
from llm_lint.pricing.prices import Price, PriceTable
from llm_lint.report.columns import columns
from llm_lint.report.console import Console
from llm_lint.report.contract import money
from llm_lint.report.pricebook import dated, prices_from

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Calculation:
    """One model's workload, the stages of its cost, and what to know about them."""

    name: str
    price: Price
    load: Workload
    cascade: tuple[Route, ...]
    stages: tuple[Stage, ...]
    remarks: tuple[str, ...]

    @property
    def month(self) -> Decimal:
        """What is left to pay, USD a month."""
        return self.stages[-1].usd_per_month

    @property
    def unit(self) -> Decimal:
        """USD per 1,000 requests that somebody makes, answered by whatever."""
        return self.month * 1000 / self.load.requests if self.load.requests else Decimal(0)


def calculation_table(found: Sequence[Calculation], table: PriceTable, console: Console) -> str:
    """A line for each measure, a column for each model."""
    header = ("USD a month", *(one.name for one in found))
    rows = [
        (stage.measure, *(cents(one.stages[number].usd_per_month) for one in found))
        for number, stage in enumerate(found[0].stages)
    ]
    rows.append(("per 1,000 requests", *(precise(one.unit) for one in found)))
    lines = columns(header, rows, console)
    if not console.quiet:
        lines += ["", *_workloads(found), prices_from(table)]
        lines += [f"{one.name}: {remark}." for one in found for remark in one.remarks]
    return "".join(f"{line}\n" for line in lines)


def calculation_json(found: Sequence[Calculation], table: PriceTable) -> str:
    """The same, exact."""
    document = {"version": 1, **dated(table), "models": [_record(one) for one in found]}
    return dumps(document, indent=2) + "\n"


def cents(amount: Decimal) -> str:
    """``$1,999.95``: to the cent, because a calculator is checked against a bill."""
    return f"${amount.quantize(_CENT, ROUND_HALF_UP):,}"


def precise(amount: Decimal) -> str:
    """Cents, or where they would hide the amount two significant digits."""
    return cents(amount) if amount >= Decimal("0.1") or not amount else f"${money(_two_digits(amount))}"


def _two_digits(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(min(-2, amount.adjusted() - 1)), ROUND_HALF_UP)


def _workloads(found: Sequence[Calculation]) -> list[str]:
    """What each request holds; once where it is the same for all models."""
    said = [_workload(one.load) for one in found]
    if len(set(said)) == 1:
        return [f"A request: {said[0]}"]
    return [f"A request to {one.name}: {text}" for one, text in zip(found, said, strict=True)]


def _workload(load: Workload) -> str:
    parts = [f"{count(load.input)} tokens in, {count(load.output)} out"]
    if load.reasoning:
        parts.append(f"{count(load.reasoning)} of reasoning")
    return f"{', '.join(parts)}; {count(load.requests)} a month{_attempts(load)}."


def _attempts(load: Workload) -> str:
    return f", each billed {money(load.attempts)} times" if load.attempts != 1 else ""


def _record(one: Calculation) -> dict[str, Any]:
    load = one.load
    return {
        "model": one.name,
        "priced_as": one.price.model,
        "provider": one.price.provider,
        "workload": {
            "input_tokens": money(load.input),
            "output_tokens": money(load.output),
            "reasoning_tokens": money(load.reasoning),
            "requests_per_month": money(load.requests),
            "attempts": money(load.attempts),
            "cached_share": money(load.prefix),
            "cached_hits": money(load.prefix_hits),
            "cache_hit": money(load.cache_hit),
            "batch_share": money(load.batch),
        },
        "cascade": [{"model": route.price.model, "share": money(route.share)} for route in one.cascade],
        "stages": [
            {"measure": stage.measure, "usd_per_month": money(stage.usd_per_month)} for stage in one.stages
        ],
        "usd_per_1000_requests": money(one.unit),
        "usd_per_month": money(one.month),
        "remarks": list(one.remarks),
    }
