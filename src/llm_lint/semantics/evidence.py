"""What already protects a request: caches and cost trackers on its path."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from llm_lint.model import Evidence
from llm_lint.semantics import http
from llm_lint.semantics.dataflow import place
from llm_lint.semantics.index import CallSite, Scope
from llm_lint.semantics.modules import is_test
from llm_lint.semantics.resolve import dotted_text
from llm_lint.semantics.values import Client, External, Function, Instance, Ref

if TYPE_CHECKING:
    from llm_lint.semantics.arguments import Arguments
    from llm_lint.semantics.calls import CallGraph
    from llm_lint.semantics.index import ModuleIndex

_NOTHING = Evidence(False)
_CALLER_DEPTH = 4
_CALLEE_DEPTH = 2
_HINT = re.compile(
    r"cache|memo|seen|processed|already|existing|done_|lookup|known|(_|\.|^)store\b|stored|kv\b|redis|saved",
    re.I,
)
_READS = re.compile(
    r"^(get|mget|hget|get_many|fetch|lookup|exists|load|find|find_one|first|read_text|read_bytes|has|query)"
)
_WRITES = re.compile(
    r"^(set|setex|mset|hset|put|update|setdefault|add|save|insert|upsert|write|dump|store|commit)"
)
_CACHE_CALLS = re.compile(r"(^|_)(cached?|memo)(_|$)|(get|load|read|check|lookup)_?(from_)?_?cache", re.I)
_COUNTS_COST = re.compile(
    r"(^|_)(track|log|record|add|update|calc|calculate|compute|estimate|report|accumulate)_(\w+_)?(cost|costs|usage|spend)$|"
    r"^cost_callback$",
    re.I,
)
_GUARDS = (ast.If, ast.IfExp, ast.Try, ast.Assign, ast.NamedExpr)
_FILE_CHECKS = frozenset({"exists", "isfile", "is_file"})


class Protection:
    """Caches and trackers of one project, asked per request."""

    def __init__(self, graph: CallGraph) -> None:
        self.graph = graph
        self.r = graph.resolver
        self._caches: dict[Scope, str | None] = {}
        self._trackers: dict[Scope, str | None] = {}
        self._process: tuple[dict[str, str], list[tuple[str, ModuleIndex]]] | None = None

    # ------------------------------------------------------------------ caches

    def cached(self, arguments: Arguments) -> Evidence:
        """The cache that answers a repeated request, if there is one."""
        site = arguments.issue.site
        if arguments.issue.spec is not None and arguments.issue.spec.self_cached:
            return Evidence(True, "the SDK's own cache")
        setting = arguments.value("cache")
        framework = self._framework_cache(arguments)
        if framework is not None:
            return Evidence(True, framework)
        if self._switched_on(arguments, setting):
            return Evidence(True, "the client's cache argument")
        by = self._cached_on_every_way(site.scope.function, site, _CALLER_DEPTH)
        return Evidence(True, by) if by is not None else _NOTHING

    def _cached_on_every_way(self, function: Scope, site: CallSite, depth: int) -> str | None:
        """The cache in a function, or, where it has none, in each of its callers."""
        own = self._decorated_cache(function) or _guard(function, site)
        if own is not None or depth == 0:
            return own
        edges = [e for e in self.graph.edges.get(function, ()) if not is_test(e.site.module.filename)]
        found = [self._cached_on_every_way(edge.caller, edge.site, depth - 1) for edge in edges[:12]]
        return found[0] if found and all(found) else None

    def _switched_on(self, arguments: Arguments, setting: object) -> bool:
        spec = arguments.issue.spec
        if spec is None or spec.provider not in ("langchain", "litellm", "dspy"):
            return False
        value = getattr(setting, "value", None)
        return value is not None and value is not False

    def _framework_cache(self, arguments: Arguments) -> str | None:
        switches, _ = self._switches()
        sdk = arguments.issue.spec.provider if arguments.issue.spec is not None else ""
        return switches.get(sdk)

    def _path(self, site: CallSite) -> Iterator[tuple[Scope, CallSite]]:
        """The functions on the way to a request with the call in each that leads on, nearest first."""
        function = site.scope.function
        seen = {function}
        layer = [function]
        yield function, site
        for _ in range(_CALLER_DEPTH):
            edges = [edge for scope in layer for edge in self.graph.edges.get(scope, ())]
            layer = []
            for edge in edges:
                if edge.caller not in seen:
                    seen.add(edge.caller)
                    layer.append(edge.caller)
                    yield edge.caller, edge.site

    def _decorated_cache(self, function: Scope) -> str | None:
        if function not in self._caches:
            self._caches[function] = None
            self._caches[function] = self._find_decorated_cache(function)
        return self._caches[function]

    def _find_decorated_cache(self, function: Scope) -> str | None:
        for decorator in function.decorators:
            node = decorator.func if isinstance(decorator, ast.Call) else decorator
            text = dotted_text(node)
            for value in self.r.evaluate(node, function.parent or function):
                if isinstance(value, External):
                    known = self._known_cache(value.dotted)
                    if known:
                        return f"@{text}"
                if isinstance(value, Function) and (_guard_inside(value.scope) or _CACHE_CALLS.search(text)):
                    return f"@{text}"
        return None

    def _known_cache(self, dotted: str) -> bool:
        caches = self.r.surfaces.caches
        found = caches.get(dotted)
        if found is None and dotted.rsplit(".", 1)[-1] in (
            "memoize",
            "cache",
            "cached",
            "early",
            "soft",
            "hit",
        ):
            found = caches.get(dotted.rpartition(".")[0])
        return (
            found is not None and found.how in ("decorator", "wrapper", "object") and found.is_response_cache
        )

    # ------------------------------------------------------------------ trackers

    def tracked(self, arguments: Arguments) -> Evidence:
        """What records the usage of a request, if anything does."""
        issue = arguments.issue
        if issue.client is not None and issue.client.tracker is not None:
            return Evidence(True, issue.client.tracker)
        if issue.exchange is not None and issue.exchange.logs_cost:
            return Evidence(True, issue.exchange.bills)
        gateway = next((found for client in arguments.makers() if (found := self._gateway(client))), None)
        if gateway is not None:
            return Evidence(True, gateway)
        for dotted, index in self._switches()[1]:
            if self._belong_together(index, issue.site.module):
                return Evidence(True, dotted)
        callbacks = arguments.values("callbacks")[0]
        if any(isinstance(value, External) and self._is_tracker(value.dotted) for value in callbacks):
            return Evidence(True, "callbacks")
        for function, _ in self._path(issue.site):
            by = self._function_tracker(function)
            if by is not None:
                return Evidence(True, by)
        own = self._own_model_class(arguments)
        return Evidence(True, own) if own is not None else _NOTHING

    def _own_model_class(self, arguments: Arguments) -> str | None:
        """A model class that the project writes for a framework and that reads usage for all its modules."""
        spec = arguments.issue.spec
        if spec is None or spec.provider != "dspy":
            return None
        wanted = self.r.surfaces.usage_attributes
        for index in self.r.modules.loaded():
            for scope in index.scopes.values():
                bases = getattr(scope.node, "bases", []) if scope.kind == "class" else []
                if not any(dotted_text(base).startswith("dspy.") for base in bases):
                    continue
                if any(method.reads & wanted for method in scope.methods()):
                    if self._belong_together(index, arguments.issue.site.module):
                        return scope.name
        return None

    def _gateway(self, client: Client) -> str | None:
        """A client whose requests go through a host, or carry a header, that logs cost."""
        site = client.site
        for keyword in site.node.keywords if site is not None and client.constructor is not None else ():
            text = ast.unparse(keyword.value)
            if any(header in text for header in self._logging_headers):
                return "a logging header"
            if keyword.arg in ("base_url", "openai_api_base", "api_base", "endpoint") and site is not None:
                url = http.url_text(self.r, keyword.value, site.scope)
                host = self.r.surfaces.host(url) if "://" in url else None
                if host is not None and host.logs_cost:
                    return url.split("://", 1)[1].split("/", 1)[0]
        return None

    @cached_property
    def _logging_headers(self) -> tuple[str, ...]:
        return tuple(
            name.rstrip("*")
            for name in self.r.surfaces.data["tracking"]["headers"]
            if name[:1] in "Hxc" and "-" in name and name != "HTTP-Referer"
        )

    def _function_tracker(self, function: Scope) -> str | None:
        if function not in self._trackers:
            self._trackers[function] = None
            self._trackers[function] = self._tracker_of(function)
        return self._trackers[function]

    def _tracker_of(self, function: Scope) -> str | None:
        for decorator in function.decorators:
            node = decorator.func if isinstance(decorator, ast.Call) else decorator
            for value in self.r.evaluate(node, function.parent or function):
                if isinstance(value, External) and self._is_tracker(value.dotted):
                    return f"@{dotted_text(node)}"
        for site in function.all_calls():
            for value in self.r.evaluate(site.node.func, site.scope):
                if isinstance(value, External) and self._is_tracker(value.dotted):
                    return value.dotted
            named = dotted_text(site.node).rsplit(".", 1)[-1]
            if _COUNTS_COST.search(named):
                return f"{named}()"
        depth = 0 if function.kind == "module" else _CALLEE_DEPTH
        return "reads usage" if self._reads_usage(function, depth) else None

    def _reads_usage(self, function: Scope, depth: int) -> bool:
        wanted = self.r.surfaces.usage_attributes
        if any(scope.reads & wanted for scope in function.subtree()):
            return True
        if depth == 0:
            return False
        return any(
            self._reads_usage(edge.callee, depth - 1)
            for edge in self.graph.out.get(function, ())
            if edge.callee not in self._gateways
        )

    @cached_property
    def _gateways(self) -> frozenset[Scope]:
        return frozenset(self.graph.gateways())

    def _is_tracker(self, dotted: str) -> bool:
        return dotted in self.r.surfaces.trackers

    # ------------------------------------------------------------------ project-wide switches

    def _belong_together(self, one: ModuleIndex, other: ModuleIndex) -> bool:
        """Whether two modules are part of one program: linked by imports, through whatever others."""
        return self._programs.get(one.filename) == self._programs.get(other.filename)

    @cached_property
    def _programs(self) -> dict[str, str]:
        """Each loaded file's program, named by one of its files."""
        parent = {index.filename: index.filename for index in self.r.modules.loaded()}

        def find(name: str) -> str:
            while parent[name] != name:
                parent[name] = parent[parent[name]]
                name = parent[name]
            return name

        for index in self.r.modules.loaded():
            for dotted in index.imported:
                target = self.r.modules.find(dotted, index) or self.r.modules.find(
                    dotted.rpartition(".")[0], index
                )
                if target in parent:
                    parent[find(index.filename)] = find(target)
        return {name: find(name) for name in parent}

    def _switches(self) -> tuple[dict[str, str], list[tuple[str, ModuleIndex]]]:
        """Framework caches by SDK, and a process-wide tracker, switched on anywhere in the project."""
        if self._process is None:
            caches: dict[str, str] = {}
            trackers: list[tuple[str, ModuleIndex]] = []
            for index in self.r.modules.loaded():
                for dotted in self._called(index):
                    found = self.r.surfaces.trackers.get(dotted)
                    if found is not None and found.scope == "process":
                        trackers.append((dotted, index))
                    cache = self.r.surfaces.caches.get(dotted)
                    if cache is not None and cache.how == "global":
                        caches.setdefault(dotted.split(".")[0].split("_")[0], dotted)
            self._process = caches, trackers
        return self._process

    def _called(self, index: ModuleIndex) -> Iterator[str]:
        """The dotted names of what a module calls or assigns outside the project."""
        roots = self.r.surfaces.effect_roots
        if not any(name.split(".")[0] in roots for name in index.imported):
            return
        for site in index.calls.values():
            for value in self.r.evaluate(site.node.func, site.scope):
                if isinstance(value, External):
                    yield value.dotted
                    if value.call is not None:
                        yield from self._made_by(value)
        for scope in index.scopes.values():
            for store in scope.stores:
                if isinstance(store.target, ast.Attribute):
                    for value in self.r.read(Ref(store.target.value, store.scope)):
                        if isinstance(value, External):
                            yield f"{value.dotted}.{store.target.attr}"

    def _made_by(self, value: External) -> Iterator[str]:
        call = value.call
        for made in self.r.evaluate(call.node.func, call.scope) if call is not None else ():
            if isinstance(made, (External, Instance)) and isinstance(made, External):
                yield made.dotted


# --------------------------------------------------------------------------- hand-written caches


def _guard_inside(function: Scope) -> bool:
    """A decorator of the project whose wrapper looks in a cache before it calls."""
    inner = [child for child in function.children if child.kind == "function"]
    return any(_guard(scope, None) is not None for scope in (function, *inner))


def _guard(function: Scope, site: CallSite | None) -> str | None:
    """A cache kept by hand in a function: looked in before the work at ``site``, written after it."""
    guards, written = _guards_of(function)
    for inner in guards:
        if site is not None and not _protects(inner, site):
            continue
        by = _guarding(inner, written) or _file_guard(inner) or _named_guard(inner)
        if by is not None:
            return by
    return None


@lru_cache(512)
def _guards_of(function: Scope) -> tuple[tuple[ast.AST, ...], frozenset[str]]:
    """The statements of a function that may look in a cache, and the containers it puts something into."""
    node = function.node
    body = node.body if isinstance(node, (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef)) else []
    nodes = [inner for root in body for inner in ast.walk(root)]
    guards = tuple(inner for inner in nodes if isinstance(inner, _GUARDS))
    return guards, frozenset(_written(nodes)) if guards else frozenset()


def _protects(node: ast.AST, site: CallSite) -> bool:
    """Whether a test, lookup or ``try`` decides over a call: around it, or earlier in a block around it."""
    start, end = _extent(node)
    at = (site.node.lineno, site.node.col_offset)
    if start <= at <= end:
        return True
    if end > at:
        return False
    function = site.scope.function
    if isinstance(node, ast.If):
        around = function.block_at(*start)
        return site.block.within(around) or around is function.block
    return True


def _extent(node: ast.AST) -> tuple[tuple[int, int], tuple[int, int]]:
    start = (getattr(node, "lineno", 0), getattr(node, "col_offset", 0))
    return start, (getattr(node, "end_lineno", 0) or 0, getattr(node, "end_col_offset", 0) or 0)


def _written(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """The containers that something is put into."""
    for node in nodes:
        match node:
            case ast.Assign(targets=targets):
                stores = [target for target in targets if isinstance(target, (ast.Subscript, ast.Attribute))]
                yield from (name for target in stores if (name := place(target)) is not None)
            case ast.Call(func=ast.Attribute(value=owner, attr=attr)) if _WRITES.match(attr):
                name = place(owner) or (place(owner.func) if isinstance(owner, ast.Call) else None)
                if name is not None:
                    yield name


def _guarding(node: ast.AST, written: frozenset[str]) -> str | None:
    """A test for what the cache holds that decides whether the work is done."""
    match node:
        case ast.If(test=test) | ast.IfExp(test=test):
            decides = isinstance(node, ast.IfExp) or _ends_or_fills(node)
            for container in _tested(test):
                if container in written and (decides or _HINT.search(container)):
                    return f"the lookup in {container}"
        case ast.Try(body=body, handlers=handlers):
            caught = {ast.unparse(h.type) for h in handlers if h.type is not None}
            if "KeyError" in caught or "Exception" in caught:
                for statement in body:
                    if isinstance(statement, ast.Return) and isinstance(statement.value, ast.Subscript):
                        name = place(statement.value)
                        if name is not None and name in written:
                            return f"the lookup in {name}"
        case ast.Assign(value=value) | ast.NamedExpr(value=value):
            reader = value.value if isinstance(value, ast.Await) else value
            if (
                isinstance(reader, ast.Call)
                and isinstance(reader.func, ast.Attribute)
                and _READS.match(reader.func.attr)
            ):
                name = place(reader.func.value)
                if name is not None and name in written and _HINT.search(name):
                    return f"the lookup in {name}"
    return None


def _ends_or_fills(node: ast.If) -> bool:
    """Whether a hit ends the work (``return C[k]``) or only a miss starts it (``if k not in C: …``)."""
    if any(isinstance(s, (ast.Return, ast.Continue)) for s in node.body):
        return True
    return any(isinstance(op, (ast.NotIn, ast.Is, ast.Not)) for op in ast.walk(node.test)) or bool(
        node.orelse
    )


def _tested(test: ast.expr) -> Iterator[str]:
    for node in ast.walk(test):
        match node:
            case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[container]):
                name = place(container)
                if name is not None:
                    yield name
            case ast.Compare(left=left, ops=[ast.Is() | ast.IsNot()], comparators=[ast.Constant(value=None)]):
                name = place(left)
                if name is not None and "." in name:
                    yield name
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                name = place(operand)
                if name is not None and "." in name:
                    yield name


def _file_guard(node: ast.AST) -> str | None:
    """``if path.exists(): return path.read_text()`` and ``continue`` for work already on disk."""
    if not isinstance(node, ast.If):
        return None
    checks = any(
        isinstance(call, ast.Call) and dotted_text(call).rsplit(".", 1)[-1] in _FILE_CHECKS
        for call in ast.walk(node.test)
    )
    return "the existing-file check" if checks and _reuses(node) else None


def _reuses(node: ast.If) -> bool:
    """Whether finding the file ends the work, or its absence starts it."""
    negated = isinstance(node.test, ast.UnaryOp) and isinstance(node.test.op, ast.Not)
    text = "\n".join(ast.unparse(statement) for statement in node.body)
    if negated:
        return any(word in text for word in ("write_text", ".dump(", ".save(", "write_bytes", ".write("))
    ends = any(isinstance(statement, (ast.Return, ast.Continue)) for statement in node.body)
    reads = any(word in text for word in ("read_text", "json.load", "read(", "load(", "read_bytes", "pickle"))
    return ends and (reads or any(isinstance(s, ast.Continue) for s in node.body))


def _named_guard(node: ast.AST) -> str | None:
    """``hit = self._cached(key)`` … ``if hit: return hit``: a helper named for what it does."""
    value = getattr(node, "value", None)
    for call in ast.walk(value) if isinstance(value, ast.AST) else ():
        if isinstance(call, ast.Call) and _CACHE_CALLS.search(dotted_text(call).rsplit(".", 1)[-1]):
            return f"{dotted_text(call)}()"
    return None
