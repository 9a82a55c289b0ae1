"""The fix of LLM701: ``track(…)`` around the call that makes a client.

``track`` gives back the very object it is given, so the edit is safe wherever the call stands.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from llm_lint.fixes.edits import Offsets, together
from llm_lint.fixes.imports import Wanted, ensure
from llm_lint.fixes.nodes import expression_at
from llm_lint.model import Applicability, Edit, Fix, Made, Request
from llm_lint.semantics.modules import is_test

if TYPE_CHECKING:
    from llm_lint.fixes import Fixer

_HINT = "record the program as it is with `llm-lint run`"


def track(fixer: Fixer, request: Request) -> Fix | str:
    """The fix for the client of a request, or why there is none."""
    made = [made for made in request.clients if made.trackable]
    if not made:
        return _why_not(request)
    inserted = fixer.insertion("track")
    if isinstance(inserted, str):
        return inserted
    edits: dict[Edit, None] = {}
    for each in made:
        wrapped = _wrapped(fixer, each, Wanted(inserted.module, inserted.name))
        if isinstance(wrapped, str):
            return wrapped
        edits.update(dict.fromkeys(wrapped))
    what = "the client" if len(made) == 1 else "the clients"
    return Fix(
        Applicability.SAFE,
        f"wrap {what} in `{inserted.name}(…)`, which logs model, tokens and cost of each request",
        tuple(edits),
    )


def _wrapped(fixer: Fixer, made: Made, wanted: Wanted) -> tuple[Edit, ...] | str:
    if is_test(made.span.filename):
        return "the client is made in a test"
    source = fixer.read(made.span.filename)
    call = expression_at(source, made.span, ast.Call)
    if call is None:
        return "the call that makes the client was not found again"
    imported = ensure(source, wanted, call, fixer.first_party)
    if isinstance(imported, str):
        return imported
    offsets = Offsets(source)
    start, end = offsets.of_node(call)
    return together(
        *imported.edits,
        offsets.edit(start, start, f"{imported.expression}("),
        offsets.edit(end, end, ")"),
    )


def _why_not(request: Request) -> str:
    names: list[Made] = list(request.clients)
    if not names:
        return f"no code of the project makes a client that could be wrapped; {_HINT}"
    return f"`{names[-1].name}` keeps its HTTP client where a wrapper does not reach it; {_HINT}"
