"""The first source of the price snapshot: the installed ``genai-prices``, resolved at one instant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timezone
from importlib import import_module, metadata
from typing import Any

from llm_lint.errors import LlmLintError
from llm_lint.pricing.sources.rows import Row, cheaper, plain

# Time-of-day tariffs are in their full-price hours then, so that nothing depends on the clock.
HOUR_UTC = time(2, tzinfo=timezone.utc)

# Price keys of the snapshot, by the source's spelling.
GENAI_KEYS = {
    "input_mtok": "in",
    "output_mtok": "out",
    "cache_read_mtok": "read",
    "cache_write_mtok": "write",
    "cache_write_1h_mtok": "write1h",
    "requests_kcount": "request",
}


def installed_source() -> str:
    """``genai-prices 0.2.3 (MIT)``; raises LlmLintError where the package is not installed."""
    try:
        return f"genai-prices {metadata.version('genai-prices')} (MIT)"
    except metadata.PackageNotFoundError:
        raise LlmLintError(
            "genai-prices is not installed beside llm-lint",
            "`pip install -U genai-prices` (Python 3.11 or newer), or name a file with prices",
        ) from None


def genai_rows(day: date) -> dict[str, list[Row]]:
    """Rows of the installed ``genai-prices`` with the prices of a day, by provider."""
    at = datetime.combine(day, HOUR_UTC)
    rows: dict[str, list[Row]] = {}
    for provider in import_module("genai_prices.data").providers:
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
