"""Where a file's string literals go: which variable, keyword, header or environment variable holds them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

# Calls that only wrap a secret, so that the literal inside is bound to what the wrapper is bound to.
_WRAPPERS = frozenset({"SecretStr", "Secret", "from_token", "AzureKeyCredential", "str", "cast"})
_ENVIRONMENT_READERS = frozenset({"getenv", "get", "setdefault", "putenv", "setenv", "config", "pop", "environ"})
_DECLARATIONS = frozenset({"Field", "field", "Option", "Argument", "option", "add_argument", "DEFINE_string"})
_DEFAULTS = frozenset({"default", "value", "default_value"})


@dataclass(frozen=True, slots=True)
class Bound:
    """What holds a value: ``names`` innermost first, and the call that receives it.

    ``callee`` is dotted and resolved through the file's imports; ``slot`` its keyword or position;
    ``nearby`` the URLs and sibling names in the same call or dict; ``is_variable`` tells that code
    elsewhere may read the value by the innermost name.
    """

    names: tuple[str, ...] = ()
    callee: str = ""
    slot: str | int | None = None
    nearby: tuple[str, ...] = ()
    is_variable: bool = False

    def named(self, name: str, *, is_variable: bool = False) -> Bound:
        """The same place under one more name."""
        return replace(self, names=(name, *self.names), is_variable=is_variable) if name else self


@dataclass(frozen=True, slots=True)
class Literal:
    """A string literal, and what holds it."""

    node: ast.expr
    value: str
    bound: Bound


@dataclass(frozen=True, slots=True)
class Bindings:
    """A file's literals in source order, the names passed on elsewhere, and what it imports."""

    literals: tuple[Literal, ...]
    uses: dict[str, tuple[Bound, ...]]
    imports: dict[str, str]


_NOWHERE = Bound()
_TRANSPARENT = (
    ast.BoolOp,
    ast.BinOp,
    ast.IfExp,
    ast.List,
    ast.Tuple,
    ast.Set,
    ast.Starred,
    ast.Await,
    ast.JoinedStr,
    ast.FormattedValue,
)


def bindings(tree: ast.Module) -> Bindings:
    """Every string literal of a module with what holds it; ``uses`` tells where named values are passed."""
    imports = _imports(tree)
    literals: list[Literal] = []
    uses: dict[str, list[Bound]] = {}
    stack: list[tuple[ast.AST, Bound]] = [(tree, _NOWHERE)]
    while stack:  # not recursive: long sums of strings are deep trees
        node, bound = stack.pop()
        match node:
            case ast.Constant(value=str() | bytes() as value):
                text = value if isinstance(value, str) else value.decode("latin-1")
                literals.append(Literal(node, text, bound))
            case ast.Name(id=name) | ast.Attribute(attr=name) if bound.names:
                uses.setdefault(name, []).append(bound)
        stack.extend(_children(node, bound, imports))
    literals.sort(key=lambda literal: (literal.node.lineno, literal.node.col_offset))
    return Bindings(tuple(literals), {name: tuple(found) for name, found in uses.items()}, imports)


def _imports(tree: ast.Module) -> dict[str, str]:
    """Local name → dotted name, for every import statement of a file."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                found[alias.asname or alias.name.split(".")[0]] = alias.name if alias.asname else alias.name.split(".")[0]
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            for alias in node.names:
                found[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return found


def dotted(node: ast.AST, imports: dict[str, str]) -> str:
    """``client.chat`` as text, its first name resolved through imports; empty for other expressions."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ".".join(reversed(parts)) if parts else ""
    return ".".join([imports.get(node.id, node.id), *reversed(parts)])


def _children(node: ast.AST, bound: Bound, imports: dict[str, str]) -> Iterator[tuple[ast.AST, Bound]]:
    match node:
        case ast.Assign(targets=targets, value=value):
            yield from _assigned(targets[0], value, imports)
        case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.NamedExpr(target=target, value=value):
            yield from _assigned(target, value, imports)
        case ast.Call():
            yield from _call(node, bound, imports)
        case ast.Dict(keys=keys, values=values):
            inner = replace(bound, nearby=(*bound.nearby, *_landmarks(keys, values)), is_variable=False)
            for key, value in zip(keys, values, strict=True):
                yield value, inner.named(_text(key))
                if key is not None and not isinstance(key, ast.Constant):
                    yield key, _NOWHERE
        case ast.arguments():
            yield from _parameters(node)
        case ast.Constant() | ast.Name():
            return
        case _ if isinstance(node, _TRANSPARENT):
            yield from ((child, bound) for child in ast.iter_child_nodes(node))
        case _:
            yield from ((child, _NOWHERE) for child in ast.iter_child_nodes(node))


def _assigned(target: ast.expr, value: ast.expr, imports: dict[str, str]) -> Iterator[tuple[ast.AST, Bound]]:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        for one, other in zip(target.elts, value.elts, strict=True):
            yield from _assigned(one, other, imports)
        return
    yield target, _NOWHERE
    name, callee = _target(target, imports)
    yield value, Bound((name,) if name else (), callee, name or None, is_variable=True)


def _target(target: ast.expr, imports: dict[str, str]) -> tuple[str, str]:
    """The name a target gives, and the object it is set on."""
    match target:
        case ast.Name(id=name):
            return name, ""
        case ast.Attribute(value=value, attr=name):
            return name, dotted(value, imports)
        case ast.Subscript(value=value, slice=key):
            return _text(key), dotted(value, imports)
        case _:
            return "", ""


def _parameters(node: ast.arguments) -> Iterator[tuple[ast.AST, Bound]]:
    positional = [*node.posonlyargs, *node.args]
    pairs: list[tuple[ast.arg, ast.expr | None]] = list(zip(reversed(positional), reversed(node.defaults), strict=False))
    pairs += zip(node.kwonlyargs, node.kw_defaults, strict=True)
    for argument, default in pairs:
        if default is not None:
            yield default, Bound((argument.arg,), is_variable=True)


def _call(node: ast.Call, bound: Bound, imports: dict[str, str]) -> Iterator[tuple[ast.AST, Bound]]:
    callee = dotted(node.func, imports)
    last = callee.rpartition(".")[2]
    if isinstance(node.func, ast.Attribute):
        yield node.func.value, bound  # "…".strip(), KEY.strip()
    if last in _WRAPPERS:
        yield from ((argument, bound if bound.names else Bound(("credential",), callee, 0)) for argument in node.args)
        yield from ((keyword.value, bound.named(keyword.arg or "")) for keyword in node.keywords)
        return
    first = _text(node.args[0]) if node.args else ""
    nearby = (*_landmarks_of(node), *bound.nearby)
    for position, argument in enumerate(node.args):
        if position == 1 and first and last in _ENVIRONMENT_READERS:
            yield argument, Bound((first, *bound.names), bound.callee, bound.slot, nearby, bound.is_variable)
        else:
            yield argument, Bound(bound.names if last in _DECLARATIONS else (), callee, position, nearby)
    for keyword in node.keywords:
        if keyword.arg in _DEFAULTS and (first or last in _DECLARATIONS):
            option = first.lstrip("-").replace("-", "_")
            names = (option, *bound.names) if option else bound.names
            yield keyword.value, Bound(names, callee, keyword.arg, nearby, bound.is_variable)
        else:
            names = (keyword.arg, *bound.names) if keyword.arg else bound.names
            yield keyword.value, Bound(names, callee, keyword.arg, nearby)


def _landmarks_of(node: ast.Call) -> Iterator[str]:
    yield from (keyword.arg for keyword in node.keywords if keyword.arg)
    yield from _landmarks((), [*node.args, *(keyword.value for keyword in node.keywords)])


def _landmarks(keys: Iterable[ast.expr | None], values: Iterable[ast.expr]) -> Iterator[str]:
    """What tells the purpose of a call or dict: its keys, and the URLs in it."""
    yield from (text for key in keys if (text := _text(key)))
    yield from (text for value in values if "://" in (text := _text(value)))


def _text(node: ast.expr | None) -> str:
    """The value of a short string constant, or the constant parts of a template; empty for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 300:
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) for part in node.values)
    return ""
