"""The model selection matrix as a table and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from json import dumps
from typing import Any

from llm_lint.pricing.format import count, usd
from llm_lint.pricing.matrix import MIX, Entry, Replacement, is_retired
from llm_lint.pricing.prices import Price, PriceTable, Rate, Rates
from llm_lint.report.columns import columns
from llm_lint.report.console import Console
from llm_lint.report.contract import money
from llm_lint.report.pricebook import dated, prices_from

_PRICES = (
    *("model", "provider", "tier", "in", "out", "cached", "batch", "window", "$/1k", "ratio", "retires"),
)
_WORK = ("model", "for simple work", "for medium work", "for complex work")


def matrix_table(entries: Sequence[Entry], table: PriceTable, console: Console) -> str:
    """What the models cost, then what may replace them, then what the columns mean."""
    blocks = [columns(_PRICES, [_row(entry, table) for entry in entries], console)]
    replaced = [entry for entry in entries if any(entry.replacements.values())]
    if replaced:
        rows = [(entry.name, *map(_replacement, entry.replacements.values())) for entry in replaced]
        blocks.append(columns(_WORK, rows, console))
    if not console.quiet:
        blocks.append([*_legend(replaced), prices_from(table), *_notes(entries)])
    return "\n".join("".join(f"{line}\n" for line in block) for block in blocks)


def matrix_json(entries: Sequence[Entry], table: PriceTable) -> str:
    """Exact prices in USD per million tokens; what is not known or not sold is null."""
    document = {
        "version": 1,
        **dated(table),
        "mix": {"input_tokens": MIX[0], "output_tokens": MIX[1]},
        "models": [_record(entry) for entry in entries],
    }
    return dumps(document, indent=2) + "\n"


# --------------------------------------------------------------------------- table


def _row(entry: Entry, table: PriceTable) -> tuple[str, ...]:
    price = entry.price
    batch = price.batch
    return (
        entry.name,
        price.provider,
        entry.rung.tier if entry.rung is not None else "–",
        _rate(price.rates.input),
        _rate(price.rates.output),
        _rate(price.rates.cached),
        "–" if batch is None else f"{_rate(batch.input)}/{_rate(batch.output)}",
        "?" if price.window is None else _tokens(price.window),
        "$0" if price.local else usd(entry.usd_per_1000_requests),
        "–" if entry.ratio is None else f"×{_short(entry.ratio)}",
        _retirement(price, table),
    )


def _legend(replaced: Sequence[Entry]) -> list[str]:
    incoming, outgoing = (count(tokens) for tokens in MIX)
    lines = [
        "in, out, cached, batch (in/out): USD per million tokens; + has a higher price for long inputs.",
        f"$/1k: 1,000 requests of {incoming} tokens in and {outgoing} out; ratio: that over the provider's "
        "cheapest current model.",
    ]
    found = [target for entry in replaced for target in entry.replacements.values() if target is not None]
    if found:
        lines.append("for … work: what to try at the same provider, and its cost per token: ×0.7 at most.")
    if any(target.tokens != 1 for target in found):
        lines.append("·…: how many tokens its tokenizer makes of one, which comes on top for the same text.")
    if any(target.thinks for target in found):
        lines.append("*: always spends reasoning tokens on top.")
    return lines


def _notes(entries: Sequence[Entry]) -> list[str]:
    notes = [
        f"{entry.name}: {said}."
        for entry in entries
        for said in (entry.price.assumed, entry.price.note, "your own price" if entry.price.own else None)
        if said
    ]
    return list(dict.fromkeys(notes))


def _rate(rate: Rate | None) -> str:
    if rate is None:
        return "–"
    return f"{money(rate.base)}{'+' if rate.tiers else ''}"


def _tokens(number: int) -> str:
    if number >= 1_000_000:
        return f"{number / 1_000_000:.3g}M"
    return f"{number // 1000}k" if number >= 1000 else str(number)


def _retirement(price: Price, table: PriceTable) -> str:
    if price.retires is not None:
        return f"{price.retires} gone" if is_retired(price, table) else str(price.retires)
    return "deprecated" if price.deprecated else ""


def _replacement(found: Replacement | None) -> str:
    if found is None:
        return "–"
    same_text = f"·{found.tokens:.2f}" if found.tokens != 1 else ""
    return f"{found.model} ×{_short(found.ratio)}{same_text}{'*' if found.thinks else ''}"


def _short(ratio: Decimal) -> str:
    if ratio >= 10:
        return f"{ratio:,.0f}"
    return money(ratio.quantize(Decimal(1).scaleb(ratio.adjusted() - 1)))


# --------------------------------------------------------------------------- JSON


def _record(entry: Entry) -> dict[str, Any]:
    price, rung = entry.price, entry.rung
    return {
        "model": entry.name,
        "priced_as": price.model,
        "provider": price.provider,
        "kind": rung.kind if rung is not None else None,
        "family": rung.family if rung is not None else None,
        "tier": rung.tier if rung is not None else None,
        "local": price.local,
        "usd_per_million_tokens": _rates(price.rates),
        "batch_usd_per_million_tokens": _rates(price.batch) if price.batch is not None else None,
        "usd_per_request": money(price.request) if price.request else None,
        "usd_per_1000_requests": money(entry.usd_per_1000_requests),
        "ratio": money(entry.ratio) if entry.ratio is not None else None,
        "context_window": price.window,
        "max_output_tokens": price.max_output,
        "cache_minimum_tokens": price.cache_minimum,
        "abilities": sorted(price.can),
        "sampling_parameters": price.sampling,
        "always_reasons": price.thinks,
        "deprecated": price.deprecated,
        "retires": price.retires.isoformat() if price.retires is not None else None,
        "recommended": {work: _target(found) for work, found in entry.replacements.items()},
        "assumptions": [said for said in (price.assumed, price.note) if said],
    }


def _rates(rates: Rates) -> dict[str, Any]:
    return {
        "input": _tiers(rates.input),
        "output": _tiers(rates.output),
        "cached_input": _tiers(rates.cached),
        "cache_write": _tiers(rates.write),
        "cache_write_1h": _tiers(rates.write_1h),
    }


def _tiers(rate: Rate | None) -> Any:
    """A decimal string, or the base with the tiers by the input tokens above which they hold."""
    if rate is None or not rate.tiers:
        return None if rate is None else money(rate.base)
    return {"base": money(rate.base), "above": {str(start): money(price) for start, price in rate.tiers}}


def _target(found: Replacement | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "model": found.model,
        "ratio": money(found.ratio),
        "tokens_per_token": money(found.tokens),
        "always_reasons": found.thinks,
    }
