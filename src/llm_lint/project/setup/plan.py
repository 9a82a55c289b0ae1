"""From what the user wants to the changes of files, refused where they would overwrite what is there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from llm_lint.errors import LlmLintError
from llm_lint.project import config
from llm_lint.project.setup import files, toml_edit, vendor
from llm_lint.project.setup.steps import Step, read, text_of

DEFAULT_RUNTIME = "llm_lint.runtime"
DEFAULT_TTL = 3600


@dataclass(frozen=True)
class Wanted:
    """What the user asked for."""

    root: Path
    vendor: Path | None = None
    track: str | None = None
    cached: str | None = None
    ttl: str | None = None
    pre_commit: bool = False
    environment: bool = False
    gitignore: bool = False
    overwrite: bool = False


def plan(wanted: Wanted) -> list[Step]:
    """All changes; raises LlmLintError before anything is written."""
    made: list[Step] = []
    if wanted.vendor is not None:
        made += vendor.steps(wanted.vendor, wanted.overwrite)
    made.append(_configuration(wanted))
    if wanted.pre_commit:
        made.append(files.pre_commit(wanted.root))
    if wanted.environment:
        made.append(files.environment(wanted.root))
    if wanted.gitignore:
        made.append(files.ignored(wanted.root))
    return made


def _configuration(wanted: Wanted) -> Step:
    path, base = _file(wanted.root)
    before = read(path)
    text = text_of(before, path)
    data = toml_edit.parse(text, str(path))
    for table, key, value, is_default in _keys(wanted):
        present = toml_edit.get(data, (*base, *table), key)
        if present is None:
            text = toml_edit.set_key(text, (*base, *table), key, value, str(path))
        elif present != value and not is_default:
            if not wanted.overwrite:
                name = ".".join((*table, key))
                raise LlmLintError(
                    f"{path}: `{name}` is {present!r} already, not {value!r}",
                    "replace it with --overwrite",
                )
            text = toml_edit.set_key(text, (*base, *table), key, value, str(path))
    own = toml_edit.parse(text, str(path))
    for name in base:
        own = own.get(name, {})
    config.apply(config.Settings(), own, str(path))
    return Step(path, before, text.encode(), "what fixes insert, and how long answers are kept")


def _file(root: Path) -> tuple[Path, toml_edit.Table]:
    """The file that holds the settings of a project, and the table in front of all keys."""
    for name in (".llm-lint.toml", "llm-lint.toml"):
        if (root / name).exists():
            return root / name, ()
    if (root / "pyproject.toml").exists():
        return root / "pyproject.toml", ("tool", "llm-lint")
    return root / "llm-lint.toml", ()


def _keys(wanted: Wanted) -> list[tuple[toml_edit.Table, str, str | int, bool]]:
    """Table, key, value, and whether the value is a default that gives way to any other."""
    keys: list[tuple[toml_edit.Table, str, str | int, bool]] = []
    if wanted.vendor is not None:
        keys.append(((), "runtime", vendor.module_name(wanted.root, wanted.vendor), False))
    elif not (wanted.track and wanted.cached):
        keys.append(((), "runtime", DEFAULT_RUNTIME, True))
    for name, path in (("track", wanted.track), ("cached", wanted.cached)):
        if path is not None:
            keys.append((("fix",), name, path, False))
    ttl = wanted.ttl if wanted.ttl is not None else str(DEFAULT_TTL)
    config.seconds(int(ttl) if ttl.isdecimal() else ttl, "--ttl", "llm-lint init")
    keys.append((("cache",), "ttl", int(ttl) if ttl.isdecimal() else ttl, wanted.ttl is None))
    return keys
