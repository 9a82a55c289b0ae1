"""What calls of things outside the project give: SDK objects, folded constants, passed-through values."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from llm_lint.semantics import settings_files
from llm_lint.semantics.values import (
    ANYTHING,
    NOTHING,
    Abstract,
    Client,
    Const,
    External,
    Function,
    Hole,
    Instance,
    Items,
    Mapping_,
    Partial,
    Ref,
    RequestFunction,
    Response,
    Source,
    Text,
    UnknownValue,
    Values,
    merge,
)

if TYPE_CHECKING:
    from llm_lint.semantics.index import CallSite, ModuleIndex, Parameter, Scope
    from llm_lint.semantics.resolve import Resolver
    from llm_lint.semantics.surfaces import CallSpec

_MAX_TEXT_PARTS = 200

# Calls that give back (what is inside) their first argument.
_PASS_THROUGH = frozenset(
    """
    asyncio.run asyncio.wait_for asyncio.create_task asyncio.ensure_future asyncio.shield asyncio.gather
    asyncio.as_completed anyio.run copy.copy copy.deepcopy builtins.list builtins.tuple builtins.set
    builtins.sorted builtins.reversed builtins.iter builtins.next builtins.str textwrap.dedent
    inspect.cleandoc tqdm.tqdm tqdm.auto.tqdm tqdm.notebook.tqdm rich.progress.track typing.cast
    chainlit.make_async chainlit.run_sync asyncer.asyncify asyncer.syncify functools.wraps
    contextlib.closing contextlib.aclosing streamlit.cache_resource nest_asyncio.asyncio.run
    asgiref.sync.async_to_sync asgiref.sync.sync_to_async weakref.proxy builtins.enumerate
    """.split()
)
_ENVIRONMENT = frozenset(
    "os.getenv os.environ.get os.environ.setdefault decouple.config environ.Env.str environs.Env.str".split()
)
_TEXT_METHODS = frozenset(
    "strip lstrip rstrip lower upper title replace removeprefix removesuffix format format_map join "
    "expandtabs capitalize encode decode".split()
)
_FIELD_FACTORIES = frozenset(
    "pydantic.Field pydantic.fields.Field dataclasses.field attr.ib attrs.field pydantic.v1.Field".split()
)
_OPTION_FACTORIES = frozenset(
    "typer.Option typer.Argument fastapi.Query fastapi.Body fastapi.Form fastapi.Header".split()
)
_DEPENDS = frozenset("fastapi.Depends fastapi.params.Depends fastapi.Security dishka.FromDishka".split())


# --------------------------------------------------------------------------- SDK objects


def construct(r: Resolver, dotted: str, site: CallSite | None) -> Client | None:
    """The SDK object made by calling ``dotted`` at ``site`` (or promised by an annotation)."""
    for constructor in r.surfaces.constructor(dotted):
        if site is None and constructor.when:
            continue
        if site is not None and not _matches(r, constructor.when, site):
            continue
        parts = _inner_clients(r, site) if site is not None else ()
        tracker = r.surfaces.tracked_module(dotted)
        return Client(constructor, constructor.provider, constructor.receiver, (), site, parts, (), tracker)
    return None


def _matches(r: Resolver, conditions: object, site: CallSite) -> bool:
    """Whether a constructor's conditions on its arguments hold: ``boto3.client("bedrock-runtime")``."""
    if not isinstance(conditions, dict) and not conditions:
        return True
    for place, wanted in dict(conditions).items():  # type: ignore[call-overload]
        position, _, keyword = str(place).rpartition(":")
        node = next((k.value for k in site.node.keywords if k.arg == keyword), None)
        if node is None and position.isdigit() and int(position) < len(site.node.args):
            node = site.node.args[int(position)]
        values = r.evaluate(node, site.scope) if node is not None else NOTHING
        if not any(isinstance(value, Const) and value.value == wanted for value in values):
            return False
    return True


def _inner_clients(r: Resolver, site: CallSite) -> tuple[Client | Ref, ...]:
    """The SDK objects handed to a constructor: ``LLMChain(llm=model)``, ``from_openai(client)``."""
    found: list[Client] = []
    for node in (*site.node.args, *(keyword.value for keyword in site.node.keywords)):
        for value in r.evaluate(node, site.scope):
            members: Values = r.elements((value,)) if isinstance(value, Items) else (value,)
            found += [member for member in members if isinstance(member, Client) and not member.path]
    return tuple(dict.fromkeys(found))


def collected(r: Resolver, client: Client) -> Iterator[Client]:
    """The model objects that an object takes in after it was made: ``pipeline.add_component(…)``."""
    for method in r.surfaces.receiver(client.provider, client.receiver).collects if client.site else ():
        for site in r.calls_named(method):
            func = site.node.func
            if nearness(site, client.site.module) != "file" or not isinstance(func, ast.Attribute):  # type: ignore[union-attr]
                continue
            owners = r.evaluate(func.value, site.scope)
            if any(isinstance(owner, Client) and owner.site is client.site for owner in owners):
                yield from (part for part in _inner_clients(r, site) if isinstance(part, Client))


def client_call(r: Resolver, client: Client, site: CallSite) -> Values:
    """What calling an attribute of an SDK object gives: a derived object, a session, or an answer."""
    receiver = r.surfaces.receiver(client.provider, client.receiver)
    if client.path and client.path[-1] in receiver.derive:
        return (
            Client(
                client.constructor,
                client.provider,
                client.receiver,
                client.path[:-1],
                client.site,
                (*client.parts, *_inner_clients(r, site)),
                (*client.extra, site),
                client.tracker,
            ),
        )
    spec = request_spec(r, client)
    if spec is None:
        return ANYTHING
    session = returned_client(r, spec, client, site)
    return (session,) if session is not None else (Response(site, spec),)


def request_spec(r: Resolver, client: Client) -> CallSpec | None:
    """The table entry for calling what ``client.path`` leads to."""
    return r.surfaces.method(client.provider, client.receiver, ".".join(client.path) or "()")


def returned_client(r: Resolver, spec: CallSpec, client: Client | None, site: CallSite) -> Client | None:
    """The object that a session-like call gives back: ``chats.create(...)`` is no request yet."""
    if spec.returns is None:
        return None
    provider, _, receiver = spec.returns.rpartition(".")
    parts: tuple[Client | Ref, ...] = _inner_clients(r, site)
    if client is None:
        return Client(None, provider or spec.provider, receiver, (), site, parts)
    return Client(
        client.constructor,
        provider or client.provider,
        receiver,
        (),
        client.site,
        (*client.parts, *parts),
        (*client.extra, site),
        client.tracker,
    )


def module_client(r: Resolver, dotted: str) -> Client | None:
    """``openai.chat.completions.create``: a module that is itself a client."""
    found = r.surfaces.module_receiver(dotted)
    if found is None:
        return None
    provider, receiver, path = found
    return Client(None, provider, receiver, tuple(path.split(".")))


# --------------------------------------------------------------------------- calls


def external_call(r: Resolver, value: External, site: CallSite) -> Values:
    """What calling something outside the project gives."""
    dotted = value.dotted
    fold = _FOLDS.get(dotted)
    if fold is not None:
        return fold(r, site)
    if dotted.startswith("str."):
        return _text_method(r, dotted[4:], site)
    if dotted in _PASS_THROUGH:
        return _passed(r, dotted, site)
    if dotted in _ENVIRONMENT:
        return _environment(r, site)
    configured = settings_files.loaded(r, dotted, site)
    if configured:
        return configured
    spec = r.surfaces.function(dotted)
    if spec is not None:
        session = returned_client(r, spec, None, site)
        return (session,) if session is not None else (Response(site, spec),)
    client = construct(r, dotted, site)
    if client is not None:
        return (client,)
    kept = _kept(r, dotted, site)
    if kept:
        return kept
    wrapped = _wrapped(r, dotted, site)
    if wrapped:
        return wrapped
    module = module_client(r, dotted)
    if module is not None:
        return client_call(r, module, site)
    return (External(dotted, site),)


def method_of_unknown(r: Resolver, node: ast.Call, scope: Scope, values: Values) -> Values:
    """``config.get("model", "gpt-4o")`` and ``options.copy()`` say something whatever the object is."""
    if not isinstance(node.func, ast.Attribute) or any(
        not isinstance(value, (UnknownValue, External)) for value in values
    ):
        return values
    if node.func.attr == "get" and len(node.args) == 2 and not node.keywords:
        default = r.evaluate(node.args[1], scope)
        if all(isinstance(value, Const) and isinstance(value.value, str) for value in default):
            return (*_as_default(default), *ANYTHING)
    if node.func.attr == "copy" and not node.args:
        made = [v for v in r.evaluate(node.func.value, scope) if isinstance(v, (Mapping_, Items))]
        return tuple(made) or ((Mapping_(node, (), True),) if values == ANYTHING else values)
    return values


def _kept(r: Resolver, dotted: str, site: CallSite) -> Values:
    """``store.get("chain")``: what ``store.set("chain", …)`` put there."""
    owner, _, method = dotted.rpartition(".")
    if method != "get" or not owner or not site.node.args:
        return NOTHING
    keys = {v.value for v in r.evaluate(site.node.args[0], site.scope) if isinstance(v, Const)}
    groups: dict[str, list[Values]] = {"file": [], "folder": []}
    for other in r.calls_named("set"):
        node, near = other.node, nearness(site, other.module)
        if (
            near in groups
            and len(node.args) == 2
            and isinstance(node.args[0], ast.Constant)
            and node.args[0].value in keys
        ):
            targets = r.evaluate(node.func, other.scope)
            if any(isinstance(t, External) and t.dotted == f"{owner}.set" for t in targets):
                groups[near].append(r.evaluate(node.args[1], other.scope))
    return merge(groups["file"] or groups["folder"])


def nearness(site: CallSite, other: ModuleIndex) -> str:
    """How near a module is: programs side by side say different things under the same names."""
    mine, theirs = site.module.filename, other.filename
    if mine == theirs:
        return "file"
    return "folder" if mine.rpartition("/")[0] == theirs.rpartition("/")[0] else "elsewhere"


def _wrapped(r: Resolver, dotted: str, site: CallSite) -> Values:
    """``wrap_openai(client)``: the same client, tracked."""
    tracker = r.surfaces.trackers.get(dotted)
    if tracker is None or tracker.scope != "client" or not site.node.args:
        return NOTHING
    return tuple(
        Client(c.constructor, c.provider, c.receiver, c.path, c.site, c.parts, c.extra, dotted)
        for c in r.evaluate(site.node.args[0], site.scope)
        if isinstance(c, Client)
    )


def _passed(r: Resolver, dotted: str, site: CallSite) -> Values:
    arguments = site.node.args
    if not arguments:
        return ANYTHING
    if dotted == "typing.cast" and len(arguments) > 1:
        return r.annotated(arguments[0], site.scope) or r.evaluate(arguments[1], site.scope)
    values = r.evaluate(arguments[0], site.scope)
    if dotted == "builtins.next":
        return r.elements(values)
    if dotted in ("builtins.enumerate", "asyncio.gather"):
        return ANYTHING if dotted == "builtins.enumerate" else values
    return values


def _environment(r: Resolver, site: CallSite) -> Values:
    """A variable of the environment: its default where the code gives one."""
    default = next((k.value for k in site.node.keywords if k.arg == "default"), None)
    if default is None and len(site.node.args) > 1:
        default = site.node.args[1]
    names_ = r.evaluate(site.node.args[0], site.scope) if site.node.args else NOTHING
    for name in names_:
        if isinstance(name, Const) and isinstance(name.value, str):
            kept = settings_files.variable(r, name.value, site.module)
            if kept:
                return kept
    if default is None:
        return ANYTHING
    values = r.evaluate(default, site.scope)
    return tuple(Const(v.value, "env-default") if isinstance(v, Const) else v for v in values)


def _text_method(r: Resolver, method: str, site: CallSite) -> Values:
    if not isinstance(site.node.func, ast.Attribute) or method not in _TEXT_METHODS:
        return ANYTHING
    base = r.evaluate(site.node.func.value, site.scope)
    if method in ("format", "format_map"):
        return merge([(_formatted(r, value, site),) for value in base])
    if method == "join":
        return _joined_items(r, base, site)
    if method in ("strip", "lstrip", "rstrip", "encode", "decode", "expandtabs"):
        return base
    parts = text_parts(base, site.node.func.value)
    return (Text(parts),)


def _joined_items(r: Resolver, separator: Values, site: CallSite) -> Values:
    if not site.node.args:
        return ANYTHING
    parts: list[str | Hole] = []
    for value in r.evaluate(site.node.args[0], site.scope):
        if not isinstance(value, Items) or value.open:
            return (Text((Hole(ast.unparse(site.node.args[0])),)),)
        between = text_parts(separator, site.node)
        for number, element in enumerate(value.elements):
            parts += between if number else ()
            parts += text_parts(r.read(element), element.node)
    return (Text(tuple(parts[:_MAX_TEXT_PARTS])),)


def _formatted(r: Resolver, template: Abstract, site: CallSite) -> Abstract:
    """``"… {name} …".format(name=…)``."""
    if not isinstance(template, Const) or not isinstance(template.value, str):
        return Text((Hole(ast.unparse(site.node)[:80]),))
    return Text(template_parts(template.value, fields(r, site)))


def fields(r: Resolver, site: CallSite) -> dict[str, tuple[str | Hole, ...]]:
    """The arguments of ``format`` as text by field name."""
    result: dict[str, tuple[str | Hole, ...]] = {}
    for number, node in enumerate(site.node.args):
        result[str(number)] = text_parts(r.evaluate(node, site.scope), node)
    for keyword in site.node.keywords:
        if keyword.arg is not None:
            result[keyword.arg] = text_parts(r.evaluate(keyword.value, site.scope), keyword.value)
    return result


def template_parts(
    template: str, known: dict[str, tuple[str | Hole, ...]] | None = None
) -> tuple[str | Hole, ...]:
    """Split a format string into static parts and holes; known fields are filled in."""
    import string

    parts: list[str | Hole] = []
    try:
        pieces = list(string.Formatter().parse(template))
    except ValueError:
        return (template,)
    for number, (literal, name, _spec, _conversion) in enumerate(pieces):
        if literal:
            parts.append(literal)
        if name is not None:
            key = name.split(".")[0].split("[")[0] or str(number)
            parts += (known or {}).get(key, (Hole(name),))
    return tuple(parts)


def _partial(r: Resolver, site: CallSite) -> Values:
    if not site.node.args:
        return ANYTHING
    return tuple(Partial(value, site) for value in r.evaluate(site.node.args[0], site.scope))


def _getattr(r: Resolver, site: CallSite) -> Values:
    arguments = site.node.args
    if len(arguments) < 2:
        return ANYTHING
    attributes = [v.value for v in r.evaluate(arguments[1], site.scope) if isinstance(v, Const)]
    groups = [
        r.member(base, attribute, site.scope)
        for attribute in attributes
        if isinstance(attribute, str)
        for base in r.evaluate(arguments[0], site.scope)
    ]
    return merge(groups) or ANYTHING


def _import_module(r: Resolver, site: CallSite) -> Values:
    values = r.evaluate(site.node.args[0], site.scope) if site.node.args else NOTHING
    return (
        tuple(
            r._module(value.value, site.module)
            for value in values
            if isinstance(value, Const) and isinstance(value.value, str)
        )
        or ANYTHING
    )


def _dict(r: Resolver, site: CallSite) -> Values:
    entries: list[tuple[str, Ref]] = []
    is_open = False
    for node in site.node.args:
        for value in r.evaluate(node, site.scope):
            entries += value.entries if isinstance(value, Mapping_) else ()
            is_open = is_open or not isinstance(value, Mapping_) or value.open
    for keyword in site.node.keywords:
        if keyword.arg is not None:
            entries.append((keyword.arg, Ref(keyword.value, site.scope)))
        else:
            is_open = True
    return (Mapping_(site.node, tuple(entries), is_open),)


def _super(r: Resolver, site: CallSite) -> Values:
    owner = site.scope.function.owner
    if owner is None:
        return ANYTHING
    bases = [base for base in r.lineage(owner) if base is not owner]
    if bases:
        return (Instance(bases[0], True),)
    for base in getattr(owner.node, "bases", []):
        for value in r.evaluate(base, owner.parent or owner):
            if isinstance(value, External):
                client = construct(r, value.dotted, None)
                return (client,) if client is not None else (External(value.dotted, site),)
    return ANYTHING


_FOLDS: dict[str, Callable[[Resolver, CallSite], Values]] = {
    "functools.partial": _partial,
    "functools.partialmethod": _partial,
    "builtins.getattr": _getattr,
    "importlib.import_module": _import_module,
    "builtins.__import__": _import_module,
    "builtins.dict": _dict,
    "builtins.super": _super,
}


# --------------------------------------------------------------------------- members and defaults


def external_member(r: Resolver, value: External, attr: str, scope: Scope) -> Values:
    """Attributes of objects outside the project whose value the code shows."""
    if value.call is not None and value.dotted.endswith((".parse_args", ".parse_known_args")):
        return _command_line_default(r, attr, value.call.scope)
    return NOTHING


def _command_line_default(r: Resolver, dest: str, scope: Scope) -> Values:
    """The default of ``parser.add_argument("--model", default=…)`` for ``args.model``."""
    for site in scope.module.calls.values():
        node = site.node
        if not (isinstance(node.func, ast.Attribute) and node.func.attr == "add_argument"):
            continue
        options = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        named = next((k.value for k in node.keywords if k.arg == "dest"), None)
        dests = (
            [named.value]
            if isinstance(named, ast.Constant)
            else [o.lstrip("-").replace("-", "_") for o in options]
        )
        if dest in dests:
            default = next((k.value for k in node.keywords if k.arg == "default"), None)
            values = r.evaluate(default, site.scope) if default is not None else ANYTHING
            return _as_default(values)
    return ANYTHING


def _as_default(values: Values) -> Values:
    return tuple(
        Const(v.value, "default") if isinstance(v, Const) and v.source in ("literal", "constant") else v
        for v in values
    )


def field_default(r: Resolver, node: ast.expr, cls: Scope) -> Values:
    """The value of a class-level field; ``Field(default=…)`` and the like are looked into."""
    if isinstance(node, ast.Call):
        called = r.evaluate(node.func, cls)
        if any(isinstance(value, External) and value.dotted in _FIELD_FACTORIES for value in called):
            return _factory_default(r, node, cls)
    return r.evaluate(node, cls)


def _factory_default(r: Resolver, node: ast.Call, scope: Scope) -> Values:
    for keyword in node.keywords:
        if keyword.arg == "default":
            return r.evaluate(keyword.value, scope)
        if keyword.arg == "default_factory":
            site = scope.module.calls.get(node)
            made = [r.result(value, site) for value in r.evaluate(keyword.value, scope)] if site else []
            return merge(made)
    if node.args and not (isinstance(node.args[0], ast.Constant) and node.args[0].value is ...):
        return r.evaluate(node.args[0], scope)
    return ANYTHING


def parameter_default(r: Resolver, function: Scope, parameter: Parameter, home: Scope) -> Values:
    """A parameter's default, through ``Depends``, ``typer.Option`` and click's decorators."""
    node = parameter.default
    if node is None:
        return _click_default(r, function, parameter.name, home)
    if isinstance(node, ast.Call):
        called = [v.dotted for v in r.evaluate(node.func, home) if isinstance(v, External)]
        if any(dotted in _DEPENDS for dotted in called):
            return _depends(r, node, home)
        if any(dotted in _OPTION_FACTORIES for dotted in called):
            return _as_default(_factory_default(r, node, home))
    return _as_default(r.evaluate(node, home))


def _click_default(r: Resolver, function: Scope, name: str, home: Scope) -> Values:
    for decorator in function.decorators:
        if not isinstance(decorator, ast.Call) or not isinstance(decorator.func, ast.Attribute):
            continue
        options = [
            a.value for a in decorator.args if isinstance(a, ast.Constant) and isinstance(a.value, str)
        ]
        if decorator.func.attr in ("option", "argument") and name in [
            option.lstrip("-").replace("-", "_") for option in options
        ]:
            default = next((k.value for k in decorator.keywords if k.arg == "default"), None)
            return _as_default(r.evaluate(default, home)) if default is not None else NOTHING
    return NOTHING


def dependency(r: Resolver, annotated: ast.Tuple, scope: Scope) -> Values:
    """``Annotated[Client, Depends(factory)]``: what the factory returns."""
    for node in annotated.elts[1:]:
        if isinstance(node, ast.Call):
            called = [v.dotted for v in r.evaluate(node.func, scope) if isinstance(v, External)]
            if any(dotted in _DEPENDS for dotted in called):
                return tuple(v for v in _depends(r, node, scope) if not _is_vague(v))
    return NOTHING


def _is_vague(value: Abstract) -> bool:
    return not isinstance(value, (Client, Instance, Function))


def _depends(r: Resolver, node: ast.Call, scope: Scope) -> Values:
    site = scope.module.calls.get(node)
    if site is None or not node.args:
        return ANYTHING
    return merge([r.result(value, site) for value in r.evaluate(node.args[0], scope)])


def decorated(r: Resolver, decorator: ast.expr, function: Scope) -> Values | None:
    """What a decorator makes of a function, where that is not the function itself."""
    node = decorator.func if isinstance(decorator, ast.Call) else decorator
    for value in r.evaluate(node, function.parent or function):
        if isinstance(value, External):
            spec = r.surfaces.decorator(value.dotted)
            if spec is not None:
                return (RequestFunction(spec, value.dotted),)
    return None


def generic_result(r: Resolver, function: Scope, site: CallSite) -> Values:
    """A function that returns what it is given (``def wrap(client): …; return client``)."""
    for expression in function.returns:
        if not isinstance(expression, ast.Name):
            continue
        parameter = function.parameter(expression.id)
        if parameter is None or parameter.position is None or parameter.position >= len(site.node.args):
            continue
        given = r.evaluate(site.node.args[parameter.position], site.scope)
        if any(isinstance(value, Client) for value in given):
            return given
    return NOTHING


# --------------------------------------------------------------------------- texts and operators


def text_parts(values: Values, node: ast.expr) -> tuple[str | Hole, ...]:
    """The first text among alternatives, as parts; one hole when none is known."""
    for value in values:
        match value:
            case Const(value=str() as text):
                return (text,)
            case Const(value=bool() | int() | float() as number):
                return (str(number),)
            case Text(parts=parts):
                return parts
    return (Hole(ast.unparse(node)[:80]),)


def joined(r: Resolver, node: ast.JoinedStr, scope: Scope) -> Values:
    """An f-string: literal parts, folded constants and holes."""
    parts: list[str | Hole] = []
    for piece in node.values:
        if isinstance(piece, ast.Constant):
            parts.append(str(piece.value))
        elif isinstance(piece, ast.FormattedValue):
            parts += text_parts(r.evaluate(piece.value, scope), piece.value)
    if all(isinstance(part, str) for part in parts):
        return (Const("".join(str(part) for part in parts), "constant"),)
    return (Text(tuple(parts[:_MAX_TEXT_PARTS])),)


def binary(r: Resolver, node: ast.BinOp, scope: Scope) -> Values:
    """Pipes of runnables, and texts put together with ``+`` and ``%``."""
    if isinstance(node.op, ast.BitOr):
        return _pipe(r, node, scope)
    if isinstance(node.op, ast.Add):
        left, right = r.evaluate(node.left, scope), r.evaluate(node.right, scope)
        lists = [v for v in (*left, *right) if isinstance(v, Items)]
        if lists:
            elements = tuple(element for value in lists for element in value.elements)
            whole = all(isinstance(v, Items) and not v.open for v in (*left, *right))
            return (Items(node, elements, not whole),)
        return _concatenated(left, right, node)
    if isinstance(node.op, ast.Mod):
        template = r.evaluate(node.left, scope)
        if any(isinstance(v, Const) and isinstance(v.value, str) for v in template):
            return (Text((*text_parts(template, node.left), Hole(ast.unparse(node.right)[:80]))),)
    if isinstance(node.op, (ast.Mult, ast.Sub, ast.FloorDiv)):
        return _arithmetic(r, node, scope)
    return ANYTHING


def _concatenated(left: Values, right: Values, node: ast.BinOp) -> Values:
    texts = [
        v
        for v in (*left, *right)
        if isinstance(v, Text) or (isinstance(v, Const) and isinstance(v.value, str))
    ]
    if not texts:
        return ANYTHING
    parts = (*text_parts(left, node.left), *text_parts(right, node.right))
    if all(isinstance(part, str) for part in parts):
        return (Const("".join(str(part) for part in parts), "constant"),)
    return (Text(parts[:_MAX_TEXT_PARTS]),)


def _arithmetic(r: Resolver, node: ast.BinOp, scope: Scope) -> Values:
    left, right = r.evaluate(node.left, scope), r.evaluate(node.right, scope)
    if len(left) == len(right) == 1 and isinstance(left[0], Const) and isinstance(right[0], Const):
        a, b = left[0].value, right[0].value
        if isinstance(a, int) and isinstance(b, int) and abs(a) < 1 << 40 and abs(b) < 1 << 40:
            if isinstance(node.op, ast.Mult):
                return (Const(a * b, "constant"),)
            if isinstance(node.op, ast.Sub):
                return (Const(a - b, "constant"),)
            if b:
                return (Const(a // b, "constant"),)
    return ANYTHING


def _pipe(r: Resolver, node: ast.BinOp, scope: Scope) -> Values:
    """``prompt | model | parser``: a runnable that bills what its models bill."""
    sides = [*r.evaluate(node.left, scope), *r.evaluate(node.right, scope)]
    clients = [value for value in sides if isinstance(value, Client) and not value.path]
    refs = (Ref(node.left, scope), Ref(node.right, scope))
    piped = next((found for c in clients if (found := r.surfaces.pipe_of(c.provider, c.receiver))), None)
    if piped is None:
        return _open_pipe(r, sides, refs)
    provider, receiver = piped
    first = clients[0]
    parts: dict[Client | Ref, None] = {}
    for client in clients:
        parts.update(dict.fromkeys(client.parts) if client.receiver == receiver else {client: None})
        if first.constructor is None:
            first = client
    parts.update(dict.fromkeys(refs))
    return (
        Client(
            first.constructor, provider, receiver, (), first.site, tuple(parts), first.extra, first.tracker
        ),
    )


def _open_pipe(r: Resolver, sides: list[Abstract], refs: tuple[Ref, Ref]) -> Values:
    """``prompt | model`` where nobody shows which model: still a runnable that asks one."""
    for value in sides:
        if isinstance(value, External) and value.call is not None:
            made = r.surfaces.opens_pipe(value.dotted)
            if made is not None:
                return (Client(None, *made, (), None, refs),)
    return ANYTHING


__all__ = ["RequestFunction", "Source", "client_call", "construct", "external_call", "request_spec"]
