"""Rows of the price snapshot, as the sources fill them, and the exact numbers in them.

A row is one model of one provider: ``id``, ``names`` (exact aliases), ``rules`` (other ways to match), prices
in USD per million tokens (``in``, ``out``, ``read``, ``write``, ``write1h``; ``request`` per thousand
requests; a list holds the base price and ``[start, price]`` tiers), ``batch`` (the prices that differ in a
batch), ``window``, ``max_out``, ``cache_min`` (tokens), ``can`` (letters of abilities), ``sampling``,
``thinks``, ``deprecated``, ``retires`` (last day, by name) and ``note``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

MILLION = Decimal(1_000_000)
PRICES = ("in", "out", "read", "write", "write1h", "request")


@dataclass
class Row:
    """One priced model of one provider."""

    id: str
    prices: dict[str, Any]
    names: list[str] = field(default_factory=list)
    rules: list[list[Any]] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    on_sale: bool = False  # the second source lists it, which drops retired models

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Row:
        """The row that ``data`` wrote."""
        prices = {key: data[key] for key in PRICES if key in data}
        rest = {k: v for k, v in data.items() if k not in (*PRICES, "id", "names", "rules")}
        return cls(data["id"], prices, [*data.get("names", ())], [*data.get("rules", ())], rest)

    def data(self) -> dict[str, Any]:
        """The row as written, keys in a fixed order, empty ones left out."""
        content = {"id": self.id, "names": self.names, "rules": self.rules, **self.prices, **self.extra}
        return {key: value for key, value in content.items() if value not in ([], {}, None)}


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
