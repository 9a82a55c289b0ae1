"""The ladder of models: the families of ``rules/prices/families.toml``, ranked by hand, and their members."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from llm_lint.pricing.sources.rows import Row
from llm_lint.resources import rules_directory

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

NOT_A_VERSION = re.compile(r"-\d{4}-\d\d-\d\d|\d{3,}|\d+[kb]\b|-\d{2}-\d{4}")
MOVING = re.compile(r"preview|latest$|-\d{8}$")


def families() -> list[dict[str, Any]]:
    """The families as written, in the order of the file."""
    text = (rules_directory() / "prices" / "families.toml").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = tomllib.loads(text)["family"]
    return found


def ladder(
    rows: Mapping[str, Sequence[Row]], ranked: Sequence[Mapping[str, Any]]
) -> dict[str, list[dict[str, Any]]]:
    """Every model that a family claims, by provider, with its rank, tier and place inside the family."""
    rungs: dict[str, list[dict[str, Any]]] = {}
    for family in ranked:
        members = rungs.setdefault(family["provider"], [])
        members += [
            rung(row, family)
            for row in rows.get(family["provider"], ())
            if re.search(family["match"], row.id) is not None
        ]
    return {provider: sorted(found, key=_place) for provider, found in sorted(rungs.items())}


def rung(row: Row, family: Mapping[str, Any]) -> dict[str, Any]:
    """The place of one member of a family."""
    prefer: list[str] = family.get("prefer", [])
    may_be_proposed = row.id in prefer if prefer else not MOVING.search(row.id)
    return {
        "model": row.id,
        "family": family["name"],
        "kind": family.get("kind", "chat"),
        "rank": family["rank"],
        "tier": family["tier"],
        "order": order(row.id, prefer),
        "proposed": row.on_sale and may_be_proposed,
    }


def _place(found: Mapping[str, Any]) -> tuple[Any, ...]:
    newest_first = [-number for number in found["order"]]
    return found["kind"], -found["rank"], found["family"], newest_first, found["model"]


def order(model: str, prefer: list[str]) -> list[int]:
    """The version, or the place among the preferred members; newer and better sort higher."""
    if prefer:
        return [len(prefer) - prefer.index(model)] if model in prefer else []
    return [int(part) for part in re.findall(r"\d+", NOT_A_VERSION.sub("", model))]
