"""A look at the bytes of every file: which may hold requests or keys, and what they import.

This runs before anything heavy is imported; a tree without LLM code never goes further.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property  # what `re` needs is loaded already

from llm_lint.semantics.key_candidates import candidates

TYPE_CHECKING = False
if TYPE_CHECKING:  # nothing that is slow to import is imported here: the fast start scans, too
    from collections.abc import Iterable, Mapping

    from llm_lint.project.cache import Recorder
    from llm_lint.syntax.source import Readable

_IMPORTS = re.compile(rb"^(?:\xef\xbb\xbf)?[ \t\f]*(?:from|import)[ \t]+([^\n#;]+)", re.M)
_IMPORTS_JSON = re.compile(rb'"[ \t]*(?:from|import)[ \t]+([^\n"#;]+)')
_CONTINUED = re.compile(rb"\bimport[ \t]*\(([^)]*)\)")
_WORDS = re.compile(rb"[A-Za-z_][\w.]*")
_PATHS = (
    b"/chat/completions",
    b"/v1/messages",
    b":generateContent",
    b":streamGenerateContent",
    b"/v1/embeddings",
    b"/v1/completions",
    b"/v1/responses",
    b".chat.completions.create(",
    b".chat.completions.parse(",
    b".generate_content(",
    b'"messages":',
    b"'messages':",
    b'messages\\":',
)
_NOQA = re.compile(rb"noqa:[^\n]*llm")


class Scanned:
    """What the bytes of one file say."""

    __slots__ = ("has_ignores", "imported", "is_seed", "may_hold_keys")

    def __init__(
        self, is_seed: bool, imported: frozenset[str], may_hold_keys: bool, has_ignores: bool = False
    ) -> None:
        self.is_seed = is_seed
        self.imported = imported
        self.may_hold_keys = may_hold_keys
        self.has_ignores = has_ignores


class Scan:
    """The bytes of a project, scanned once; answers which files matter to which."""

    def __init__(self, results: Mapping[str, Scanned]) -> None:
        self.results = results
        self._importers: dict[str, list[str]] = defaultdict(list)
        for name, scanned in results.items():
            for word in scanned.imported:
                self._importers[word].append(name)

    @property
    def seeds(self) -> list[str]:
        """The files that name an SDK or an LLM API."""
        return sorted(name for name, scanned in self.results.items() if scanned.is_seed)

    @property
    def with_keys(self) -> list[str]:
        """The files that may hold a key: by a format or a name, or because a client in them may take one."""
        return sorted(
            name for name, scanned in self.results.items() if scanned.may_hold_keys or scanned.is_seed
        )

    @property
    def with_ignores(self) -> list[str]:
        """The files with what may be comments that silence findings."""
        return sorted(name for name, scanned in self.results.items() if scanned.has_ignores)

    def importers(self, filename: str) -> Iterable[str]:
        """The files whose import statements mention a file's module name."""
        return (name for name in self._importers.get(module_name(filename), ()) if name != filename)


def module_name(filename: str) -> str:
    """The last part of a file's module name: the package's for an ``__init__.py``."""
    folder, _, base = filename.rpartition("/")
    stem = base.rpartition(".")[0]
    return folder.rpartition("/")[2] if stem == "__init__" else stem


class Scanner:
    """Compiled expressions for the import names and hosts of one set of tables."""

    def __init__(self, names: Iterable[str], hosts: Iterable[str]) -> None:
        self._hosts = tuple(host.encode() for host in hosts)
        endings = sorted({host.rpartition(b".")[2] for host in self._hosts})
        self._ending = re.compile(rb"\.(?:" + b"|".join(map(re.escape, endings)) + b")")
        self._names = frozenset(name.encode() for name in names)
        self._roots = frozenset(name.split(b".")[0] for name in self._names)

    def scan(self, data: bytes, is_notebook: bool = False) -> Scanned:
        """Look at one file's bytes."""
        heads = (_IMPORTS_JSON if is_notebook else _IMPORTS).findall(data)
        words = {word for head in heads for word in _WORDS.findall(head)}
        if b"import (" in data or b"import(" in data:
            words |= {word for group in _CONTINUED.findall(data) for word in _WORDS.findall(group)}
        is_seed = any(self._is_sdk(head) for head in heads) or self._names_api(data)
        imported = frozenset(part.decode() for word in words for part in word.split(b".") if part)
        return Scanned(is_seed, imported, candidates(data), _has_ignores(data))

    def _names_api(self, data: bytes) -> bool:
        """Whether an API's host or path, or an SDK imported by name, is written in a file.

        Most files lack even the hosts' endings.
        """
        if any(path in data for path in _PATHS):
            return True
        if b"import_module(" in data and self._written.search(data):
            return True
        return self._ending.search(data) is not None and any(host in data for host in self._hosts)

    @cached_property
    def _written(self) -> re.Pattern[bytes]:
        """An SDK's import name in a string, as dynamic imports give it."""
        names = b"|".join(map(re.escape, sorted(self._roots)))
        return re.compile(rb"[\"'](?:" + names + rb")[\"'.]")

    def _is_sdk(self, head: bytes) -> bool:
        clauses = head.split(b",")
        for clause in clauses[:1] if b" import" in head else clauses:  # what is imported from it is no module
            words = _WORDS.findall(clause)
            if not words:
                continue
            root = words[0].split(b".")[0]
            if root not in self._roots:
                continue
            if words[0] in self._names or root in self._names:
                return True
            dotted = words[0] + b"." + words[2] if len(words) > 2 and words[1] == b"import" else words[0]
            if any(dotted == name or dotted.startswith(name + b".") for name in self._names):
                return True
            if words[0] == root and root in (b"google", b"azure", b"fireworks", b"mistralai"):
                return True
        return False


def _has_ignores(data: bytes) -> bool:
    """Whether a file may hold comments that silence findings, in any case of letters."""
    lower = data.lower()
    return b"llm-lint:" in lower or (b"noqa:" in lower and _NOQA.search(lower) is not None)


def scan_files(files: Mapping[str, Readable], scanner: Scanner, recorder: Recorder | None = None) -> Scan:
    """Scan every file; files that cannot be read are left to the reader to report.

    A recorder knows files that have not changed since an earlier run, and is told of the others.
    """
    results: dict[str, Scanned] = {}
    for name, file in files.items():
        known = recorder.known(name) if recorder is not None else None
        if known is not None:
            results[name] = known
            continue
        try:
            data = file.read_bytes()
        except OSError:
            results[name] = Scanned(False, frozenset(), False)
            continue
        results[name] = scanner.scan(data, name.endswith(".ipynb"))
        if recorder is not None:
            recorder.note(name, data, results[name])
    return Scan(results)
