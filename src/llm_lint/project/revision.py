"""The files of another revision, read from git's objects: the working tree and the index stay untouched."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from llm_lint.errors import LlmLintError
from llm_lint.model import Base
from llm_lint.project.discovery import SUFFIXES

_FILE_MODES = ("100644", "100755", "100664")
# A partial clone would otherwise fetch what it lacks, and a look at the index would refresh it.
_OFFLINE = {
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
}


def base_of(root: Path, revision: str) -> Base:
    """Where HEAD and a revision parted: for an ancestor of HEAD the revision itself.

    Raises LlmLintError outside a repository, for unknown revisions, and where history is missing.
    """
    repository = git(root, "rev-parse", "--git-dir")
    if b"dubious ownership" in repository.stderr:
        raise LlmLintError(
            f"git refuses to read {root}, which belongs to somebody else",
            f"`git config --global --add safe.directory {root}` allows it",
        )
    if repository.returncode != 0:
        raise LlmLintError(f"{root} is not in a git repository", "comparing with a revision needs one")
    if git(root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}").returncode != 0:
        raise LlmLintError(
            "the repository has no commit yet", "commit once; `llm-lint cost` needs no history"
        )
    found = git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if found.returncode != 0:
        raise _missing(root, f"git knows no revision `{revision}`")
    commit = found.stdout.decode().strip()
    parted = git(root, "merge-base", commit, "HEAD")
    if parted.returncode != 0:
        raise _missing(root, f"`{revision}` and HEAD have no common commit")
    return Base(parted.stdout.decode().strip(), revision)


def _missing(root: Path, message: str) -> LlmLintError:
    if git(root, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true":
        return LlmLintError(
            f"{message}: this is a shallow clone, which lacks the history",
            "run `git fetch --unshallow`, or check out with the whole history (`fetch-depth: 0`)",
        )
    return LlmLintError(message, "`git branch --all` and `git log` show what there is")


def has_sources_of(root: Path, commit: str) -> bool:
    """Whether the Python files and notebooks below a folder are those of a commit, with none beside them."""
    sources = [f"*{suffix}" for suffix in SUFFIXES]
    changed = git(root, "diff", "--quiet", "--no-ext-diff", commit, "--", *sources)
    new = git(root, "ls-files", "-o", "--exclude-standard", "-z", "--", *sources)
    return changed.returncode == 0 and new.returncode == 0 and not new.stdout


@contextmanager
def files_of(root: Path, commit: str) -> Iterator[dict[str, Blob]]:
    """The Python files and notebooks of a commit below a folder, by name relative to it.

    They can be read inside the ``with`` block. Raises LlmLintError when git cannot list them.
    """
    listed = git(root, "ls-tree", "-r", "-z", commit)
    if listed.returncode != 0:
        raise _missing(root, f"git cannot list the files of {commit[:7]}")
    store = _Objects(root)
    try:
        yield {name: Blob(object_id, store) for name, object_id in _entries(listed.stdout)}
    finally:
        store.close()


def _entries(listing: bytes) -> Iterator[tuple[str, str]]:
    """Names and object ids of ordinary files with source; links and submodules are left out."""
    for entry in filter(None, listing.split(b"\0")):
        head, _, name = entry.partition(b"\t")
        mode, _, object_id = head.decode().split()
        if mode in _FILE_MODES and name.endswith(tuple(suffix.encode() for suffix in SUFFIXES)):
            yield os.fsdecode(name), object_id


@dataclass(frozen=True, slots=True)
class Blob:
    """One file of a revision."""

    object_id: str
    store: _Objects

    def read_bytes(self) -> bytes:
        """The content; raises LlmLintError where the repository lacks it."""
        return self.store.read(self.object_id)


class _Objects:
    """One ``git cat-file --batch``, started when the first object is asked for."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, object_id: str) -> bytes:
        process = self._process = self._process or subprocess.Popen(
            ["git", "cat-file", "--batch"],
            cwd=self._root,
            env={**os.environ, **_OFFLINE},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(f"{object_id}\n".encode())
            process.stdin.flush()
        except BrokenPipeError:
            raise _lacking(object_id) from None
        head = process.stdout.readline().split()
        if len(head) != 3:  # "<id> missing", or nothing where git gave up
            raise _lacking(object_id)
        return process.stdout.read(int(head[2]) + 1)[:-1]

    def close(self) -> None:
        if self._process is not None:
            self._process.communicate()


def _lacking(object_id: str) -> LlmLintError:
    return LlmLintError(
        f"the repository lacks the object {object_id[:7]}",
        "a partial clone holds no old files: clone without --filter",
    )


def git(root: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run git in a folder, without network; raises LlmLintError where it is not installed."""
    try:
        return subprocess.run(
            ["git", *arguments], cwd=root, env={**os.environ, **_OFFLINE}, capture_output=True, check=False
        )
    except FileNotFoundError:
        raise LlmLintError("git is not installed", "comparing with a revision needs it") from None
