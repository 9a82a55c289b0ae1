"""The modules of a project: which file an import names, and the indexes of the files asked for.

Imports resolve as Python would from a likely ``sys.path``: the project root, source roots, and the
folders around the importing file that are not packages. Names of known SDKs stay external unless the
project itself is that package.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import PurePosixPath

from llm_lint.errors import SkipFile
from llm_lint.model import Skipped
from llm_lint.semantics.index import ModuleIndex, build_index
from llm_lint.syntax.source import SourceFile

_TEST_FILE = re.compile(
    r"(^|/)(tests?|testing|__tests__)/|(^|/)(test_[^/]*|[^/]*_test|conftest)\.(py|ipynb)$"
)

Reader = Callable[[str], SourceFile]


@cache
def is_test(filename: str) -> bool:
    """Whether a file belongs to a test suite, by its path."""
    return _TEST_FILE.search(filename) is not None


class Modules:
    """All files of a project by module name; indexes are built on demand and kept."""

    def __init__(self, filenames: Iterable[str], read: Reader, external: frozenset[str]) -> None:
        self._read = read
        self._external = external
        self._indexes: dict[str, ModuleIndex | None] = {}
        self._by_parts: dict[tuple[str, ...], str] = {}
        self._by_tail: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        self._packages: set[tuple[str, ...]] = set()
        self.skipped: list[Skipped] = []
        for filename in sorted(filenames):
            self._register(filename)

    def _register(self, filename: str) -> None:
        if not filename.endswith((".py", ".ipynb")):
            return
        parts = PurePosixPath(filename).with_suffix("").parts
        if parts[-1] == "__init__":
            parts = parts[:-1]
            self._packages.add(parts)
        if not parts or (parts in self._by_parts and filename.endswith(".ipynb")):
            return
        self._by_parts[parts] = filename
        self._by_tail[parts[-1]].append(parts)

    def index(self, filename: str) -> ModuleIndex | None:
        """The index of a file; None when the file cannot be analysed (it is then in ``skipped``)."""
        if filename not in self._indexes:
            self._indexes[filename] = self._build(filename)
        return self._indexes[filename]

    def _build(self, filename: str) -> ModuleIndex | None:
        path = PurePosixPath(filename)
        parts = path.with_suffix("").parts
        is_package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if is_package else parts)
        try:
            source = self._read(filename)
            index = build_index(source, name, is_package)
            self.skipped += source.partly_skipped()
            return index
        except SkipFile as reason:
            self.skipped.append(Skipped(filename, str(reason)))
        except RecursionError:
            self.skipped.append(Skipped(filename, "nested too deeply to analyse"))
        return None

    def loaded(self) -> list[ModuleIndex]:
        """The indexes built so far, in a stable order."""
        return [index for _, index in sorted(self._indexes.items()) if index is not None]

    def find(self, dotted: str, importer: ModuleIndex) -> str | None:
        """The file that ``import dotted`` in ``importer`` reads, None for external modules."""
        parts = tuple(dotted.split(".")) if dotted else ()
        if not parts or parts[-1] not in self._by_tail:
            return None
        here = PurePosixPath(importer.filename).parent.parts
        if parts in self._by_parts and not self._is_shadowed(parts, here):
            return self._by_parts[parts]
        if parts[0] in self._external and parts[:1] not in self._packages:
            return None
        return self._around(parts, here) or self._by_suffix(parts, here)

    def _is_shadowed(self, parts: tuple[str, ...], here: tuple[str, ...]) -> bool:
        """A file beside the project root named like an SDK is not that SDK for files elsewhere."""
        return parts[0] in self._external and parts[:1] not in self._packages and here != ()

    def _around(self, parts: tuple[str, ...], here: tuple[str, ...]) -> str | None:
        for depth in range(len(here), -1, -1):
            root = here[:depth]
            if root in self._packages and depth:
                continue
            for source_root in ((), ("src",), ("lib",), ("python",)):
                found = self._by_parts.get((*root, *source_root, *parts))
                if found is not None:
                    return found
        return None

    def _by_suffix(self, parts: tuple[str, ...], here: tuple[str, ...]) -> str | None:
        """The nearest file whose path ends in the module's name, where its root is not a package."""
        matches = [
            candidate
            for candidate in self._by_tail[parts[-1]]
            if candidate[-len(parts) :] == parts
            and candidate[: -len(parts)] not in self._packages
            and (len(parts) > 1 or candidate in self._packages)
        ]
        if not matches:
            return None
        best = max(matches, key=lambda found: (_shared(found, here), -len(found)))
        return self._by_parts[best]


def _shared(left: tuple[str, ...], right: tuple[str, ...]) -> int:
    return next(
        (n for n, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right))
    )
