"""Where a file's string literals go: which variable, keyword, header or environment variable holds them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

# Calls that only wrap a secret, so that the literal inside is bound to what the wrapper is bound to.
_WRAPPERS = frozenset({"SecretStr", "Secret", "from_token", "AzureKeyCredential", "str", "cast"})
_ENVIRONMENT_READERS = frozenset({"getenv", "get", "setdefault", "putenv", "setenv", "config", "pop"})
_DECLARATIONS = frozenset({"Field", "field", "Option", "Argument", "option", "add_argument", "DEFINE_string"})
_DEFAULTS = frozenset({"default", "value", "default_value"})


@dataclass(frozen=True, slots=True)
class Bound:
    """What holds a value: ``names`` innermost first, and the call that receives it.

    ``callee`` is dotted as written; ``slot`` its keyword or position; ``nearby`` the URLs, keys and
    variables in the same call or dict; ``variable`` the name by which code elsewhere may pass the value,
    or the dict that holds it, on.
    """

    names: tuple[str, ...] = ()
    callee: str = ""
    slot: str | int | None = None
    nearby: tuple[str, ...] = ()
    variable: str = ""

    def named(self, name: str) -> Bound:
        """The same place under one more name."""
        return replace(self, names=(name, *self.names)) if name else self

    def passed_to(self, use: Bound) -> Bound:
        """The place of a value of this variable where the variable is used."""
        if self.names[:1] == (self.variable,):
            return use
        return replace(self, callee=use.callee, slot=None, nearby=(*self.nearby, *use.nearby))


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
    """Every string literal of a module with what holds it, what is passed on by name, and the imports."""
    literals: list[Literal] = []
    uses: dict[str, list[Bound]] = {}
    imports: dict[str, str] = {}
    stack: list[tuple[ast.AST, Bound]] = [(tree, _NOWHERE)]
    while stack:  # not recursive: long sums of strings are deep trees
        node, bound = stack.pop()
        match node:
            case ast.Constant(value=str() | bytes() as value):
                text = value if isinstance(value, str) else value.decode("latin-1")
                literals.append(Literal(node, text, bound))
            case ast.Name(id=name) | ast.Attribute(attr=name) if bound.names or bound.callee:
                uses.setdefault(name, []).append(bound)
            case ast.Import() | ast.ImportFrom():
                imports.update(_imported(node))
        stack.extend(_children(node, bound))
    literals.sort(key=lambda literal: (literal.node.lineno, literal.node.col_offset))
    return Bindings(tuple(literals), {name: tuple(found) for name, found in uses.items()}, imports)


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    """Local name and dotted name of what an import statement binds."""
    for alias in node.names:
        if isinstance(node, ast.ImportFrom):
            if node.module and not node.level:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"
        else:
            root = alias.name.split(".")[0]
            yield alias.asname or root, alias.name if alias.asname else root


def _dotted(node: ast.AST) -> str:
    """``client.chat`` as text; of other expressions only the attributes."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        parts.append(node.id)
    return ".".join(reversed(parts))


def _children(node: ast.AST, bound: Bound) -> Iterator[tuple[ast.AST, Bound]]:
    match node:
        case ast.Assign(targets=targets, value=value):
            yield from _assigned(targets[0], value)
        case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.NamedExpr(target, value):
            yield from _assigned(target, value)
        case ast.Call():
            yield from _call(node, bound)
        case ast.Dict(keys=keys, values=values):
            inner = replace(bound, nearby=(*bound.nearby, *_landmarks(keys, values)))
            for key, value in zip(keys, values, strict=True):
                yield value, inner.named(_text(key))
                if key is not None:
                    yield key, _NOWHERE
        case ast.arguments():
            yield from _parameters(node)
        case ast.Constant() | ast.Name():
            return
        case _ if isinstance(node, _TRANSPARENT):
            yield from ((child, bound) for child in ast.iter_child_nodes(node))
        case _:
            yield from ((child, _NOWHERE) for child in ast.iter_child_nodes(node))


def _assigned(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.AST, Bound]]:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        for one, other in zip(target.elts, value.elts, strict=True):
            yield from _assigned(one, other)
        return
    yield target, _NOWHERE
    name, callee = _target(target)
    yield value, Bound((name,) if name else (), callee, name or None, variable=name)


def _target(target: ast.expr) -> tuple[str, str]:
    """The name a target gives, and the object it is set on."""
    match target:
        case ast.Name(id=name):
            return name, ""
        case ast.Attribute(value=value, attr=name):
            return name, _dotted(value)
        case ast.Subscript(value=value, slice=key):
            return _text(key), _dotted(value)
        case _:
            return "", ""


def _parameters(node: ast.arguments) -> Iterator[tuple[ast.AST, Bound]]:
    positional = [*node.posonlyargs, *node.args]
    with_default = positional[len(positional) - len(node.defaults) :]
    defaults = (
        *zip(with_default, node.defaults, strict=True),
        *zip(node.kwonlyargs, node.kw_defaults, strict=True),
    )
    for argument, default in defaults:
        if default is not None:
            yield default, Bound((argument.arg,), variable=argument.arg)


def _call(node: ast.Call, bound: Bound) -> Iterator[tuple[ast.AST, Bound]]:
    callee = _dotted(node.func)
    last = callee.rpartition(".")[2]
    if isinstance(node.func, ast.Attribute):
        yield node.func.value, bound  # "…".strip(), KEY.strip()
    if last in _WRAPPERS:
        inner = bound if bound.names else Bound(("credential",), callee, 0)
        yield from ((argument, inner) for argument in node.args)
        yield from ((keyword.value, bound.named(keyword.arg or "")) for keyword in node.keywords)
        return
    first = _text(node.args[0]) if node.args else ""
    nearby = (*_landmarks_of(node), *bound.nearby)
    for position, argument in enumerate(node.args):
        if position == 1 and first and last in _ENVIRONMENT_READERS:
            yield argument, replace(bound.named(first), nearby=nearby)
        else:
            yield argument, Bound(bound.names if last in _DECLARATIONS else (), callee, position, nearby)
    for keyword in node.keywords:
        if keyword.arg in _DEFAULTS and (first or last in _DECLARATIONS):
            option = first.lstrip("-").replace("-", "_")
            yield keyword.value, replace(bound.named(option), callee=callee, nearby=nearby)
        else:
            names = (keyword.arg, *bound.names) if keyword.arg else bound.names
            yield keyword.value, Bound(names, callee, keyword.arg, nearby)


def _landmarks_of(node: ast.Call) -> Iterator[str]:
    yield from (keyword.arg for keyword in node.keywords if keyword.arg)
    yield from _landmarks((), [*node.args, *(keyword.value for keyword in node.keywords)])


def _landmarks(keys: Iterable[ast.expr | None], values: Iterable[ast.expr]) -> Iterator[str]:
    """What tells the purpose of a call or dict: its keys, the URLs in it, and the variables."""
    yield from (text for key in keys if (text := _text(key)))
    for value in values:
        if isinstance(value, ast.Name | ast.Attribute):
            yield _dotted(value).rpartition(".")[2]
        elif "://" in (text := _text(value)):
            yield text


def _text(node: ast.expr | None) -> str:
    """The value of a short string constant, or the constant parts of a template; empty for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 300:
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) for part in node.values)
    return ""
