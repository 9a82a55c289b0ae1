"""From request sites to requests: everything known about each, as plain data."""

from __future__ import annotations

import ast
import re
from collections import Counter
from typing import Literal

from llm_lint.model import (
    ABSENT,
    UNKNOWN,
    Absent,
    Gateway,
    Known,
    Loop,
    Made,
    Request,
    Span,
    Step,
    Unknown,
    Value,
    main_loop,
)
from llm_lint.semantics import http, prompts, repetition, tasks
from llm_lint.semantics.arguments import Arguments
from llm_lint.semantics.calls import CallGraph, Issue
from llm_lint.semantics.entry import EntryPoints, excluded
from llm_lint.semantics.evidence import Protection
from llm_lint.semantics.history import Histories
from llm_lint.semantics.index import CallSite, Scope
from llm_lint.semantics.list_inputs import ListInputs
from llm_lint.semantics.loops import Loops, step
from llm_lint.semantics.passages import Passage
from llm_lint.semantics.values import Client, External, Instance

ROLES = (
    "max_tokens",
    "temperature",
    "top_p",
    "n",
    "tools",
    "response_format",
    "reasoning",
    "stream",
    "seed",
    "service_tier",
    "dimensions",
    "logprobs",
    "cache",
)
# Kinds that the contract names; the tables know finer ones.
_LIMITED = frozenset({"openai", "azure"})  # others behind the same SDK have other limits
_KINDS = {
    "classify": "chat",
    "agent": "agent",
    "speech": "audio",
    "transcription": "audio",
    "realtime": "audio",
    "ocr": "chat",
    "search": "embedding",
    "retrieval": "embedding",
}
# What a model's name says of its kind, for endpoints that serve all kinds.
_MODEL_KINDS = (
    (re.compile(r"embed|titan-e|(^|/)(bge|e5|gte)-", re.I), "embedding"),
    (re.compile(r"rerank", re.I), "rerank"),
    (
        re.compile(r"diffusion|sdxl|flux|dall-?e|imagen|nova-canvas|(^|[/-])image|recraft|ideogram", re.I),
        "image",
    ),
    (re.compile(r"whisper|musicgen|bark|(^|[/-])tts|speech|voice|xtts", re.I), "audio"),
    (re.compile(r"video|nova-reel|(^|[/-])(veo|sora|kling|ray)", re.I), "video"),
)


class Assembler:
    """Builds the requests and gateways of one call graph."""

    def __init__(self, graph: CallGraph) -> None:
        self.graph = graph
        self.histories = Histories(graph)
        self.protection = Protection(graph)
        self.entries = EntryPoints(graph)
        self.loops = Loops(graph)
        self.list_inputs = ListInputs(graph)
        self._ordinals: Counter[tuple[str, str]] = Counter()

    def requests(self) -> list[Request]:
        """Every request of the project, in file order."""
        sites = sorted(self.graph.issues, key=lambda s: (s.module.filename, s.node.lineno, s.node.col_offset))
        built = [self._request(site, self._choose(self.graph.issues[site])) for site in sites]
        return [request for request in built if request is not None]

    def gateways(self, requests: list[Request]) -> list[Gateway]:
        """The functions that issue requests for callers elsewhere."""
        keys = {(r.span.filename, r.span.start.row, r.span.start.column): r.key for r in requests}
        found: list[Gateway] = []
        for function, sites in self.graph.gateways().items():
            edges = self.graph.edges.get(function, [])
            if not edges or function.kind == "module":
                continue
            spans = [site.module.source.span(site.node) for site in sites]
            reached = sorted(
                {keys[k] for s in spans if (k := (s.filename, s.start.row, s.start.column)) in keys}
            )
            if reached:
                callers = tuple(step(edge) for edge in edges)
                found.append(Gateway(function.qualname, self._definition(function), tuple(reached), callers))
        return sorted(found, key=lambda gateway: (gateway.span, gateway.function))

    def _choose(self, issues: tuple[Issue, ...]) -> Issue:
        """Alternatives are one request at a time: a billed one stands for them."""
        if len(issues) == 1:
            return issues[0]
        billed = [i for i in issues if not self._provider(Arguments(self.graph.resolver, i))[1]]
        fitting = [i for i in billed if _is_async(i) == _runs_async(i)]
        return (fitting or billed or list(issues))[0]

    def _request(self, site: CallSite, issue: Issue) -> Request | None:
        arguments = Arguments(self.graph.resolver, issue)
        kind = self._kind(arguments)
        billed = issue.spec.billed if issue.spec is not None else True
        provider, local = self._provider(arguments)
        if not self._is_request(arguments, local):
            return None
        function = site.scope.function
        history = self.histories.of(arguments)
        gathered = prompts.gather(arguments)
        prompt = prompts.summarise(gathered)
        loops = self.loops.of(site, issue.form, history == "growing")
        passages = list(self.loops.passages.to(function))
        task = tasks.judge(arguments, gathered, prompt.static_text, history)
        span = site.module.source.span(site.node)
        return Request(
            key=self._key(site),
            span=span,
            statement=site.module.source.span(_header(site.statement)),
            callee=issue.callee,
            sdk=issue.spec.provider if issue.spec is not None else "http",
            provider=provider,
            kind=kind,
            model=_text_value(arguments.value("model")),
            function=_enclosing_name(site.scope),
            function_span=self._definition(function),
            mode=self._mode(arguments),
            entry_point=self.entries.of([function, *(p.root for p in passages)]),
            loops=tuple(loops),
            chain=self._chain(site, passages, loops),
            callers=tuple(step(edge) for edge in self.graph.edges.get(function, [])),
            client_span=self._client_span(issue.client),
            clients=self._clients(arguments),
            cached=self.protection.cached(arguments),
            tracked=self.protection.tracked(arguments),
            history=history,
            prompt=prompt,
            parameters={role: arguments.value(role) for role in ROLES},
            task=task.task,
            task_signals=task.signals,
            task_vetoes=task.vetoes,
            repetition=repetition.why(self.graph, arguments, prompt, passages, loops),
            purity=tuple(repetition.obstacles(arguments, prompt, history, site, gathered.parts)),
            list_input=self.list_inputs.of(arguments),
            list_limit=issue.spec.list_safe if issue.spec is not None and provider in _LIMITED else None,
            reaches_http=self._reaches_http(arguments),
            batch_submit=kind == "batch",
            local=local,
            billed=billed and not local,
            excluded=excluded(site.module.filename),
        )

    def _is_request(self, arguments: Arguments, local: bool) -> bool:
        """Whether the call sends anything: objects around a local model, or around none, may not."""
        spec = arguments.issue.spec
        if spec is None:
            return True
        if spec.hosted_only and local:
            return False
        return not spec.known_model or any(map(_bills, arguments.models_inside()))

    # ------------------------------------------------------------------ identity

    def _key(self, site: CallSite) -> str:
        name = _enclosing_name(site.scope)
        filename = site.module.filename
        ordinal = self._ordinals[filename, name]
        self._ordinals[filename, name] += 1
        return f"{filename}::{name}#{ordinal}"

    def _definition(self, function: Scope) -> Span:
        node = function.node
        source = function.module.source
        if isinstance(node, ast.Module):
            first = node.body[0] if node.body else None
            return (
                source.span(first)
                if first is not None
                else source.span(ast.Pass(lineno=1, col_offset=0, end_lineno=1, end_col_offset=0))
            )
        return source.span(_header(node))

    def _client_span(self, client: Client | None) -> Span | None:
        if client is None or client.site is None:
            return None
        return client.site.module.source.span(client.site.node)

    def _reaches_http(self, arguments: Arguments) -> bool:
        """Whether the request goes through an HTTP client that the runtime hooks."""
        surfaces, issue = self.graph.resolver.surfaces, arguments.issue
        constructors = [c.constructor for c in arguments.makers() if c.constructor is not None]
        if constructors:
            return any(map(surfaces.is_trackable, constructors))
        return issue.spec is not None and issue.spec.provider in surfaces.trackable_sdks

    def _clients(self, arguments: Arguments) -> tuple[Made, ...]:
        alternatives = self.graph.issues[arguments.issue.site]
        made = dict.fromkeys(
            (client.constructor, client.site)
            for issue in (arguments.issue, *alternatives)
            for client in Arguments(self.graph.resolver, issue).makers()
            if client.tracker is None
        )
        return tuple(
            Made(
                constructor.names[0],
                site.module.source.span(site.node),
                self.graph.resolver.surfaces.is_trackable(constructor),
            )
            for constructor, site in made
            if constructor is not None and site is not None
        )

    # ------------------------------------------------------------------ facts

    def _kind(self, arguments: Arguments) -> str:
        exchange, spec = arguments.issue.exchange, arguments.issue.spec
        kind = exchange.kind if exchange is not None else spec.kind if spec is not None else "chat"
        if kind == "any":
            model = arguments.value("model")
            name = str(model.value) if isinstance(model, Known) else ""
            kind = kind_of_model(name) or _kind_by_names(arguments.issue.site.scope)
        if spec is not None and spec.known_model and kind == "chat":
            inside = [maker.receiver for maker in arguments.models_inside()]
            kind = "embedding" if inside and all("embed" in name for name in inside) else "chat"
        return _KINDS.get(kind, kind)

    def _mode(self, arguments: Arguments) -> Literal["sync", "async", "stream"]:
        issue = arguments.issue
        stream = arguments.value("stream")
        streams = issue.spec.stream if issue.spec is not None else "argument"
        if streams == "always":
            return "stream"
        if streams != "never" and isinstance(stream, Known) and stream.value is True:
            return "stream"
        return "async" if issue.site.awaited or _is_async(issue) else "sync"

    def _provider(self, arguments: Arguments) -> tuple[str, bool]:
        """Who bills, and whether nobody does; a gateway that only its settings know is told by the model."""
        bills, local = self._biller(arguments)
        return (self._biller_by_model(arguments), local) if bills.startswith("by-") else (bills, local)

    def _biller_by_model(self, arguments: Arguments) -> str:
        model = arguments.value("model")
        name = str(model.value) if isinstance(model, Known) else ""
        return self.graph.resolver.surfaces.biller_of_model(name)

    def _biller(self, arguments: Arguments) -> tuple[str, bool]:
        issue = arguments.issue
        if issue.exchange is not None:
            return issue.exchange.bills, issue.exchange.local
        for client in (*arguments.makers(),):
            host = self._host(client)
            if host is not None:
                return host
        redirected = self._module_host(issue)
        if redirected is not None:
            return redirected
        named = (b for c in arguments.makers() if (b := _bills(c)) not in ("", "by-constructor"))
        bills = next(named, "")
        if not bills and issue.spec is not None:
            bills = issue.spec.bills or self.graph.resolver.surfaces.bills(issue.spec.provider)
        if issue.foreign:
            bills = self._biller_by_model(arguments)
        return bills or "unknown", bills == "local" or (issue.spec is not None and issue.spec.kind == "local")

    def _module_host(self, issue: Issue) -> tuple[str, bool] | None:
        """``openai.api_base = …``: where a module used as client points."""
        if issue.spec is None or (issue.client is not None and issue.client.site is not None):
            return None
        root = issue.callee.split(".")[0]
        for attribute in ("api_base", "base_url"):
            for store in self.graph.resolver._stores_of(attribute):
                owners = self.graph.resolver.evaluate(store.target.value, store.scope)
                named = any(isinstance(owner, External) and owner.dotted == root for owner in owners)
                if named and store.value is not None:
                    return self._named_host(store.value, store.scope)
        return None

    def _host(self, client: Client) -> tuple[str, bool] | None:
        """Where a client's base URL points, when the code sets one."""
        constructor, site = client.constructor, client.site
        if constructor is None or site is None or "base_url" not in constructor.args:
            return None
        names = {place.keyword for place in constructor.args["base_url"]}
        for keyword in site.node.keywords:
            if keyword.arg in names:
                return self._named_host(keyword.value, site.scope)
        return None

    def _named_host(self, node: ast.expr, scope: Scope) -> tuple[str, bool] | None:
        url = http.url_text(self.graph.resolver, node, scope)
        host = self.graph.resolver.surfaces.host(url) if url and not url.startswith("{") else None
        if host is not None:
            return host.bills, host.local
        return ("unknown", False) if url.startswith("http") else None

    # ------------------------------------------------------------------ chains

    def _chain(self, site: CallSite, passages: list[Passage], loops: list[Loop]) -> tuple[Step, ...]:
        """The steps from an entry point, through the loop that matters, to the request."""
        last = Step(site.module.source.span(site.node), _enclosing_name(site.scope), "request")
        loop = main_loop(loops)
        via = loop.via if loop is not None and loop.kind == "data" else ()
        for passage in passages:
            if not self.graph.edges.get(passage.root):
                steps = tuple(map(step, passage.edges))
                if steps[len(steps) - len(via) :] == via:
                    return (*steps, last)
        return (*via, last)


def kind_of_model(name: str) -> str | None:
    """The kind of request that a model's name tells, None for chat models and unknown names."""
    return next((kind for pattern, kind in _MODEL_KINDS if pattern.search(name)), None)


def _kind_by_names(scope: Scope) -> str:
    """Chat, unless the names around the call say that it embeds."""
    named: Scope | None = scope
    while named is not None and named.kind != "module":
        if "embed" in named.name.lower():
            return "embedding"
        named = named.parent
    return "chat"


def _is_async(issue: Issue) -> bool:
    """Whether what issues the request is the asynchronous one of its kind."""
    maker = issue.client.constructor if issue.client is not None else None
    return (
        (issue.spec is not None and issue.spec.is_async)
        or (maker is not None and maker.is_async)
        or (issue.exchange is not None and _is_async_http(issue))
    )


def _runs_async(issue: Issue) -> bool:
    """Whether the call is awaited, or a coroutine made for a loop to run."""
    return issue.site.awaited or (issue.form != "call" and issue.site.scope.function.is_async)


def _bills(client: Client) -> str:
    return client.constructor.bills if client.constructor is not None else ""


def _enclosing_name(scope: Scope) -> str:
    """The qualified name of the function around a scope; lambdas and comprehensions climb."""
    function = scope.function
    while function.kind == "lambda" and function.parent is not None:
        function = function.parent.function
    return function.qualname


def _header(node: ast.AST) -> ast.AST:
    """The part of a compound statement before its body, as a range."""
    body = getattr(node, "body", None)
    if not isinstance(body, list) or not body:
        return node
    end = body[0]
    return ast.Pass(
        lineno=getattr(node, "lineno", 1),
        col_offset=getattr(node, "col_offset", 0),
        end_lineno=max(getattr(node, "lineno", 1), end.lineno - 1),
        end_col_offset=getattr(node, "col_offset", 0) + 1,
    )


def _text_value(value: Value) -> Value:
    if isinstance(value, Known) and not isinstance(value.value, str):
        return UNKNOWN
    return value


def _is_async_http(issue: Issue) -> bool:
    return issue.callee.startswith(("aiohttp.", "httpx.AsyncClient", "websockets."))


__all__ = ["ABSENT", "ROLES", "Absent", "Assembler", "Instance", "Unknown"]
