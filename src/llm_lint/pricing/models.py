"""Which model a string in code means: the provider that bills it, and the spellings to look it up by.

Strings in code carry routes (``bedrock/…``, ``openai:…``), regions, versions, dates, fine-tune ids and
vendors; the price table knows one spelling each. The provider that the call shows wins over the string.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

# Names that other parts and libraries use for a provider → the price table's name.
PROVIDERS = {
    "ai21": "ai21",
    "anthropic": "anthropic",
    "aws": "aws",
    "aws-bedrock": "aws",
    "azure": "azure",
    "azure_ai": "azure",
    "azure_openai": "azure",
    "baseten": "baseten",
    "bedrock": "aws",
    "bedrock_converse": "aws",
    "cerebras": "cerebras",
    "cloudflare": "cloudflare",
    "cohere": "cohere",
    "cohere_chat": "cohere",
    "dashscope": "dashscope",
    "databricks": "databricks",
    "deepinfra": "deepinfra",
    "deepseek": "deepseek",
    "featherless": "featherless",
    "fireworks": "fireworks",
    "fireworks_ai": "fireworks",
    "friendli": "friendli",
    "gemini": "google",
    "google": "google",
    "google-gemini": "google",
    "google-gla": "google",
    "google-vertex": "google",
    "google_genai": "google",
    "google_vertexai": "google",
    "groq": "groq",
    "hyperbolic": "hyperbolic",
    "jina": "jina",
    "lambda": "lambda",
    "minimax": "minimax",
    "mistral": "mistral",
    "mistralai": "mistral",
    "moonshot": "moonshotai",
    "moonshotai": "moonshotai",
    "nebius": "nebius",
    "novita": "novita",
    "openai": "openai",
    "openrouter": "openrouter",
    "perplexity": "perplexity",
    "pplx": "perplexity",
    "sambanova": "sambanova",
    "together": "together",
    "together_ai": "together",
    "vertex_ai": "google",
    "volcengine": "volcengine",
    "voyage": "voyageai",
    "voyageai": "voyageai",
    "x-ai": "x-ai",
    "xai": "x-ai",
    "zai": "zai",
    "zhipu": "zhipuai",
    "zhipuai": "zhipuai",
}
LOCAL = frozenset(
    {
        "gpt4all",
        "hosted_vllm",
        "llama_cpp",
        "llamacpp",
        "llamafile",
        "lm_studio",
        "lmstudio",
        "local",
        "ollama",
        "ollama_chat",
        "vllm",
        "xinference",
    }
)
# Gateways that pass a maker's list price on.
_GATEWAYS = frozenset({"helicone", "portkey", "unknown", "vercel"})
# Providers whose own ids hold a vendor, so that ``openai/…`` in front is part of the name.
RESELLERS = frozenset(
    {
        "baseten",
        "cerebras",
        "cloudflare",
        "deepinfra",
        "featherless",
        "fireworks",
        "friendli",
        "groq",
        "hyperbolic",
        "nebius",
        "novita",
        "openrouter",
        "sambanova",
        "together",
    }
)
# Vendor folders in the ids of resellers.
VENDOR_FOLDERS = {
    "anthropic": "anthropic",
    "cohere": "cohere",
    "deepseek": "deepseek",
    "google": "google",
    "mistral": "mistralai",
    "openai": "openai",
    "x-ai": "x-ai",
}
_OWNERS = (
    (re.compile(r"^accounts/fireworks/"), "fireworks"),
    (
        re.compile(
            r"^((us|eu|apac|jp|au|ca|global)\.)?(anthropic|amazon|meta|cohere|mistral|ai21|deepseek|openai)\."
        ),
        "aws",
    ),
    (re.compile(r"^claude.*@\d"), "google"),
    (re.compile(r"^claude"), "anthropic"),
    (
        re.compile(
            r"^(ft:)?(gpt-|o[1-5](-|$)|chatgpt|text-embedding-[3a]|text-davinci|davinci|babbage|omni-moder|codex)"
        ),
        "openai",
    ),
    (re.compile(r"^(models/)?(gemini|gemma|text-embedding-00|embedding-00|learnlm)"), "google"),
    (re.compile(r"^(mistral-|open-mi|codestral|ministral|pixtral|magistral|devstral|voxtral)"), "mistral"),
    (re.compile(r"^(command|embed-(english|multilingual|v\d)|c4ai|rerank-)"), "cohere"),
    (re.compile(r"^grok-"), "x-ai"),
    (re.compile(r"^deepseek-(chat|reasoner|coder|v\d)"), "deepseek"),
    (re.compile(r"^voyage-"), "voyageai"),
    (re.compile(r"^sonar"), "perplexity"),
    (re.compile(r"^jamba"), "ai21"),
    (re.compile(r"^qwen-(plus|turbo|max|flash|coder)|^qwen3-max"), "dashscope"),
    (re.compile(r"^moonshot-|^kimi-"), "moonshotai"),
    (re.compile(r"^glm-"), "zai"),
)
_ROUTE = re.compile(r"^([a-z0-9_\-]+)[/:](.+)$", re.S)
_BEDROCK_PATH = re.compile(r"^(converse|invoke|converse_like|[a-z]{2}-[a-z]+-\d)/")
_REGION = re.compile(r"^(us-gov|us|eu|apac|ap|jp|au|ca|in|global)\.")
_VENDOR_DOT = re.compile(r"^(anthropic|amazon|meta|cohere|mistral|ai21|deepseek|openai)\.")
_FINE_TUNE = re.compile(r"^ft:([^:]+)(:.*)?$")
_DATE = re.compile(r"[-_@](20\d{2}-?[01]\d-?[0-3]\d|\d{2}-20\d{2})")


@dataclass(frozen=True, slots=True)
class Route:
    """Where to look a model up: ``exact`` spellings first, then ``loose`` ones, which may be another version.

    ``provider`` is the price table's name, or None when nothing tells who bills. ``prefix`` is the route
    that the code writes in front (``openai/``), to be kept when another model is proposed. ``reason``
    says why even an exact hit is an assumption.
    """

    provider: str | None
    exact: tuple[str, ...]
    loose: tuple[str, ...] = ()
    prefix: str = ""
    local: bool = False
    reason: str | None = None


def resolve(model: str, hint: str | None = None) -> Route:
    """Read a model string as code writes it; ``hint`` is the provider that the call shows, if it does."""
    text = model.strip()
    if hint in LOCAL:
        return Route(None, (text,), local=True)
    told = hint if hint and not hint.startswith("by-") else None
    provider = PROVIDERS.get(told, told) if told and told not in _GATEWAYS else None
    text, prefix, routed = _strip_routes(text, provider)
    if routed in LOCAL:
        return Route(None, (text,), local=True)
    name = text.lower()
    assumed = None
    if routed is not None and (provider is None or provider in PROVIDERS.values()):
        provider = routed
    elif provider is None and (provider := owner(name)) is not None and told is not None:
        assumed = f"the provider is taken to be {provider}, by the model's name"
    if provider == "azure":
        assumed = "the deployment is taken to run the model that it is named after"
    tuned = _FINE_TUNE.match(name)
    if tuned is not None:
        return _fine_tuned(tuned.group(1), name, provider, prefix)
    exact, loose = _spellings(name, provider)
    return Route(provider, exact, loose, prefix, reason=assumed)


def owner(name: str) -> str | None:
    """Who sells a bare, lower-case model name; None when several do or nobody known does."""
    return next((provider for pattern, provider in _OWNERS if pattern.search(name)), None)


def bare(name: str) -> str:
    """A model's name without region, vendor, folder: what its maker calls it."""
    name = name.lower().removeprefix("regional.")
    name = _VENDOR_DOT.sub("", _REGION.sub("", name))
    return name.rsplit("/", 1)[-1].removesuffix(":free")


def _strip_routes(text: str, provider: str | None) -> tuple[str, str, str | None]:
    """The model without its route, the route, and the provider that the route names."""
    prefix, routed = "", None
    while (found := _ROUTE.match(text)) is not None:
        head, rest = found.group(1).lower(), found.group(2)
        target = "local" if head in LOCAL else PROVIDERS.get(head)
        host = routed or provider
        if head != "models":
            if target is None or (host is not None and host in RESELLERS and target != host):
                break
            routed = target
        prefix, text = prefix + text[: -len(rest)], rest
    if (routed or provider) == "aws":
        while (path := _BEDROCK_PATH.match(text)) is not None:
            prefix, text = prefix + path.group(0), text[path.end() :]
    return text, prefix, routed


def _fine_tuned(base: str, name: str, provider: str | None, prefix: str) -> Route:
    exact = (name, f"ft:{base}", f"ft:{_DATE.sub('', base)}")
    return Route(
        provider or "openai",
        tuple(dict.fromkeys(exact)),
        tuple(dict.fromkeys((base, _DATE.sub("", base)))),
        prefix,
        reason="a fine-tuned model is priced as its base, though tuned ones cost 1.5 to 6 times as much",
    )


# --------------------------------------------------------------------------- spellings

Step = Callable[[str], str]


def _claude_dots(name: str) -> str:
    return re.sub(r"(\d)\.(\d)", r"\1-\2", name) if "claude" in name else name


def _claude_dashes(name: str) -> str:
    return re.sub(r"-(\d)-(\d)(?=-|$)", r"-\1.\2", name) if "claude" in name else name


_EXACT: tuple[Step, ...] = (
    lambda name: name.replace("@", "-"),
    _claude_dots,
    _claude_dashes,
    lambda name: re.sub(r"(-v\d+)?:\d+(:\w+)?$", "", name),
    lambda name: re.sub(r"^models/", "", name),
)
_LOOSE: tuple[Step, ...] = (
    lambda name: _REGION.sub("", name),
    lambda name: _VENDOR_DOT.sub("", name),
    lambda name: _DATE.sub("", name),
    lambda name: re.sub(r"-preview-\d\d-\d\d$", "", name),
    lambda name: re.sub(r"-(latest|exp|preview|beta|\d{4}|00\d)$", "", name),
)


def _spellings(name: str, provider: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    exact = _vary([name], _EXACT)
    if provider == "openrouter" and "/" not in name and (vendor := owner(name)) in VENDOR_FOLDERS:
        exact = [*exact, *(f"{VENDOR_FOLDERS[vendor]}/{spelling}" for spelling in exact)]
    if provider == "fireworks":
        exact = [*exact, *(spelling.rsplit("/", 1)[-1] for spelling in exact)]
    loose = _vary(exact, _LOOSE)
    if provider == "mistral":
        loose += [f"{spelling}-latest" for spelling in loose if not spelling.endswith("-latest")]
    known = dict.fromkeys(exact)
    return tuple(known), tuple(spelling for spelling in dict.fromkeys(loose) if spelling not in known)


def _vary(names: list[str], steps: tuple[Step, ...]) -> list[str]:
    """The names with every combination of steps, fewest first."""
    found = list(dict.fromkeys(names))
    for step in steps:
        found += [new for name in list(found) if (new := step(name)) and new not in found]
    return found
