"""The fix of LLM701: ``track(…)`` around the call that makes a client.

``track`` gives back the very object it is given, so the edit is safe wherever the call stands.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from llm_lint.fixes.edits import Offsets
from llm_lint.fixes.imports import Wanted, ensure
from llm_lint.fixes.nodes import expression_at
from llm_lint.model import Applicability, Fix, Made, Request
from llm_lint.semantics.modules import is_test

if TYPE_CHECKING:
    from llm_lint.fixes import Fixer

_HINT = "record the program as it is with `llm-lint run`"


def track(fixer: Fixer, request: Request) -> Fix | str:
    """The fix for the client of a request, or why there is none."""
    made = next((made for made in request.clients if made.trackable), None)
    if made is None:
        return _why_not(request)
    inserted = fixer.insertion("track")
    if isinstance(inserted, str):
        return inserted
    if is_test(made.span.filename):
        return "the client is made in a test"
    source = fixer.read(made.span.filename)
    call = expression_at(source, made.span, ast.Call)
    if call is None:
        return "the call that makes the client was not found again"
    imported = ensure(source, Wanted(inserted.module, inserted.name), call, fixer.first_party)
    if isinstance(imported, str):
        return imported
    offsets = Offsets(source)
    start, end = offsets.of_node(call)
    return Fix(
        Applicability.SAFE,
        f"wrap the client in `{imported.expression}(…)`, which logs model, tokens and cost of each request",
        (
            *imported.edits,
            offsets.edit(start, start, f"{imported.expression}("),
            offsets.edit(end, end, ")"),
        ),
    )


def _why_not(request: Request) -> str:
    names: list[Made] = list(request.clients)
    if not names:
        return f"no code of the project makes a client that could be wrapped; {_HINT}"
    return f"`{names[-1].name}` keeps its HTTP client where a wrapper does not reach it; {_HINT}"
