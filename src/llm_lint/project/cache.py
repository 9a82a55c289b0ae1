"""What earlier runs learnt about a project, kept in ``.llm_lint_cache``: plain data, keyed by content.

A *state* holds, for one set of options, everything that a run read: each file with the digest of its
content and what its bytes said, the folders with the names in them, and the other files that were opened
(configuration, ignore files). It holds again when all contents are the same; stamps (size, times, inode)
only spare reading files that cannot have changed. A *result* is what a run wrote, under the digest of
the state and of everything else it hung on. What cannot be read is computed again.

This module starts fast: it imports nothing that is slow to import.
"""

from __future__ import annotations

import json
import os
import sys

from llm_lint import __version__

try:  # hashlib takes it from here, too, but loads OpenSSL first
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from llm_lint.project.scan import Scanned

FOLDER = ".llm_lint_cache"
_SETTLED_NS = 2_000_000_000  # a file changed this shortly before it was read may change again unnoticed
_MAX_FOLDERS = 20_000
_MAX_RESULTS = 50
_SEED, _KEYS, _IGNORES = 1, 2, 4
_NEVER = (".git", "__pycache__", FOLDER)
_PACKAGE = os.path.dirname(os.path.dirname(__file__))
_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# Written by llm-lint; safe to delete.\n"


def digest(*parts: bytes) -> str:
    """A content hash; parts are kept apart."""
    found = blake2b(digest_size=16)
    for part in parts:
        found.update(len(part).to_bytes(8, "little"))
        found.update(part)
    return found.hexdigest()


def maker() -> str:
    """This version of the program with its tables, running on this Python."""
    folders = [_PACKAGE]
    packaged = os.path.join(_PACKAGE, "_rules")
    if not os.path.isdir(packaged):
        folders.append(os.path.join(os.path.dirname(os.path.dirname(_PACKAGE)), "rules"))
    stamps: list[str] = []
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir():
                    if entry.name != "__pycache__":
                        folders.append(entry.path)
                else:
                    found = entry.stat()
                    stamps.append(f"{entry.path}:{found.st_size}:{found.st_mtime_ns}")
    return digest(__version__.encode(), sys.version.encode(), "\n".join(sorted(stamps)).encode())


def stamp(path: str) -> list[int] | None:
    """Size, times and inode of a file or folder; None when there is none."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


def is_settled(found: list[int], at_ns: int) -> bool:
    """Whether a stamp tells any later change: the last one is older than a moment before ``at_ns``."""
    return max(found[1], found[2]) <= at_ns - _SETTLED_NS


def folder_names(path: str, excluded: frozenset[str]) -> tuple[list[str], list[str]]:
    """The names in a folder, with a slash after those of folders, and the folders among them."""
    names: list[str] = []
    folders: list[str] = []
    with os.scandir(path) as entries:
        for entry in entries:
            is_folder = entry.is_dir(follow_symlinks=False)
            if is_folder and entry.name in excluded:
                continue
            names.append(f"{entry.name}/" if is_folder else entry.name)
            if is_folder:
                folders.append(entry.name)
    return sorted(names), sorted(folders)


def names_digest(path: str, excluded: frozenset[str]) -> str:
    """The digest of the names in a folder."""
    return digest("\0".join(folder_names(path, excluded)[0]).encode("utf-8", "surrogateescape"))


def content_digest(path: str) -> str | None:
    """The digest of a file's content; None when it cannot be read."""
    try:
        with open(path, "rb") as file:
            return digest(file.read())
    except (OSError, ValueError):
        return None


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return


class Store:
    """The cache's folder in a project; everything in it may be deleted at any time."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def load(self, *names: str) -> dict[str, Any] | None:
        """A document written before; None when there is none or it is damaged."""
        try:
            with open(os.path.join(self.folder, *names), "rb") as file:
                checksum, _, text = file.read().partition(b"\n")
            found = json.loads(text) if checksum == digest(text).encode() else None
        except (OSError, ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) else None

    def save(self, document: Mapping[str, Any], *names: str) -> None:
        """Write a document at once; a folder that cannot be written to is no error."""
        path = os.path.join(self.folder, *names)
        temporary = f"{path}.{os.getpid()}"
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            self._mark()
            text = json.dumps(document, separators=(",", ":")).encode()
            with open(temporary, "wb") as file:
                file.write(digest(text).encode() + b"\n" + text)
            os.replace(temporary, path)
        except OSError:
            _remove(temporary)

    def prune(self, folder: str) -> None:
        """Keep the newest results."""
        try:
            with os.scandir(os.path.join(self.folder, folder)) as entries:
                files = sorted((entry.stat().st_mtime_ns, entry.path) for entry in entries)
            for _, path in files[:-_MAX_RESULTS]:
                os.unlink(path)
        except OSError:
            pass

    def _mark(self) -> None:
        for name, text in ((".gitignore", "*\n"), ("CACHEDIR.TAG", _TAG)):
            path = os.path.join(self.folder, name)
            if not os.path.exists(path):
                with open(path, "w", encoding="ascii") as file:
                    file.write(text)


class State:
    """A saved state, compared with what is on disk now."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.root: str = data["root"]
        self.files: dict[str, list[Any]] = data["files"]
        self._is_unsettled = False

    def is_of(self, root: str, made_by: str) -> bool:
        """Whether it was made by this program for this folder."""
        return self.root == root and self.data["maker"] == made_by

    def surroundings_hold(self) -> bool:
        """Whether no file came or went, and all that was read beside the files is as it was."""
        excluded = frozenset(self.data["excluded"])
        for name, entry in self.data["folders"].items():
            if not self._is_same(
                os.path.join(self.root, name), entry, lambda path: names_digest(path, excluded)
            ):
                return False
        return all(
            self._is_same(path, entry, content_digest) if entry is not None else stamp(path) is None
            for path, entry in self.data["watched"].items()
        )

    def _is_same(self, path: str, entry: list[Any], read: Callable[[str], str | None]) -> bool:
        now = stamp(path)
        if now is None or now == entry[0]:
            return now is not None
        self._is_unsettled = True
        return bool(read(path) == entry[1])

    def changed(self) -> list[str]:
        """The files whose content is another than it was; surroundings must hold."""
        return [
            name
            for name, entry in self.files.items()
            if not self._is_same(os.path.join(self.root, name), entry, content_digest)
        ]

    def settle(self, now_ns: int) -> bool:
        """Take the stamps of now for contents that were found to be the same; says whether any is new."""
        found = False
        if not self._is_unsettled:
            return found
        for parts, places in (
            (self.files, self.root),
            (self.data["folders"], self.root),
            (self.data["watched"], ""),
        ):
            for name, entry in parts.items():
                now = stamp(os.path.join(places, name)) if entry is not None else None
                if now is not None and now != entry[0] and is_settled(now, now_ns):
                    entry[0] = now
                    found = True
        return found

    def scanned(self, name: str) -> Scanned | None:
        """What the bytes of a file said, if its stamp shows that it has not changed."""
        entry = self.files.get(name)
        if entry is None or entry[0] is None or stamp(os.path.join(self.root, name)) != entry[0]:
            return None
        from llm_lint.project.scan import Scanned

        flags = entry[2]
        return Scanned(bool(flags & _SEED), frozenset(entry[3]), bool(flags & _KEYS), bool(flags & _IGNORES))


def state_of(store: Store, name: str) -> State | None:
    """A saved state; None when there is none or it is damaged."""
    data = store.load(name)
    try:
        return State(data) if data is not None and data["format"] == 1 else None
    except (KeyError, TypeError, ValueError):
        return None


class Recorder:
    """Watches one run and writes down what it read."""

    def __init__(self, store: Store, name: str, made_by: str, started_ns: int, before: State | None) -> None:
        self.store = store
        self.name = name
        self.maker = made_by
        self._started_ns = started_ns
        self._before = before
        self._files: dict[str, list[Any]] = {}
        self._facts: dict[str, Any] = {}
        self._on_disk: list[str] = []
        self._is_left_out: Callable[[str], object] = bool
        self.analysed: set[str] = set()
        self.opened: set[str] = set()

    def begin(self, root: str, scanned_for: dict[str, list[str]]) -> None:
        """Say what will be scanned, and for what; an earlier state for other names is of no use."""
        self._facts.update(root=root, scanned_for=scanned_for)
        before = self._before
        if before is not None and (
            not before.is_of(root, self.maker) or before.data["scanned_for"] != scanned_for
        ):
            self._before = None

    def known(self, name: str) -> Scanned | None:
        """What an earlier run saw in a file that has not changed."""
        found = self._before.scanned(name) if self._before is not None else None
        if found is not None and self._before is not None:
            self._files[name] = self._before.files[name]
        return found

    def note(self, name: str, data: bytes, scanned: Scanned) -> None:
        """Keep what the bytes of a file say."""
        flags = _SEED * scanned.is_seed | _KEYS * scanned.may_hold_keys | _IGNORES * scanned.has_ignores
        self._files[name] = [None, digest(data), flags, sorted(scanned.imported)]

    def describe(
        self,
        files: Iterable[str],
        excluded: Iterable[str],
        is_left_out: Callable[[str], object],
        output_format: str,
    ) -> None:
        """Say which files there are, which folders are never entered, which files the settings leave out."""
        self._is_left_out = is_left_out
        self._facts.update(output_format=output_format)
        self._facts.update(names=sorted(files), excluded=sorted({*excluded, *_NEVER}))

    def save(self, day: str, plain: bool) -> str | None:
        """Write the state and return its digest; None when it would not be sure to hold.

        ``plain`` says that the run had nothing to say but what it found.
        """
        facts = self._facts
        if "names" not in facts or sorted(self._files) != facts.pop("names"):
            return None
        from llm_lint.project.surroundings import places

        root = facts["root"]
        for name, entry in self._files.items():
            entry[0] = entry[0] or self._settled(stamp(os.path.join(root, name)))
        folders = self._folders(root, frozenset(facts["excluded"]))
        self.opened |= places(root, self._is_exact(root))
        watched = self._watched(root)
        if folders is None or watched is None:
            return None
        identity = digest(
            json.dumps(
                [
                    sorted((name, entry[1]) for name, entry in self._files.items()),
                    sorted((name, names) for name, (_, names) in folders.items()),
                    sorted((path, known and known[1]) for path, known in watched.items()),
                    facts["scanned_for"],
                ]
            ).encode()
        )
        document = {
            "format": 1,
            "maker": self.maker,
            "id": identity,
            "files": self._files,
            "folders": folders,
            "watched": watched,
            "analysed": sorted(self.analysed),
            "day": day,
            "plain": plain,
            **facts,
        }
        self.store.save(document, self.name)
        return identity

    def _settled(self, found: list[int] | None) -> list[int] | None:
        return found if found is not None and is_settled(found, self._started_ns) else None

    def _folders(self, root: str, excluded: frozenset[str]) -> dict[str, list[Any]] | None:
        """Every folder that a walk could enter, with the digest of its names."""
        found: dict[str, list[Any]] = {}
        queue = [""]
        while queue:
            name = queue.pop()
            path = os.path.join(root, name)
            before = stamp(path)
            try:
                names, folders = folder_names(path, excluded)
            except OSError:
                return None
            joined = "\0".join(names).encode("utf-8", "surrogateescape")
            found[name] = [self._settled(before), digest(joined)]
            queue += [os.path.join(name, folder) for folder in folders]
            self._on_disk += [os.path.join(name, file) for file in names if file.endswith((".py", ".ipynb"))]
            if ".gitignore" in names:
                self.opened.add(os.path.join(path, ".gitignore"))
            if len(found) > _MAX_FOLDERS:
                return None
        return found

    def _is_exact(self, root: str) -> bool:
        """Whether the files are all that the settings allow, whatever git tracks."""
        from llm_lint.project.surroundings import tracked_although_ignored

        hidden = (name for name in self._on_disk if name not in self._files and not self._is_left_out(name))
        return not any(hidden) and not tracked_although_ignored(root)

    def _watched(self, root: str) -> dict[str, list[Any] | None] | None:
        known = {os.path.join(root, name) for name in self._files}
        found: dict[str, list[Any] | None] = {}
        for path in sorted(self.opened - known):
            before = stamp(path)
            if before is None:
                found[path] = None
                continue
            if before[1] > self._started_ns:  # changed while it was read
                return None
            found[path] = [self._settled(before), content_digest(path)]
        return found
