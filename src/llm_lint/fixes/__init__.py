"""Fixes: the edits that repair a finding, how safe they are, and the proof that they do only that.

Rules name a fix through ``Fixer``; each kind of fix is a module. A fix that cannot be built is a reason
in words, which the finding carries instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from llm_lint.errors import SkipFile
from llm_lint.model import Fix, Request
from llm_lint.syntax.source import SourceFile

if TYPE_CHECKING:
    from llm_lint.semantics.secrets import KeyMatch

Repair = Fix | str | None


@dataclass(frozen=True, slots=True)
class Insertion:
    """A function that fixes may insert: the module it is imported from, and its name there."""

    module: str
    name: str


def _unreadable(name: str) -> SourceFile:
    raise SkipFile(f"{name} is not at hand")


@dataclass(frozen=True, slots=True)
class Fixer:
    """Builds the fixes of one run.

    ``read`` gives the files of the project (raising SkipFile), ``insertions`` the functions ``track`` and
    ``cached`` or the reason why there is none, ``first_party`` the project's own top-level modules;
    ``ttl`` is the declared lifetime of cached answers in seconds.
    """

    read: Callable[[str], SourceFile] = _unreadable
    insertions: Mapping[str, Insertion | str] = field(default_factory=dict)
    first_party: frozenset[str] = frozenset()
    ttl: int | None = None

    def insertion(self, name: str) -> Insertion | str:
        """The function to insert as ``track`` or ``cached``, or why none may be inserted."""
        return self.insertions.get(name, "no runtime is set up; run `llm-lint init`")

    def track(self, request: Request) -> Repair:
        """Wrap the construction of a request's client, so that its requests are logged."""
        from llm_lint.fixes.tracking import track

        return self._built(lambda: track(self, request))

    def cache(self, request: Request) -> Repair:
        """Answer equal requests from a cache."""
        from llm_lint.fixes.caching import cache

        return self._built(lambda: cache(self, request))

    def send_lists(self, request: Request) -> Repair:
        """Embed lists of texts instead of one text per request."""
        from llm_lint.fixes.lists import send_lists

        return self._built(lambda: send_lists(self, request))

    def read_from_environment(self, match: KeyMatch) -> Repair:
        """Read a key from the environment instead of the source."""
        from llm_lint.fixes.environment import read_from_environment

        return self._built(lambda: read_from_environment(self, match))

    def _built(self, build: Callable[[], Fix | str]) -> Repair:
        try:
            return build()
        except SkipFile as reason:
            return f"the file cannot be edited: {reason}"
