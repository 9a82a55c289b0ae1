"""Requests without an SDK: HTTP calls whose host or path is an LLM API's."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from llm_lint.semantics import folding
from llm_lint.semantics.values import Client, Const, External, Hole, Mapping_, Ref, Text, Values

if TYPE_CHECKING:
    from llm_lint.semantics.index import CallSite, Scope
    from llm_lint.semantics.resolve import Resolver

_BODY = ("json", "data", "content", "body")
_INPUT_KEYS = frozenset(
    """messages prompt input inputs contents texts query documents text system max_tokens
    anthropic_version""".split()
)
_PROMPT_KEYS = frozenset({"model", "messages", "prompt", "contents", "inputs"})
_CHAT_KEYS = frozenset({"model", "max_tokens", "temperature", "max_completion_tokens", "top_p"})
_UNMISTAKABLE = ("/chat/completions", ":generateContent", ":streamGenerateContent", ":embedContent")
# Roles in request bodies of OpenAI-, Anthropic-, Gemini-, Cohere- and Bedrock-shaped APIs.
_ROLES: dict[str, tuple[str, ...]] = {
    "model": ("model", "modelId"),
    "messages": ("messages", "contents", "chat_history"),
    "input": ("input", "inputs", "texts", "message", "query"),
    "prompt": ("prompt", "text"),
    "system": ("system", "system_instruction", "instructions", "preamble"),
    "max_tokens": (
        "max_tokens",
        "max_completion_tokens",
        "max_output_tokens",
        "generationConfig.maxOutputTokens",
        "max_new_tokens",
        "inferenceConfig.maxTokens",
    ),
    "temperature": ("temperature", "generationConfig.temperature"),
    "tools": ("tools", "functions"),
    "response_format": ("response_format", "generationConfig.responseMimeType", "text"),
    "stream": ("stream",),
    "n": ("n",),
}


@dataclass(frozen=True, slots=True)
class Exchange:
    """An HTTP request to an LLM API: who bills, what kind, and where its body is."""

    bills: str
    kind: str
    local: bool
    logs_cost: bool
    url: str
    body: tuple[Mapping_, ...]
    opaque: bool


def exchange(r: Resolver, site: CallSite, dotted: str, call: CallSite | None = None) -> Exchange | None:
    """The LLM request that an HTTP call makes, None when it is another one."""
    if not _posts(r, site, dotted):
        return None
    site = _prepared(r, site)
    url = _url(r, site, dotted)
    if call is not None and "://" not in url:
        url = _base_url(r, call) + url
    path = url.split("://", 1)[-1].partition("/")[2].split("?")[0]
    kind = r.surfaces.http_path(f"/{path}")
    host = r.surfaces.host(url) if "://" in url and not url.split("://", 1)[1].startswith("{") else None
    bodies, opaque = _body(r, site)
    if kind is None and not path and host is None:
        kind = _kind_of_body(bodies)
    if kind is None and (host is None or host.bills in ("unknown", "local")):
        return None
    if not _speaks_to_a_model(kind, host is not None, path, bodies, opaque):
        return None
    return Exchange(
        host.bills if host is not None else "unknown",
        kind or "chat",
        host.local if host is not None else False,
        host.logs_cost if host is not None else False,
        url,
        bodies,
        opaque,
    )


def _kind_of_body(bodies: tuple[Mapping_, ...]) -> str | None:
    """A body that only a chat API takes, for a URL that nobody shows."""
    named = {key for body in bodies for key, _ in body.entries}
    if {"model", "document"} <= named:
        return "ocr"
    if {"model", "prompt"} <= named and named & {"size", "quality", "aspect_ratio"}:
        return "image"
    if {"message", "chat_history"} <= named or {"inputs", "parameters"} <= named:
        return "chat"
    return "chat" if "messages" in named and named & _CHAT_KEYS else None


def _speaks_to_a_model(
    kind: str | None, known_host: bool, path: str, bodies: tuple[Mapping_, ...], opaque: bool
) -> bool:
    """Whether path and body are an LLM API's; a path alone is enough only where no other API has it."""
    named = {key for body in bodies for key, _ in body.entries}
    if kind in ("ocr", "image"):
        return bool(named & {"model", "prompt"})
    if kind is None:
        return bool(named & _INPUT_KEYS and named & _PROMPT_KEYS)
    if known_host:
        return True
    is_open = opaque or any(body.open for body in bodies)
    if is_open and not named:
        return f"/{path.rstrip('/')}".endswith(_UNMISTAKABLE)
    if kind == "chat":
        return bool(named & _PROMPT_KEYS - {"prompt"}) or ("model" in named and bool(named & _INPUT_KEYS))
    return bool(named & _INPUT_KEYS)


def _prepared(r: Resolver, site: CallSite) -> CallSite:
    """The call that holds URL and body: ``urlopen(request)`` sends what ``Request(…)`` describes."""
    for value in r.evaluate(site.node.args[0], site.scope) if site.node.args else ():
        if isinstance(value, External) and value.call is not None and value.dotted.endswith(".Request"):
            return value.call
    return site


def _posts(r: Resolver, site: CallSite, dotted: str) -> bool:
    """``request("GET", …)`` and the like ask for nothing that costs."""
    if not dotted.endswith((".request", ".stream")):
        return True
    method = site.node.args[0] if site.node.args else None
    values = r.evaluate(method, site.scope) if method is not None else ()
    return not values or any(not isinstance(v, Const) or str(v.value).upper() == "POST" for v in values)


def _url(r: Resolver, site: CallSite, dotted: str) -> str:
    position = 1 if dotted.endswith((".request", ".stream")) and not dotted.endswith("urllib.request") else 0
    node = next((k.value for k in site.node.keywords if k.arg in ("url", "uri")), None)
    if node is None and position < len(site.node.args):
        node = site.node.args[position]
    if node is None:
        return ""
    return url_text(r, node, site.scope)


def url_text(r: Resolver, node: ast.expr, scope: Scope) -> str:
    """A URL with ``{…}`` for the parts that are not known; an API's URL is preferred."""
    texts = [text for value in r.evaluate(node, scope) if (text := _as_url(r, value))]
    for text in texts:
        if r.surfaces.http_path("/" + text.split("://", 1)[-1].partition("/")[2].split("?")[0]):
            return text
    return texts[0] if texts else ""


def _as_url(r: Resolver, value: object) -> str:
    match value:
        case Const(value=str() as text):
            return text
        case Text(parts=parts):
            return "".join("{" + part.text + "}" if isinstance(part, Hole) else part for part in parts)
        case External(call=site) if (
            site is not None and site.node.args and value.dotted.endswith(("Request", "URL"))
        ):
            return url_text(r, site.node.args[0], site.scope)
    return ""


def _base_url(r: Resolver, call: CallSite) -> str:
    node = next((k.value for k in call.node.keywords if k.arg == "base_url"), None)
    if node is None and call.node.args and folding.text_parts((), call.node.args[0]):
        node = call.node.args[0]
    text = url_text(r, node, call.scope) if node is not None else ""
    return text if "://" in text else ""


def _body(r: Resolver, site: CallSite) -> tuple[tuple[Mapping_, ...], bool]:
    found: list[Mapping_] = []
    opaque = False
    nodes = [k.value for k in site.node.keywords if k.arg in _BODY]
    nodes += [k.value for k in site.node.keywords if k.arg is None]
    nodes += site.node.args[1:3]
    for node in nodes:
        mappings = _mappings(r, node, site)
        found += mappings
        opaque = opaque or not mappings
    return tuple(found), opaque


def _mappings(r: Resolver, node: ast.expr, site: CallSite) -> list[Mapping_]:
    result = []
    for value in r.evaluate(node, site.scope):
        match value:
            case Mapping_():
                inner = value.get("json") or value.get("data")
                result += _mappings(r, inner.node, site) if inner is not None else [value]
            case External(dotted=dotted, call=call) if call is not None:
                if dotted.endswith((".dumps", ".encode")) and call.node.args:
                    result += _mappings(r, call.node.args[0], call)
                elif dotted.endswith(".encode") and isinstance(call.node.func, ast.Attribute):
                    result += _mappings(r, call.node.func.value, call)
    return result


def body_role(r: Resolver, exchange_: Exchange, role: str) -> tuple[Values, bool]:
    """The values of a role in the body, and whether the body may hold it unseen."""
    groups: list[Values] = []
    for body in exchange_.body:
        for path in _ROLES.get(role, ()):
            found = lookup(r, body, tuple(path.split(".")))
            if found is not None:
                groups.append(found)
                break
    is_open = not exchange_.body or any(body.open for body in exchange_.body)
    return tuple(value for group in groups for value in group), is_open


def as_mapping(value: object) -> Mapping_ | None:
    """A dict, or the keyword arguments of a configuration object, by key."""
    match value:
        case Mapping_():
            return value
        case External(call=call) if call is not None and any(k.arg for k in call.node.keywords):
            entries = tuple(
                (k.arg, Ref(k.value, call.scope)) for k in call.node.keywords if k.arg is not None
            )
            return Mapping_(call.node, entries, any(k.arg is None for k in call.node.keywords))
    return None


def lookup(r: Resolver, mapping: Mapping_, path: tuple[str, ...]) -> Values | None:
    """Follow keys through nested dicts and keyword arguments of configuration objects."""
    ref = mapping.get(path[0])
    return _descend(r, ref, path[1:]) if ref is not None else None


def _descend(r: Resolver, ref: Ref, path: tuple[str, ...]) -> Values | None:
    values = r.read(ref)
    if not path:
        return values
    return nested(r, values, path)


def nested(r: Resolver, values: Values, path: tuple[str, ...]) -> Values | None:
    """``config.max_output_tokens`` in a dict or in ``GenerateContentConfig(max_output_tokens=…)``."""
    groups: list[Values] = []
    for value in values:
        found: Values | None = None
        match value:
            case Mapping_():
                found = lookup(r, value, path)
            case External(call=call) | Client(site=call) if call is not None:
                node = next((k.value for k in call.node.keywords if k.arg == path[0]), None)
                found = _descend(r, Ref(node, call.scope), path[1:]) if node is not None else None
        if found is not None:
            groups.append(found)
    return tuple(value for group in groups for value in group) if groups else None


def model_in_url(url: str) -> str | None:
    """Gemini-shaped paths name the model: ``/models/gemini-2.5-flash:generateContent``."""
    _, found, rest = url.partition("/models/")
    name = rest.split(":", 1)[0].split("/", 1)[0]
    return name if found and ":" in rest and name and "{" not in name else None
