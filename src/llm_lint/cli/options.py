"""The options that several commands share, and the settings that they add up to."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click

from llm_lint.cli.group import FILES, OTHER, OUTPUT, HeadedOption
from llm_lint.errors import LlmLintError
from llm_lint.project.config import Settings, load_settings

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

headed = partial(click.option, cls=HeadedOption)


def combined(*options: Decorator) -> Decorator:
    """Several options as one decorator, in the order given."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


configuration = combined(
    headed(
        "--config",
        metavar="FILE|KEY=VALUE",
        heading=OTHER,
        help="Configuration file, or one setting as TOML.",
    ),
    headed("--isolated", is_flag=True, heading=OTHER, help="Ignore all configuration files."),
)
file_selection = combined(
    headed(
        "--exclude",
        multiple=True,
        metavar="PATTERN",
        heading=FILES,
        help="Leave out what matches, instead of the default list.",
    ),
    headed("--extend-exclude", multiple=True, metavar="PATTERN", heading=FILES, help="Leave out more."),
    headed(
        "--force-exclude", is_flag=True, heading=FILES, help="Also leave out files that are named outright."
    ),
    headed(
        "--respect-gitignore/--no-respect-gitignore",
        default=None,
        heading=FILES,
        help="Leave out what git ignores (the default).",
    ),
)
usage_logs = headed(
    "--usage",
    multiple=True,
    metavar="LOG",
    heading=OTHER,
    help="Price with the volumes, tokens and repeats of usage logs: files, folders, globs; repeatable.",
)
# The fast start reads these before click is imported (see ``replay``).
caching = combined(
    headed(
        "--no-cache",
        is_flag=True,
        expose_value=False,
        envvar="LLM_LINT_NO_CACHE",
        heading=OTHER,
        help="Neither use nor write what runs remember of unchanged files.",
    ),
    headed(
        "--cache-dir",
        metavar="FOLDER",
        expose_value=False,
        envvar="LLM_LINT_CACHE_DIR",
        heading=OTHER,
        help="Where runs remember (default: .llm_lint_cache in the project).",
    ),
)
presentation = combined(
    headed(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        heading=OUTPUT,
        help="When to use colours; NO_COLOR and FORCE_COLOR are respected.",
    ),
    headed("-q", "--quiet", is_flag=True, heading=OUTPUT, help="No summary, no progress, no warnings."),
    headed("-v", "--verbose", is_flag=True, heading=OUTPUT, help="Say more; show where an error happened."),
)


def split(values: Iterable[str]) -> tuple[str, ...]:
    """The entries of a repeatable, comma-separated option."""
    return tuple(entry.strip() for value in values for entry in value.split(",") if entry.strip())


def settings_for(paths: Iterable[str], config: str | None, isolated: bool) -> Settings:
    """The configuration that holds for the given paths: the nearest to all of them."""
    return load_settings(_common_folder(paths), config, isolated)


def with_files(settings: Settings, given: dict[str, Any]) -> Settings:
    """The settings with the file selection of the command line."""
    respect = given["respect_gitignore"]
    return replace(
        settings,
        exclude=split(given["exclude"]) or settings.exclude,
        extend_exclude=settings.extend_exclude + split(given["extend_exclude"]),
        force_exclude=given["force_exclude"] or settings.force_exclude,
        respect_gitignore=settings.respect_gitignore if respect is None else respect,
    )


def _common_folder(paths: Iterable[str]) -> Path:
    folders = [_folder(path) for path in paths] or [Path.cwd()]
    try:
        return Path(os.path.commonpath(folders))
    except ValueError:  # different drives
        return folders[0]


def _folder(path: str) -> Path:
    resolved = Path(os.path.realpath(path))  # unlike `resolve` it bears links that lead to themselves
    return resolved if resolved.is_dir() else resolved.parent


def per_file_ignores(values: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """``PATTERN:RULE`` entries as a table; raises LlmLintError."""
    table: dict[str, tuple[str, ...]] = {}
    for entry in split(values):
        pattern, colon, rule = entry.rpartition(":")
        if not colon or not pattern or not rule:
            raise LlmLintError(
                f"`{entry}` is not PATTERN:RULE", "for example --per-file-ignores 'tests/*:LLM401'"
            )
        table[pattern] = (*table.get(pattern, ()), rule)
    return table
