"""The price table itself: its day, its sources, how another source differs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from json import dumps
from typing import Any

from llm_lint.pricing.prices import PriceTable
from llm_lint.pricing.snapshot import Snapshot
from llm_lint.pricing.updates import Difference
from llm_lint.report.columns import columns
from llm_lint.report.console import Console, plural


def prices_from(table: PriceTable) -> str:
    """``List prices of 2026-11-23 from genai-prices 0.2.3 (MIT), …``, and what of the user's own counts."""
    own = [
        said
        for said, applies in (
            (plural(len(table.prices), "price") + " of your own", table.prices),
            (f"a discount of {table.discount:%}", table.discount),
        )
        if applies
    ]
    extra = f"; with {' and '.join(own)}" if own else ""
    return f"List prices of {table.as_of} from {', '.join(table.sources)}{extra}."


def dated(table: PriceTable) -> dict[str, Any]:
    """The day and the sources, as every JSON document with prices names them."""
    return {"prices_as_of": table.as_of.isoformat(), "price_sources": list(table.sources)}


def state_text(table: PriceTable, today: date) -> str:
    """What prices a run would use now."""
    models = sum(len(rows) for rows in table.snapshot.providers.values())
    providers = len(table.snapshot.providers)
    place = table.snapshot.path
    lines = [
        f"Prices of {table.as_of} ({plural(max((today - table.as_of).days, 0), 'day')} old): "
        f"{plural(models, 'model')} of {plural(providers, 'provider')}.",
        *(f"Source: {source}" for source in table.sources),
        f"File: {place}" if place is not None else "File: the snapshot in the package",
    ]
    if table.prices or table.aliases or table.discount:
        entries = f"{plural(len(table.prices), 'price')}, {len(table.aliases)} aliases"
        lines.append(f"Configured: {entries}, a discount of {table.discount:%}.")
    return "".join(f"{line}\n" for line in lines)


def state_json(table: PriceTable, today: date) -> str:
    """The same for machines."""
    place = table.snapshot.path
    document = {
        "version": 1,
        **dated(table),
        "age_days": max((today - table.as_of).days, 0),
        "providers": {name: len(rows) for name, rows in sorted(table.snapshot.providers.items())},
        "file": str(place) if place is not None else None,
        "configured": {
            "prices": sorted(table.prices),
            "aliases": dict(table.aliases),
            "discount": str(table.discount),
        },
    }
    return dumps(document, indent=2) + "\n"


def differences_text(found: Sequence[Difference], base: Snapshot, other: Snapshot, console: Console) -> str:
    """Every price that differs, in USD per million tokens."""
    heads = f"{base.as_of} ({base.sources[0]})", f"{other.as_of} ({other.sources[0]})"
    if not found:
        return f"No difference between the prices of {heads[0]} and those of {heads[1]}.\n"
    rows = [(d.model, d.provider, d.price, d.before or "–", d.after or "–") for d in found]
    header = ("model", "provider", "price", "now", "then")
    closing = f"{plural(len(found), 'difference')} between the prices of {heads[0]} and those of {heads[1]}."
    return "".join(f"{line}\n" for line in (*columns(header, rows, console), "", closing))


def differences_json(found: Sequence[Difference], base: Snapshot, other: Snapshot) -> str:
    """The same for machines."""
    document = {
        "version": 1,
        "prices_as_of": base.as_of.isoformat(),
        "price_sources": list(base.sources),
        "other_as_of": other.as_of.isoformat(),
        "other_sources": list(other.sources),
        "differences": [
            {"provider": d.provider, "model": d.model, "price": d.price, "before": d.before, "after": d.after}
            for d in found
        ],
    }
    return dumps(document, indent=2) + "\n"
