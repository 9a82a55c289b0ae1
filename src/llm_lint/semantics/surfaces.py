"""The compiled knowledge of ``rules/``: which names construct clients, issue requests, track or cache.

The tables are data; nothing here names an SDK beyond the few spellings that no table can say.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from llm_lint.errors import LlmLintError
from llm_lint.resources import rules_directory


@dataclass(frozen=True, slots=True)
class Arg:
    """Where a role lives in a call: a keyword, perhaps also a position, perhaps inside a nested value."""

    keyword: str
    position: int | None = None
    path: tuple[str, ...] = ()


Args = Mapping[str, tuple[Arg, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class CallSpec:
    """One call of an SDK or framework.

    ``kind`` is chat, completion, embedding, …; ``stream`` never, argument or always; ``requests`` one,
    per-item or many; ``list_input`` the role that takes a list, ``list_limit`` its longest length,
    ``list_safe`` the longest that is within the limits on tokens whatever the texts;
    ``returns`` the receiver of the object that the call gives back; ``hosted_only`` says that a local
    model behind it makes the call free of any request, ``known_model`` that it is one only with a model.
    """

    provider: str
    receiver: str | None
    path: str
    kind: str
    billed: bool
    stream: str
    is_async: bool
    args: Args
    defaults: Mapping[str, Any]
    list_input: str | None = None
    list_limit: int | None = None
    list_safe: int | None = None
    requests: str = "one"
    structured: bool = False
    context_manager: bool = False
    self_cached: bool = False
    returns: str | None = None
    default_model: str | None = None
    bills: str | None = None
    hosted_only: bool = False
    known_model: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Constructor:
    """What makes a client, model or agent object."""

    provider: str
    receiver: str
    names: tuple[str, ...]
    is_async: bool
    bills: str
    args: Args
    defaults: Mapping[str, Any]
    when: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Receiver:
    """How an object behaves: which methods give an equal object, which attributes change nothing.

    ``parts`` are attributes that hold an object of another kind, ``collects`` methods that take in models.
    """

    provider: str
    name: str
    derive: frozenset[str] = frozenset()
    transparent: frozenset[str] = frozenset()
    pipe: bool = False
    modules: tuple[str, ...] = ()
    same_as: str | None = None
    parts: frozenset[str] = frozenset()
    collects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GlobalModel:
    """``Settings.llm = …`` or ``dspy.configure(lm=…)``; ``fallback`` is what is made when nobody says."""

    name: str
    key: str
    is_call: bool
    fallback: str | None


@dataclass(frozen=True, slots=True)
class Host:
    """Who answers at a host."""

    bills: str
    local: bool
    logs_cost: bool


@dataclass(frozen=True, slots=True)
class Tracker:
    """What records cost or usage, and how far it reaches."""

    id: str
    effect: str
    scope: str


@dataclass(frozen=True, slots=True)
class Cache:
    """What answers repeated requests."""

    id: str
    how: str

    @property
    def is_response_cache(self) -> bool:
        """Whether it keeps answers, not clients or connections."""
        return self.how in ("decorator", "wrapper", "object", "global")


_RUNNABLE = ("langchain", "runnable")  # what `|` makes of LangChain objects
_LOCAL_HOST = re.compile(
    r"^(localhost|127\.|0\.0\.0\.0|\[?::1|host\.docker\.internal|192\.168\.|10\.\d)", re.I
)
_MODEL_BILLERS = (
    (
        re.compile(
            r"^(openai[:/])?(gpt-|o[1345](-|$)|chatgpt|text-embedding-|text-davinci|dall-e|whisper|tts-)"
        ),
        "openai",
    ),
    (re.compile(r"^(anthropic[:/])?claude"), "anthropic"),
    (re.compile(r"^((google|gemini|google-gla|google_genai)[:/])?(models/)?(gemini|gemma)"), "google-gemini"),
    (re.compile(r"^(ollama|ollama_chat|lm_studio|llamafile|vllm|hosted_vllm|local)[:/]"), "local"),
    (re.compile(r"^(vertex_ai|google-vertex|google_vertexai)[:/]"), "google-vertex"),
    (
        re.compile(
            r"^(bedrock|bedrock_converse)[:/]|^(us\.|eu\.|apac\.)?(anthropic|amazon|meta|cohere|mistral)\."
        ),
        "aws-bedrock",
    ),
    (re.compile(r"^(azure|azure_ai|azure_openai)[:/]"), "azure"),
    (re.compile(r"^(mistral(ai)?[:/]|mistral-|codestral|ministral|pixtral|open-mi)"), "mistral"),
    (re.compile(r"^(cohere(_chat)?[:/]|command-|embed-(english|multilingual))"), "cohere"),
    (re.compile(r"^(xai[:/]|grok-)"), "xai"),
    (re.compile(r"^deepseek([:/]|-)"), "deepseek"),
    (re.compile(r"^voyage([:/]|-)"), "voyage"),
)
_ROUTED = re.compile(
    r"^(groq|together(_ai)?|fireworks(_ai)?|openrouter|perplexity|replicate|huggingface|cerebras)[:/]"
)
_IMPORT_ROOTS_OF_EFFECTS = ("langchain", "litellm", "openai", "anthropic")


@dataclass(frozen=True)
class Surfaces:
    """All tables, indexed by the names that code uses."""

    data: Mapping[str, Any]
    extra: tuple[tuple[str, CallSpec], ...] = ()
    inserted: Mapping[str, str] = field(default_factory=dict)
    _constructors: dict[str, list[Constructor]] = field(default_factory=dict)

    @classmethod
    def load(
        cls, extra_calls: Iterable[Mapping[str, Any]] = (), inserted: Mapping[str, str] | None = None
    ) -> Surfaces:
        """Read the compiled tables; ``extra_calls`` are ``[[tool.llm-lint.calls]]`` entries.

        ``inserted`` are the functions that fixes insert, dotted name to ``track`` or ``cached``.
        Raises LlmLintError for an entry with unknown keys or without a name.
        """
        data = json.loads((rules_directory() / "surfaces.json").read_text(encoding="utf-8"))
        return cls(data, tuple(_user_call(entry) for entry in extra_calls), inserted or {})

    # ------------------------------------------------------------------ clients and calls

    @cached_property
    def _calls(self) -> list[CallSpec]:
        return [_call_spec(entry) for entry in self.data["calls"]]

    @cached_property
    def _by_name(self) -> dict[str, list[Constructor]]:
        found: dict[str, list[Constructor]] = defaultdict(list)
        for entry in self.data["constructors"]:
            constructor = _constructor(entry)
            for name in constructor.names:
                found[name].append(constructor)
        return found

    @cached_property
    def _by_tail(self) -> dict[tuple[str, str], list[Constructor]]:
        """By import name and last name, for deeper spellings: ``openai._client.OpenAI``."""
        found: dict[tuple[str, str], list[Constructor]] = defaultdict(list)
        for name, constructors in self._by_name.items():
            for root in self._import_names_of(name):
                found[root, name.rsplit(".", 1)[-1]] += constructors
        return found

    def _import_names_of(self, dotted: str) -> list[str]:
        """The SDK import names that a dotted name starts with, longest first."""
        parts = dotted.split(".")
        prefixes = [".".join(parts[:count]) for count in range(len(parts) - 1, 0, -1)]
        return [prefix for prefix in prefixes if prefix in self.import_names]

    @cached_property
    def _user_functions(self) -> dict[str, CallSpec]:
        return dict(self.extra)

    def constructor(self, dotted: str) -> tuple[Constructor, ...]:
        """The ways in which calling ``dotted`` makes an object; empty for anything else."""
        dotted = self._without_tracker(dotted)
        exact = self._by_name.get(dotted)
        if exact is not None:
            return tuple(exact)
        owner, _, tail = dotted.rpartition(".")
        if not tail[:1].isupper():
            return self.constructor(owner) if _makes(owner, tail) else ()
        roots = self._import_names_of(dotted)
        return tuple(self._by_tail.get((roots[0], tail), ())[:1]) if roots else ()

    def function(self, dotted: str) -> CallSpec | None:
        """A plain function that is (or prepares) a request."""
        user = self._user_functions.get(dotted)
        if user is not None:
            return user
        dotted = self._without_tracker(dotted)
        number: int | None = self.data["functions"].get(dotted)
        if number is None:
            number = self._functions_by_tail.get(_class_tail(dotted))
        return self._calls[number] if number is not None else self._class_method(dotted)

    def configured(self, dotted: str) -> CallSpec | None:
        """The configured gateway that a function of the project is, by the end of its dotted name."""
        for name, spec in self._user_functions.items():
            if dotted == name or dotted.endswith(f".{name}"):
                return spec
        return None

    def _class_method(self, dotted: str) -> CallSpec | None:
        """A request that a class issues to make an object of itself: ``FAISS.from_documents``."""
        owner, _, name = dotted.rpartition(".")
        if not owner.rpartition(".")[2][:1].isupper():
            return None
        for made in self.constructor(owner):
            spec = self.method(made.provider, made.receiver, name)
            if spec is not None and spec.returns == made.receiver:
                return spec
        return None

    @cached_property
    def _functions_by_tail(self) -> dict[tuple[str, str], int]:
        """Calls on a class by top-level package and last names, for deeper spellings of the class."""
        return {_class_tail(name): number for name, number in self.data["functions"].items()}

    def decorator(self, dotted: str) -> CallSpec | None:
        """A decorator that turns a function into a request."""
        number: int | None = self.data["decorators"].get(dotted)
        return self._calls[number] if number is not None else None

    def method(self, provider: str, receiver: str, path: str) -> CallSpec | None:
        """The call that a path on an object is."""
        name = self._same(f"{provider}.{receiver}")
        for kind in (name, *self._siblings.get(f"{provider}.{receiver}", ())):
            number: int | None = self.data["methods"].get(kind, {}).get(path)
            if number is not None:
                return self._calls[number]
        made = self.data["attributes"].get(name, {}).get(path)
        return _session(provider, made) if made is not None else None

    def has_list_sibling(self, spec: CallSpec) -> bool:
        """Whether another method of the same object does for a list what this one does for one text."""
        return any(
            other.list_input is not None
            and (other.provider, other.receiver, other.kind) == (spec.provider, spec.receiver, spec.kind)
            for other in self._calls
        )

    @cached_property
    def _siblings(self) -> dict[str, tuple[str, ...]]:
        """Receivers made by the same class in other versions of an SDK."""
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for constructors in self._by_name.values():
            kinds = [f"{c.provider}.{c.receiver}" for c in constructors]
            for kind in kinds[:1]:
                found[kind].update(dict.fromkeys(other for other in kinds if other != kind))
        return {kind: tuple(others) for kind, others in found.items() if others}

    @cached_property
    def call_names(self) -> frozenset[str]:
        """The last names of all calls and attributes in the tables."""
        data = self.data
        paths = {
            path for group in (*data["methods"].values(), *data["attributes"].values()) for path in group
        }
        paths |= {*data["functions"], *data["decorators"], *self.http_functions, *self._user_functions}
        for receiver in self._receivers.values():
            paths |= receiver.derive | receiver.transparent
        return frozenset(path.rsplit(".", 1)[-1] for path in paths)

    @cached_property
    def sessions(self) -> frozenset[str]:
        """``provider.receiver`` of objects that carry a conversation from request to request."""
        made = {
            f"{c.provider}.{c.returns}" if "." not in c.returns else c.returns
            for c in self._calls
            if c.returns
        }
        made |= {name for group in self.data["attributes"].values() for name in group.values()}
        talks = ("chat", "conversation", "chat_engine", "session", "thread")
        return frozenset(name for name in made if name.rpartition(".")[2] in talks)

    def attribute(self, provider: str, receiver: str, path: str) -> tuple[str, str] | None:
        """An attribute that is an object of another kind: cohere's ``client.v2``."""
        made = self.data["attributes"].get(f"{provider}.{receiver}", {}).get(path)
        if made is None:
            return None
        owner, _, name = made.rpartition(".")
        return owner, name

    @cached_property
    def _twins(self) -> dict[str, str]:
        return {}

    def _same(self, name: str) -> str:
        """The kind whose methods an object has."""
        if name not in self._twins:
            self._twins[name] = self._find_same(name)
        return self._twins[name]

    def _find_same(self, name: str) -> str:
        same = self.data["receivers"].get(name, {}).get("same_as")
        if same is not None and name not in self.data["methods"]:
            return f"{name.rpartition('.')[0]}.{same}"
        for other, facts in self.data["receivers"].items():
            if facts.get("same_as") == name.rpartition(".")[2] and name not in self.data["methods"]:
                if other.rpartition(".")[0] == name.rpartition(".")[0]:
                    return str(other)
        return name

    @cached_property
    def _receivers(self) -> dict[str, Receiver]:
        return {
            key: Receiver(
                key.rpartition(".")[0],
                key.rpartition(".")[2],
                frozenset(facts["derive"]),
                frozenset(facts["transparent"]),
                facts["pipe"],
                tuple(facts["modules"]),
                facts["same_as"],
                frozenset(facts["parts"]),
                tuple(facts["collects"]),
            )
            for key, facts in self.data["receivers"].items()
        }

    def receiver(self, provider: str, name: str) -> Receiver:
        """How objects of a kind behave."""
        return self._receivers.get(f"{provider}.{name}") or Receiver(provider, name)

    def pipe_of(self, provider: str, receiver: str) -> tuple[str, str] | None:
        """What ``|`` makes of an object, None when it does not pipe."""
        return _RUNNABLE if self.receiver(provider, receiver).pipe else None

    def opens_pipe(self, dotted: str) -> tuple[str, str] | None:
        """What ``prompt | …`` makes of a prompt that a table names, None for anything else."""
        root, tail = dotted.split(".", 1)[0], _class_tail(dotted)[1].split(".", 1)[0]
        heads = self.data["pipe_heads"]
        return _RUNNABLE if root.split("_", 1)[0] == "langchain" and {tail, dotted} & set(heads) else None

    @cached_property
    def _module_clients(self) -> list[tuple[str, str, str]]:
        return [(module, r.provider, r.name) for r in self._receivers.values() for module in r.modules]

    def module_receiver(self, dotted: str) -> tuple[str, str, str] | None:
        """``openai.chat.completions.create`` → ``("openai", "client", "chat.completions.create")``."""
        dotted = self._without_tracker(dotted)
        for module, provider, receiver in self._module_clients:
            if dotted.startswith(f"{module}."):
                path = dotted[len(module) + 1 :]
                if self.method(provider, receiver, path) is not None:
                    return provider, receiver, path
        return None

    def bills(self, provider: str) -> str:
        """Who bills the requests of a table by default."""
        return str(self.data["providers"].get(provider, {}).get("bills", ""))

    def global_models(self, provider: str, kind: str) -> tuple[GlobalModel, ...]:
        """Where a framework is told once which model all of its objects use, for requests of a kind."""
        wanted = "embed_model" if kind == "embedding" else "llm"
        entries = self.data["providers"].get(provider, {}).get("globals", ())
        return tuple(
            GlobalModel(e["name"], e["key"], e["is_call"], e.get("fallback"))
            for e in entries
            if e["role"] == wanted
        )

    def batch_discount(self, provider: str) -> float | None:
        """The share a provider's Batch API takes off, None without one."""
        found = self.data["providers"].get(provider, {}).get("batch_discount")
        return float(found) if found is not None else None

    def biller_of_model(self, model: str) -> str:
        """Who bills a model string that carries its provider: ``groq/llama-3.3-70b``."""
        routed = _ROUTED.match(model)
        if routed is not None:
            return {"together_ai": "together", "fireworks_ai": "fireworks"}.get(routed[1], routed[1])
        return next((bills for pattern, bills in _MODEL_BILLERS if pattern.match(model)), "unknown")

    # ------------------------------------------------------------------ HTTP

    @cached_property
    def http_functions(self) -> frozenset[str]:
        """Functions and methods that send an HTTP request."""
        names = set(self.data["http"]["functions"])
        names |= {
            f"{name.rpartition('.')[0]}.{verb}"
            for name in names
            for verb in ("post",)
            if name.endswith(".post")
        }
        names |= {name.replace("requests.Session", "requests.sessions.Session") for name in names}
        names |= {name.replace("requests.Session", "requests.session") for name in names}
        return frozenset(names)

    @cached_property
    def _hosts(self) -> list[tuple[str, Host]]:
        return [(h["host"], Host(h["bills"], h["local"], h["logs_cost"])) for h in self.data["http"]["hosts"]]

    def host(self, url: str) -> Host | None:
        """Who answers at a URL's host; None for hosts that no table names."""
        name = url.split("://", 1)[-1].split("/", 1)[0].split("@")[-1].lower()
        bare = name.split(":", 1)[0]
        if _LOCAL_HOST.match(bare) and not name.endswith(":4000"):
            return Host("local", True, False)
        for pattern, host in self._hosts:
            if bare == pattern or (
                "*" in pattern and re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), bare)
            ):
                return host
        return None

    @cached_property
    def _paths(self) -> list[tuple[re.Pattern[str], str]]:
        suffixes = sorted(self.data["http"]["paths"].items(), key=lambda item: -len(item[0]))
        return [
            (re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(suffix)) + "$"), kind)
            for suffix, kind in suffixes
        ]

    def http_path(self, path: str) -> str | None:
        """The kind of request that an API path takes, None for other paths."""
        path = path.rstrip("/")
        return next((kind for pattern, kind in self._paths if pattern.search(path)), None)

    # ------------------------------------------------------------------ trackers and caches

    @cached_property
    def trackers(self) -> dict[str, Tracker]:
        """What tracks, by dotted name."""
        known = {
            name: Tracker(t["id"], t["effect"], t["scope"])
            for t in self.data["tracking"]["trackers"]
            for name in t.get("names", ())
        }
        ours = {name: Tracker("runtime", "cost", "client") for name in self._inserted_as("track")}
        return {**known, **ours}

    def _inserted_as(self, role: str) -> Iterator[str]:
        return (dotted for dotted, inserted in self.inserted.items() if inserted == role)

    def insertion(self, dotted: str) -> str | None:
        """The configured name of a function that fixes insert, for the dotted name of that function.

        Files below a source root have names that begin with the folders above them.
        """
        return next((name for name in self.inserted if f".{dotted}".endswith(f".{name}")), None)

    def is_trackable(self, constructor: Constructor) -> bool:
        """Whether the runtime's ``track`` finds the HTTP client inside what this makes."""
        return not self._trackable.isdisjoint(constructor.names)

    @cached_property
    def trackable_sdks(self) -> frozenset[str]:
        """SDKs whose plain functions send through an HTTP client that the runtime hooks."""
        return frozenset(self.data["tracking"]["trackable_sdks"])

    @cached_property
    def _trackable(self) -> frozenset[str]:
        return frozenset(self.data["tracking"]["trackable"])

    @cached_property
    def tracker_modules(self) -> tuple[str, ...]:
        """Modules that re-export an SDK with tracking: ``langfuse.openai``."""
        return tuple(module for t in self.data["tracking"]["trackers"] for module in t.get("modules", ()))

    @cached_property
    def _tracker_roots(self) -> frozenset[str]:
        return frozenset(module.partition(".")[0] for module in self.tracker_modules)

    def tracked_module(self, dotted: str) -> str | None:
        """The tracking drop-in that a name comes from."""
        if dotted.partition(".")[0] not in self._tracker_roots:
            return None
        return next((m for m in self.tracker_modules if dotted.startswith(f"{m}.")), None)

    def _without_tracker(self, dotted: str) -> str:
        """``langfuse.openai.OpenAI`` is ``openai.OpenAI``."""
        module = self.tracked_module(dotted)
        if module is None:
            return dotted
        sdk = module.rsplit(".", 1)[-1]
        rest = dotted[len(module) + 1 :]
        return rest if rest == sdk or rest.startswith(f"{sdk}.") else f"{sdk}.{rest}"

    @cached_property
    def usage_attributes(self) -> frozenset[str]:
        """Attributes and keys whose reading means that usage is looked at."""
        tracking = self.data["tracking"]
        return frozenset((*tracking["attributes"], *(m for m in tracking["methods"] if m != "usage")))

    @cached_property
    def caches(self) -> dict[str, Cache]:
        """What caches, by dotted name."""
        known = {
            name: Cache(c["id"], c["how"])
            for c in self.data["caching"]["caches"]
            for name in c.get("names", ())
        }
        return {**known, **{name: Cache("runtime", "decorator") for name in self._inserted_as("cached")}}

    @cached_property
    def effect_roots(self) -> frozenset[str]:
        """Top-level packages that can switch tracking or caching on for the process."""
        names = [name for name, t in self.trackers.items() if t.scope == "process"]
        names += [name for name, cache in self.caches.items() if cache.how == "global"]
        return frozenset(name.split(".")[0] for name in names) | frozenset(_IMPORT_ROOTS_OF_EFFECTS)

    # ------------------------------------------------------------------ which files matter

    @cached_property
    def import_names(self) -> frozenset[str]:
        """Dotted import names of every SDK and framework (``google.genai``)."""
        names = {name for p in self.data["providers"].values() for name in p["imports"]}
        names |= {name.split(".")[0] for name, _ in self.extra}
        names |= {"langfuse.openai", "posthog.ai", "gptcache", "langchain_experimental"}
        return frozenset(names)

    @cached_property
    def roots(self) -> frozenset[str]:
        """Top-level names that stay external although a file of the project may be called so."""
        return frozenset(name.split(".")[0] for name in self.import_names)

    @cached_property
    def literal_hosts(self) -> tuple[str, ...]:
        """The host names that make a file worth reading even without an SDK import."""
        return tuple(
            host.strip("*.")
            for host, facts in self._hosts
            if not facts.local and "." in host and len(host) > 6
        )


def _call_spec(entry: Mapping[str, Any]) -> CallSpec:
    return CallSpec(
        entry["provider"],
        entry["receiver"],
        entry["path"],
        entry["kind"],
        entry.get("billed", True),
        entry.get("stream", "never"),
        entry["async"],
        _args(entry["args"]),
        entry["defaults"],
        entry.get("list_input"),
        entry.get("list_limit"),
        entry.get("list_safe"),
        entry.get("requests", "one"),
        entry.get("structured", False),
        entry.get("context_manager", False),
        entry.get("self_cached", False),
        entry.get("returns"),
        entry.get("default_model") if _is_plain(entry.get("default_model")) else None,
        entry.get("bills"),
        entry.get("hosted_only", False),
        entry.get("known_model", False),
    )


_MAKERS = re.compile(r"^(from_|load_|create(_|$)|build(_|$)|connect(_|$)|load$|get_or_create)")


def _makes(owner: str, method: str) -> bool:
    """Whether a class method makes an object of its class: ``FAISS.load_local``."""
    return owner.rpartition(".")[2][:1].isupper() and _MAKERS.match(method) is not None


def _class_tail(dotted: str) -> tuple[str, str]:
    """Package and the name from its class on: ``("llama_index", "VectorStoreIndex.from_documents")``."""
    parts = dotted.split(".")
    first = next((n for n, part in enumerate(parts) if n and part[:1].isupper()), None)
    return (parts[0], ".".join(parts[first:])) if first is not None else ("", dotted)


def _is_plain(model: object) -> bool:
    return isinstance(model, str) and " " not in model


def _constructor(entry: Mapping[str, Any]) -> Constructor:
    return Constructor(
        entry["provider"],
        entry["receiver"],
        tuple(entry["names"]),
        entry["async"],
        entry["bills"],
        _args(entry["args"]),
        entry["defaults"],
        entry["when"],
    )


def _args(entry: Mapping[str, list[list[Any]]]) -> Args:
    return {
        role: tuple(Arg(place[0], place[1], tuple(place[2:])) for place in places)
        for role, places in entry.items()
    }


def _session(provider: str, made: str) -> CallSpec:
    return CallSpec(provider, None, "", "session", False, "never", False, {}, {}, returns=made)


_USER_KEYS = frozenset({"name", "kind", "provider", "model", "args", "list-input", "async", "billed"})


def _user_call(entry: Mapping[str, Any]) -> tuple[str, CallSpec]:
    """An in-house gateway from the configuration: ``{name = "myco.llm.ask", provider = "openai"}``."""
    import difflib

    for key in entry:
        if key not in _USER_KEYS:
            close = difflib.get_close_matches(key, _USER_KEYS, 1)
            raise LlmLintError(
                f"unknown key `{key}` in [[tool.llm-lint.calls]]",
                f"did you mean `{close[0]}`?" if close else None,
            )
    if not isinstance(entry.get("name"), str):
        raise LlmLintError(
            "an entry of [[tool.llm-lint.calls]] needs `name`, a dotted name such as `myco.llm.ask`"
        )
    args = {
        role: (Arg(str(place)),) if isinstance(place, str) else (Arg("", int(place)),)
        for role, place in dict(entry.get("args", {})).items()
    }
    spec = CallSpec(
        "configured", None, "", entry.get("kind", "chat"), entry.get("billed", True), "argument",
        entry.get("async", False), args, {}, entry.get("list-input"),
        default_model=entry.get("model"), bills=entry.get("provider"),
    )  # fmt: skip
    return entry["name"], spec
