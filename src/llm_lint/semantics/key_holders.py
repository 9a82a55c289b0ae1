"""Which places hold keys of LLM providers: parameters of clients, headers of requests, variables by name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from llm_lint.semantics.key_bindings import Bindings, Bound
from llm_lint.semantics.key_formats import KeyTable, stem
from llm_lint.semantics.surfaces import Host, Surfaces

_KEY_NAME = re.compile(
    r"(?:^|_)(?:api_?keys?|apikeys?|api_?tokens?|access_?keys?|access_?tokens?|access_key_id|secret_?keys?|"
    r"auth(?:entication)?_?tokens?|subscription_?keys?|secrets?|tokens?|keys?|credentials?|bearer)$"
)
_NOT_SECRET = re.compile(
    r"public|publishable|telemetry|analytics|posthog|mixpanel|amplitude|segment|sentry|scarf|cache|memory|input|output|"
    r"primary|foreign|partition|sort|hash|checksum|digest|(?:^|_)(?:pad|eos|bos|unk|sep|cls|mask|stop|max|min|id)_"
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_MODEL_WORDS = frozenset({"model", "model_name", "model_id", "engine", "deployment", "api_type", "api_base"})
UNNAMED = "llm"  # a provider that the code does not name
_NO_BILLER = re.compile(r"^by-|^$|^unknown$")


@dataclass(frozen=True, slots=True)
class Holder:
    """A place that expects an LLM provider's key; ``receiver`` is the client or call, "" for a variable."""

    provider: str
    receiver: str = ""


def snake(name: str) -> str:
    """``openaiApiKey`` and ``X-Api-Key`` → ``openai_api_key`` and ``x_api_key``."""
    return re.sub(r"\W+", "_", _CAMEL.sub("_", name)).strip("_").lower()


def is_key_name(name: str) -> bool:
    """Whether a variable, keyword or header is meant for a secret."""
    spelled = snake(name)
    is_secret = _KEY_NAME.search(spelled) is not None or spelled == "authorization"
    return is_secret and _NOT_SECRET.search(spelled) is None


@cache
def _surfaces() -> Surfaces:
    return Surfaces.load()


class Holders:
    """Answers for one file, which knows its imports and the hosts it names."""

    def __init__(self, bindings: Bindings, text: str, table: KeyTable) -> None:
        self._table = table
        self._surfaces = _surfaces()
        self._imports = bindings.imports
        named = (
            literal for literal in bindings.literals if literal.bound.variable and "://" in literal.value
        )
        self._urls = {literal.bound.names[0]: literal.value for literal in named}
        self._is_llm_file = any(map(self._is_sdk, bindings.imports.values())) or any(
            host in text for host in self._surfaces.literal_hosts
        )

    def of(self, bound: Bound) -> Holder | None:
        """The holder that a place is; None when nothing says that it holds an LLM provider's key."""
        if any(host is not None and host.local for host in self._hosts_near(bound)):
            return None
        return self._client(bound) or self._variable(bound) or self._header(bound) or self._settings(bound)

    def is_elsewhere(self, bound: Bound) -> bool:
        """Whether a place names an address, and no LLM provider answers there."""
        hosts = self._hosts_near(bound)
        return bool(hosts) and all(host is None or host.local for host in hosts)

    def of_url(self, url: str) -> Holder | None:
        """The provider whose API a URL with a key in its query calls."""
        host = self._surfaces.host(url)
        return Holder(host.bills) if host is not None and not host.local else None

    def _is_sdk(self, dotted: str) -> bool:
        parts = dotted.split(".")
        return any(".".join(parts[:end]) in self._surfaces.import_names for end in range(1, len(parts) + 1))

    def _hosts_near(self, bound: Bound) -> list[Host | None]:
        """Who answers at the URLs beside a value; None for hosts that no table names."""
        texts = (self._urls.get(text, text) for text in bound.nearby)
        return [self._surfaces.host(text) for text in texts if "://" in text]

    def _client(self, bound: Bound) -> Holder | None:
        """A key parameter of an SDK's client, function or module."""
        root, dot, rest = bound.callee.partition(".")
        callee = self._imports.get(root, root) + dot + rest
        slot = bound.slot if bound.slot is not None else next(iter(bound.names), None)
        if not self._is_sdk(callee):
            return None
        is_key_slot = isinstance(slot, str) and is_key_name(slot)
        for spec in (*self._surfaces.constructor(callee), self._surfaces.function(callee)):
            if spec is None:
                continue
            places = {place for arg in spec.args.get("api_key", ()) for place in (arg.keyword, arg.position)}
            if slot in places - {None} or is_key_slot:
                return Holder(self._biller(spec.bills or "", spec.provider, bound), callee)
        if is_key_slot:
            return Holder(self._biller("", callee.split(".")[0], bound), callee)
        return None

    def _biller(self, bills: str, provider: str, bound: Bound) -> str:
        named = next((host.bills for host in self._hosts_near(bound) if host is not None), "") or bills
        if not _NO_BILLER.match(named):
            return named
        default = self._surfaces.bills(provider)
        return provider if _NO_BILLER.match(default) else default

    def _variable(self, bound: Bound) -> Holder | None:
        """What is named after a provider: ``OPENAI_API_KEY``, ``my_groq_key``, ``{"groq": {"key": …}}``."""
        for depth, name in enumerate(bound.names):
            spelled = snake(name).upper()
            provider = self._table.providers_by_name.get(spelled)
            if provider is None and is_key_name(name):
                provider = self._by_ending(stem(spelled))
            elif provider is None and depth and is_key_name(bound.names[0]):
                provider = self._table.providers_by_stem.get(spelled)
            if provider is not None:
                return Holder(provider)
        return None

    def _by_ending(self, text: str) -> str | None:
        words = text.split("_")
        endings = ("_".join(words[start:]) for start in range(len(words)))
        return next((found for end in endings if (found := self._table.providers_by_stem.get(end))), None)

    def _header(self, bound: Bound) -> Holder | None:
        """A header that carries the key to an LLM API."""
        names = {name.lower() for name in bound.names[:1]}
        if not names & set(self._surfaces.data["http"]["key_headers"]):
            return None
        hosts = self._hosts_near(bound)
        known = next((host.bills for host in hosts if host is not None), None)
        if known is not None:
            return Holder(known)
        return Holder(UNNAMED) if self._is_llm_file and not hosts else None

    def _settings(self, bound: Bound) -> Holder | None:
        """An entry of a model's settings: ``{"model": "gpt-4o", "api_key": "…"}``."""
        if not bound.names or not is_key_name(bound.names[0]) or not _MODEL_WORDS & set(bound.nearby):
            return None
        return Holder(UNNAMED) if self._is_llm_file else None
