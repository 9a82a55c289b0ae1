"""Compile ``rules/prices/prices.json`` and ``rules/prices/ladder.json``.

    python tools/build_prices.py --as-of 2026-11-23 --litellm litellm-1.109.1-….whl

Prices come from the installed ``genai-prices``, resolved once at 02:00 UTC of the given day, so that no
later run depends on the clock (time-of-day tariffs are in their full-price hours then). The LiteLLM price
map, read out of a downloaded wheel without installing it, adds what the first source lacks: models it does
not know, batch prices, retirement dates, prompt-cache minimums, output limits and capabilities. Without
``--litellm`` those stay out. The ladder is derived from the hand-ranked ``rules/prices/families.toml``.
Same inputs, same bytes.

Where the two sources price a model of OpenAI, Anthropic or Google differently, nothing is written: one of
them is wrong, or they mean different offers, and somebody has to look. ``--accept MODEL …`` takes the first
source's prices.
"""

from __future__ import annotations

import argparse
import re
from datetime import date
from pathlib import Path

from llm_lint.pricing.models import owner
from llm_lint.pricing.snapshot import lines
from llm_lint.pricing.sources.families import families, ladder
from llm_lint.pricing.sources.genai import genai_rows, installed_source
from llm_lint.pricing.sources.litellm import disagreements, enrich, read_map

# Neither source tells the least prefix that OpenAI's models cache by themselves; its guide does.
OPENAI_CACHE_MINIMUM = 1024
WATCHED = ("openai", "anthropic", "google")
PRICES = Path(__file__).resolve().parent.parent / "rules" / "prices"


def main() -> None:
    """Write both files."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--as-of", type=date.fromisoformat, required=True, help="the day whose prices hold")
    parser.add_argument("--litellm", type=Path, help="a litellm wheel, or its price map as JSON")
    parser.add_argument("--accept", nargs="*", default=[], metavar="MODEL", help="models that may differ")
    options = parser.parse_args()
    rows = genai_rows(options.as_of)
    sources = [installed_source()]
    if options.litellm is not None:
        entries = read_map(options.litellm)
        found = [f"{m}: {how}" for m, how in disagreements(rows, entries, WATCHED) if m not in options.accept]
        if found:
            raise SystemExit("\n".join(("the sources disagree:", *found)))
        enrich(rows, entries)
        version = re.search(r"litellm-([\d.]+)", options.litellm.name)
        sources.append(f"LiteLLM price map{' ' + version.group(1) if version else ''} (MIT)")
    for row in (*rows["openai"], *(row for row in rows["azure"] if owner(row.id) == "openai")):
        if "read" in row.prices and not row.extra.get("cache_min"):
            row.extra["cache_min"] = OPENAI_CACHE_MINIMUM
    day = options.as_of.isoformat()
    priced = {provider: [row.data() for row in found] for provider, found in rows.items() if found}
    written = {
        "prices.json": lines({"version": 1, "as_of": day, "sources": sources}, providers=priced),
        "ladder.json": lines({"version": 1, "as_of": day}, rungs=ladder(rows, families())),
    }
    for name, text in written.items():
        (PRICES / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
