"""Abstract values: what an expression may be, as far as the code shows it.

An expression evaluates to a tuple of alternatives (at most ``MAX_ALTERNATIVES``); ``UNKNOWN_VALUE``
among them says that it may also be something else.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Literal

from llm_lint.semantics.index import CallSite, ModuleIndex, Scope
from llm_lint.semantics.surfaces import CallSpec, Constructor

MAX_ALTERNATIVES = 12

Source = Literal["literal", "constant", "default", "env-default", "config"]


@dataclass(frozen=True, slots=True)
class UnknownValue:
    """Anything."""


UNKNOWN_VALUE = UnknownValue()


@dataclass(frozen=True, slots=True)
class Const:
    """A literal: string, number, bool, bytes or None."""

    value: object
    source: Source = "literal"


@dataclass(frozen=True, slots=True)
class Ref:
    """An expression with the scope it must be read in; evaluated when asked."""

    node: ast.expr
    scope: Scope


@dataclass(frozen=True, slots=True)
class Hole:
    """A part of a text that is filled at run time."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A string with static parts and holes."""

    parts: tuple[str | Hole, ...]
    source: Source = "literal"


@dataclass(frozen=True, slots=True)
class Items:
    """A list, tuple or set as written; ``open`` when elements are added that are not shown."""

    node: ast.expr
    elements: tuple[Ref, ...]
    open: bool = False


@dataclass(frozen=True, slots=True)
class Mapping_:
    """A dict as written: constant keys and their values; ``open`` when others may exist."""

    node: ast.expr
    entries: tuple[tuple[str, Ref], ...]
    open: bool = False

    def get(self, key: str) -> Ref | None:
        """The last value written for ``key``."""
        return next((value for name, value in reversed(self.entries) if name == key), None)


@dataclass(frozen=True, slots=True)
class External:
    """Something outside the project by its dotted path; ``call`` when it is the result of a call."""

    dotted: str
    call: CallSite | None = None


@dataclass(frozen=True, slots=True)
class ProjectModule:
    """A module of the project."""

    index: ModuleIndex


@dataclass(frozen=True, slots=True)
class Function:
    """A function or lambda of the project, bound to ``owner`` when it is a method of an instance."""

    scope: Scope
    owner: Instance | ClassValue | None = None


@dataclass(frozen=True, slots=True)
class ClassValue:
    """A class of the project."""

    scope: Scope


@dataclass(frozen=True, slots=True)
class Instance:
    """An object of a class of the project; ``exact`` when it cannot be one of a subclass."""

    scope: Scope
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Client:
    """An SDK or framework object; ``path`` is what has been accessed on it so far.

    ``site`` is the constructing call (None when known from an annotation), ``parts`` the model objects
    inside a pipe, chain or agent, ``extra`` the calls that derived it (``bind_tools(...)``).
    """

    constructor: Constructor | None
    provider: str
    receiver: str
    path: tuple[str, ...] = ()
    site: CallSite | None = None
    parts: tuple[Client | Ref, ...] = ()
    extra: tuple[CallSite, ...] = ()
    tracker: str | None = None


@dataclass(frozen=True, slots=True)
class RequestFunction:
    """A plain function of an SDK that issues a request: ``litellm.completion``."""

    spec: CallSpec
    dotted: str


@dataclass(frozen=True, slots=True)
class Partial:
    """``functools.partial(function, …)``: the call that binds arguments in advance."""

    target: Abstract
    site: CallSite


@dataclass(frozen=True, slots=True)
class Response:
    """What a request answered."""

    site: CallSite
    spec: CallSpec | None = None


Abstract = (
    UnknownValue
    | Const
    | Text
    | Items
    | Mapping_
    | External
    | ProjectModule
    | Function
    | ClassValue
    | Instance
    | Client
    | RequestFunction
    | Partial
    | Response
)
Values = tuple[Abstract, ...]
NOTHING: Values = ()
ANYTHING: Values = (UNKNOWN_VALUE,)


def merge(groups: list[Values]) -> Values:
    """All alternatives, each once, in order of appearance."""
    seen: dict[Abstract, None] = {}
    for group in groups:
        for value in group:
            seen.setdefault(value)
            if len(seen) >= MAX_ALTERNATIVES:
                return tuple(seen)
    return tuple(seen)
