"""Which HTTP requests are LLM requests, and what their bodies say: the providers' public contracts only."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

CHAT, COMPLETION, RESPONSE, MESSAGE = "chat", "completion", "response", "message"
EMBEDDING, GEMINI, OLLAMA, COHERE, OTHER = "embedding", "gemini", "ollama", "cohere", "other"

_PATHS = (
    (re.compile(r"/chat/completions$"), CHAT, ("messages",)),
    (re.compile(r"/responses$"), RESPONSE, ("input", "prompt", "model")),
    (re.compile(r"/(embeddings|embed|api/embed|embed_content)$"), EMBEDDING, ("input", "texts", "inputs")),
    (re.compile(r"/v\d[^/]*/messages$"), MESSAGE, ("max_tokens",)),
    (re.compile(r"/models/[^/:]+:(stream)?generateContent$", re.I), GEMINI, ("contents",)),
    (re.compile(r"/models/[^/:]+:(batch)?embedContents?$", re.I), EMBEDDING, ("content", "requests")),
    (re.compile(r"/api/(chat|generate)$"), OLLAMA, ("messages", "prompt")),
    (re.compile(r"/v[12]/chat$"), COHERE, ("messages", "message")),
    (re.compile(r"/completions$"), COMPLETION, ("prompt",)),
    (re.compile(r"/(rerank|moderations|images/generations|audio/speech)$"), OTHER, ("model", "input")),
)
_GEMINI_MODEL = re.compile(r"/models/([^/:]+):")
_DEPLOYMENT = re.compile(r"/deployments/([^/]+)/")

# Host → the price list's name of who bills.
_HOSTS = (
    (re.compile(r"(^|\.)openai\.azure\.com$|\.services\.ai\.azure\.com$"), "azure"),
    (re.compile(r"(^|\.)openai\.com$"), "openai"),
    (re.compile(r"(^|\.)anthropic\.com$"), "anthropic"),
    (re.compile(r"(^|[.-])aiplatform\.googleapis\.com$|generativelanguage\.googleapis\.com$"), "google"),
    (re.compile(r"(^|\.)amazonaws\.com$"), "aws"),
    (re.compile(r"(^|\.)mistral\.ai$"), "mistral"),
    (re.compile(r"(^|\.)groq\.com$"), "groq"),
    (re.compile(r"(^|\.)together\.(ai|xyz)$"), "together"),
    (re.compile(r"(^|\.)openrouter\.ai$"), "openrouter"),
    (re.compile(r"(^|\.)deepseek\.com$"), "deepseek"),
    (re.compile(r"(^|\.)x\.ai$"), "x-ai"),
    (re.compile(r"(^|\.)fireworks\.ai$"), "fireworks"),
    (re.compile(r"(^|\.)cohere\.(com|ai)$"), "cohere"),
    (re.compile(r"(^|\.)voyageai\.com$"), "voyageai"),
    (re.compile(r"(^|\.)perplexity\.ai$"), "perplexity"),
    (re.compile(r"(^|\.)cerebras\.ai$"), "cerebras"),
    (re.compile(r"(^|\.)moonshot\.(ai|cn)$"), "moonshotai"),
    (re.compile(r"(^|\.)deepinfra\.com$"), "deepinfra"),
)
_FAMILIES = {MESSAGE: "anthropic", GEMINI: "google", OLLAMA: "local", COHERE: "cohere"}


@dataclass(frozen=True)
class Call:
    """One LLM request as it stands on the wire. ``body`` is the decoded JSON."""

    family: str
    endpoint: str
    provider: str
    model: str
    body: dict[str, Any]
    streams: bool


@lru_cache(maxsize=256)
def _route(host: str, path: str) -> tuple[str, tuple[str, ...], str] | None:
    """Family, telling keys and provider of an address; None for no LLM's."""
    found = next(((family, keys) for pattern, family, keys in _PATHS if pattern.search(path)), None)
    if found is None:
        return None
    family, keys = found
    provider = next((name for pattern, name in _HOSTS if pattern.search(host)), None)
    return family, keys, provider or _FAMILIES.get(family, "openai")


def recognise(host: str, path: str, read: Callable[[], bytes]) -> Call | None:
    """The LLM request that a POST is; None for any other traffic, whose content is not even read."""
    route = _route(host, path)
    content = read() if route is not None else b""
    if route is None or not content.startswith(b"{"):
        return None
    family, keys, provider = route
    body = json.loads(content)
    if not any(key in body for key in keys):
        return None
    return Call(
        family,
        path,
        provider,
        _model(path, body),
        body,
        bool(body.get("stream", family == OLLAMA)) or "streamGenerate" in path,
    )


def _model(path: str, body: dict[str, Any]) -> str:
    found = body.get("model")
    if not isinstance(found, str):
        match = _GEMINI_MODEL.search(path) or _DEPLOYMENT.search(path)
        found = match.group(1) if match else ""
    return found.removeprefix("models/")


_UNCACHEABLE = ("previous_response_id", "conversation", "background", "web_search_options", "audio")


def is_cacheable(call: Call, sampling: bool) -> bool:
    """Whether the same request may be given the same answer.

    Embeddings, and texts at an explicit temperature of 0 (an absent one means 1), unless ``sampling``
    allows any. Never with state or tools on the provider's side.
    """
    body = call.body
    if call.family == OTHER:
        return False
    if any(body.get(key) for key in _UNCACHEABLE) or body.get("store") is True:
        return False
    if any(_is_hosted(tool) for tool in body.get("tools") or ()):
        return False
    return sampling or call.family == EMBEDDING or _temperature(body) == 0


def _is_hosted(tool: Any) -> bool:
    """Whether the provider runs the tool (web search, code, files), so that answers change by themselves."""
    if not isinstance(tool, dict):
        return True
    if "function_declarations" in tool or "functionDeclarations" in tool:
        return False
    return tool.get("type", "function") not in ("function", "custom")


def _temperature(body: dict[str, Any]) -> Any:
    for holder in (body, body.get("generationConfig"), body.get("options")):
        if isinstance(holder, dict) and "temperature" in holder:
            value = holder["temperature"]
            return None if isinstance(value, bool) else value
    return None


_DATA_LIMIT = 20_000  # longer strings without a blank are pictures or sound


def estimate_input(body: dict[str, Any]) -> int:
    """Tokens of a prompt, roughly, where the provider does not say: a quarter of the text's bytes."""
    keys = ("messages", "input", "prompt", "system", "instructions", "contents", "tools")
    return sum(len(text.encode("utf-8", "replace")) for text in _texts([body.get(key) for key in keys])) // 4


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if len(value) < _DATA_LIMIT or " " in value:
            yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
