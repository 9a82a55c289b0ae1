"""How many requests a month a call site makes: what the project says, else a named assumption.

Order: a comment beside the request, the function, the path, the entry-point class, then the profile; the
first that applies counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from llm_lint.model import Request, Volume

Profile = Literal["small", "medium", "large"]
REFERENCE = {"small": Decimal(1_000), "medium": Decimal(10_000), "large": Decimal(100_000)}
_RUNS = Decimal(30)  # of a scheduled job or a script over data: once a day
_ITEMS = Decimal(100)  # of a data set whose size the code does not show
_SCRIPT = Decimal(100)
_UNPRICED = frozenset({"test", "example", "notebook"})


@dataclass(frozen=True, slots=True)
class Volumes:
    """The ``usage`` table: selectors with requests a month, and the profile for everything else.

    Selectors are functions (``"app.llm:ask"`` or a request's key), paths (``"src/jobs/**"``) or entry-point
    classes (``"entry:web"``). ``beside`` holds what comments say, by a request's key.
    """

    selectors: tuple[tuple[str, Decimal], ...] = ()
    profile: Profile = "medium"
    beside: Mapping[str, Decimal] = field(default_factory=dict)

    def of(self, request: Request) -> Volume | None:
        """The volume of a call site; None for tests, examples and notebooks, whose runs nobody can guess."""
        configured = self._configured(request)
        if configured is not None:
            return Volume(configured, "configured")
        if request.excluded is not None or request.entry_point in _UNPRICED:
            return None
        assumed = self._assumed(request)
        return Volume(assumed, "assumed")

    def _configured(self, request: Request) -> Decimal | None:
        if request.key in self.beside:
            return self.beside[request.key]
        named = dict(self.selectors)
        functions = [volume for selector, volume in self.selectors if _names_function(selector, request)]
        filename = request.span.filename
        paths = [glob for glob in named if ":" not in glob and _pattern(glob).match(filename)]
        if functions:
            return functions[-1]
        if paths:
            return named[max(paths, key=len)]
        return named.get(f"entry:{request.entry_point}")

    def _assumed(self, request: Request) -> Decimal:
        loop = next((loop for loop in request.loops if loop.kind == "data"), None)
        items = Decimal(loop.trips) if loop is not None and loop.trips is not None else _ITEMS
        if request.entry_point == "cron":
            return _RUNS * (items if loop is not None else 1)
        if request.entry_point == "cli":
            return _RUNS * items if loop is not None else _SCRIPT
        return REFERENCE[self.profile]


def _names_function(selector: str, request: Request) -> bool:
    """``pkg.module:function``, ``path::function`` or ``path::function#ordinal``."""
    if selector.startswith("entry:") or ":" not in selector:
        return False
    if "::" in selector:
        return selector in (request.key, request.key.partition("#")[0])
    module, _, function = selector.partition(":")
    return function == request.function and module in _module_names(request.span.filename)


def _module_names(filename: str) -> Iterator[str]:
    """Every dotted name by which a file may be importable, from the longest."""
    parts = re.sub(r"(/__init__)?\.(py|ipynb)$", "", filename).split("/")
    return (".".join(parts[start:]) for start in range(len(parts)))


@lru_cache(maxsize=256)
def _pattern(glob: str) -> re.Pattern[str]:
    """``**`` crosses folders, ``*`` and ``?`` do not; a folder stands for everything in it."""
    parts = re.split(r"(\*\*/?|\*|\?)", glob.rstrip("/"))
    words = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(words.get(part) or re.escape(part) for part in parts) + "(?:/.*)?$")
