"""Values out of configuration files that a program reads from a constant path.

TOML, JSON, plain YAML and ``.env`` files of the project are looked into; what they hold is a default of
the checkout at hand (source ``config``). Variables named like secrets are never read.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from llm_lint.semantics import names
from llm_lint.semantics.values import NOTHING, Const, External, Values
from llm_lint.syntax.plain_yaml import read_yaml

if TYPE_CHECKING:
    from llm_lint.semantics.index import CallSite, ModuleIndex, Scope
    from llm_lint.semantics.resolve import Resolver

DataReader = Callable[[str], str | None]
_MAX_DEPTH = 8
_LOADERS = {
    "tomllib.load": "toml",
    "tomllib.loads": "toml",
    "tomli.load": "toml",
    "tomli.loads": "toml",
    "toml.load": "toml",
    "toml.loads": "toml",
    "json.load": "json",
    "json.loads": "json",
    "yaml.safe_load": "yaml",
    "yaml.load": "yaml",
    "yaml.full_load": "yaml",
    "omegaconf.OmegaConf.load": "yaml",
    "dotenv.dotenv_values": "env",
}
_SAME_PATH = frozenset("resolve absolute expanduser as_posix open read_text read_bytes read".split())
_SAME_NAME = frozenset("os.path.abspath os.path.realpath os.path.normpath os.fspath builtins.str".split())
_SECRET = re.compile(r"KEY|TOKEN|SECRET|PASSW|CREDENTIAL|AUTH", re.I)
_ENV_LINE = re.compile(r"^\s*(?:export\s+)?(\w+)\s*=\s*(.*?)\s*$", re.M)


class Configured(ast.Constant):
    """A constant that stands in a configuration file."""


def loaded(r: Resolver, dotted: str, site: CallSite) -> Values:
    """What a call such as ``tomllib.load(file)`` gives; nothing when the file is not known."""
    form = _LOADERS.get(dotted)
    if form is None or not site.node.args:
        return NOTHING
    path = _path(r, site.node.args[0], site.scope)
    if path is None:
        return NOTHING
    tree = _tree_of(r, _beside(path, site.module.filename), form)
    return r.evaluate(tree, site.module.scope) if tree is not None else NOTHING


def variable(r: Resolver, name: str, module: ModuleIndex) -> Values:
    """A variable of the environment that the project's ``.env`` file sets."""
    if _SECRET.search(name) or not _reads_dotenv(r):
        return NOTHING
    folder = PurePosixPath(module.filename).parent
    for place in (folder, *folder.parents):
        text = r.data(str(place / ".env"))
        if text is not None:
            value = _read_env(text).get(name)
            return (Const(value, "config"),) if value else NOTHING
    return NOTHING


def _reads_dotenv(r: Resolver) -> bool:
    r.provisional += 1
    return any(name.startswith("dotenv") for index in r.modules.loaded() for name in index.imported)


def _tree_of(r: Resolver, candidates: list[str], form: str) -> ast.expr | None:
    for candidate in candidates:
        if candidate not in r.settings_files:
            r.settings_files[candidate] = _parsed(r.data(candidate), form)
        if r.settings_files[candidate] is not None:
            return r.settings_files[candidate]
    return None


def _parsed(text: str | None, form: str) -> ast.expr | None:
    if text is None:
        return None
    try:
        data = _READERS[form](text)
    except (ValueError, RecursionError):
        return None
    return _node(data) if isinstance(data, dict) else None


def _node(data: object) -> ast.expr:
    node: ast.expr
    match data:
        case dict():
            keys: list[ast.expr | None] = [ast.Constant(str(key)) for key in data]
            node = ast.Dict(keys, [_node(value) for value in data.values()])
        case list():
            node = ast.List([_node(value) for value in data], ast.Load())
        case _:
            node = Configured(data if isinstance(data, (str, int, float, bool)) else None)
    return ast.fix_missing_locations(ast.copy_location(node, ast.Constant(0, lineno=1, col_offset=0)))


def _beside(path: PurePosixPath, filename: str) -> list[str]:
    """A relative path counts from the program's folder or one around it, as programs are started there."""
    if path.parts[:1] == ("<here>",):
        return [_normal(PurePosixPath(*path.parts[1:]))]
    folder = PurePosixPath(filename).parent
    return [_normal(place / path) for place in (folder, *folder.parents)]


def _normal(path: PurePosixPath) -> str:
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            if not parts:
                return ""
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _path(r: Resolver, node: ast.expr, scope: Scope, depth: int = 0) -> PurePosixPath | None:
    """The file that an expression names, opens or reads; ``<here>/…`` when built from ``__file__``."""
    if depth > _MAX_DEPTH:
        return None
    again = depth + 1
    match node:
        case ast.Constant(value=str() as text):
            return PurePosixPath(text) if text and "\n" not in text and not text.startswith("/") else None
        case ast.Name(id="__file__"):
            return PurePosixPath("<here>") / scope.module.filename
        case ast.Name(id=name):
            return _of_name(r, name, node, scope, again)
        case ast.BinOp(op=ast.Div(), left=left, right=right):
            return _joined([_path(r, left, scope, again), _path(r, right, scope, again)])
        case ast.Attribute(value=value, attr="parent"):
            inside = _path(r, value, scope, again)
            return inside.parent if inside is not None else None
        case ast.Call(func=ast.Attribute(value=value, attr=attr)) if attr in _SAME_PATH:
            return _path(r, value, scope, again)
        case ast.Call(
            func=ast.Attribute(value=value, attr="with_name"), args=[ast.Constant(value=str() as to)]
        ):
            inside = _path(r, value, scope, again)
            return inside.with_name(str(to)) if inside is not None and inside.name else None
        case ast.Call(func=func, args=[first, *rest]):
            return _of_call(r, func, first, rest, scope, again)
    return None


def _of_call(
    r: Resolver, func: ast.expr, first: ast.expr, rest: list[ast.expr], scope: Scope, depth: int
) -> PurePosixPath | None:
    called = {value.dotted for value in r.evaluate(func, scope) if isinstance(value, External)}
    if called & {"pathlib.Path", "pathlib.PurePath", "os.path.join"}:
        return _joined([_path(r, part, scope, depth) for part in (first, *rest)])
    inside = (
        _path(r, first, scope, depth) if called & {"builtins.open", "os.path.dirname", *_SAME_NAME} else None
    )
    return inside.parent if inside is not None and "os.path.dirname" in called else inside


def _of_name(r: Resolver, name: str, node: ast.Name, scope: Scope, depth: int) -> PurePosixPath | None:
    home = names.visible(name, scope)
    if home is None:
        return None
    bindings, _ = names.reaching(name, home, scope, node.lineno, node.col_offset)
    parameter = home.parameter(name)
    if not bindings and parameter is not None and parameter.default is not None:
        return _path(r, parameter.default, home.parent or home, depth)
    known = [b for b in bindings if b.value is not None and b.path in ((), ("with",))]
    if len(known) != 1 or known[0].value is None:
        return None
    return _path(r, known[0].value, known[0].scope, depth)


def _joined(parts: list[PurePosixPath | None]) -> PurePosixPath | None:
    whole = [part for part in parts if part is not None]
    return PurePosixPath(*whole) if len(whole) == len(parts) else None


def _read_env(text: str) -> dict[str, Any]:
    return {name: value.strip("\"'") for name, value in _ENV_LINE.findall(text) if not _SECRET.search(name)}


def _read_toml(text: str) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    return tomllib.loads(text)


_READERS: dict[str, Callable[[str], Any]] = {
    "toml": _read_toml,
    "json": json.loads,
    "yaml": read_yaml,
    "env": _read_env,
}
