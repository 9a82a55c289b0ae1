"""Compile ``rules/prices/prices.json`` and ``rules/prices/ladder.json``.

    python tools/build_prices.py --as-of 2026-11-23 --litellm litellm-1.109.1-….whl

Prices come from the installed ``genai-prices``, resolved once at 02:00 UTC of the given day, so that no
later run depends on the clock (time-of-day tariffs are in their full-price hours then). The LiteLLM price
map, read out of a downloaded wheel without installing it, adds what the first source lacks: models it does
not know, batch prices, retirement dates, prompt-cache minimums, output limits and capabilities. Without
``--litellm`` those stay out. The ladder is derived from the hand-ranked ``rules/prices/families.toml``.
Same inputs, same bytes.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping
from datetime import date, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from price_map import enrich, read_map
from price_rows import HOUR_UTC, Row, genai_rows

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PRICES = Path(__file__).resolve().parent.parent / "rules" / "prices"
NOT_A_VERSION = re.compile(r"-\d{4}-\d\d-\d\d|\d{3,}|\d+[kb]\b|-\d{2}-\d{4}")
MOVING = re.compile(r"preview|latest$|-\d{8}$")


def ladder(rows: Mapping[str, list[Row]], families: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every model that a family claims, with its rank, tier and place inside the family."""
    rungs = []
    for family in families:
        pattern = re.compile(family["match"])
        prefer: list[str] = family.get("prefer", [])
        for row in rows[family["provider"]]:
            if not pattern.search(row.id):
                continue
            rungs.append(
                {
                    "provider": family["provider"],
                    "model": row.id,
                    "family": family["name"],
                    "kind": family.get("kind", "chat"),
                    "rank": family["rank"],
                    "tier": family["tier"],
                    "order": order(row.id, prefer),
                    "proposed": row.on_sale and (row.id in prefer if prefer else not MOVING.search(row.id)),
                }
            )
    return sorted(
        rungs,
        key=lambda r: (
            r["provider"],
            r["kind"],
            -r["rank"],
            r["family"],
            [-n for n in r["order"]],
            r["model"],
        ),
    )


def order(model: str, prefer: list[str]) -> list[int]:
    """The version, or the place among the preferred members; newer and better sort higher."""
    if prefer:
        return [len(prefer) - prefer.index(model)] if model in prefer else []
    return [int(part) for part in re.findall(r"\d+", NOT_A_VERSION.sub("", model))]


# --------------------------------------------------------------------------- writing


def write_lines(
    path: Path, head: Mapping[str, Any], name: str, groups: Mapping[str, list[dict[str, Any]]]
) -> None:
    """JSON with one record a line, so that a diff shows what changed."""
    parts = [json.dumps(head, ensure_ascii=False, separators=(",", ":"))[:-1] + f',"{name}":{{']
    blocks = []
    for key in sorted(groups):
        lines = (json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in groups[key])
        blocks.append(f'"{key}":[\n' + ",\n".join(lines) + "\n]")
    path.write_text(parts[0] + "\n" + ",\n".join(blocks) + "\n}}\n", encoding="utf-8")


def main() -> None:
    """Write both files."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--as-of", type=date.fromisoformat, required=True, help="the day whose prices hold")
    parser.add_argument("--litellm", type=Path, help="a litellm wheel, or its price map as JSON")
    options = parser.parse_args()
    rows = genai_rows(datetime.combine(options.as_of, HOUR_UTC))
    sources = [f"genai-prices {metadata.version('genai-prices')} (MIT)"]
    if options.litellm is not None:
        enrich(rows, read_map(options.litellm))
        version = re.search(r"litellm-([\d.]+)", options.litellm.name)
        sources.append(f"LiteLLM price map{' ' + version.group(1) if version else ''} (MIT)")
    head = {"version": 1, "as_of": options.as_of.isoformat(), "sources": sources}
    priced = {provider: [row.data() for row in found] for provider, found in rows.items() if found}
    write_lines(PRICES / "prices.json", head, "providers", priced)
    families = tomllib.loads((PRICES / "families.toml").read_text(encoding="utf-8"))["family"]
    rungs = ladder(rows, families)
    write_lines(PRICES / "ladder.json", {"version": 1, "as_of": head["as_of"]}, "rungs", group(rungs))


def group(rungs: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Rungs by provider, which then need not be repeated."""
    grouped: dict[str, list[dict[str, Any]]] = {}
    for rung in rungs:
        grouped.setdefault(rung["provider"], []).append({k: v for k, v in rung.items() if k != "provider"})
    return grouped


if __name__ == "__main__":
    main()
