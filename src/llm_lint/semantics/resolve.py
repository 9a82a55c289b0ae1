"""What an expression may be: a demand-driven evaluator over the project's indexes.

Evaluation follows names, attributes, calls, containers and constants as far as the code shows them
and says "unknown" otherwise. What depends on parameters is provisional until all call sites are known:
such results are forgotten between rounds (see ``calls``).
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace

from llm_lint.semantics import containers, folding, names, settings_files
from llm_lint.semantics.edges import Edge
from llm_lint.semantics.index import Binding, CallSite, ModuleIndex, Parameter, Scope, Store
from llm_lint.semantics.modules import Modules, is_test
from llm_lint.semantics.settings_files import Configured, DataReader
from llm_lint.semantics.surfaces import Surfaces
from llm_lint.semantics.values import (
    ANYTHING,
    NOTHING,
    UNKNOWN_VALUE,
    Abstract,
    ClassValue,
    Client,
    Const,
    External,
    Function,
    Hole,
    Instance,
    Items,
    Mapping_,
    Partial,
    ProjectModule,
    Ref,
    RequestFunction,
    Response,
    Source,
    Text,
    UnknownValue,
    Values,
    merge,
)

_MAX_DEPTH = 60
_MAX_STEPS = 3000  # expressions looked at to answer one question
MAX_OVERRIDES = 8  # implementations of one method that a value can be
_MAX_CALLERS = 24  # call sites asked for what they give a parameter
_QUEUE_METHODS = frozenset(
    "delay apply_async s si remote options submit send enqueue fn func kick kiq invoke map local".split()
)
_DECORATED_METHODS = frozenset({"ask", "cache"})
# The attributes of a function that run it.
CALLED_THROUGH = _QUEUE_METHODS | _DECORATED_METHODS
_ABSTRACT = frozenset({"abstractmethod", "abc.abstractmethod", "typing.overload"})


class Resolver:
    """Evaluates expressions of one project; ``edges`` grows while calls are discovered."""

    def __init__(self, modules: Modules, surfaces: Surfaces, data: DataReader = lambda _: None) -> None:
        self.modules = modules
        self.data = data
        self.settings_files: dict[str, ast.expr | None] = {}
        self.surfaces = surfaces
        self.edges: dict[Scope, list[Edge]] = defaultdict(list)
        self.constructions: dict[Scope, list[CallSite]] = defaultdict(list)
        self.provisional = 0
        self._settled: dict[Hashable, Values] = {}
        self._tentative: dict[Hashable, Values] = {}
        self._partial: dict[Hashable, Values] = {}  # cut short by a cycle; good for one question only
        self._running: set[object] = set()
        self._listing: set[str] = set()
        self._steps = 0
        self._cut = 0
        self._stores: dict[str, list[Store]] | None = None
        self._subclasses: dict[Scope, list[Scope]] | None = None
        self._decorations: dict[Scope, list[Scope]] | None = None
        self._calls_by_name: dict[str, list[CallSite]] | None = None

    def forget_provisional(self) -> None:
        """Drop what was concluded from an incomplete set of call sites or modules."""
        self._tentative.clear()
        self._stores = None
        self._subclasses = None
        self._decorations = None
        self._calls_by_name = None

    # ------------------------------------------------------------------ expressions

    def evaluate(self, node: ast.expr, scope: Scope) -> Values:
        """The alternatives of an expression read in ``scope``."""
        known = self._settled.get(node)
        if known is not None:
            return known
        known = self._tentative.get(node)
        if known is None:
            known = self._partial.get(node)
        if known is not None:
            self.provisional += 1
            return known
        if node in self._running or len(self._running) > _MAX_DEPTH or self._steps > _MAX_STEPS:
            self._cut += 1
            return ANYTHING
        handler = _HANDLERS.get(type(node))
        if handler is None:
            return ANYTHING
        if not self._running:
            self._partial.clear()
            self._steps = 0
        self._steps += 1
        self._running.add(node)
        cut, provisional = self._cut, self.provisional
        try:
            values = handler(self, node, scope)
        finally:
            self._running.discard(node)
        if self._cut != cut and (self._running or self._listing):
            memo = self._partial if self._listing or not values or _is_vague(values) else self._tentative
        else:
            memo = self._settled if self.provisional == provisional else self._tentative
        memo[node] = values
        return values

    def read(self, ref: Ref) -> Values:
        """Evaluate an expression kept for later."""
        return self.evaluate(ref.node, ref.scope)

    def _guarded(self, key: object, compute: Callable[[], Values]) -> Values:
        """Run ``compute`` unless it is already running for ``key``."""
        if key in self._running or len(self._running) > _MAX_DEPTH:
            self._cut += 1
            return ANYTHING
        self._running.add(key)
        try:
            return compute()
        finally:
            self._running.discard(key)

    def _remembered(self, key: Hashable, compute: Callable[[], Values]) -> Values:
        """Guarded and remembered like an expression: for answers that many expressions ask for."""
        known = self._settled.get(key)
        if known is not None:
            return known
        known = self._tentative.get(key)
        if known is None:
            known = self._partial.get(key)
        if known is not None:
            self.provisional += 1
            return known
        cut, provisional = self._cut, self.provisional
        values = self._guarded(key, compute)
        if self._cut != cut:
            if values and not _is_vague(values) and not self._listing:
                self._tentative[key] = values
        elif self.provisional == provisional:
            self._settled[key] = values
        else:
            self._tentative[key] = values
        return values

    def _constant(self, node: ast.Constant, _scope: Scope) -> Values:
        return (Const(node.value),)

    def _configured(self, node: Configured, _scope: Scope) -> Values:
        return (Const(node.value, "config"),)

    def _name(self, node: ast.Name, scope: Scope) -> Values:
        return self.name(node.id, scope, node.lineno, node.col_offset)

    def name(self, name: str, scope: Scope, line: int, column: int) -> Values:
        """The alternatives of a name used in ``scope`` at a position."""
        home = names.visible(name, scope)
        if home is None:
            return self._from_star_imports(name, scope) or (External(f"builtins.{name}"),)
        bindings, certain = names.reaching(name, home, scope, line, column)
        groups = [self._bound(binding) for binding in bindings if binding.kind != "aug"]
        if any(binding.kind == "aug" for binding in bindings) and not _holds_items(groups):
            groups = [self._augmented(bindings)]
        parameter = home.parameter(name)
        if parameter is not None and not certain:
            groups.insert(0, self.parameter(home, parameter))
        source: Source = "constant" if home.kind in ("module", "class") else "literal"
        values = _relabel(merge(groups), source)
        if any(isinstance(value, (Mapping_, Items)) for value in values):
            values = containers.with_mutations(self, values, name, home, scope, (line, column))
        return values

    def _from_star_imports(self, name: str, scope: Scope) -> Values:
        for binding in scope.module.scope.bindings.get("*", []):
            base = str(binding.path[0])
            filename = self.modules.find(base, scope.module)
            if filename is None:
                if base.split(".")[0] in self.surfaces.roots and self.surfaces.constructor(f"{base}.{name}"):
                    return (External(f"{base}.{name}"),)
                continue
            index = self.modules.index(filename)
            if index is not None and index is not scope.module and name in index.scope.bindings:
                return self._module_member(index, name)
        return NOTHING

    def _augmented(self, bindings: list[Binding]) -> Values:
        """``text += part``: one text out of what came before and what is added."""
        parts: list[str | Hole] = []
        for binding in sorted(bindings, key=lambda found: found.at):
            if binding.value is None or binding.path:
                return ANYTHING
            parts += folding.text_parts(self.evaluate(binding.value, binding.scope), binding.value)
        return (Text(tuple(parts)),)

    def _bound(self, binding: Binding) -> Values:
        match binding.kind:
            case "import":
                return (self._module(str(binding.path[0]), binding.scope.module),)
            case "from":
                base, name = binding.path
                return self._imported(str(base), str(name), binding.scope.module)
            case "def":
                return self._defined(binding)
            case "class":
                return (ClassValue(binding.scope.module.scopes[binding.node]),)
            case "annotation":
                return self.annotated(binding.annotation, binding.scope)
        if binding.value is None:
            return ANYTHING
        values = self.evaluate(binding.value, binding.scope)
        if binding.annotation is not None and _all_unknown(values):
            values = self.annotated(binding.annotation, binding.scope) or values
        return self._select(values, binding.path, binding.value, binding.scope)

    def _defined(self, binding: Binding) -> Values:
        scope = binding.scope.module.scopes[binding.node]
        if scope.decorators and binding.scope.kind != "class":
            for decorator in scope.decorators:
                replaced = folding.decorated(self, decorator, scope)
                if replaced is not None:
                    return replaced
        return (Function(scope),)

    def _module(self, dotted: str, importer: ModuleIndex) -> Abstract:
        filename = self.modules.find(dotted, importer)
        index = self.modules.index(filename) if filename is not None else None
        return ProjectModule(index) if index is not None else External(dotted)

    def _imported(self, base: str, name: str, importer: ModuleIndex) -> Values:
        inserted = self.surfaces.insertion(f"{base}.{name}")
        if inserted is not None:
            return (External(inserted),)
        filename = self.modules.find(base, importer)
        if filename is not None:
            index = self.modules.index(filename)
            if index is not None and index is not importer and name in index.scope.bindings:
                return self._module_member(index, name)
            if index is not None and index is not importer:
                star = self._from_star_imports(name, index.scope)
                if star:
                    return star
        dotted = f"{base}.{name}" if base else name
        module = self._module(dotted, importer)
        if isinstance(module, ProjectModule) or filename is None:
            return (module,)
        return ANYTHING

    def _module_member(self, index: ModuleIndex, name: str) -> Values:
        return self._remembered((index, name), lambda: self.name(name, index.scope, 1 << 30, 0))

    def _select(self, values: Values, path: tuple[int | str, ...], node: ast.expr, scope: Scope) -> Values:
        for step in path:
            if step == "*":
                values = self.elements(values)
            elif step == "with":
                values = merge([self._entered(value) for value in values])
            elif isinstance(step, int):
                values = merge([self._item(value, step) for value in values])
            else:
                values = ANYTHING
        return values

    def elements(self, values: Values) -> Values:
        """What iterating over the values may give."""
        groups: list[Values] = []
        for value in values:
            match value:
                case Items(elements=elements, open=is_open):
                    groups += [self.read(element) for element in elements[:12]]
                    groups.append(ANYTHING if is_open or not elements else NOTHING)
                case Response():
                    groups.append((value,))
                case Mapping_(entries=entries):
                    groups += [(Const(key),) for key, _ in entries]
                case _:
                    groups.append(ANYTHING)
        return merge(groups)

    def _entered(self, value: Abstract) -> Values:
        if isinstance(value, Instance):
            return self.call_method(value, "__enter__") or self.call_method(value, "__aenter__") or (value,)
        return (value,)

    def _item(self, value: Abstract, key: int | str) -> Values:
        match value:
            case Items(elements=elements) if isinstance(key, int) and -len(elements) <= key < len(elements):
                return self.read(elements[key])
            case Mapping_() if isinstance(key, str) and (found := value.get(key)) is not None:
                return self.read(found)
            case Response():
                return (value,)
            case External() if isinstance(key, str):
                return self._stored(f"{value.dotted}", key, value) or (External(f"{value.dotted}[{key}]"),)
        return ANYTHING

    # ------------------------------------------------------------------ attributes

    def _attribute(self, node: ast.Attribute, scope: Scope) -> Values:
        bases = self.evaluate(node.value, scope)
        values = merge([self.member(value, node.attr, scope) for value in bases])
        if isinstance(node.value, ast.Attribute):
            values = merge([self._set_by_class(node, scope), values])
        if all(isinstance(value, (UnknownValue, External)) or value == Const(None) for value in values):
            return self._stored_by_text(node) or values
        return values

    def _set_by_class(self, node: ast.Attribute, scope: Scope) -> Values:
        """``if not self.config.model: self.config.model = …``: what the class itself puts there."""
        owner, text = scope.function.owner, _dotted(node)
        if owner is None or not text.startswith("self."):
            return NOTHING
        found = [
            self._stored_value(store)
            for store in self._stores_of(node.attr)
            if store.scope.function.owner in self.lineage(owner) and _dotted(store.target) == text
        ]
        return _as_defaults(tuple(v for v in merge(found) if not isinstance(v, UnknownValue)))

    def member(self, value: Abstract, attr: str, scope: Scope) -> Values:
        """What ``value.attr`` may be."""
        match value:
            case External(dotted=dotted):
                found = self._stored(dotted, attr, value) if value.call is None else NOTHING
                special = folding.external_member(self, value, attr, scope)
                return found or special or (External(f"{dotted}.{attr}", value.call),)
            case ProjectModule(index=index):
                return self._of_module(index, attr)
            case Instance(scope=owner) | ClassValue(scope=owner):
                return self.class_member(owner, attr, value)
            case Client():
                return (self._client_member(value, attr),)
            case Response():
                return (value,)
            case Function() if attr in _QUEUE_METHODS:
                return (value,)
            case Function(scope=function) if attr in _DECORATED_METHODS:
                return (Function(function),)
            case Const(value=str()) | Text():
                return (External(f"str.{attr}"),)
        return ANYTHING

    def _of_module(self, index: ModuleIndex, attr: str) -> Values:
        inserted = self.surfaces.insertion(f"{index.name}.{attr}")
        if inserted is not None:
            return (External(inserted),)
        if attr in index.scope.bindings:
            return self._module_member(index, attr)
        found = self._module(f"{index.name}.{attr}", index)
        if isinstance(found, ProjectModule):
            return (found,)
        return self._from_star_imports(attr, index.scope) or ANYTHING

    def _client_member(self, client: Client, attr: str) -> Client:
        receiver = self.surfaces.receiver(client.provider, client.receiver)
        if attr in receiver.transparent:
            return client
        path = (*client.path, attr)
        kind = self.surfaces.attribute(client.provider, client.receiver, ".".join(path))
        if kind is not None and self.surfaces.receiver(*kind).name and self._is_attribute(client, path):
            return replace(client, provider=kind[0], receiver=kind[1], path=())
        return replace(client, path=path)

    def _is_attribute(self, client: Client, path: tuple[str, ...]) -> bool:
        """``client.v2`` is an object by itself; ``client.chats.create`` must be called."""
        return len(path) == 1 and path[0] in self.surfaces.receiver(client.provider, client.receiver).parts

    def class_member(self, owner: Scope, attr: str, value: Instance | ClassValue) -> Values:
        """An attribute of an object (or class) of the project, through its bases."""
        return self._remembered((owner, attr, value), lambda: self._class_member(owner, attr, value))

    def _class_member(self, owner: Scope, attr: str, value: Instance | ClassValue) -> Values:
        lineage = self.lineage(owner)
        for cls in lineage:
            method = cls.method(attr)
            if method is not None:
                return self._method(method, owner, value)
        values = self._fields(lineage, attr, owner)
        if not values or _all_unknown(values):
            values = self._fields(self.descendants(owner), attr, owner) or values
        if not values or _all_unknown(values):
            inherited = self._inherited(lineage, attr)
            outside = self._outside_stores(owner, attr)
            return (
                inherited
                or outside
                or self._override(owner, attr)
                or values
                or self._delegated(lineage, attr)
            )
        return values

    def _fields(self, classes: list[Scope], attr: str, owner: Scope) -> Values:
        groups: list[Values] = []
        for cls in classes:
            groups += self._class_bindings(cls, attr, owner)
            groups += self._self_stores(cls, attr)
        return merge(groups)

    def _method(self, method: Scope, owner: Scope, value: Instance | ClassValue) -> Values:
        decorators = {_dotted(decorator) for decorator in method.decorators}
        if decorators & {"property", "cached_property", "functools.cached_property", "computed_field"} or any(
            name.endswith(".setter") for name in decorators
        ):
            return self.returned(method)
        bound: Instance | ClassValue | None = value
        if "staticmethod" in decorators:
            bound = None
        if isinstance(value, Instance) and value.exact:
            return (Function(method, bound),)
        overrides = self._override(owner, method.name)
        if self._is_abstract(method) and overrides:
            return overrides
        return (Function(method, bound), *overrides)

    def _override(self, owner: Scope, attr: str) -> Values:
        """The implementations of a method in the project's subclasses, as many as one value can be."""
        return self.overrides(owner, attr)[:MAX_OVERRIDES]

    def overrides(self, owner: Scope, attr: str) -> Values:
        """All implementations of a method in the project's subclasses."""
        return tuple(
            Function(method, Instance(cls))
            for cls in self.descendants(owner) or self.implementations(owner)
            if (method := cls.method(attr)) is not None and not self._is_abstract(method)
        )

    def _is_abstract(self, method: Scope) -> bool:
        if any(_dotted(decorator) in _ABSTRACT for decorator in method.decorators):
            return True
        body = getattr(method.node, "body", [])
        return isinstance(body, list) and all(_says_nothing(statement) for statement in body)

    def _class_bindings(self, cls: Scope, attr: str, owner: Scope) -> Iterator[Values]:
        for binding in cls.bindings.get(attr, []):
            if binding.kind in ("def", "class"):
                continue
            groups = list(self._constructed(owner, attr))
            if binding.value is not None:
                groups.append(folding.field_default(self, binding.value, cls))
            if all(_all_unknown(group) for group in groups):
                groups.append(self.annotated(binding.annotation, cls))
            yield _relabel(merge(groups), "config" if self._is_settings(cls) else "constant")

    def _constructed(self, owner: Scope, attr: str) -> Iterator[Values]:
        """What a field is given where objects of a class without ``__init__`` are made."""
        if any(cls.method("__init__") is not None for cls in self.lineage(owner)):
            return
        self.provisional += 1
        order = [name for name, found in owner.bindings.items() if any(b.annotation for b in found)]
        for site in self.constructions.get(owner) or self._constructed_at_home(owner):
            for keyword in site.node.keywords:
                if keyword.arg == attr:
                    yield self.evaluate(keyword.value, site.scope)
                if keyword.arg is None:
                    for value in self.evaluate(keyword.value, site.scope):
                        if isinstance(value, Mapping_) and value.get(attr) is not None:
                            yield self._item(value, attr)
            if attr in order and order.index(attr) < len(site.node.args):
                yield self.evaluate(site.node.args[order.index(attr)], site.scope)

    def _constructed_at_home(self, owner: Scope) -> list[CallSite]:
        """The places of a class's own module where objects of it are made, for modules not visited."""
        return [
            site
            for site in owner.module.calls.values()
            if isinstance(site.node.func, ast.Name)
            and site.node.func.id in (owner.name, "cls")
            and ClassValue(owner) in self.evaluate(site.node.func, site.scope)
        ]

    def _is_settings(self, cls: Scope) -> bool:
        bases = getattr(cls.node, "bases", [])
        return any("Settings" in (_dotted(base) or "") for base in bases)

    def _self_stores(self, cls: Scope, attr: str) -> Iterator[Values]:
        for store in cls.own_stores(attr):
            yield self._stored_value(store)

    def _stored_value(self, store: Store) -> Values:
        values: Values = ANYTHING
        if store.value is not None:
            values = self._select(
                self.evaluate(store.value, store.scope), store.path, store.value, store.scope
            )
        if store.annotation is not None and _all_unknown(values):
            return self.annotated(store.annotation, store.scope) or values
        return values

    def _inherited(self, lineage: list[Scope], attr: str) -> Values:
        """An attribute of an SDK class that a class of the project extends."""
        for cls in lineage:
            for base in getattr(cls.node, "bases", []):
                for value in self.evaluate(base, cls.parent or cls):
                    if isinstance(value, External):
                        client = folding.construct(self, value.dotted, None)
                        if client is not None:
                            return (self._client_member(client, attr),)
        return NOTHING

    def _delegated(self, lineage: list[Scope], attr: str) -> Values:
        """``__getattr__`` that forwards to another object."""
        for cls in lineage:
            forward = cls.method("__getattr__")
            for value in forward.returns if forward is not None else []:
                if isinstance(value, ast.Call) and _dotted(value.func) == "getattr" and value.args:
                    inner = self.evaluate(value.args[0], forward or cls)
                    return merge([self.member(found, attr, cls) for found in inner])
        return ANYTHING

    def lineage(self, cls: Scope) -> list[Scope]:
        """A class and its bases in the project, nearest first."""
        result: list[Scope] = []
        queue = [cls]
        while queue and len(result) < 20:
            current = queue.pop(0)
            if current in result:
                continue
            result.append(current)
            for base in getattr(current.node, "bases", []):
                found = self.evaluate(base, current.parent or current)
                queue += [value.scope for value in found if isinstance(value, ClassValue)]
        return result

    def descendants(self, cls: Scope) -> list[Scope]:
        """The loaded classes that extend a class, directly or not."""
        if self._subclasses is None:
            subclasses = self._listed("subclasses", self._all_subclasses)
            if subclasses is None:
                return []
            self._subclasses = subclasses
        self.provisional += 1
        return self._subclasses.get(cls, [])

    def _all_subclasses(self) -> dict[Scope, list[Scope]]:
        found: dict[Scope, list[Scope]] = defaultdict(list)
        for index in self.modules.loaded():
            for scope in list(index.scopes.values()):
                if scope.kind == "class" and getattr(scope.node, "bases", []):
                    for ancestor in self.lineage(scope)[1:]:
                        found[ancestor].append(scope)
        return found

    def _listed(
        self, key: str, compute: Callable[[], dict[Scope, list[Scope]]]
    ) -> dict[Scope, list[Scope]] | None:
        """A list over the whole project, made as a question of its own; None while it is being made."""
        if key in self._listing:
            self._cut += 1
            return None
        outer, partial, steps = self._running, self._partial, self._steps
        self._running, self._partial, self._steps = set(), {}, 0
        self._listing.add(key)
        try:
            return compute()
        finally:
            self._listing.discard(key)
            self._running, self._partial, self._steps = outer, partial, steps

    def implementations(self, cls: Scope) -> list[Scope]:
        """The loaded classes that have all methods of a protocol."""
        bases = {
            (_dotted(base) or "").split(".")[-1].split("[")[0] for base in getattr(cls.node, "bases", [])
        }
        wanted = {method.name for method in cls.methods() if not method.name.startswith("__")}
        if "Protocol" not in bases or not wanted:
            return []
        return [
            scope
            for index in self.modules.loaded()
            for scope in index.scopes.values()
            if scope.kind == "class" and scope is not cls and wanted <= {m.name for m in scope.methods()}
        ]

    # ------------------------------------------------------------------ stores on other objects

    def _stores_of(self, attr: str) -> list[Store]:
        if self._stores is None:
            self._stores = defaultdict(list)
            for index in self.modules.loaded():
                for scope in index.scopes.values():
                    for store in scope.stores:
                        self._stores[_store_key(store.target)].append(store)
        self.provisional += 1
        return self._stores.get(attr, [])

    def calls_named(self, attr: str) -> list[CallSite]:
        """The calls of a method by its name, in all loaded modules."""
        if self._calls_by_name is None:
            self._calls_by_name = defaultdict(list)
            for index in self.modules.loaded():
                for site in index.calls.values():
                    if isinstance(site.node.func, ast.Attribute):
                        self._calls_by_name[site.node.func.attr].append(site)
        self.provisional += 1
        return self._calls_by_name.get(attr, [])

    def _stored(self, dotted: str, attr: str, base: External) -> Values:
        """Values put on an object outside the project: ``st.session_state.client = …``."""
        groups = []
        for store in self._stores_of(attr):
            owners = self._guarded(store, lambda store=store: self.evaluate(store.target.value, store.scope))  # type: ignore[misc]
            if any(isinstance(owner, External) and owner.dotted == dotted for owner in owners):
                groups.append(self._stored_value(store))
        return merge(groups)

    def said_to(self, name: str, key: str, is_call: bool) -> list[Ref]:
        """What the project assigns to ``name.key``, or gives ``name(key=…)``."""
        if is_call:
            return [
                Ref(keyword.value, site.scope)
                for site in self.calls_named(name.rpartition(".")[2])
                for keyword in site.node.keywords
                if keyword.arg == key and self._is_external(site.node.func, site.scope, name)
            ]
        return [
            Ref(store.value, store.scope)
            for store in self._stores_of(key)
            if store.value is not None
            and not store.path
            and self._is_external(store.target.value, store.scope, name)
        ]

    def _is_external(self, node: ast.expr, scope: Scope, name: str) -> bool:
        return any(isinstance(v, External) and v.dotted == name for v in self.evaluate(node, scope))

    def _outside_stores(self, owner: Scope, attr: str) -> Values:
        """``service.client = …`` written outside the class."""
        groups = []
        for store in self._stores_of(attr):
            if not isinstance(store.target.value, ast.Name) or store.target.value.id in ("self", "cls"):
                continue
            owners = self._guarded(store, lambda store=store: self.evaluate(store.target.value, store.scope))  # type: ignore[misc]
            if any(isinstance(found, (Instance, ClassValue)) and found.scope is owner for found in owners):
                groups.append(self._stored_value(store))
        return merge(groups)

    def _stored_by_text(self, node: ast.Attribute) -> Values:
        """``request.app.state.llm``: matched by the last two names where nothing else is known."""
        base = node.value
        if not isinstance(base, (ast.Attribute, ast.Name)):
            return NOTHING
        tail = base.attr if isinstance(base, ast.Attribute) else base.id
        if tail not in (
            "state",
            "session_state",
            "g",
            "ctx",
            "context",
            "extensions",
            "deps",
            "user_session",
        ):
            return NOTHING
        return merge(
            [
                self._stored_value(store)
                for store in self._stores_of(node.attr)
                if (_dotted(store.target.value) or "").split(".")[-1] == tail
            ]
        )

    # ------------------------------------------------------------------ parameters and annotations

    def parameter(self, function: Scope, parameter: Parameter) -> Values:
        """What a parameter may be: from its annotation, its default and its call sites."""
        return self._remembered((function, parameter.name), lambda: self._parameter(function, parameter))

    def _parameter(self, function: Scope, parameter: Parameter) -> Values:
        owner = function.owner
        if owner is not None and parameter.position == 0:
            decorators = {_dotted(decorator) for decorator in function.decorators}
            if "classmethod" in decorators:
                return (ClassValue(owner),)
            if "staticmethod" not in decorators:
                return (Instance(owner),)
        if parameter.star:
            return self._variadic(function, parameter)
        self.provisional += 1
        home = function.parent or function
        edges = self._telling_edges(function)
        given = [self.argument(edge, parameter) for edge in edges[:_MAX_CALLERS]]
        given += self._decorated(function, parameter)
        groups = list(given)
        if not given or not all(given):
            groups.insert(0, folding.parameter_default(self, function, parameter, home))
        declared = self.annotated(parameter.annotation, home)
        if declared and not any(isinstance(value, (Client, Instance)) for group in given for value in group):
            groups.append(declared)
        values = merge(groups)
        if not given:
            values = merge([values, ANYTHING])
        return values

    def _telling_edges(self, function: Scope) -> list[Edge]:
        """The calls of a function; what its tests give it says nothing of real use."""
        edges = self.edges.get(function, [])
        if is_test(function.module.filename):
            return edges
        return [edge for edge in edges if not is_test(edge.site.module.filename)]

    def _decorated(self, function: Scope, parameter: Parameter) -> list[Values]:
        """The functions that a decorator of the project is applied to, for its first parameter."""
        if parameter.position != 0:
            return []
        if self._decorations is None:
            decorations = self._listed("decorations", self._all_decorations)
            if decorations is None:
                return []
            self._decorations = decorations
        return [(Function(scope),) for scope in self._decorations.get(function, ())]

    def _all_decorations(self) -> dict[Scope, list[Scope]]:
        found: dict[Scope, list[Scope]] = defaultdict(list)
        for index in self.modules.loaded():
            for scope in list(index.scopes.values()):
                for decorator in scope.decorators if scope.kind == "function" else ():
                    for value in self.evaluate(decorator, scope.parent or scope):
                        if isinstance(value, Function):
                            found[value.scope].append(scope)
        return found

    def argument(self, edge: Edge, parameter: Parameter) -> Values:
        """What one call gives for a parameter; nothing when it leaves the default."""
        ref = edge.argument(parameter)
        if ref is not None:
            return self.read(ref)
        for spread in edge.spread():
            groups = [self._item(value, parameter.name) for value in self.read(spread)]
            if groups:
                return merge(groups)
        return NOTHING

    def _variadic(self, function: Scope, parameter: Parameter) -> Values:
        self.provisional += 1
        if parameter.star == "*":
            return ANYTHING
        named = {other.name for other in function.parameters}
        groups: list[Values] = []
        for edge in self._telling_edges(function):
            entries = [
                (keyword.arg, Ref(keyword.value, edge.site.scope))
                for keyword in edge.site.node.keywords
                if keyword.arg is not None and keyword.arg not in named
            ]
            spreads = [value for ref in edge.spread() for value in self.read(ref)]
            for value in spreads:
                if isinstance(value, Mapping_):
                    entries += [entry for entry in value.entries if entry[0] not in named]
            is_open = any(not isinstance(value, Mapping_) or value.open for value in spreads)
            groups.append((Mapping_(edge.site.node, tuple(entries), is_open),))
        return merge(groups) or ANYTHING

    def annotated(self, annotation: ast.expr | None, scope: Scope) -> Values:
        """The object that an annotation promises: an SDK client or an instance of a project class."""
        if annotation is None:
            return NOTHING
        if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
            try:
                annotation = ast.parse(annotation.value, mode="eval").body
            except SyntaxError:
                return NOTHING
            return self._annotated(annotation, scope, fresh=True)
        return self._annotated(annotation, scope)

    def _annotated(self, node: ast.expr, scope: Scope, fresh: bool = False) -> Values:
        match node:
            case ast.BinOp(op=ast.BitOr(), left=left, right=right):
                return merge([self._annotated(left, scope, fresh), self._annotated(right, scope, fresh)])
            case ast.Subscript(value=base, slice=inner):
                name = (_dotted(base) or "").split(".")[-1]
                if name == "Annotated" and isinstance(inner, ast.Tuple):
                    return folding.dependency(self, inner, scope) or self._annotated(
                        inner.elts[0], scope, fresh
                    )
                if name in ("Optional", "Union", "Type", "type", "ClassVar", "Final"):
                    options = inner.elts if isinstance(inner, ast.Tuple) else [inner]
                    return merge([self._annotated(option, scope, fresh) for option in options])
                return NOTHING
            case ast.Name() | ast.Attribute():
                if fresh and isinstance(node, ast.Name):
                    values = self.name(node.id, scope, 1 << 30, 0)
                else:
                    values = self.evaluate(node, scope)
                return tuple(found for value in values for found in self._promised(value))
        return NOTHING

    def _promised(self, value: Abstract) -> Values:
        if isinstance(value, ClassValue):
            return (Instance(value.scope),)
        if isinstance(value, External):
            client = folding.construct(self, value.dotted, None)
            return (
                (client,)
                if client is not None
                else (External(value.dotted, None),)
                if "." in value.dotted and not value.dotted.startswith(("builtins.", "typing."))
                else NOTHING
            )
        return NOTHING

    # ------------------------------------------------------------------ calls

    def _call(self, node: ast.Call, scope: Scope) -> Values:
        site = scope.module.calls.get(node)
        if site is None:
            return ANYTHING
        values = merge([self.result(value, site) for value in self.evaluate(node.func, scope)])
        return folding.method_of_unknown(self, node, scope, values)

    def result(self, value: Abstract, site: CallSite) -> Values:
        """What calling ``value`` at ``site`` may give."""
        match value:
            case Function(scope=function):
                return folding.generic_result(self, function, site) or self.returned(function)
            case ClassValue(scope=cls):
                return (Instance(cls, True),)
            case External():
                return folding.external_call(self, value, site)
            case Client():
                return folding.client_call(self, value, site)
            case RequestFunction(spec=spec):
                return (Response(site, spec),)
            case Partial(target=target):
                return self.result(target, site)
            case Response():
                return (value,)
            case Instance():
                return self.call_method(value, "__call__") or self.call_method(value, "forward") or ANYTHING
        return ANYTHING

    def call_method(self, instance: Instance, name: str) -> Values:
        """What a method of an instance returns; nothing when its class has no such method."""
        for cls in self.lineage(instance.scope):
            method = cls.method(name)
            if method is not None:
                return self.returned(method)
        return NOTHING

    def returned(self, function: Scope) -> Values:
        """What a function of the project may return (or yield, for context managers)."""
        return self._remembered(("returns", function), lambda: self._returned(function))

    def _returned(self, function: Scope) -> Values:
        expressions = function.returns or function.yields
        values = merge([self.evaluate(expression, function) for expression in expressions])
        annotation = getattr(function.node, "returns", None)
        if annotation is not None and (not values or _all_unknown(values)):
            promised = self.annotated(annotation, function.parent or function)
            return promised or values or ANYTHING
        return values or ((Const(None),) if not expressions else ANYTHING)

    # ------------------------------------------------------------------ other expressions

    def _await(self, node: ast.Await, scope: Scope) -> Values:
        return self.evaluate(node.value, scope)

    def _starred(self, node: ast.Starred, scope: Scope) -> Values:
        return self.evaluate(node.value, scope)

    def _walrus(self, node: ast.NamedExpr, scope: Scope) -> Values:
        return self.evaluate(node.value, scope)

    def _conditional(self, node: ast.IfExp, scope: Scope) -> Values:
        return merge([self.evaluate(node.body, scope), self.evaluate(node.orelse, scope)])

    def _boolean(self, node: ast.BoolOp, scope: Scope) -> Values:
        groups = [self.evaluate(value, scope) for value in node.values]
        if isinstance(node.op, ast.And):
            return groups[-1]
        merged = merge(
            [tuple(v for v in group if v != Const(None) and v != Const("")) for group in groups[:-1]]
        )
        source: Source = (
            "default" if any(isinstance(v, UnknownValue) for v in merged) or not merged else "constant"
        )
        return merge([merged, _relabel(groups[-1], source)])

    def _subscript(self, node: ast.Subscript, scope: Scope) -> Values:
        keys = [
            k.value
            for k in self.evaluate(node.slice, scope)
            if isinstance(k, Const) and isinstance(k.value, (int, str))
        ]
        bases = self.evaluate(node.value, scope)
        if keys and bases == (External("os.environ"),):
            found = merge([settings_files.variable(self, str(key), scope.module) for key in keys])
            if found:
                return found
        if keys:
            return merge([self._item(value, key) for key in keys for value in bases])
        groups: list[Values] = []
        for value in bases:
            match value:
                case Mapping_(entries=entries):
                    groups += [self.read(ref) for _, ref in entries]
                case Items(elements=elements):
                    groups += [self.read(ref) for ref in elements[:8]]
                case Response():
                    groups.append((value,))
                case _:
                    groups.append(ANYTHING)
        return merge(groups)

    def _sequence(self, node: ast.List | ast.Tuple | ast.Set, scope: Scope) -> Values:
        is_open = any(isinstance(element, ast.Starred) for element in node.elts)
        return (Items(node, tuple(Ref(element, scope) for element in node.elts), is_open),)

    def _dict(self, node: ast.Dict, scope: Scope) -> Values:
        entries: list[tuple[str, Ref]] = []
        is_open = False
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                spread = self.evaluate(value, scope)
                for found in spread:
                    if isinstance(found, Mapping_):
                        entries += found.entries
                is_open = is_open or not all(isinstance(v, Mapping_) and not v.open for v in spread)
                continue
            names_ = [
                k.value
                for k in self.evaluate(key, scope)
                if isinstance(k, Const) and isinstance(k.value, str)
            ]
            entries += [(name, Ref(value, scope)) for name in names_[:1]]
            is_open = is_open or not names_
        return (Mapping_(node, tuple(entries), is_open),)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp, scope: Scope) -> Values:
        inner = scope.module.scopes.get(node)
        return (Items(node, (Ref(node.elt, inner),) if inner is not None else (), True),)

    def _lambda(self, node: ast.Lambda, scope: Scope) -> Values:
        inner = scope.module.scopes.get(node)
        return (Function(inner),) if inner is not None else ANYTHING

    def _binary(self, node: ast.BinOp, scope: Scope) -> Values:
        return folding.binary(self, node, scope)

    def _joined(self, node: ast.JoinedStr, scope: Scope) -> Values:
        return folding.joined(self, node, scope)


def _relabel(values: Values, source: Source) -> Values:
    """Note that literals were reached through a name; other origins are kept."""
    if source == "literal":
        return values
    return tuple(
        Const(value.value, source)
        if isinstance(value, Const) and value.source in ("literal", "constant")
        else Text(value.parts, source)
        if isinstance(value, Text) and value.source in ("literal", "constant")
        else value
        for value in values
    )


def _as_defaults(values: Values) -> Values:
    return tuple(Const(v.value, "default") if isinstance(v, Const) else v for v in values)


def _is_vague(values: Values) -> bool:
    return any(isinstance(value, UnknownValue) for value in values)


def _holds_items(groups: list[Values]) -> bool:
    return any(isinstance(value, Items) for group in groups for value in group)


def _all_unknown(values: Values) -> bool:
    return all(isinstance(value, UnknownValue) or value == Const(None) for value in values)


def _store_key(target: ast.Attribute | ast.Subscript) -> str:
    if isinstance(target, ast.Attribute):
        return target.attr
    key = target.slice
    return key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""


def _says_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, (ast.Pass, ast.Raise)):
        return True
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _dotted(node: ast.expr) -> str:
    """The dotted source text of a name, attribute or call of one; empty for anything else."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attr):
            base = _dotted(value)
            return f"{base}.{attr}" if base else ""
        case ast.Call(func=func):
            return _dotted(func)
        case ast.Subscript(value=value):
            return _dotted(value)
    return ""


dotted_text = _dotted

_HANDLERS: dict[type[ast.expr], Callable[..., Values]] = {
    ast.Constant: Resolver._constant,
    ast.Name: Resolver._name,
    ast.Attribute: Resolver._attribute,
    ast.Call: Resolver._call,
    ast.Await: Resolver._await,
    ast.Starred: Resolver._starred,
    ast.NamedExpr: Resolver._walrus,
    ast.IfExp: Resolver._conditional,
    ast.BoolOp: Resolver._boolean,
    ast.Subscript: Resolver._subscript,
    ast.List: Resolver._sequence,
    ast.Tuple: Resolver._sequence,
    ast.Set: Resolver._sequence,
    ast.Dict: Resolver._dict,
    ast.ListComp: Resolver._comprehension,
    ast.SetComp: Resolver._comprehension,
    ast.GeneratorExp: Resolver._comprehension,
    ast.Lambda: Resolver._lambda,
    ast.BinOp: Resolver._binary,
    ast.JoinedStr: Resolver._joined,
    Configured: Resolver._configured,
}

__all__ = ["UNKNOWN_VALUE", "Resolver", "dotted_text"]
