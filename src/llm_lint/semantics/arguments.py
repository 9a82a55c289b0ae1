"""What a request is given in each role: model, messages, temperature, cap, tools …

A role is looked for where the tables say it lives, in this order: the call's own arguments and
``**`` dicts, arguments bound earlier (``partial``, ``bind``), the constructor of the object, the SDK's
default. A role that might hide in an unresolved dict is unknown, never absent.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from llm_lint.model import ABSENT, UNKNOWN, Known, Value
from llm_lint.semantics import folding, http
from llm_lint.semantics.values import (
    NOTHING,
    Abstract,
    Client,
    Const,
    External,
    Hole,
    Items,
    Mapping_,
    Ref,
    Text,
    UnknownValue,
    Values,
    merge,
)

if TYPE_CHECKING:
    from llm_lint.semantics.calls import Issue
    from llm_lint.semantics.index import CallSite
    from llm_lint.semantics.resolve import Resolver
    from llm_lint.semantics.surfaces import Arg


# Keywords by which an object of a framework is given its own model.
_MODEL_KEYWORDS = frozenset(
    "llm lm model embed_model embedding embeddings embed service_context response_synthesizer".split()
)


_CHAT_MODEL = r"(^|/)(gpt-|o[134](-|$)|claude-|chatgpt|grok-|gemini-\d[\w.]*-(pro|flash))(?!.*embed)"


class Arguments:
    """The arguments of one request, by role."""

    def __init__(self, r: Resolver, issue: Issue) -> None:
        self.r = r
        self.issue = issue
        self.client = issue.client
        self._found: dict[str, tuple[Values, bool]] = {}
        self._globals: tuple[Client, ...] | None = None

    def values(self, role: str) -> tuple[Values, bool]:
        """The alternatives of a role and whether it may be set where the code does not show it."""
        if role not in self._found:
            self._found[role] = self._look(role)
        return self._found[role]

    def value(self, role: str) -> Value:
        """The role as one known constant, UNKNOWN, or ABSENT when the code leaves it out."""
        values, hidden = self.values(role)
        constant = best_constant(values if role != "model" else self._of_biller(values))
        if constant is not None:
            return Known(constant.value, constant.source)
        if values and role == "model":
            return UNKNOWN
        if values:
            return _structured(values)
        return UNKNOWN if hidden else ABSENT

    def _of_biller(self, values: Values) -> Values:
        """Model names of another vendor belong to another branch of the same code."""
        bills = next(
            (c.constructor.bills for c in self.makers() if c.constructor and c.constructor.bills), ""
        )
        if not bills and self.issue.spec is not None:
            bills = self.r.surfaces.bills(self.issue.spec.provider)
        if self.issue.exchange is not None:
            bills = self.issue.exchange.bills
        embeds = self.issue.spec is not None and self.issue.spec.kind == "embedding"
        named = tuple(v for v in values if v != Const("", v.source if isinstance(v, Const) else "literal"))
        if embeds:
            named = tuple(v for v in named if not _is_chat_model(v))
        fitting = tuple(
            value
            for value in named
            if not isinstance(value, Const)
            or not isinstance(value.value, str)
            or self.r.surfaces.biller_of_model(value.value) in (bills, "unknown")
        )
        return fitting if any(isinstance(value, Const) for value in fitting) else named

    def nodes(self, role: str) -> Iterator[Ref]:
        """The expressions given at the call itself for a role."""
        yield from self._given(self._args().get(role, ()), self.issue.site, self.issue.offset)

    def _args(self) -> Mapping[str, tuple[Arg, ...]]:
        return self.issue.spec.args if self.issue.spec is not None else {}

    def _look(self, role: str) -> tuple[Values, bool]:
        if self.issue.exchange is not None:
            return self._in_body(role)
        places = self._args().get(role, ())
        hidden = False
        for site in (self.issue.site, *reversed(self.issue.bound)):
            found, may_hide = self._at(places, site, self.issue.offset if site is self.issue.site else 1)
            if found is not None:
                return found, False
            hidden = hidden or may_hide
        made, may_hide = self._made_with(role, places)
        hidden = hidden or (may_hide and role != "model")
        if made:
            return made, hidden
        return self._defaults(role), hidden

    def _in_body(self, role: str) -> tuple[Values, bool]:
        exchange = self.issue.exchange
        assert exchange is not None
        values, hidden = http.body_role(self.r, exchange, role)
        if role == "model" and not values:
            named = http.model_in_url(exchange.url)
            return ((Const(named),), False) if named else (NOTHING, hidden)
        return values, hidden

    def _at(
        self, places: tuple[Arg, ...], site: CallSite, offset: int | None = 0
    ) -> tuple[Values | None, bool]:
        """A role's values at one call, and whether an unresolved ``**`` dict may hold it."""
        given = [(place, ref) for place in places for ref in self._given((place,), site, offset)]
        found = [group for place, ref in given if (group := self._inside(place, ref)) is not None]
        if found:
            return merge(found), False
        hidden = any(not self._is_closed(ref) for _, ref in given)
        spreads = [k.value for k in site.node.keywords if k.arg is None]
        for spread in spreads:
            for value in self.r.evaluate(spread, site.scope):
                mapping = http.as_mapping(value)
                if mapping is None:
                    hidden = True
                    continue
                inside = [self._in_mapping(place, mapping) for place in places]
                found += [group for group in inside if group is not None]
                hidden = hidden or mapping.open
        return (merge(found) if found else None), hidden

    def _in_mapping(self, place: Arg, mapping: Mapping_) -> Values | None:
        return http.lookup(self.r, mapping, (place.keyword, *place.path))

    def _inside(self, place: Arg, ref: Ref) -> Values | None:
        values = self.r.read(ref)
        return http.nested(self.r, values, place.path) if place.path else values

    def _is_closed(self, ref: Ref) -> bool:
        """Whether all keys of a nested configuration are shown."""
        mappings = [http.as_mapping(value) for value in self.r.read(ref)]
        return bool(mappings) and all(mapping is not None and not mapping.open for mapping in mappings)

    def _given(self, places: tuple[Arg, ...], site: CallSite, offset: int | None) -> Iterator[Ref]:
        for place in places:
            for keyword in site.node.keywords:
                if keyword.arg is not None and keyword.arg == place.keyword:
                    yield Ref(keyword.value, site.scope)
            if place.position is None or offset is None:
                continue
            index = place.position + offset
            if index < len(site.node.args) and not any(
                isinstance(argument, ast.Starred) for argument in site.node.args[: index + 1]
            ):
                yield Ref(site.node.args[index], site.scope)

    def _made_with(self, role: str, places: tuple[Arg, ...]) -> tuple[Values, bool]:
        """The role as set where the object was made or derived, also for the models inside a chain."""
        groups: list[Values] = []
        hidden = False
        for client in self.makers():
            for site in client.extra:
                found = self._keyword(places, role, site)
                if found is not None:
                    return found, False
            constructor = client.constructor
            if constructor is None or client.site is None:
                continue
            found, may_hide = self._at(constructor.args.get(role, ()), client.site)
            if found is not None:
                groups.append(found)
            hidden = hidden or may_hide
        return merge(groups), hidden

    def _keyword(self, places: tuple[Arg, ...], role: str, site: CallSite) -> Values | None:
        names = {place.keyword for place in places if place.keyword} | {role}
        for keyword in site.node.keywords:
            if keyword.arg in names:
                return self.r.evaluate(keyword.value, site.scope)
        return None

    def makers(self) -> Iterator[Client]:
        """The object the request goes through and the model objects inside it, innermost models first."""
        if self.client is None:
            return
        yield from self.models_inside()
        yield self.client
        yield from self._global_models()

    def models_inside(self) -> Iterator[Client]:
        """The model objects that the request's object was made of, or was given later."""
        if self.client is not None:
            yield from inner_models(self.client)
            for part in folding.collected(self.r, self.client):
                yield from inner_models(part)
                yield part

    def _global_models(self) -> tuple[Client, ...]:
        """The models that a framework was told to use for objects that name none themselves."""
        if self._globals is None:
            self._globals = global_models(self.r, self.issue)
        return self._globals

    def _defaults(self, role: str) -> Values:
        spec = self.issue.spec
        if spec is not None and role in spec.defaults:
            return (Const(spec.defaults[role], "default"),)
        if spec is not None and role == "model" and spec.default_model:
            return (Const(spec.default_model, "default"),)
        for client in self.makers():
            constructor = client.constructor
            if constructor is not None and role in constructor.defaults:
                return (Const(constructor.defaults[role], "default"),)
        return NOTHING


def _is_chat_model(value: Abstract) -> bool:
    """Whether a constant can only name a chat model."""
    return isinstance(value, Const) and re.search(_CHAT_MODEL, str(value.value)) is not None


def inner_models(client: Client, depth: int = 0) -> Iterator[Client]:
    """The model objects inside a pipe, chain or agent."""
    for part in client.parts:
        if isinstance(part, Client) and depth < 4:
            yield from inner_models(part, depth + 1)
            yield part


def global_models(r: Resolver, issue: Issue) -> tuple[Client, ...]:
    """What ``Settings.llm = …`` or ``dspy.configure(lm=…)`` says, nearest place first.

    Nothing when the object names a model itself, resolved or not.
    """
    client, spec = issue.client, issue.spec
    if client is None or spec is None:
        return ()
    sinks = r.surfaces.global_models(client.provider, spec.kind)
    sites = [site for site in (issue.site, client.site, *client.extra) if site is not None]
    named = {keyword.arg for site in sites for keyword in site.node.keywords}
    if not sinks or any(inner_models(client)) or named & _MODEL_KEYWORDS:
        return ()
    groups: dict[str, list[Values]] = {"file": [], "folder": [], "elsewhere": []}
    for sink in sinks:
        for ref in r.said_to(sink.name, sink.key, sink.is_call):
            groups[folding.nearness(issue.site, ref.scope.module)].append(r.read(ref))
    told = next((found for found in groups.values() if found), None)
    if told is not None:
        return tuple(value for value in merge(told) if isinstance(value, Client))
    made = [folding.construct(r, sink.fallback, None) for sink in sinks[:1] if sink.fallback]
    return tuple(found for found in made if found is not None)


def best_constant(values: Values) -> Const | None:
    """The constant to name among alternatives: the first written one stands for them; None when unsure."""
    constants = [value for value in values if isinstance(value, Const) and value.value is not None]
    texts = [v for v in values if isinstance(v, Text)]
    if not constants:
        static = [Const("".join(map(str, t.parts)), t.source) for t in texts if not _holes(t)]
        return static[0] if static else None
    return constants[0] if not texts else None


def _holes(text: Text) -> bool:
    return any(isinstance(part, Hole) for part in text.parts)


def _structured(values: Values) -> Value:
    """A list, dict or object that the code shows: known to be set, though not a constant."""
    for value in values:
        match value:
            case Items(elements=elements, open=is_open):
                return Known([None] * len(elements), "literal") if not is_open else UNKNOWN
            case Mapping_(entries=entries):
                return Known({key: None for key, _ in entries}, "literal")
            case External(dotted=dotted, call=call) if call is not None:
                return Known(dotted, "literal")
            case Const(value=None):
                if not any(isinstance(other, UnknownValue) for other in values):
                    return ABSENT
    return UNKNOWN
