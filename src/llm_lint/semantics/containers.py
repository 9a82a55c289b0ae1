"""What is put into a list or dict after it was made, before it is used."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from llm_lint.semantics.values import Abstract, Items, Mapping_, Ref, Values

if TYPE_CHECKING:
    from llm_lint.semantics.index import Scope
    from llm_lint.semantics.resolve import Resolver


def with_mutations(
    r: Resolver, values: Values, name: str, home: Scope, user: Scope, at: tuple[int, int]
) -> Values:
    """The values of ``name`` with what the function that made them adds before the position ``at``."""
    if home.function is not user.function and home.kind != "module":
        return values
    before = at if home.function is user.function else (1 << 30, 0)
    made_elsewhere = home.parameter(name) is not None
    return tuple(_mutated(r, value, name, home.function, before, made_elsewhere) for value in values)


def _mutated(
    r: Resolver, value: Abstract, name: str, function: Scope, before: tuple[int, int], made_elsewhere: bool
) -> Abstract:
    if isinstance(value, Mapping_):
        made = function.node if made_elsewhere else value.node
        added = tuple(_entries(r, name, function, made, before))
        if function.kind == "module":
            added = (*added, *_registered(name, function))
        return replace(value, entries=(*value.entries, *added)) if added else value
    if isinstance(value, Items):
        extra = tuple(_elements(r, name, function, value.node, before))
        return replace(value, elements=(*value.elements, *extra)) if extra else value
    return value


def _entries(
    r: Resolver, name: str, function: Scope, made: ast.AST, before: tuple[int, int]
) -> Iterator[tuple[str, Ref]]:
    for store in function.stores:
        target = store.target
        if (
            isinstance(target, ast.Subscript)
            and _is(target.value, name)
            and _between(made, target, before)
            and isinstance(target.slice, ast.Constant)
            and isinstance(target.slice.value, str)
            and store.value is not None
            and not store.path
        ):
            yield target.slice.value, Ref(store.value, store.scope)
    for site in function.all_calls():
        func = site.node.func
        if not (
            isinstance(func, ast.Attribute) and _is(func.value, name) and _between(made, site.node, before)
        ):
            continue
        if func.attr == "setdefault" and len(site.node.args) == 2:
            key = site.node.args[0]
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, Ref(site.node.args[1], site.scope)
        if func.attr == "update":
            yield from ((k.arg, Ref(k.value, site.scope)) for k in site.node.keywords if k.arg is not None)
            for argument in site.node.args:
                for given in r.evaluate(argument, site.scope):
                    yield from given.entries if isinstance(given, Mapping_) else ()


def _registered(name: str, module_scope: Scope) -> Iterator[tuple[str, Ref]]:
    """``REGISTRY[key] = value`` inside functions of the module, whatever the key."""
    for scope in module_scope.module.scopes.values():
        for store in scope.stores:
            if (
                isinstance(store.target, ast.Subscript)
                and _is(store.target.value, name)
                and store.value is not None
            ):
                if store.scope.function is not module_scope or not isinstance(
                    store.target.slice, ast.Constant
                ):
                    yield "*", Ref(store.value, store.scope)


def _elements(
    r: Resolver, name: str, function: Scope, made: ast.AST, before: tuple[int, int]
) -> Iterator[Ref]:
    for site in function.all_calls():
        func = site.node.func
        if not (
            isinstance(func, ast.Attribute) and _is(func.value, name) and _between(made, site.node, before)
        ):
            continue
        if func.attr == "append" and site.node.args:
            yield Ref(site.node.args[0], site.scope)
        elif func.attr == "insert" and len(site.node.args) > 1:
            yield Ref(site.node.args[1], site.scope)
        elif func.attr == "extend" and site.node.args:
            yield from _members(r, Ref(site.node.args[0], site.scope))
    for bindings in (function.bindings.get(name, []),):
        for binding in bindings:
            if binding.kind == "aug" and binding.value is not None and _between(made, binding.node, before):
                yield from _members(r, Ref(binding.value, binding.scope))


def _members(r: Resolver, ref: Ref) -> Iterator[Ref]:
    for value in r.read(ref):
        if isinstance(value, Items):
            yield from value.elements


def _is(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _between(made: ast.AST, node: ast.AST, before: tuple[int, int]) -> bool:
    start = (getattr(made, "lineno", 0), getattr(made, "col_offset", 0))
    return start < (getattr(node, "lineno", 0), getattr(node, "col_offset", 0)) < before
