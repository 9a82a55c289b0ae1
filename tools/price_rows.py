"""Rows of the price snapshot, and the first source of them: the installed ``genai-prices``.

A row is one model of one provider: ``id``, ``names`` (exact aliases), ``rules`` (other ways to match), prices
in USD per million tokens (``in``, ``out``, ``read``, ``write``, ``write1h``; ``request`` per thousand
requests; a list holds the base price and ``[start, price]`` tiers), ``batch`` (the prices that differ in a
batch), ``window``, ``max_out``, ``cache_min`` (tokens), ``can`` (letters of abilities), ``sampling``,
``thinks``, ``deprecated``, ``retires`` (last day, by name) and ``note``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timezone
from decimal import Decimal
from typing import Any

HOUR_UTC = time(2, tzinfo=timezone.utc)
MILLION = Decimal(1_000_000)

# Price keys of the snapshot, by the source's spelling.
GENAI_KEYS = {
    "input_mtok": "in",
    "output_mtok": "out",
    "cache_read_mtok": "read",
    "cache_write_mtok": "write",
    "cache_write_1h_mtok": "write1h",
    "requests_kcount": "request",
}


@dataclass
class Row:
    """One priced model of one provider."""

    id: str
    prices: dict[str, Any]
    names: list[str] = field(default_factory=list)
    rules: list[list[Any]] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    on_sale: bool = False  # the second source lists it, which drops retired models

    def data(self) -> dict[str, Any]:
        """The row as written, keys in a fixed order, empty ones left out."""
        content = {"id": self.id, "names": self.names, "rules": self.rules, **self.prices, **self.extra}
        return {key: value for key, value in content.items() if value not in ([], {}, None)}


# --------------------------------------------------------------------------- the source


def genai_rows(at: datetime) -> dict[str, list[Row]]:
    """Rows of the installed ``genai-prices``, by provider."""
    from genai_prices.data import providers

    rows: dict[str, list[Row]] = {}
    for provider in providers:
        found = [row for model in provider.models if (row := genai_row(model, at)) is not None]
        rows[provider.id] = found
    return rows


def genai_row(model: Any, at: datetime) -> Row | None:
    """One model at one instant; None for models that are not billed by the token."""
    prices = genai_prices(model.get_prices(at))
    if not prices and model.id.endswith(":free"):
        prices = {"in": "0"}
    if "in" not in prices:
        return None
    prices.setdefault("out", "0")
    names, rules = match_rules(model.match)
    row = Row(model.id, prices, [name for name in names if name != model.id], rules)
    batch = genai_prices(model.get_prices(at, {"processing": "batch"}))
    row.extra["batch"] = cheaper(batch, prices)
    row.extra["window"] = model.context_window
    row.extra["deprecated"] = True if model.deprecated else None
    if any(type(p.constraint).__name__ == "TimeOfDateConstraint" for p in conditional(model)):
        row.extra["note"] = f"cheaper at other hours; this is the price at {HOUR_UTC:%H:%M} UTC"
    return row


def conditional(model: Any) -> Iterable[Any]:
    """The dated or timed prices of a model, if it has any."""
    return model.prices if isinstance(model.prices, list) else ()


def genai_prices(price: Any) -> dict[str, Any]:
    """Prices per million tokens: a decimal string, or ``[base, [start, price], …]`` with tiers."""
    found: dict[str, Any] = {}
    for source, target in GENAI_KEYS.items():
        value = price.__dict__.get(source)
        if value is None:
            continue
        tiers = [[tier.start, plain(tier.price)] for tier in getattr(value, "tiers", ())]
        found[target] = [plain(value.base), *tiers] if tiers else plain(getattr(value, "base", value))
    return found


def match_rules(clause: Any) -> tuple[list[str], list[list[Any]]]:
    """A clause as exact names and other rules, any of which is enough."""
    clauses = clause.or_ if type(clause).__name__ == "ClauseOr" else [clause]
    names = [c.equals.lower() for c in clauses if type(c).__name__ == "ClauseEquals"]
    return names, [rule(c) for c in clauses if type(c).__name__ != "ClauseEquals"]


def rule(clause: Any) -> list[Any]:
    """``["starts", text]``, ``["ends", …]``, ``["has", …]``, ``["regex", …]`` or ``["and", rule, …]``."""
    match type(clause).__name__:
        case "ClauseStartsWith":
            return ["starts", clause.starts_with.lower()]
        case "ClauseEndsWith":
            return ["ends", clause.ends_with.lower()]
        case "ClauseContains":
            return ["has", clause.contains.lower()]
        case "ClauseRegex":
            return ["regex", clause.regex]
        case "ClauseEquals":
            return ["regex", f"^{re.escape(clause.equals.lower())}$"]
        case "ClauseAnd":
            return ["and", *(rule(part) for part in clause.and_)]
    raise ValueError(f"unknown match clause {clause!r}")


# --------------------------------------------------------------------------- numbers


def plain(value: Decimal) -> str:
    """A decimal without exponent and without idle zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def per_million(value: Any) -> str:
    """A price per token as a price per million tokens."""
    return plain(Decimal(str(value)) * MILLION)


def number(value: Any) -> Decimal:
    """The base price of a snapshot value."""
    return Decimal(value[0] if isinstance(value, list) else value)


def whole(value: Any) -> int | None:
    """A token limit; some maps write them as fractions or as words."""
    try:
        return int(value) if value is not None else None
    except (TypeError, ValueError):
        return None


def cheaper(variant: Mapping[str, Any], standard: Mapping[str, Any]) -> dict[str, Any] | None:
    """The prices of a variant that differ from the standard ones; None when none is lower."""
    changed = {key: value for key, value in variant.items() if value != standard.get(key)}
    lower = any(key in standard and number(value) < number(standard[key]) for key, value in changed.items())
    return changed if lower else None
