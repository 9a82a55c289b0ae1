"""The tokens that a provider says it billed, in any of their vocabularies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass
class Usage:
    """Tokens of one request; ``input`` is everything sent, including what was cached or written."""

    input: int
    output: int = 0
    cached: int = 0
    write: int = 0
    write_1h: int = 0


def find_usage(answer: dict[str, Any]) -> Usage | None:
    """The usage in a decoded answer or event; None when it has none."""
    gemini = answer.get("usageMetadata")
    if isinstance(gemini, dict):
        output = _number(gemini, "candidatesTokenCount") + _number(gemini, "thoughtsTokenCount")
        return Usage(_number(gemini, "promptTokenCount"), output, _number(gemini, "cachedContentTokenCount"))
    if "prompt_eval_count" in answer:
        return Usage(_number(answer, "prompt_eval_count"), _number(answer, "eval_count"))
    for holder in (answer, answer.get("response"), answer.get("message"), answer.get("x_groq")):
        usage = holder.get("usage") if isinstance(holder, dict) else None
        if isinstance(usage, dict):
            return read_usage(usage)
    meta = answer.get("meta")
    return read_usage(meta) if isinstance(meta, dict) and "billed_units" in meta else None


def read_usage(usage: dict[str, Any]) -> Usage | None:
    """The tokens in a ``usage`` object of OpenAI, Anthropic, or one that follows them."""
    if "prompt_tokens" in usage:
        details = usage.get("prompt_tokens_details") or {}
        cached = _number(details, "cached_tokens") or _number(usage, "prompt_cache_hit_tokens")
        return Usage(_number(usage, "prompt_tokens"), _number(usage, "completion_tokens"), cached)
    if "billed_units" in usage:
        units = usage["billed_units"] or {}
        return Usage(_number(units, "input_tokens"), _number(units, "output_tokens"))
    if "cache_read_input_tokens" in usage or "cache_creation_input_tokens" in usage:
        return _anthropic(usage)
    if "input_tokens" in usage:
        details = usage.get("input_tokens_details") or {}
        return Usage(
            _number(usage, "input_tokens"), _number(usage, "output_tokens"), _number(details, "cached_tokens")
        )
    if "output_tokens" in usage:
        return Usage(0, _number(usage, "output_tokens"))
    if "total_tokens" in usage:
        return Usage(_number(usage, "total_tokens"))
    return None


def _anthropic(usage: dict[str, Any]) -> Usage:
    """Anthropic counts cached and written tokens apart from the others."""
    read, written = _number(usage, "cache_read_input_tokens"), _number(usage, "cache_creation_input_tokens")
    hour = _number(usage.get("cache_creation") or {}, "ephemeral_1h_input_tokens")
    fresh = _number(usage, "input_tokens")
    return Usage(fresh + read + written, _number(usage, "output_tokens"), read, written - hour, hour)


def _number(holder: dict[str, Any], key: str) -> int:
    value = holder.get(key)
    return int(value) if isinstance(value, int | float) else 0
