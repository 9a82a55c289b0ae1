"""Which files belong to the project, and which of them the user asked about."""

from __future__ import annotations

import fnmatch
import os
import re
import stat
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from pathlib import Path

from llm_lint.errors import LlmLintError
from llm_lint.model import Skipped
from llm_lint.syntax.source import Readable

SUFFIXES = (".py", ".ipynb")
DEFAULT_EXCLUDES = (
    ".git", ".hg", ".svn", ".venv", "venv", ".env", ".tox", ".nox", "node_modules", "site-packages",
    "__pypackages__", "__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".ipynb_checkpoints",
    ".eggs", "build", "dist", "_vendor", "vendor", "vendored",
    ".llm_lint_cache",
)  # fmt: skip
_PACKAGE_MARKS = ("/__init__.py", "/setup.py")
_ROOT_MARKS = (".git", "pyproject.toml", "llm-lint.toml", ".llm-lint.toml", "setup.cfg", "setup.py")


@dataclass(frozen=True, slots=True)
class Selection:
    """The files of a run.

    ``files`` are all project files by name (relative to ``root``), ``selected`` the names to report on;
    ``left_out`` tells how many files were passed over for a reason worth saying.
    """

    root: Path
    files: Mapping[str, Readable]
    selected: frozenset[str]
    left_out: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """What to leave out: patterns, gitignored files, and whether that holds for files named outright."""

    exclude: tuple[str, ...] = DEFAULT_EXCLUDES
    extend_exclude: tuple[str, ...] = ()
    respect_gitignore: bool = True
    force_exclude: bool = False

    def matcher(self) -> re.Pattern[str]:
        """One expression over relative paths; a pattern matches a path or any part of it."""
        patterns = [*self.exclude, *self.extend_exclude] or ["\0"]
        alternatives = [fnmatch.translate(pattern.rstrip("/"))[:-2] for pattern in patterns]
        return re.compile(rf"(?:^|.*/)(?:{'|'.join(alternatives)})(?:/.*)?$")

    def leaves_out(self, name: str) -> bool:
        """Whether a pattern matches a file."""
        return self.matcher().match(name) is not None


def select(paths: Iterable[str], filters: Filters, root: Path | None = None) -> Selection:
    """Find the project around the paths and the files that they name.

    Raises LlmLintError when a path does not exist.
    """
    named = [Path(path) for path in paths] or [Path()]
    for path in named:
        if not path.exists():
            raise LlmLintError(f"no such file or directory: {path}")
    root = root or project_root(named)
    found, left_out = _all_files(root, filters)
    selected: set[str] = set()
    for path in named:
        name = _relative(path, root)
        if path.is_dir():
            prefix = "" if name == "." else f"{name}/"
            selected.update(other for other in found if other.startswith(prefix))
        elif not filters.force_exclude or not filters.matcher().match(name):
            found.setdefault(name, path)
            selected.add(name)
    return Selection(root, found, frozenset(selected), left_out)


def select_from(
    tree: Mapping[str, Readable], root: Path, paths: Iterable[str], filters: Filters
) -> Selection:
    """What ``select`` would have found had ``root`` held the files of ``tree``; absent paths name nothing."""
    kept, left_out = _sorted_out(tree, filters)
    named = {_relative(Path(path), root) for path in paths} or {_relative(Path(), root)}
    selected = {
        name for name in kept if any(path in (".", name) or name.startswith(f"{path}/") for path in named)
    }
    return Selection(root, {name: tree[name] for name in kept}, frozenset(selected), left_out)


def project_root(paths: Iterable[Path]) -> Path:
    """The nearest directory around all paths that looks like a project's root, else their common one."""
    resolved = [path.resolve() for path in paths]
    folders = [path if path.is_dir() else path.parent for path in resolved]
    common = Path(os.path.commonpath(folders))
    for candidate in (common, *common.parents):
        if any((candidate / mark).exists() for mark in _ROOT_MARKS):
            return candidate
    return common


def _relative(path: Path, root: Path) -> str:
    return Path(os.path.relpath(path.resolve(), root)).as_posix()


def _all_files(root: Path, filters: Filters) -> tuple[dict[str, Path], tuple[Skipped, ...]]:
    names = _git_files(root) if filters.respect_gitignore else None
    if names is None:
        names = list(_walk(root, filters))
    kept, left_out = _sorted_out(names, filters)
    return {name: root / name for name in kept}, left_out


def _sorted_out(names: Iterable[str], filters: Filters) -> tuple[list[str], tuple[Skipped, ...]]:
    """The names of sources that no pattern excludes, and the installed or vendored code passed over."""
    matcher = filters.matcher()
    kept: list[str] = []
    environments: dict[str, int] = {}
    sources = sorted(name for name in names if name.endswith(SUFFIXES))
    packages = {name.rpartition("/")[0] for name in sources if name.endswith(_PACKAGE_MARKS)}
    for name in sources:
        environment = _environment(name, packages)
        if environment is not None:
            environments[environment] = environments.get(environment, 0) + 1
        elif not matcher.match(name):
            kept.append(name)
    left_out = tuple(
        Skipped(folder, f"{count} files of installed or vendored packages")
        for folder, count in environments.items()
    )
    return kept, left_out


def _environment(name: str, packages: Set[str]) -> str | None:
    """The folder of installed or vendored code that a file lies in.

    What stands in ``third_party`` is vendored when it is a package; scripts and notebooks there are the
    project's own work with others' libraries.
    """
    parts = name.split("/")
    for mark in ("site-packages", "dist-packages", "node_modules", "_vendor", "vendored"):
        if mark in parts[:-1]:
            return "/".join(parts[: parts.index(mark) + 1])
    for mark in ("third_party", "third-party"):
        if mark in parts[:-1]:
            start = parts.index(mark) + 1
            folders = ("/".join(parts[:end]) for end in range(start, len(parts)))
            return "/".join(parts[:start]) if any(folder in packages for folder in folders) else None
    return None


def _git_files(root: Path) -> list[str] | None:
    """Tracked and untracked files that git does not ignore; None outside a repository."""
    command = ["git", "ls-files", "-co", "--exclude-standard", "-z", "--", "*.py", "*.ipynb"]
    try:
        result = subprocess.run(command, cwd=root, capture_output=True, check=False)
    except OSError:
        return None
    if result.returncode != 0:
        return None
    names = [os.fsdecode(name) for name in result.stdout.split(b"\0") if name]
    return [name for name in names if _is_candidate(root / name)]


def _walk(root: Path, filters: Filters) -> Iterator[str]:
    skipped = frozenset(filters.exclude)
    stack = [root]
    while stack:
        folder = stack.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in skipped and not os.path.exists(os.path.join(entry.path, "pyvenv.cfg")):
                    stack.append(Path(entry.path))
            elif entry.name.endswith(SUFFIXES) and _is_candidate(Path(entry.path)):
                yield Path(entry.path).relative_to(root).as_posix()


def _is_candidate(path: Path) -> bool:
    """Whether a path is a file, or a link that should lead to one: the reader then says what is wrong."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return path.is_symlink()
    return stat.S_ISREG(mode)
