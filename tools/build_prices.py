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
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timezone
from decimal import Decimal
from importlib import metadata
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PRICES = Path(__file__).resolve().parent.parent / "rules" / "prices"
HOUR_UTC = time(2, tzinfo=timezone.utc)
MILLION = Decimal(1_000_000)

# Price keys of the snapshot, by source spelling.
GENAI_KEYS = {
    "input_mtok": "in",
    "output_mtok": "out",
    "cache_read_mtok": "read",
    "cache_write_mtok": "write",
    "cache_write_1h_mtok": "write1h",
    "requests_kcount": "request",
}
LITELLM_KEYS = {
    "input_cost_per_token": "in",
    "output_cost_per_token": "out",
    "cache_read_input_token_cost": "read",
    "cache_creation_input_token_cost": "write",
    "cache_creation_input_token_cost_above_1hr": "write1h",
}
CAPABILITIES = {
    "t": "supports_function_calling",
    "s": "supports_response_schema",
    "v": "supports_vision",
    "r": "supports_reasoning",
}
TOKEN_MODES = frozenset({"chat", "responses", "completion", "embedding", "rerank", "moderation"})

# LiteLLM's provider → ours, and the prefixes under which its map lists that provider's models.
LITELLM_PROVIDERS = {
    "openai": "openai",
    "text-completion-openai": "openai",
    "azure": "azure",
    "azure_text": "azure",
    "azure_ai": "azure",
    "anthropic": "anthropic",
    "gemini": "google",
    "bedrock": "aws",
    "bedrock_converse": "aws",
    "mistral": "mistral",
    "codestral": "mistral",
    "cohere": "cohere",
    "cohere_chat": "cohere",
    "groq": "groq",
    "together_ai": "together",
    "fireworks_ai": "fireworks",
    "fireworks_ai-embedding-models": "fireworks",
    "deepseek": "deepseek",
    "xai": "x-ai",
    "perplexity": "perplexity",
    "voyage": "voyageai",
    "cerebras": "cerebras",
    "databricks": "databricks",
    "moonshot": "moonshotai",
    "minimax": "minimax",
    "zai": "zai",
    "ai21": "ai21",
    "deepinfra": "deepinfra",
    "dashscope": "dashscope",
    "nebius": "nebius",
    "sambanova": "sambanova",
    "hyperbolic": "hyperbolic",
    "jina_ai": "jina",
    "friendliai": "friendli",
    "lambda_ai": "lambda",
    "featherless_ai": "featherless",
    "nvidia_nim": "nvidia",
    "volcengine": "volcengine",
}
PREFIXES = {
    "google": ("gemini/", "", "vertex_ai/"),
    "azure": ("azure/", "azure_ai/"),
    "aws": ("", "bedrock/"),
    "x-ai": ("xai/", ""),
    "together": ("together_ai/",),
    "fireworks": ("fireworks_ai/", "fireworks_ai/accounts/fireworks/models/"),
    "voyageai": ("voyage/",),
    "moonshotai": ("moonshot/",),
    "openai": ("", "openai/"),
    "anthropic": ("", "anthropic/"),
}
OPENAI_REASONER = re.compile(r"^(o\d|gpt-[5-9])(?!.*chat)")
NOT_A_VERSION = re.compile(r"-\d{4}-\d\d-\d\d|\d{3,}|\d+[kb]\b|-\d{2}-\d{4}")
MOVING = re.compile(r"preview|latest$|-\d{8}$")
REGION = re.compile(r"^(us|eu|apac|ap|jp|au|in|ca|sa|uk|global|regional)\.")


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


# --------------------------------------------------------------------------- the first source


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
        case "ClauseOr":
            return ["or", *(rule(part) for part in clause.or_)]
    raise ValueError(f"unknown match clause {clause!r}")


# --------------------------------------------------------------------------- the second source


def read_map(path: Path) -> dict[str, dict[str, Any]]:
    """The LiteLLM price map, out of a wheel or as a JSON file; numbers stay exact."""
    if path.suffix == ".json":
        text = path.read_text(encoding="utf-8")
    else:
        with zipfile.ZipFile(path) as wheel:
            name = next(
                n for n in wheel.namelist() if re.search(r"model_prices_and_context_window\w*\.json$", n)
            )
            text = wheel.read(name).decode("utf-8")
    entries: dict[str, dict[str, Any]] = json.loads(text, parse_float=Decimal)
    entries.pop("sample_spec", None)
    return entries


def provider_of(entry: Mapping[str, Any]) -> str | None:
    """Our provider of a map entry; Vertex has many spellings."""
    name = str(entry.get("litellm_provider", ""))
    return "google" if name.startswith("vertex_ai") else LITELLM_PROVIDERS.get(name)


def litellm_prices(entry: Mapping[str, Any], suffix: str = "") -> dict[str, Any]:
    """Prices per million tokens of a map entry; ``suffix`` picks a variant such as ``_batches``."""
    found: dict[str, Any] = {}
    for source, target in LITELLM_KEYS.items():
        value = entry.get(source + suffix)
        if value is None:
            continue
        tiers = sorted(tiers_of(entry, source, suffix))
        base = per_million(value)
        found[target] = [base, *([start, price] for start, price in tiers)] if tiers else base
    return found


def tiers_of(entry: Mapping[str, Any], source: str, suffix: str) -> Iterator[tuple[int, str]]:
    """``(tokens above which it holds, price)``."""
    pattern = re.compile(rf"^{source}_above_(\d+)k_tokens{suffix}$")
    for key, value in entry.items():
        matched = pattern.match(key)
        if matched and value is not None:
            yield int(matched.group(1)) * 1000, per_million(value)


def enrich(rows: dict[str, list[Row]], entries: Mapping[str, Mapping[str, Any]]) -> None:
    """Add the map's facts to known models, and its models that are missing."""
    for provider, found in rows.items():
        for row in found:
            add_facts(row, provider, entries)
    known = {provider: exact_names(found) for provider, found in rows.items()}
    for key in sorted(entries):
        entry = entries[key]
        provider = provider_of(entry)
        if provider is None or entry.get("mode") not in TOKEN_MODES:
            continue
        name = strip_prefix(key, provider)
        if name in known.setdefault(provider, set()) or (row := litellm_row(name, entry, entries)) is None:
            continue
        known[provider].add(name)
        rows.setdefault(provider, []).append(row)


def exact_names(rows: Iterable[Row]) -> set[str]:
    """Every id and exact name of some rows."""
    return {name for row in rows for name in (row.id, *row.names)}


def strip_prefix(key: str, provider: str) -> str:
    """A map key without the route in front of the model."""
    for prefix in sorted(PREFIXES.get(provider, (f"{provider}/", "")), key=len, reverse=True):
        if prefix and key.startswith(prefix):
            return key[len(prefix) :].lower()
    return key.lower()


def litellm_row(name: str, entry: Mapping[str, Any], entries: Mapping[str, Mapping[str, Any]]) -> Row | None:
    """A model that only the map knows; None without a token price (or with the map's stand-in of zero)."""
    prices = litellm_prices(entry)
    if "in" not in prices or all(number(value) == 0 for value in prices.values()):
        return None
    prices.setdefault("out", "0")
    row = Row(name, prices, on_sale=True)
    row.extra.update(facts(name, entry, entries))
    row.extra["batch"] = cheaper(litellm_prices(entry, "_batches"), prices)
    row.extra["window"] = whole(entry.get("max_input_tokens"))
    row.extra["retires"] = {name: day} if (day := retirement(entry)) else None
    return row


def add_facts(row: Row, provider: str, entries: Mapping[str, Mapping[str, Any]]) -> None:
    """Capabilities, limits, batch prices and retirement dates of a model that the first source prices."""
    entry = find_entry(row.id, provider, entries) or next(
        (found for name in row.names if (found := find_entry(name, provider, entries))), None
    )
    if entry is not None:
        row.on_sale = True
        row.extra.update(facts(row.id, entry, entries))
        mapped = litellm_prices(entry)
        same = all(key in mapped and number(mapped[key]) == number(row.prices[key]) for key in ("in", "out"))
        if same and not row.extra.get("batch"):
            row.extra["batch"] = cheaper(litellm_prices(entry, "_batches"), row.prices)
    days = {
        name: day
        for name in (row.id, *row.names)
        if (found := find_entry(name, provider, entries)) and (day := retirement(found))
    }
    row.extra["retires"] = days or None


def find_entry(
    name: str, provider: str, entries: Mapping[str, Mapping[str, Any]]
) -> Mapping[str, Any] | None:
    """The map entry of a provider's model."""
    spellings = [name, f"us.{REGION.sub('', name)}"] if provider == "aws" else [name]
    for prefix in PREFIXES.get(provider, (f"{provider}/", "")):
        for spelling in spellings:
            entry = entries.get(prefix + spelling)
            if entry is not None and provider_of(entry) == provider:
                return entry
    return None


def facts(name: str, entry: Mapping[str, Any], entries: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What a model can do, as the snapshot writes it; a resold model behaves as its maker's does."""
    maker = entries.get(name, entry)
    can = "".join(letter for letter, key in CAPABILITIES.items() if entry.get(key))
    return {
        "max_out": whole(entry.get("max_output_tokens")),
        "cache_min": whole(entry.get("prompt_cache_min_tokens")),
        "can": can or None,
        "sampling": sampling(name, maker),
        "thinks": thinks(name, maker) or None,
    }


def sampling(name: str, entry: Mapping[str, Any]) -> str | None:
    """``no`` where temperature and top_p are rejected, ``effort-none`` where they need reasoning off."""
    if entry.get("supports_sampling_params") is False:
        return "no"
    if not is_openai_reasoner(name, entry):
        return None
    return "effort-none" if entry.get("supports_none_reasoning_effort") else "no"


def thinks(name: str, entry: Mapping[str, Any]) -> bool:
    """Whether a model always spends reasoning tokens."""
    if entry.get("thinking_always_on"):
        return True
    return is_openai_reasoner(name, entry) and not entry.get("supports_none_reasoning_effort")


def is_openai_reasoner(name: str, entry: Mapping[str, Any]) -> bool:
    """The o and GPT-5+ models, but for their chat variants."""
    return bool(entry.get("supports_reasoning") and OPENAI_REASONER.search(name))


def retirement(entry: Mapping[str, Any]) -> str | None:
    """The day after which calls fail, ISO."""
    text = str(entry.get("deprecation_date") or "")
    return text if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None


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


# --------------------------------------------------------------------------- the ladder


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
