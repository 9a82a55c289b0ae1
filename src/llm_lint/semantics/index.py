"""The index of one module: its scopes, bindings, calls and loops, from one walk over the ``ast``.

Nothing is resolved here; the index only says what is written where, in the shape that resolution asks
for. Blocks (suites) are kept as a tree, so that reaching definitions can be told apart by branch.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from llm_lint.syntax.source import SourceFile

FUNCTION_NODES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_TRY = (ast.Try, getattr(ast, "TryStar", ast.Try))


@dataclass(slots=True, eq=False)
class Block:
    """A suite: the statements of one arm of one compound statement."""

    parent: Block | None
    owner: ast.AST
    arm: str
    loop: LoopNode | None = None

    def within(self, other: Block) -> bool:
        """Whether this block is ``other`` or lies inside it."""
        block: Block | None = self
        while block is not None:
            if block is other:
                return True
            block = block.parent
        return False

    def arm_of(self, owner: ast.AST) -> str | None:
        """The arm of ``owner`` in which this block lies, None when it lies elsewhere."""
        block: Block | None = self
        while block is not None:
            if block.owner is owner:
                return block.arm
            block = block.parent
        return None

    def ancestors(self) -> Iterator[Block]:
        """This block and the ones around it, innermost first, up to the function's own."""
        block: Block | None = self
        while block is not None:
            yield block
            block = block.parent


@dataclass(slots=True, eq=False)
class LoopNode:
    """A loop as written: ``for``, ``while`` or one comprehension clause."""

    node: ast.AST
    form: str
    scope: Scope
    block: Block
    target: ast.expr | None = None
    iter: ast.expr | None = None

    @property
    def body(self) -> list[ast.AST]:
        """The nodes evaluated once per iteration."""
        node = self.node
        if isinstance(node, (ast.For, ast.AsyncFor, ast.While)):
            return list(node.body)
        if isinstance(node, ast.DictComp):
            return [node.key, node.value]
        return [node.elt] if isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp)) else []


@dataclass(slots=True, eq=False)
class Binding:
    """One way a name gets its value.

    ``path`` selects inside the value: an index of a tuple target, ``"*"`` for an element of an
    iterable, ``"with"`` for what a context manager enters.
    """

    name: str
    kind: str
    node: ast.AST
    scope: Scope
    block: Block
    value: ast.expr | None = None
    path: tuple[int | str, ...] = ()
    annotation: ast.expr | None = None

    @property
    def at(self) -> tuple[int, int]:
        """Where the binding takes effect, for ordering."""
        if self.kind in ("assign", "aug") and self.value is not None:
            return (self.value.end_lineno or 0, self.value.end_col_offset or 0)
        return (getattr(self.node, "lineno", 0), getattr(self.node, "col_offset", 0))


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a function, with what the signature says of it."""

    name: str
    position: int | None
    annotation: ast.expr | None
    default: ast.expr | None
    star: str = ""


@dataclass(slots=True, eq=False)
class CallSite:
    """A call expression and where it stands."""

    node: ast.Call
    scope: Scope
    block: Block
    statement: ast.stmt
    loops: tuple[LoopNode, ...]
    awaited: bool = False

    @property
    def module(self) -> ModuleIndex:
        """The module the call is written in."""
        return self.scope.module


@dataclass(slots=True, eq=False)
class Store:
    """An assignment to an attribute or an item: ``target = value``."""

    target: ast.Attribute | ast.Subscript
    value: ast.expr | None
    scope: Scope
    block: Block
    annotation: ast.expr | None = None
    path: tuple[int | str, ...] = ()


@dataclass(slots=True, eq=False)
class Scope:
    """A module, class, function, lambda or comprehension."""

    kind: str
    node: ast.AST
    name: str
    qualname: str
    parent: Scope | None
    module: ModuleIndex
    block: Block
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    outer_names: set[str] = field(default_factory=set)
    parameters: tuple[Parameter, ...] = ()
    calls: list[CallSite] = field(default_factory=list)
    returns: list[ast.expr] = field(default_factory=list)
    yields: list[ast.expr] = field(default_factory=list)
    stores: list[Store] = field(default_factory=list)
    reads: set[str] = field(default_factory=set)
    children: list[Scope] = field(default_factory=list)
    blocks: list[tuple[tuple[int, int], tuple[int, int], Block]] = field(default_factory=list)
    _methods: dict[str, Scope] | None = None
    _attributes: dict[str, list[Store]] | None = None

    def block_at(self, line: int, column: int) -> Block:
        """The innermost block of this function at a position (``ast`` coordinates)."""
        innermost = self.block
        for start, end, block in self.blocks:
            if start <= (line, column) <= end:
                innermost = block
        return innermost

    @property
    def function(self) -> Scope:
        """The function, lambda or module whose code this is (comprehensions and classes climb)."""
        scope = self
        while scope.kind in ("comprehension", "class") and scope.parent is not None:
            scope = scope.parent
        return scope

    @property
    def owner(self) -> Scope | None:
        """The class a method is defined in."""
        return self.parent if self.parent is not None and self.parent.kind == "class" else None

    @property
    def decorators(self) -> list[ast.expr]:
        """The decorator expressions, outermost first."""
        node = self.node
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            return node.decorator_list
        return []

    @property
    def is_async(self) -> bool:
        """Whether calling this makes a coroutine."""
        return isinstance(self.node, ast.AsyncFunctionDef)

    def parameter(self, name: str) -> Parameter | None:
        """The parameter called ``name``."""
        return next((parameter for parameter in self.parameters if parameter.name == name), None)

    def methods(self) -> Iterator[Scope]:
        """The functions defined directly in a class (or nested in a function)."""
        return (child for child in self.children if child.kind == "function")

    def method(self, name: str) -> Scope | None:
        """The first method called ``name``; to be asked of finished indexes only."""
        if self._methods is None:
            self._methods = {}
            for method in self.methods():
                self._methods.setdefault(method.name, method)
        return self._methods.get(name)

    def own_stores(self, attr: str) -> list[Store]:
        """The assignments to ``self.attr`` in a class's methods; to be asked of finished indexes only."""
        if self._attributes is None:
            self._attributes = {}
            for method in self.methods():
                this = method.parameters[0].name if method.parameters else None
                for store in method.stores:
                    target = store.target
                    if (
                        isinstance(target, ast.Attribute)
                        and isinstance(target.value, ast.Name)
                        and target.value.id == this
                    ):
                        self._attributes.setdefault(target.attr, []).append(store)
        return self._attributes.get(attr, [])

    def subtree(self) -> Iterator[Scope]:
        """This scope and the comprehensions inside it that run as part of it."""
        yield self
        for child in self.children:
            if child.kind == "comprehension":
                yield from child.subtree()

    def all_calls(self) -> Iterator[CallSite]:
        """The calls of this scope, its comprehensions included."""
        for scope in self.subtree():
            yield from scope.calls


@dataclass(slots=True, eq=False)
class ModuleIndex:
    """Everything written in one file."""

    name: str
    source: SourceFile
    is_package: bool
    scope: Scope = field(init=False)
    scopes: dict[ast.AST, Scope] = field(default_factory=dict)
    calls: dict[ast.Call, CallSite] = field(default_factory=dict)
    imported: set[str] = field(default_factory=set)

    @property
    def filename(self) -> str:
        """The file's path relative to the project root."""
        return self.source.name

    def functions(self) -> Iterator[Scope]:
        """Every function, method and lambda of the module, and the module's own code."""
        yield self.scope
        for scope in self.scopes.values():
            if scope.kind in ("function", "lambda"):
                yield scope


def build_index(source: SourceFile, name: str, is_package: bool) -> ModuleIndex:
    """Walk the file once and return its index; raises SkipFile when it cannot be parsed."""
    module = ModuleIndex(name, source, is_package)
    tree = source.tree()
    block = Block(None, tree, "body")
    module.scope = Scope("module", tree, "<module>", "<module>", None, module, block)
    module.scopes[tree] = module.scope
    _Walker(module).suite(tree.body, module.scope, block)
    return module


class _Walker:
    """The walk; state is passed down, results go into the scopes."""

    def __init__(self, module: ModuleIndex) -> None:
        self.module = module
        self.loops: tuple[LoopNode, ...] = ()
        self.statement: ast.stmt = ast.Pass()

    # ----- statements

    def suite(self, body: Iterable[ast.stmt], scope: Scope, block: Block) -> None:
        for statement in body:
            self.statement = statement
            handler = _STATEMENTS.get(type(statement))
            if handler is not None:
                handler(self, statement, scope, block)
            else:
                self.children(statement, scope, block)

    def arm(self, body: list[ast.stmt], owner: ast.AST, arm: str, scope: Scope, block: Block) -> None:
        if body:
            self.suite(body, scope, self.block(body, owner, arm, scope, block))

    def block(self, body: Sequence[ast.AST], owner: ast.AST, arm: str, scope: Scope, parent: Block) -> Block:
        """Open a block and remember where it lies."""
        block = Block(parent, owner, arm)
        scope.function.blocks.append((_start(body[0]), _end(body[-1]), block))
        return block

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope, block: Block) -> None:
        for decorator in node.decorator_list:
            self.expression(decorator, scope, block)
        self.bind(node.name, "def", node, scope, block)
        self.signature(node.args, scope, block)
        inner = self.enter("function", node, node.name, scope)
        inner.parameters = _parameters(node.args)
        self.inside(lambda: self.suite(node.body, inner, inner.block))

    def classdef(self, node: ast.ClassDef, scope: Scope, block: Block) -> None:
        for expression in (*node.decorator_list, *node.bases, *(k.value for k in node.keywords)):
            self.expression(expression, scope, block)
        self.bind(node.name, "class", node, scope, block)
        inner = self.enter("class", node, node.name, scope)
        self.inside(lambda: self.suite(node.body, inner, inner.block))

    def signature(self, arguments: ast.arguments, scope: Scope, block: Block) -> None:
        for default in (*arguments.defaults, *arguments.kw_defaults):
            if default is not None:
                self.expression(default, scope, block)

    def inside(self, walk: Callable[[], None]) -> None:
        """Walk a body whose loops and statement are its own."""
        loops, statement = self.loops, self.statement
        self.loops = ()
        walk()
        self.loops, self.statement = loops, statement

    def assign(self, node: ast.Assign, scope: Scope, block: Block) -> None:
        self.expression(node.value, scope, block)
        for target in node.targets:
            self.target(target, node.value, "assign", node, scope, block)

    def annassign(self, node: ast.AnnAssign, scope: Scope, block: Block) -> None:
        if node.value is not None:
            self.expression(node.value, scope, block)
        if isinstance(node.target, ast.Name):
            kind = "assign" if node.value is not None else "annotation"
            binding = self.bind(node.target.id, kind, node, scope, block, node.value)
            binding.annotation = node.annotation
        elif isinstance(node.target, (ast.Attribute, ast.Subscript)):
            self.expression(node.target.value, scope, block)
            scope.function.stores.append(Store(node.target, node.value, scope, block, node.annotation))

    def augassign(self, node: ast.AugAssign, scope: Scope, block: Block) -> None:
        self.expression(node.value, scope, block)
        self.target(node.target, node.value, "aug", node, scope, block)

    def for_(self, node: ast.For | ast.AsyncFor, scope: Scope, block: Block) -> None:
        self.expression(node.iter, scope, block)
        form = "async for" if isinstance(node, ast.AsyncFor) else "for"
        inner = self.block(node.body, node, "body", scope, block)
        inner.loop = LoopNode(node, form, scope, inner, node.target, node.iter)
        self.target(node.target, node.iter, "for", node, scope, inner, ("*",))
        outer, self.loops = self.loops, (*self.loops, inner.loop)
        self.suite(node.body, scope, inner)
        self.loops = outer
        self.arm(node.orelse, node, "orelse", scope, block)

    def while_(self, node: ast.While, scope: Scope, block: Block) -> None:
        inner = self.block([node.test, *node.body], node, "body", scope, block)
        inner.loop = LoopNode(node, "while", scope, inner)
        outer, self.loops = self.loops, (*self.loops, inner.loop)
        self.expression(node.test, scope, inner)
        self.suite(node.body, scope, inner)
        self.loops = outer
        self.arm(node.orelse, node, "orelse", scope, block)

    def if_(self, node: ast.If, scope: Scope, block: Block) -> None:
        self.expression(node.test, scope, block)
        self.arm(node.body, node, "body", scope, block)
        self.arm(node.orelse, node, "orelse", scope, block)

    def with_(self, node: ast.With | ast.AsyncWith, scope: Scope, block: Block) -> None:
        for item in node.items:
            self.expression(item.context_expr, scope, block)
            if item.optional_vars is not None:
                self.target(item.optional_vars, item.context_expr, "with", node, scope, block, ("with",))
        self.suite(node.body, scope, block)

    def try_(self, node: ast.Try, scope: Scope, block: Block) -> None:
        self.arm(node.body, node, "body", scope, block)
        for number, handler in enumerate(node.handlers):
            inner = self.block(handler.body, node, f"handler{number}", scope, block)
            if handler.name:
                self.bind(handler.name, "except", handler, scope, inner)
            self.suite(handler.body, scope, inner)
        self.suite(node.orelse, scope, block)
        self.suite(node.finalbody, scope, block)

    def match_(self, node: ast.Match, scope: Scope, block: Block) -> None:
        self.expression(node.subject, scope, block)
        for number, case in enumerate(node.cases):
            inner = self.block([case.pattern, *case.body], node, f"case{number}", scope, block)
            for pattern in ast.walk(case.pattern):
                name = getattr(pattern, "name", None) or getattr(pattern, "rest", None)
                if isinstance(name, str):
                    self.bind(name, "match", case.pattern, scope, inner)
            if case.guard is not None:
                self.expression(case.guard, scope, inner)
            self.suite(case.body, scope, inner)

    def import_(self, node: ast.Import, scope: Scope, block: Block) -> None:
        for alias in node.names:
            self.module.imported.add(alias.name)
            self.bind(alias.asname or alias.name.split(".")[0], "import", node, scope, block).path = (
                (alias.name,) if alias.asname else (alias.name.split(".")[0],)
            )

    def import_from(self, node: ast.ImportFrom, scope: Scope, block: Block) -> None:
        base = self.absolute(node)
        for alias in node.names:
            self.module.imported.add(f"{base}.{alias.name}")
            self.bind(alias.asname or alias.name, "from", node, scope, block).path = (base, alias.name)

    def absolute(self, node: ast.ImportFrom) -> str:
        """The imported module's absolute name; relative levels count from this module's package."""
        if not node.level:
            return node.module or ""
        parts = self.module.name.split(".")
        keep = len(parts) - node.level + (1 if self.module.is_package else 0)
        base = parts[: max(keep, 0)]
        return ".".join([*base, node.module] if node.module else base)

    def return_(self, node: ast.Return, scope: Scope, block: Block) -> None:
        if node.value is not None:
            self.expression(node.value, scope, block)
            scope.function.returns.append(node.value)

    def declare(self, node: ast.Global | ast.Nonlocal, scope: Scope, block: Block) -> None:
        scope.outer_names.update(node.names)

    def delete(self, node: ast.Delete, scope: Scope, block: Block) -> None:
        for target in node.targets:
            self.expression(target, scope, block)

    # ----- targets and bindings

    def target(
        self,
        target: ast.expr,
        value: ast.expr,
        kind: str,
        node: ast.AST,
        scope: Scope,
        block: Block,
        path: tuple[int | str, ...] = (),
    ) -> None:
        if isinstance(target, ast.Name):
            self.bind(target.id, kind, node, scope, block, value, path)
        elif isinstance(target, (ast.Tuple, ast.List)):
            for number, element in enumerate(target.elts):
                self.target(element, value, kind, node, scope, block, (*path, number))
        elif isinstance(target, ast.Starred):
            self.target(target.value, value, kind, node, scope, block, (*path, "rest"))
        elif isinstance(target, (ast.Attribute, ast.Subscript)):
            self.expression(target, scope, block)
            scope.function.stores.append(Store(target, value, scope, block, None, path))

    def bind(
        self,
        name: str,
        kind: str,
        node: ast.AST,
        scope: Scope,
        block: Block,
        value: ast.expr | None = None,
        path: tuple[int | str, ...] = (),
    ) -> Binding:
        home = scope
        if kind == "walrus":
            home = scope.function
        if name in scope.function.outer_names and scope.function.parent is not None:
            home = _declaring_scope(scope.function.parent, name)
        binding = Binding(name, kind, node, scope, block, value, path)
        home.bindings.setdefault(name, []).append(binding)
        return binding

    def enter(self, kind: str, node: ast.AST, name: str, parent: Scope) -> Scope:
        """Open a scope inside ``parent`` with a block tree of its own."""
        outside = parent.qualname if parent.kind != "module" else ""
        if kind == "comprehension":
            qualname = parent.qualname
        else:
            qualname = f"{outside}.{name}" if outside else name
        scope = Scope(kind, node, name, qualname, parent, self.module, Block(None, node, "body"))
        parent.children.append(scope)
        self.module.scopes[node] = scope
        return scope

    # ----- expressions

    def expression(self, node: ast.AST, scope: Scope, block: Block) -> None:
        handler = _EXPRESSIONS.get(type(node))
        if handler is not None:
            handler(self, node, scope, block)
        else:
            self.children(node, scope, block)

    def children(self, node: ast.AST, scope: Scope, block: Block) -> None:
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, ast.AST):
                self.expression(value, scope, block)
            elif isinstance(value, list):
                for item in value:
                    if isinstance(item, ast.AST):
                        self.expression(item, scope, block)

    def call(self, node: ast.Call, scope: Scope, block: Block) -> None:
        site = CallSite(node, scope, block, self.statement, self.loops)
        scope.calls.append(site)
        self.module.calls[node] = site
        for argument in node.args[:2]:  # `answer.get("usage")`, `getattr(answer, "usage")`
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                if _reads_by_name(node.func):
                    scope.function.reads.add(argument.value)
        self.expression(node.func, scope, block)
        for argument in node.args:
            self.expression(argument, scope, block)
        for keyword in node.keywords:
            self.expression(keyword.value, scope, block)

    def await_(self, node: ast.Await, scope: Scope, block: Block) -> None:
        self.expression(node.value, scope, block)
        if isinstance(node.value, ast.Call):
            self.module.calls[node.value].awaited = True

    def attribute(self, node: ast.Attribute, scope: Scope, block: Block) -> None:
        scope.function.reads.add(node.attr)
        self.expression(node.value, scope, block)

    def subscript(self, node: ast.Subscript, scope: Scope, block: Block) -> None:
        if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
            scope.function.reads.add(node.slice.value)
        self.expression(node.value, scope, block)
        self.expression(node.slice, scope, block)

    def walrus(self, node: ast.NamedExpr, scope: Scope, block: Block) -> None:
        self.expression(node.value, scope, block)
        self.bind(node.target.id, "walrus", node, scope, block, node.value)

    def yield_(self, node: ast.Yield | ast.YieldFrom, scope: Scope, block: Block) -> None:
        if node.value is not None:
            self.expression(node.value, scope, block)
            scope.function.yields.append(node.value)

    def lambda_(self, node: ast.Lambda, scope: Scope, block: Block) -> None:
        self.signature(node.args, scope, block)
        inner = self.enter("lambda", node, "<lambda>", scope)
        inner.parameters = _parameters(node.args)
        inner.returns.append(node.body)
        statement = self.statement
        self.inside(lambda: self._body_of(node.body, inner, statement))

    def _body_of(self, body: ast.expr, inner: Scope, statement: ast.stmt) -> None:
        self.statement = statement
        self.expression(body, inner, inner.block)

    def comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp, scope: Scope, block: Block
    ) -> None:
        inner = self.enter("comprehension", node, "<comprehension>", scope)
        inner.block = self.block([node], node, "body", scope, block)
        outer = self.loops
        form = "generator" if isinstance(node, ast.GeneratorExp) else "comprehension"
        for number, clause in enumerate(node.generators):
            self.expression(
                clause.iter, scope if number == 0 else inner, block if number == 0 else inner.block
            )
            loop = LoopNode(node, form, inner, inner.block, clause.target, clause.iter)
            self.loops = (*self.loops, loop)
            self.target(clause.target, clause.iter, "for", node, inner, inner.block, ("*",))
            for condition in clause.ifs:
                self.expression(condition, inner, inner.block)
        if isinstance(node, ast.DictComp):
            self.expression(node.key, inner, inner.block)
            self.expression(node.value, inner, inner.block)
        else:
            self.expression(node.elt, inner, inner.block)
        self.loops = outer

    def leaf(self, node: ast.AST, scope: Scope, block: Block) -> None:
        """Names and constants hold nothing further."""


_STATEMENTS: dict[type[ast.AST], Callable[..., None]] = {
    ast.FunctionDef: _Walker.function,
    ast.AsyncFunctionDef: _Walker.function,
    ast.ClassDef: _Walker.classdef,
    ast.Assign: _Walker.assign,
    ast.AnnAssign: _Walker.annassign,
    ast.AugAssign: _Walker.augassign,
    ast.For: _Walker.for_,
    ast.AsyncFor: _Walker.for_,
    ast.While: _Walker.while_,
    ast.If: _Walker.if_,
    ast.With: _Walker.with_,
    ast.AsyncWith: _Walker.with_,
    ast.Match: _Walker.match_,
    ast.Import: _Walker.import_,
    ast.ImportFrom: _Walker.import_from,
    ast.Return: _Walker.return_,
    ast.Global: _Walker.declare,
    ast.Nonlocal: _Walker.declare,
    ast.Delete: _Walker.delete,
    **dict.fromkeys(_TRY, _Walker.try_),
}

_EXPRESSIONS: dict[type[ast.AST], Callable[..., None]] = {
    ast.Call: _Walker.call,
    ast.Await: _Walker.await_,
    ast.Attribute: _Walker.attribute,
    ast.Subscript: _Walker.subscript,
    ast.NamedExpr: _Walker.walrus,
    ast.Yield: _Walker.yield_,
    ast.YieldFrom: _Walker.yield_,
    ast.Lambda: _Walker.lambda_,
    ast.ListComp: _Walker.comprehension,
    ast.SetComp: _Walker.comprehension,
    ast.DictComp: _Walker.comprehension,
    ast.GeneratorExp: _Walker.comprehension,
    ast.Name: _Walker.leaf,
    ast.Constant: _Walker.leaf,
}


def _start(node: ast.AST) -> tuple[int, int]:
    return (getattr(node, "lineno", 0), getattr(node, "col_offset", 0))


def _end(node: ast.AST) -> tuple[int, int]:
    return (getattr(node, "end_lineno", 0) or 0, getattr(node, "end_col_offset", 0) or 0)


def _reads_by_name(func: ast.expr) -> bool:
    if isinstance(func, ast.Attribute):
        return func.attr in ("get", "pop")
    return isinstance(func, ast.Name) and func.id == "getattr"


def _parameters(arguments: ast.arguments) -> tuple[Parameter, ...]:
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults))
    defaults += arguments.defaults
    result = [
        Parameter(argument.arg, number, argument.annotation, default)
        for number, (argument, default) in enumerate(zip(positional, defaults, strict=True))
    ]
    if arguments.vararg is not None:
        result.append(Parameter(arguments.vararg.arg, None, arguments.vararg.annotation, None, "*"))
    result += [
        Parameter(argument.arg, None, argument.annotation, default)
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    ]
    if arguments.kwarg is not None:
        result.append(Parameter(arguments.kwarg.arg, None, arguments.kwarg.annotation, None, "**"))
    return tuple(result)


def _declaring_scope(scope: Scope, name: str) -> Scope:
    """Where a ``global`` or ``nonlocal`` name lives: the nearest binding function, else the module."""
    while scope.parent is not None:
        if scope.kind in ("function", "lambda") and name in scope.bindings:
            return scope
        scope = scope.parent
    return scope
