"""From one JSON object of a log to its records: our own, LiteLLM's, Langfuse's, OpenTelemetry's.

A format is told by the keys that only it has. Objects of no known format raise ``Foreign``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from llm_lint.usage import spans
from llm_lint.usage.records import Record, milliseconds, picodollars, seconds, tokens, truth


class Foreign(Exception):
    """An object that no reader knows."""


def records(document: Any) -> Iterator[Record]:
    """The requests in one JSON value; raises Foreign, or ValueError and the like for damaged ones."""
    if isinstance(document, list):
        for element in document:
            yield from records(element)
        return
    if not isinstance(document, dict):
        raise Foreign
    if "tokens_input" in document:
        yield own(document)
    elif "resourceSpans" in document or "resource_spans" in document or "attributes" in document:
        yield from spans.records(document)
    elif "prompt_tokens" in document and ("response_cost" in document or "spend" in document):
        yield _litellm(document)
    elif _LANGFUSE & document.keys():
        if str(document.get("type", "GENERATION")).upper() in ("GENERATION", "EMBEDDING"):
            yield _langfuse(document)
    elif isinstance(document.get("data"), list) or isinstance(document.get("observations"), list):
        yield from records(document.get("data") or document.get("observations") or [])
    else:
        raise Foreign


def own(line: Mapping[str, Any]) -> Record:
    """A record of ``llm_lint.runtime``: the eight standard keys suffice."""
    get = line.get
    status = get("status")
    return Record(
        seconds(line["timestamp"]),
        _text(line["model"]),
        _text(get("provider")),
        _text(get("site") or get("call_site")),
        tokens(line["tokens_input"]),
        tokens(line["tokens_output"]),
        picodollars(get("cost_usd")),
        milliseconds(get("latency_ms")),
        _text(get("request_hash")) or None,
        truth(get("cache_hit")),
        tokens(get("cached_tokens") or get("tokens_cached")),
        tokens(get("cache_write_tokens") or get("tokens_cache_write")),
        truth(get("batch")),
        bool(get("error")) or (type(status) is int and status >= 400),
        truth(get("estimated")),
    )


def _text(value: Any) -> str:
    if value is not None and not isinstance(value, str):
        raise TypeError("a name is a text")
    return value or ""


# --------------------------------------------------------------------------- LiteLLM


def _litellm(line: Mapping[str, Any]) -> Record:
    """A standard logging payload, or a row of the proxy's spend log."""
    metadata = line.get("metadata") if isinstance(line.get("metadata"), dict) else {}
    usage = (metadata or {}).get("usage_object") or line.get("usage_object") or {}
    details = usage.get("prompt_tokens_details") or {}
    started, ended = line.get("startTime"), line.get("endTime")
    begun = seconds(started if started is not None else ended)
    hit = truth(line.get("cache_hit"))
    cost = line.get("response_cost", line.get("spend"))
    return Record(
        begun,
        str(line.get("model") or ""),
        str(line.get("custom_llm_provider") or ""),
        _site(metadata or {}),
        tokens(line["prompt_tokens"]),
        tokens(line.get("completion_tokens")),
        picodollars(cost),
        milliseconds((seconds(ended) - begun) * 1000) if ended is not None else None,
        _key(line.get("cache_key")) or _digest(line.get("messages"), line.get("model")),
        hit,
        tokens(usage.get("cache_read_input_tokens") or details.get("cached_tokens")),
        tokens(usage.get("cache_creation_input_tokens")),
        "batch" in str(line.get("call_type", "")),
        str(line.get("status", "success")).lower() in ("failure", "error"),
    )


def _key(value: Any) -> str | None:
    return value if isinstance(value, str) and value not in ("", "Cache OFF", "None") else None


# --------------------------------------------------------------------------- Langfuse

_LANGFUSE = frozenset(
    {
        "usageDetails",
        "usage_details",
        "calculatedTotalCost",
        "costDetails",
        "cost_details",
        "provided_model_name",
    }
)


def _langfuse(line: Mapping[str, Any]) -> Record:
    """An observation as the API and the exports write it, in camel or snake case."""

    def get(*names: str) -> Any:
        return next((line[name] for name in names if line.get(name) is not None), None)

    usage = _object(get("usageDetails", "usage_details", "usage"))
    costs = _object(get("costDetails", "cost_details"))
    incoming = tokens(usage.get("input", get("promptTokens", "inputUsage", "prompt_tokens")))
    cached = sum(tokens(usage.get(name)) for name in ("input_cached_tokens", "cache_read_input_tokens"))
    written = tokens(usage.get("cache_creation_input_tokens") or usage.get("input_cache_creation"))
    begun = seconds(get("startTime", "start_time"))
    ended = get("endTime", "end_time")
    cost = get("calculatedTotalCost", "totalCost", "total_cost")
    return Record(
        begun,
        str(get("model", "provided_model_name", "providedModelName") or ""),
        "",
        _site(_object(line.get("metadata"))),
        incoming + cached + written,  # there, the parts of the input do not overlap
        tokens(usage.get("output", get("completionTokens", "outputUsage", "completion_tokens"))),
        picodollars(cost if cost is not None else costs.get("total")),
        milliseconds((seconds(ended) - begun) * 1000) if ended is not None else None,
        _digest(line.get("input"), get("model", "provided_model_name")),
        cached=cached,
        written=written,
        failed=str(line.get("level", "")).upper() == "ERROR",
    )


def _object(value: Any) -> Mapping[str, Any]:
    """A JSON object, which some exports write as text."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    return value if isinstance(value, dict) else {}


# --------------------------------------------------------------------------- both


def _site(metadata: Mapping[str, Any]) -> str:
    """Where the request was made, if the program noted it."""
    found = metadata.get("site") or metadata.get("call_site")
    return found if isinstance(found, str) else ""


def _digest(content: Any, model: Any) -> str | None:
    """What tells equal requests: a digest, so that no prompt is kept."""
    if not content:
        return None
    text = json.dumps([content, model], sort_keys=True, default=str)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
