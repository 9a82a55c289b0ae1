"""What a request costs, from the same compiled price file as the linter's."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from .state import state
from .usage import Usage

_HERE = os.path.dirname(os.path.abspath(__file__))
# Beside a vendored copy; in an installed wheel; in a checkout.
_PLACES = (
    os.path.join(_HERE, "prices.json"),
    os.path.join(_HERE, os.pardir, "_rules", "prices", "prices.json"),
    os.path.join(_HERE, os.pardir, os.pardir, os.pardir, "rules", "prices", "prices.json"),
)
_MILLION = Decimal(1_000_000)
_MAKERS = (
    (re.compile(r"claude"), "anthropic"),
    (re.compile(r"gpt-|^o\d|text-embedding-[3a]|chatgpt|codex"), "openai"),
    (re.compile(r"gemini|gemma"), "google"),
    (re.compile(r"mistral|mixtral|codestral|pixtral|magistral"), "mistral"),
    (re.compile(r"command|embed-(english|multilingual)"), "cohere"),
    (re.compile(r"grok"), "x-ai"),
    (re.compile(r"deepseek"), "deepseek"),
)
_CLOUDS = ("aws", "azure")

Row = Mapping[str, Any]


def find_price_file() -> str:
    """The price file that ships with this copy; raises FileNotFoundError when it is gone."""
    for path in _PLACES:
        if os.path.exists(path):
            return os.path.abspath(path)
    raise FileNotFoundError("prices.json is missing; copy it beside the runtime")


def cost(provider: str, models: tuple[str, ...], usage: Usage, batch: bool = False) -> Decimal | None:
    """USD of one request to the first of ``models`` that has a price; None when none has.

    Unknown is not free: only requests to this machine's own models cost nothing.
    """
    if provider == "local":
        return Decimal(0)
    for model in models:
        row = _find(provider, model.lower()) if model else None
        if row is not None:
            return _cost(row, usage, batch)
    return None


def _cost(row: Row, usage: Usage, batch: bool) -> Decimal:
    rates: Row = {**row, **row["batch"]} if batch and "batch" in row else row
    if not usage.cached and not usage.write and not usage.write_1h and "request" not in rates:
        sent = usage.input * _rate(rates, "in", usage.input)
        return (sent + usage.output * _rate(rates, "out", usage.input)) / _MILLION
    into = _rate(rates, "in", usage.input)
    fresh = max(0, usage.input - usage.cached - usage.write - usage.write_1h)
    write = _rate(rates, "write", usage.input, into)
    total = (
        fresh * into
        + usage.cached * _rate(rates, "read", usage.input, into)
        + usage.write * write
        + usage.write_1h * _rate(rates, "write1h", usage.input, write)
        + usage.output * _rate(rates, "out", usage.input)
    )
    return total / _MILLION + _rate(rates, "request", 0) / 1000


def _rate(rates: Row, key: str, size: int, default: Decimal = Decimal(0)) -> Decimal:
    """USD per million tokens for a request of so many input tokens (dearer tiers begin above a threshold)."""
    value = rates.get(key)
    if value is None:
        return default
    if not isinstance(value, list):
        return _decimal(str(value))
    reached = [price for start, price in value[1:] if size > start]
    return _decimal(str(reached[-1] if reached else value[0]))


_decimal = lru_cache(maxsize=1024)(Decimal)


@lru_cache(maxsize=1)
def _shelves() -> dict[str, tuple[dict[str, Row], list[tuple[list[Any], Row]]]]:
    path = state.prices if isinstance(state.prices, str) else find_price_file()
    with open(path, encoding="utf-8") as stream:
        providers = json.load(stream)["providers"]
    found = {}
    for provider, rows in providers.items():
        names: dict[str, Row] = {}
        for row in rows:
            for name in (row["id"], *row.get("names", ())):
                names.setdefault(name.lower(), row)
        found[provider] = (names, [(rule, row) for row in rows for rule in row.get("rules", ())])
    return found


@lru_cache(maxsize=512)
def _find(provider: str, model: str) -> Row | None:
    if isinstance(state.prices, Mapping):
        own = {name.lower(): row for name, row in state.prices.items()}.get(model)
        if own is not None:
            return own
    spellings = [model]
    if model.startswith("ft:"):
        spellings.append(model[3:].split(":")[0])
    if "/" in model:
        spellings.append(model.rsplit("/", 1)[1])
    for name in spellings:
        maker = next((maker for pattern, maker in _MAKERS if pattern.search(name)), None)
        for shelf in dict.fromkeys((provider, maker)):
            row = _on_shelf(shelf, name)
            if row is not None:
                if shelf != provider and provider in _CLOUDS:
                    return {key: value for key, value in row.items() if key != "batch"}
                return row
    return None


def _on_shelf(provider: str | None, name: str) -> Row | None:
    names, rules = _shelves().get(provider or "", ({}, []))
    found = names.get(name)
    if found is None:
        found = next((row for rule, row in rules if _matches(rule, name)), None)
    return found


def _matches(rule: list[Any], name: str) -> bool:
    kind, *rest = rule
    if kind == "and":
        return all(_matches(part, name) for part in rest)
    pattern = str(rest[0])
    if kind == "regex":
        return re.search(pattern, name) is not None
    tests = {"starts": name.startswith, "ends": name.endswith, "has": name.__contains__}
    return bool(tests[kind](pattern))


def forget() -> None:
    """Read the prices anew at the next request."""
    _shelves.cache_clear()
    _find.cache_clear()
