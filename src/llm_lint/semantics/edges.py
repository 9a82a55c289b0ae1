"""Who calls a function of the project, and what each parameter is given there."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from llm_lint.semantics.index import CallSite, Parameter, Scope
from llm_lint.semantics.values import Ref


@dataclass(frozen=True, slots=True)
class Edge:
    """``site`` leads to ``callee``.

    ``form`` is ``call`` or the name of what runs the function for the caller (``map``, ``submit``,
    ``gather``, ``apply``, ``to_thread``, ``register`` …). ``bound`` says that the first parameter is
    already filled. ``offset`` is the index of the first positional argument passed on, None when the
    arguments are elements of an iterable.
    """

    site: CallSite
    callee: Scope
    form: str = "call"
    bound: bool = False
    offset: int | None = 0

    @property
    def caller(self) -> Scope:
        """The function (or module) whose code contains the call."""
        return self.site.scope.function

    def argument(self, parameter: Parameter) -> Ref | None:
        """The expression given for a parameter, None when it is not shown at this call."""
        node = self.site.node
        for keyword in node.keywords:
            if keyword.arg == parameter.name:
                return Ref(keyword.value, self.site.scope)
        if parameter.position is None or self.offset is None:
            return None
        index = parameter.position - (1 if self.bound else 0) + self.offset
        if index < 0 or index >= len(node.args):
            return None
        if any(isinstance(argument, ast.Starred) for argument in node.args[: index + 1]):
            return None
        return Ref(node.args[index], self.site.scope)

    def spread(self) -> list[Ref]:
        """The dicts given as ``**mapping``."""
        return [Ref(k.value, self.site.scope) for k in self.site.node.keywords if k.arg is None]
