"""The quantities behind an estimate, by the symbols of its formula."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from llm_lint.model import Estimate, Symbol, Volume

if TYPE_CHECKING:
    from llm_lint.pricing.savings import RequestCost


def cost_symbols(cost: RequestCost, volume: Volume | None, volume_source: str) -> tuple[Symbol, ...]:
    """What a call site's cost is made of: ``C = (p_in·I + p_out·O) / 1,000`` for 1,000 requests."""
    rates = cost.price.rates
    prices, counted = "; ".join(cost.price_words), "; ".join(cost.token_words)
    symbols = [
        Symbol("C", "USD of 1,000 requests now", cost.usd_per_1000_requests, "(p_in·I + p_out·O) / 1,000"),
        Symbol(
            "p_in", "USD of a million input tokens", _sure(rates.input.at(cost.input_tokens.expected)), prices
        ),
        Symbol(
            "p_out",
            "USD of a million output tokens",
            _sure(rates.output.at(cost.input_tokens.expected)),
            prices,
        ),
        Symbol("I", "input tokens of a request", cost.input_tokens, counted),
        Symbol("O", "output tokens of a request", cost.output_tokens, counted),
    ]
    if volume is not None:
        symbols.append(Symbol("N", "requests a month", _sure(volume.requests_per_month), volume_source))
    return tuple(symbols)


def _sure(value: Decimal) -> Estimate:
    return Estimate(value, value, value)
