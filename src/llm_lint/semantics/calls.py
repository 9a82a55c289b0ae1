"""The call graph as far as requests reach: which call issues a request, which leads to one.

Visiting starts in the modules that name an SDK and goes on to the modules that import what reaches a
request, until nothing new appears; calls whose meaning hung on parameters are then looked at again.
"""

from __future__ import annotations

import ast
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from llm_lint.semantics import folding, http, shapes
from llm_lint.semantics.edges import Edge
from llm_lint.semantics.index import CallSite, ModuleIndex, Scope
from llm_lint.semantics.resolve import MAX_OVERRIDES, Resolver
from llm_lint.semantics.surfaces import CallSpec
from llm_lint.semantics.telling import Telling
from llm_lint.semantics.values import (
    Abstract,
    ClassValue,
    Client,
    External,
    Function,
    Instance,
    Partial,
    RequestFunction,
    UnknownValue,
    Values,
)

MAP_FORMS = frozenset(
    """
    map imap imap_unordered starmap starmap_async map_async amap apply applymap progress_apply progress_map
    parallel_apply process_map thread_map transform map_elements map_rows foreach parallel_map async_map
    """.split()
)
CONCURRENT_FORMS = frozenset(
    """
    map imap imap_unordered starmap starmap_async map_async amap process_map thread_map parallel_apply
    submit run_in_executor to_thread gather create_task ensure_future start_soon parallel_map async_map
    """.split()
)
# Entries of the tables that prepare requests or run elsewhere.
_NO_REQUEST = frozenset({"session", "config", "training", "cache", "token_count"})
_MAX_ROUNDS = 8
_MAX_MODULES = 3000


@dataclass(frozen=True, slots=True)
class Issue:
    """One way in which a call site issues a request.

    ``offset`` is the index of the first argument that belongs to the request (a method handed to
    ``to_thread`` has its arguments after itself); ``bound`` are calls whose arguments were bound
    earlier (``partial``). ``by_shape`` requests are known only by their spelling, ``foreign`` ones go
    through a package that no table knows.
    """

    site: CallSite
    spec: CallSpec | None
    client: Client | None
    callee: str
    form: str = "call"
    offset: int | None = 0
    bound: tuple[CallSite, ...] = ()
    exchange: http.Exchange | None = None
    by_shape: bool = False
    foreign: bool = False


class CallGraph:
    """Requests and the calls that lead to them."""

    def __init__(self, resolver: Resolver, importers: Callable[[str], Iterable[str]]) -> None:
        self.resolver = resolver
        self.importers = importers
        self.issues: dict[CallSite, tuple[Issue, ...]] = {}
        self.edges: dict[Scope, list[Edge]] = resolver.edges
        self.out: dict[Scope, list[Edge]] = defaultdict(list)
        self.active: dict[str, ModuleIndex] = {}
        self._known: set[tuple[CallSite, Scope, str]] = set()
        self._open: dict[CallSite, None] = {}
        self._queue: deque[str] = deque()
        self._tried: set[str] = set()
        self._carriers: dict[str, bool] = {}
        self._telling = Telling(resolver.modules, resolver.surfaces)

    def build(self, seeds: Iterable[str]) -> None:
        """Visit the seed modules and all that they lead to, to the fixpoint."""
        self._queue.extend(sorted(seeds))
        for _ in range(_MAX_ROUNDS):
            changed = self._visit_queue()
            while self._widen():
                changed = self._visit_queue() or changed
            self.resolver.forget_provisional()
            self._carriers.clear()
            again = list(self._open)
            self._open.clear()
            for site in again:
                changed = self._visit(site) or changed
            if not changed and not self._queue:
                break

    def _visit_queue(self) -> bool:
        changed = False
        while self._queue:
            filename = self._queue.popleft()
            if filename in self._tried or len(self.active) >= _MAX_MODULES:
                continue
            self._tried.add(filename)
            index = self.resolver.modules.index(filename)
            if index is None:
                continue
            self.active[filename] = index
            changed = True
            self._telling.load_imports(index)
            for site in (*self._telling.learn(), *self._telling.sift(index.calls.values())):
                self._visit(site)
        while woken := self._telling.learn():
            for site in woken:
                changed = self._visit(site) or changed
        return changed

    def _widen(self) -> bool:
        """Queue the modules that import something which reaches a request, and the bases that may run it."""
        gateways = self.gateways()
        carrying = {scope.module.filename for scope in gateways}
        carrying |= {index.filename for index in self.active.values() if self._carries(index)}
        packages = [index for index in self.active.values() if index.is_package]
        grown = True
        while grown:
            handed = {i.filename for i in packages if any(self._names_any(i, other) for other in carrying)}
            grown = not handed <= carrying
            carrying |= handed
        found = {name for filename in carrying for name in self.importers(filename)}
        owners = {scope.owner for scope in gateways if scope.owner is not None}
        found |= {base.module.filename for cls in owners for base in self.resolver.lineage(cls)}
        new = sorted(found - self._tried)
        self._queue.extend(new)
        return bool(new) and len(self.active) < _MAX_MODULES

    def _names_any(self, index: ModuleIndex, filename: str) -> bool:
        stem = filename.removesuffix(".py").removesuffix("/__init__").rsplit("/", 1)[-1]
        return any(stem in name.split(".") for name in index.imported)

    def _carries(self, index: ModuleIndex) -> bool:
        """Whether importing this module can hand on an SDK object."""
        if index.filename not in self._carriers:
            self._carriers[index.filename] = self._hands_on_a_client(index)
        return self._carriers[index.filename]

    def _hands_on_a_client(self, index: ModuleIndex) -> bool:
        for scope in (index.scope, *(s for s in index.scopes.values() if s.kind == "class")):
            for bindings in scope.bindings.values():
                for binding in bindings:
                    if binding.kind == "assign" and isinstance(binding.value, ast.Call):
                        values = self.resolver.evaluate(binding.value, binding.scope)
                        if any(isinstance(value, Client) for value in values):
                            return True
        return any(
            isinstance(value, Client)
            for scope in index.scopes.values()
            if scope.kind == "function"
            for expression in scope.returns[:4]
            for value in self.resolver.evaluate(expression, scope)
        )

    # ------------------------------------------------------------------ one call

    def _visit(self, site: CallSite) -> bool:
        """Classify a call; says whether something new was learned."""
        before = self.resolver.provisional
        values = self.resolver.evaluate(site.node.func, site.scope)
        changed = False
        issues: list[Issue] = []
        for value in values:
            issue = self._issue(value, site)
            if issue is not None:
                issues.append(issue)
            changed = self._lead(value, site) or changed
        for value in self._further_overrides(site, values):
            changed = self._lead(value, site) or changed
        if not issues and not any(isinstance(v, (Function, ClassValue, Instance)) for v in values):
            outside = any(isinstance(v, External) for v in values)
            shaped = shapes.by_shape(self.resolver, site, not outside)
            if shaped is not None:
                spec, callee = shaped
                issues.append(Issue(site, spec, None, callee, by_shape=True, foreign=outside))
        if issues and self._is_given_function(site):
            issues = [issue for issue in issues if issue.client is None]
        if any(isinstance(value, Function) for value in values):
            issues += self._given_methods(site)
        if not any(isinstance(value, (Function, ClassValue)) for value in values):
            handed, found = self._handed_on(site)
            issues += handed
            changed = changed or found
        changed = self._record(site, issues) or changed
        if self.resolver.provisional != before:
            self._open[site] = None
        return changed

    def _further_overrides(self, site: CallSite, values: Values) -> Values:
        """The implementations of a called method beyond those that evaluation keeps."""
        node = site.node.func
        if len(values) < MAX_OVERRIDES or not isinstance(node, ast.Attribute):
            return ()
        owners = self.resolver.evaluate(node.value, site.scope)
        return tuple(
            override
            for owner in owners
            if isinstance(owner, (Instance, ClassValue))
            for override in self.resolver.overrides(owner.scope, node.attr)
        )

    def _is_given_function(self, site: CallSite) -> bool:
        """``fn(*args)`` where ``fn`` is a parameter: the request belongs to who gave the method."""
        node, function = site.node.func, site.scope.function
        if not isinstance(node, ast.Name) or node.id in function.bindings:
            return False
        return function.parameter(node.id) is not None and bool(self.edges.get(function))

    def _given_methods(self, site: CallSite) -> list[Issue]:
        """Request methods given to a function of the project: ``with_backoff(client.create, …)``."""
        issues: list[Issue] = []
        for number, node, is_keyword in _arguments(site.node):
            if isinstance(node, ast.Attribute):
                for value in self.resolver.evaluate(node, site.scope):
                    issue = self._issue(value, site) if isinstance(value, Client) and value.path else None
                    if issue is not None:
                        offset = None if is_keyword else number + 1
                        issues.append(Issue(site, issue.spec, issue.client, issue.callee, "call", offset))
        return issues

    def _record(self, site: CallSite, issues: list[Issue]) -> bool:
        unique = tuple(dict.fromkeys(issues))
        if not unique and any(issue.by_shape for issue in self.issues.get(site, ())):
            del self.issues[site]  # what it is called on has become known since
            return True
        if not unique or len(self.issues.get(site, ())) == len(unique):
            return False
        exact = tuple(issue for issue in unique if not issue.by_shape)
        self.issues[site] = exact or unique
        return True

    def _issue(self, value: Abstract, site: CallSite) -> Issue | None:
        """The request that calling ``value`` issues, if it does."""
        match value:
            case Client():
                return self._client_issue(value, site)
            case External():
                return self._external_issue(value, site)
            case RequestFunction(spec=spec, dotted=dotted):
                return Issue(site, spec, None, dotted)
            case Function(scope=scope):
                dotted = f"{scope.module.name}.{scope.qualname}"
                configured = self.resolver.surfaces.configured(dotted)
                return Issue(site, configured, None, dotted) if configured is not None else None
            case Partial(target=target, site=binding):
                issue = self._issue(target, site)
                if issue is None:
                    return None
                return Issue(
                    site, issue.spec, issue.client, issue.callee, issue.form, 0, (*issue.bound, binding)
                )
        return None

    def _client_issue(self, client: Client, site: CallSite) -> Issue | None:
        spec = folding.request_spec(self.resolver, client)
        if spec is None or spec.kind in _NO_REQUEST:
            return None
        name = ".".join((client.receiver, *client.path)) if client.constructor is None else ""
        callee = name or ".".join((_short(client), *client.path))
        return Issue(site, spec, client, callee)

    def _external_issue(self, value: External, site: CallSite) -> Issue | None:
        surfaces, dotted = self.resolver.surfaces, value.dotted
        spec = surfaces.function(dotted)
        if spec is not None:
            if spec.kind in _NO_REQUEST:
                return None
            return Issue(site, spec, folding.returned_client(self.resolver, spec, None, site), dotted)
        module = folding.module_client(self.resolver, dotted)
        if module is not None:
            found = folding.request_spec(self.resolver, module)
            if found is None or found.kind in _NO_REQUEST:
                return None
            return Issue(site, found, module, dotted)
        if dotted in surfaces.http_functions:
            exchange = http.exchange(self.resolver, site, dotted, value.call)
            return Issue(site, None, None, dotted, exchange=exchange) if exchange is not None else None
        return None

    def _lead(self, value: Abstract, site: CallSite, form: str = "call", offset: int | None = 0) -> bool:
        """Note that ``site`` runs a function of the project."""
        match value:
            case Function(scope=scope, owner=owner):
                return self._edge(Edge(site, scope, form, _is_bound(scope, owner), offset))
            case ClassValue(scope=cls):
                return self._construct(cls, site)
            case Instance():
                called = self.resolver.class_member(value.scope, "__call__", value)
                if not any(isinstance(v, Function) for v in called):
                    called = self.resolver.class_member(value.scope, "forward", value)
                led = [self._lead(v, site, form, offset) for v in called if isinstance(v, Function)]
                return any(led)
            case Partial(target=target):
                return self._lead(target, site, form, offset)
        return False

    def _construct(self, cls: Scope, site: CallSite) -> bool:
        sites = self.resolver.constructions[cls]
        changed = site not in sites
        if changed:
            sites.append(site)
        for owner in self.resolver.lineage(cls):
            initialiser = next((m for m in owner.methods() if m.name in ("__init__", "__post_init__")), None)
            if initialiser is not None:
                return self._edge(Edge(site, initialiser, "call", True)) or changed
        return changed

    def _edge(self, edge: Edge) -> bool:
        key = (edge.site, edge.callee, edge.form)
        if key in self._known:
            return False
        self._known.add(key)
        self.edges[edge.callee].append(edge)
        self.out[edge.caller].append(edge)
        filename = edge.callee.module.filename
        if filename not in self.active and self._hands_over(edge.site):
            self._queue.append(filename)
        return True

    def _hands_over(self, site: CallSite) -> bool:
        """Whether a call gives an SDK object, or something that may hold one, to its callee."""
        for node in (*site.node.args, *(keyword.value for keyword in site.node.keywords)):
            for value in self.resolver.evaluate(node, site.scope):
                if isinstance(value, Client):
                    return True
                if isinstance(value, (Instance, Function)) and value.scope.module.filename in self.active:
                    return True
        return False

    # ------------------------------------------------------------------ functions as values

    def _handed_on(self, site: CallSite) -> tuple[list[Issue], bool]:
        """Functions and request methods given to a call that runs them: ``executor.map(f, xs)``."""
        form = _form(site.node)
        issues: list[Issue] = []
        changed = False
        if form in ("partial", "partialmethod", "getattr", "wraps", "isinstance", "hasattr"):
            return issues, changed
        for number, node, is_keyword in _arguments(site.node):
            if not isinstance(node, (ast.Name, ast.Attribute, ast.Lambda, ast.Call)):
                continue
            if isinstance(node, ast.Call) and not _binds(node):
                continue
            offset = None if form in MAP_FORMS or is_keyword else number + 1
            for value in self.resolver.evaluate(node, site.scope):
                if isinstance(value, (Function, Partial)):
                    changed = self._lead(value, site, form, offset) or changed
                issue = self._issue(value, site) if isinstance(value, (Client, Partial)) else None
                if issue is not None and isinstance(value, (Client, Partial)) and _is_method(value):
                    issues.append(
                        Issue(site, issue.spec, issue.client, issue.callee, form, offset, issue.bound)
                    )
        return issues, changed

    # ------------------------------------------------------------------ reachability

    def gateways(self) -> dict[Scope, set[CallSite]]:
        """The functions from which a request can be reached, with the request sites."""
        reached: dict[Scope, set[CallSite]] = defaultdict(set)
        queue: deque[Scope] = deque()
        for site in self.issues:
            function = site.scope.function
            reached[function].add(site)
            queue.append(function)
        while queue:
            function = queue.popleft()
            for edge in self.edges.get(function, ()):
                known = reached[edge.caller]
                if not reached[function] <= known:
                    known |= reached[function]
                    queue.append(edge.caller)
        return reached

    def callers(self, function: Scope) -> Iterator[Edge]:
        """The calls that run a function (its own lambdas and nested uses included)."""
        yield from self.edges.get(function, ())


def _short(client: Client) -> str:
    names = client.constructor.names if client.constructor is not None else ()
    return names[0].rsplit(".", 1)[-1] if names else client.receiver


def _is_bound(scope: Scope, owner: object) -> bool:
    if owner is None or scope.owner is None:
        return False
    if isinstance(owner, ClassValue):
        return any(isinstance(d, ast.Name) and d.id == "classmethod" for d in scope.decorators)
    return True


def _form(node: ast.Call) -> str:
    """The name of what runs a function handed to it."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else "call"


def _arguments(node: ast.Call) -> Iterator[tuple[int, ast.expr, bool]]:
    for number, argument in enumerate(node.args):
        yield number, argument, False
    for keyword in node.keywords:
        yield 0, keyword.value, True


def _binds(node: ast.Call) -> bool:
    return _form(node) in ("partial", "partialmethod", "getattr", "sync_to_async", "async_to_sync")


def _is_method(value: Client | Partial) -> bool:
    """A bound request method, not an SDK object handed around."""
    if isinstance(value, Partial):
        return True
    return bool(value.path)


def known(values: Values) -> Values:
    """The alternatives that are something."""
    return tuple(value for value in values if not isinstance(value, UnknownValue))
