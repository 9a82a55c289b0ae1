"""Which calls are worth resolving, by the names in them: most can neither be a request nor lead to one.

A call of an attribute matters only when something bears the attribute's name: a function, class, field or
stored attribute of a loaded module, or an entry of the tables. The same holds for what a call is given.
The test lets through whatever it cannot judge, so resolving the calls that it holds back would tell nothing.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator

from llm_lint.semantics import names, shapes
from llm_lint.semantics.index import Binding, CallSite, ModuleIndex, Scope
from llm_lint.semantics.modules import Modules
from llm_lint.semantics.resolve import CALLED_THROUGH
from llm_lint.semantics.surfaces import Surfaces

_LITERALS = (
    ast.Constant, ast.JoinedStr, ast.List, ast.Dict, ast.Set, ast.ListComp, ast.SetComp, ast.DictComp,
    ast.GeneratorExp, ast.Compare, ast.UnaryOp,
)  # fmt: skip
_BINDERS = ("partial", "partialmethod", "getattr", "sync_to_async", "async_to_sync")


class Telling:
    """The names that tell, as far as modules are loaded, and the calls held back."""

    def __init__(self, modules: Modules, surfaces: Surfaces) -> None:
        self._modules = modules
        self._names: set[str] = {*surfaces.call_names, *shapes.NAMES, *CALLED_THROUGH}
        self._learnt: set[ModuleIndex] = set()
        self._own: dict[ModuleIndex, frozenset[str]] = {}
        self._held: dict[str, list[CallSite]] = defaultdict(list)

    def sift(self, sites: Iterable[CallSite]) -> Iterator[CallSite]:
        """The calls worth resolving now; the others are held back until a name in them tells."""
        for site in sites:
            if self._may_tell(site):
                yield site
            else:
                for name in _mentions(site):
                    self._held[name].append(site)

    def learn(self) -> list[CallSite]:
        """Take in modules loaded since, and return the calls that this makes worth resolving."""
        woken: dict[CallSite, None] = {}
        for index in self._modules.loaded():
            if index not in self._learnt:
                self._learnt.add(index)
                for name in _borne(index) - self._names:
                    self._names.add(name)
                    woken.update(dict.fromkeys(self._held.pop(name, ())))
        return list(woken)

    def load_imports(self, index: ModuleIndex) -> None:
        """Load the project's modules that a module imports: their names must tell before its calls do."""
        own: set[str] = set()
        for scope in index.scopes.values():
            for name, bindings in scope.bindings.items():
                if any(self._is_own(binding, index) for binding in bindings):
                    own.add(name)
        self._own[index] = frozenset(own)

    def _is_own(self, binding: Binding, index: ModuleIndex) -> bool:
        if binding.kind not in ("import", "from"):
            return False
        dotted = ".".join(str(part) for part in binding.path if part)
        for name in (dotted, dotted.rpartition(".")[0]):
            filename = self._modules.find(name, index)
            if filename is not None:
                self._modules.index(filename)
                return True
        return False

    # ------------------------------------------------------------------ one call

    def _may_tell(self, site: CallSite) -> bool:
        func = site.node.func
        if isinstance(func, ast.Attribute):
            if self._attribute_tells(func, site.scope):
                return True
        elif not isinstance(func, ast.Name) or _is_visible(func.id, site.scope):
            return True
        given = (*site.node.args, *(keyword.value for keyword in site.node.keywords))
        return any(self._argument_tells(node, site.scope) for node in given)

    def _attribute_tells(self, node: ast.Attribute, scope: Scope) -> bool:
        if node.attr in self._names:
            return True
        root: ast.expr = node
        while isinstance(root, ast.Attribute):
            root = root.value
        return isinstance(root, ast.Name) and root.id in self._own.get(scope.module, ())

    def _argument_tells(self, node: ast.expr, scope: Scope) -> bool:
        match node:
            case ast.Attribute():
                return self._attribute_tells(node, scope)
            case ast.Name(id=name):
                return _may_be_function(name, scope)
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                return name in _BINDERS
        return isinstance(node, ast.Lambda)


def _mentions(site: CallSite) -> Iterator[str]:
    for node in (site.node.func, *site.node.args, *(keyword.value for keyword in site.node.keywords)):
        if isinstance(node, ast.Attribute):
            yield node.attr


def _borne(index: ModuleIndex) -> set[str]:
    """The names under which something in a module can be reached as an attribute."""
    found = {keyword.arg for node in index.calls for keyword in node.keywords if keyword.arg is not None}
    for scope in index.scopes.values():
        if scope.kind in ("function", "class"):
            found.add(scope.name)
        if scope.kind in ("module", "class"):
            found.update(scope.bindings)
        for store in scope.stores:
            if isinstance(store.target, ast.Attribute):
                found.add(store.target.attr)
            elif isinstance(store.target.slice, ast.Constant) and isinstance(store.target.slice.value, str):
                found.add(store.target.slice.value)
    return found


def _is_visible(name: str, scope: Scope) -> bool:
    """Whether a name is more than a builtin."""
    return names.visible(name, scope) is not None or "*" in scope.module.scope.bindings


def _may_be_function(name: str, scope: Scope) -> bool:
    """Whether a variable may hold a function, as far as its assignments show at a glance."""
    home = names.visible(name, scope)
    if home is None:
        return "*" in scope.module.scope.bindings
    if home.parameter(name) is not None:
        return True
    return any(_may_bind_function(binding) for binding in home.bindings.get(name, ()))


def _may_bind_function(binding: Binding) -> bool:
    if binding.kind in ("aug", "except", "class", "annotation"):
        return False
    return binding.kind != "assign" or bool(binding.path) or not isinstance(binding.value, _LITERALS)
