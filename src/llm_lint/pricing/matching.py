"""Which request of the new code is which one of the old: by place, else by what it asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from llm_lint.model import Known, Request

Pair = tuple[Request | None, Request | None]
_TELLING = 12  # characters of a prompt that say which request it is


def pairs(before: Iterable[Request], after: Iterable[Request]) -> list[Pair]:
    """Every request of either side once, with its counterpart where there is one.

    First within a function of a file, then within functions of the same name that moved to another file,
    then by the prompt, for functions that were renamed.
    """
    old, new = list(before), list(after)
    found: list[Pair] = []
    for group_of, least in ((_place, 0), (_function, 3), (_prompt, 0)):
        for left, right in _groups(old, new, group_of):
            found += _closest(left, right, least)
        matched = {id(request) for pair in found for request in pair}
        old = [request for request in old if id(request) not in matched]
        new = [request for request in new if id(request) not in matched]
    return [*found, *((request, None) for request in old), *((None, request) for request in new)]


def likeness(one: Request, other: Request) -> int:
    """How much two requests look the same: 0 to 9; the prompt says most."""
    prompt = one.prompt.static_text
    same_prompt = len(prompt) >= _TELLING and prompt == other.prompt.static_text
    same_model = isinstance(one.model, Known) and one.model == other.model
    parts = ((4, same_prompt), (3, one.callee == other.callee), (1, same_model), (1, one.kind == other.kind))
    return sum(points for points, holds in parts if holds)


def _groups(
    old: Sequence[Request], new: Sequence[Request], key: Callable[[Request], str]
) -> Iterable[tuple[list[Request], list[Request]]]:
    sides: dict[str, tuple[list[Request], list[Request]]] = defaultdict(lambda: ([], []))
    for index, requests in enumerate((old, new)):
        for request in requests:
            sides[key(request)][index].append(request)
    return ((left, right) for name, (left, right) in sides.items() if name and left and right)


def _closest(left: list[Request], right: list[Request], least: int) -> list[Pair]:
    """The most alike first; among equals in the order of the code."""
    ranked = sorted(
        (-likeness(one, other), abs(i - j), i, j)
        for i, one in enumerate(left)
        for j, other in enumerate(right)
    )
    found: list[Pair] = []
    taken: set[tuple[str, int]] = set()
    for points, _, i, j in ranked:
        if -points >= least and not taken & {("left", i), ("right", j)}:
            taken |= {("left", i), ("right", j)}
            found.append((left[i], right[j]))
    return found


def _place(request: Request) -> str:
    """``path::function``: the key without its ordinal, which changes when a request is put before it."""
    return request.key.rpartition("#")[0]


def _function(request: Request) -> str:
    """The function alone; nothing for code outside of functions, which is called the same everywhere."""
    name = _place(request).partition("::")[2]
    return "" if name.startswith("<") else name


def _prompt(request: Request) -> str:
    text = request.prompt.static_text
    return f"{request.callee}\0{text}" if len(text) >= _TELLING else ""
