"""Which bindings of a name can reach a use of it."""

from __future__ import annotations

from llm_lint.semantics.index import Binding, Block, Scope


def visible(name: str, scope: Scope) -> Scope | None:
    """The scope in which ``name`` is bound, as Python's rules look it up from ``scope``."""
    current: Scope | None = scope
    first = True
    while current is not None:
        hidden = current.kind == "class" and not first
        if (
            not hidden
            and name not in current.outer_names
            and (name in current.bindings or current.parameter(name) is not None)
        ):
            return current
        first = False
        current = current.parent
    return None


def reaching(name: str, home: Scope, user: Scope, line: int, column: int) -> tuple[list[Binding], bool]:
    """The bindings of ``name`` in ``home`` that may hold at a use, and whether one surely does.

    Inside one function the order of statements and the arms of branches count; from another function
    any binding may hold.
    """
    bindings = home.bindings.get(name, [])
    if home.function is not user.function or (len(bindings) < 2 and home.parameter(name) is None):
        return bindings, home.parameter(name) is None
    block = user.function.block_at(line, column)
    live: list[Binding] = []
    certain = False
    for binding in sorted(bindings, key=lambda found: found.at, reverse=True):
        if binding.at > (line, column):
            if _shares_loop(binding.block, block):
                live.append(binding)
        elif not _exclusive(binding.block, block):
            live.append(binding)
            if block.within(binding.block) and binding.kind not in ("aug", "annotation"):
                certain = True
                break
    if not live and home.parameter(name) is None:
        return bindings, True
    return live, certain


def _exclusive(one: Block, other: Block) -> bool:
    """Whether two blocks are different arms of one statement, so that only one of them runs."""
    for block in one.ancestors():
        if block.arm == "body" and block.parent is None:
            continue
        arm = other.arm_of(block.owner)
        if arm is not None and arm != block.arm:
            return not _falls_through(block.arm, arm)
    return False


def _falls_through(arm: str, other: str) -> bool:
    """A ``try`` body runs (in part) before its handlers."""
    return "handler" in arm or "handler" in other


def _shares_loop(one: Block, other: Block) -> bool:
    return any(block.loop is not None and other.within(block) for block in one.ancestors())
