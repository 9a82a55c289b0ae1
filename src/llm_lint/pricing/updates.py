"""Newer prices on request: from an installed ``genai-prices``, a snapshot, or a LiteLLM price map."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from llm_lint.errors import LlmLintError
from llm_lint.pricing.snapshot import Snapshot, read
from llm_lint.pricing.sources.families import families, ladder
from llm_lint.pricing.sources.rows import PRICES, Row

# What the first source does not tell, so that the known fact stays.
_FACTS = ("max_out", "cache_min", "can", "sampling", "thinks", "retires", "window", "note")
_COMPARED = ("in", "out", "read", "write", "write1h", "batch")

Rows = dict[str, list[Row]]


@dataclass(frozen=True, slots=True)
class Difference:
    """One price that two sources tell differently: None where one does not know it."""

    provider: str
    model: str
    price: str
    before: str | None
    after: str | None


def from_package(base: Snapshot, day: date) -> Snapshot:
    """The prices that the installed ``genai-prices`` gives for a day, with the facts of ``base`` beside them.

    Models that only ``base`` knows stay. Raises LlmLintError where the package is not installed.
    """
    from llm_lint.pricing.sources.genai import genai_rows, installed_source

    source = installed_source()
    others = [known for known in base.sources if not known.startswith("genai-prices ")]
    return _compiled(base, _merged(_rows(base), genai_rows(day)), day, (source, *others))


def from_file(base: Snapshot, path: Path) -> Snapshot:
    """The snapshot in a file, or ``base`` with the models that a LiteLLM price map adds.

    Raises LlmLintError for a file that is neither.
    """
    if not _is_price_map(path):
        return read(path)
    from llm_lint.pricing.sources.litellm import enrich, read_map

    rows = _rows(base)
    try:
        enrich(rows, read_map(path))
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError):
        raise LlmLintError(f"{path} is not a LiteLLM price map") from None
    return _compiled(base, rows, base.as_of, (*base.sources, f"LiteLLM price map {path.name} (MIT)"))


def differences(base: Snapshot, other: Snapshot) -> Iterator[Difference]:
    """Every price on which two snapshots differ, and every model that only ``other`` knows."""
    for provider in sorted(other.providers):
        known = {row["id"]: row for row in base.providers.get(provider, ())}
        for row in other.providers[provider]:
            before = known.get(row["id"])
            if before is None:
                yield Difference(provider, row["id"], "in", None, _written(row["in"]))
                continue
            for price in _COMPARED:
                if before.get(price) != row.get(price):
                    yield Difference(
                        provider, row["id"], price, _written(before.get(price)), _written(row.get(price))
                    )


def _is_price_map(path: Path) -> bool:
    """Whether a file is a LiteLLM wheel or map; raises LlmLintError for an unreadable one."""
    if path.suffix == ".whl":
        return True
    try:
        data = json.loads(path.read_bytes())
    except OSError as error:
        raise LlmLintError(f"cannot read {path}: {error.strerror}") from None
    except ValueError:
        return False
    return isinstance(data, dict) and any(
        isinstance(entry, dict) and "litellm_provider" in entry for entry in data.values()
    )


def _rows(snapshot: Snapshot) -> Rows:
    """The rows to work on; whatever the ladder proposes is on sale."""
    retired = {
        (maker, rung["model"])
        for maker, rungs in snapshot.rungs.items()
        for rung in rungs
        if not rung["proposed"]
    }
    rows: Rows = {}
    for provider, listed in snapshot.providers.items():
        rows[provider] = [Row.of(row) for row in listed]
        for row in rows[provider]:
            row.on_sale = (provider, row.id) not in retired
    return rows


def _merged(known: Rows, new: Rows) -> Rows:
    merged: Rows = {}
    for provider in sorted({*known, *new}):
        before = {row.id: row for row in known.get(provider, ())}
        rows = [_with_facts(row, before.pop(row.id, None)) for row in new.get(provider, ())]
        merged[provider] = [*rows, *before.values()]
    return merged


def _with_facts(row: Row, before: Row | None) -> Row:
    if before is None:
        row.on_sale = not row.extra.get("deprecated")
        return row
    facts: dict[str, Any] = {key: before.extra[key] for key in _FACTS if key in before.extra}
    if all(row.prices.get(key) == before.prices.get(key) for key in PRICES):
        facts["batch"] = before.extra.get("batch")
    told = {key: value for key, value in row.extra.items() if value is not None}
    row.extra = {**facts, **told}
    newly_deprecated = row.extra.get("deprecated") and not before.extra.get("deprecated")
    row.on_sale = before.on_sale and not newly_deprecated
    return row


def _compiled(base: Snapshot, rows: Rows, day: date, sources: tuple[str, ...]) -> Snapshot:
    priced = {provider: [row.data() for row in listed] for provider, listed in rows.items() if listed}
    return Snapshot(day, sources, priced, ladder(rows, families()), base.path)


def _written(value: Any) -> str | None:
    """``2.5``, ``2.5 (5 above 272000)``, ``in 1.25, out 5``."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_written(price)}" for key, price in value.items())
    base, *tiers = value
    return f"{base} ({', '.join(f'{price} above {start}' for start, price in tiers)})"
