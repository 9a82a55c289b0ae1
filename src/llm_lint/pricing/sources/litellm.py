"""The second source of the price snapshot: the LiteLLM price map, as a wheel or a JSON file holds it.

It adds models that the first source lacks, and to known ones batch prices, retirement dates, limits and
abilities; prices of the first source stay.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from llm_lint.pricing.sources.rows import Row, cheaper, number, per_million, whole

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
REGION = re.compile(r"^(us|eu|apac|ap|jp|au|in|ca|sa|uk|global|regional)\.")


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
    for provider, listed in rows.items():
        for row in listed:
            add_facts(row, provider, entries)
    known = {provider: exact_names(listed) for provider, listed in rows.items()}
    for key in sorted(entries):
        entry = entries[key]
        seller = provider_of(entry)
        if seller is None or entry.get("mode") not in TOKEN_MODES:
            continue
        name = strip_prefix(key, seller)
        if name in known.setdefault(seller, set()) or (new := litellm_row(name, entry, entries)) is None:
            continue
        known[seller].add(name)
        rows.setdefault(seller, []).append(new)


def disagreements(
    rows: Mapping[str, Sequence[Row]], entries: Mapping[str, Mapping[str, Any]], providers: Iterable[str]
) -> Iterator[tuple[str, str]]:
    """Models of some providers whose input or output the map prices differently, and both prices in words."""
    for provider in providers:
        for row in rows.get(provider, ()):
            entry = find_entry(row.id, provider, entries)
            mapped = litellm_prices(entry) if entry is not None else {}
            for key in ("in", "out"):
                own, other = number(row.prices[key]), number(mapped.get(key, row.prices[key]))
                if own != other:
                    yield row.id, f"{key} {own}, in the LiteLLM map {other}"


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
