"""What a run hangs on beside the files it checks: what else it opens, where git and settings are read."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from llm_lint.project.config import FILE_NAMES

_PACKAGE = os.path.dirname(os.path.dirname(__file__))
_OWN = (_PACKAGE, sys.prefix, sys.base_prefix, "/proc/", "/dev/")
_EXCLUDES_FILE = re.compile(r"^\s*excludesfile\s*=\s*\"?([^\"\n]+)", re.I | re.M)

_listeners: list[set[str]] = []


@contextmanager
def opened_into(paths: set[str]) -> Iterator[None]:
    """Collect the paths of all files that this process opens, the program's own left out."""
    _install()
    _listeners.append(paths)
    try:
        yield
    finally:
        _listeners.remove(paths)


@cache
def _install() -> None:
    sys.addaudithook(_hear)


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if event != "open" or not _listeners or not isinstance(arguments[0], (str, bytes)):
        return
    path = os.path.abspath(os.fsdecode(arguments[0]))
    if not path.startswith(_OWN):
        for listener in _listeners:
            listener.add(path)


def places(root: str, is_exact: bool) -> set[str]:
    """Files above and beside a project that decide which of its files count, whether they exist or not.

    ``is_exact`` says that each Python file on disk is one of the project's and none is both tracked and
    ignored: git's index then makes no difference.
    """
    found = {os.path.join(folder, name) for folder in _above(root) for name in (*FILE_NAMES, ".gitignore")}
    prices = sys.modules.get("llm_lint.pricing.snapshot")
    updated = prices.user_file() if prices is not None else None
    if updated is not None:
        found.add(str(updated))
    repository = next((f for f in (root, *_above(root)) if os.path.exists(os.path.join(f, ".git"))), None)
    if repository is None:
        return found | {os.path.join(folder, ".git") for folder in _above(root)}
    git = _git_folder(os.path.join(repository, ".git"))
    found.add(os.path.join(git, "info", "exclude"))
    if not is_exact:
        found.add(os.path.join(git, "index"))
    home = os.path.expanduser("~")
    base = os.environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config")
    configs = [
        os.path.join(git, "config"),
        os.path.join(home, ".gitconfig"),
        os.path.join(base, "git", "config"),
        "/etc/gitconfig",
    ]
    found |= {*configs, os.path.join(base, "git", "ignore")}
    for path in configs:
        found |= set(_excludes_files(path))
    return found


def tracked_although_ignored(root: str) -> bool:
    """Whether git tracks Python files that its rules ignore (also when that cannot be told)."""
    command = ["git", "ls-files", "-ci", "--exclude-standard", "--", "*.py", "*.ipynb"]
    try:
        ran = subprocess.run(command, cwd=root, capture_output=True, check=False)
    except OSError:
        return False
    return bool(ran.stdout) if ran.returncode == 0 else ran.returncode != 128


def _above(root: str) -> list[str]:
    found = []
    folder = root
    while os.path.dirname(folder) != folder:
        folder = os.path.dirname(folder)
        found.append(folder)
    return found


def _git_folder(path: str) -> str:
    """The folder with the settings of a repository, also for worktrees and submodules."""
    if os.path.isdir(path):
        return path
    try:
        with open(path, encoding="utf-8") as file:
            git = os.path.join(os.path.dirname(path), file.read().removeprefix("gitdir:").strip())
    except (OSError, UnicodeDecodeError):
        return path
    common = os.path.join(git, "commondir")
    return os.path.normpath(os.path.join(git, "..", "..")) if os.path.exists(common) else git


def _excludes_files(config: str) -> Iterator[str]:
    try:
        with open(config, encoding="utf-8", errors="replace") as file:
            text = file.read()
    except OSError:
        return
    for path in _EXCLUDES_FILE.findall(text):
        yield os.path.abspath(os.path.expanduser(path.strip()))
