"""``llm-lint init``: set a project up for fixes, caching and tracking."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from llm_lint.cli.output import complain, say
from llm_lint.errors import LlmLintError


@click.command("init", short_help="Set a project up for fixes and the runtime.")
@click.option(
    "--vendor",
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="Copy the runtime into the project, as a package at PATH, instead of depending on llm-cost-lint.",
)
@click.option("--track", metavar="MODULE:NAME", help="Wrapper for clients that fixes insert instead of ours.")
@click.option("--cached", metavar="MODULE:NAME", help="Decorator that fixes insert instead of ours.")
@click.option("--ttl", metavar="SECONDS|1h|7d", help="How long answers are reused. [default: 3600]")
@click.option("--pre-commit", is_flag=True, help="Add the hook to .pre-commit-config.yaml.")
@click.option("--env", "environment", is_flag=True, help="List the runtime's variables in .env.example.")
@click.option("--gitignore", is_flag=True, help="Ignore usage logs, answer caches and .env.")
@click.option("--overwrite", is_flag=True, help="Replace settings and edited copies that are in the way.")
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
@click.option("--check", is_flag=True, help="Exit with 1 if the project's copy of the runtime has drifted.")
def command(check: bool, dry_run: bool, **given: Any) -> int:
    """Write what `llm-lint check --fix` needs into this folder's configuration.

    Nothing that is there is overwritten without --overwrite, and no other byte of a file changes.
    """
    root = Path.cwd()
    if check:
        return _check(root, given["vendor"])
    from llm_lint.project.setup.plan import Wanted, plan
    from llm_lint.project.setup.steps import write

    if given["vendor"] is not None:
        given["vendor"] = root / _package(given["vendor"])
    steps = plan(Wanted(root, **given))
    if not dry_run:
        write(steps)
    for path, what, verb in _summary(root, steps):
        say(f"{'would be ' if dry_run and verb != 'unchanged' else ''}{verb}: {path} ({what})\n")
    if given["vendor"] is None and not (given["track"] and given["cached"]):
        complain("the application itself needs `llm-cost-lint` installed, or a copy made by --vendor", "hint")
    return 0


def _package(path: Path) -> Path:
    """The folder for a copy: a module name with ``.py`` means the package of that name."""
    if path.suffix == ".py":
        complain(f"the runtime is a package: it goes into {path.with_suffix('')}", "warning")
        return path.with_suffix("")
    return path


def _summary(root: Path, steps: Any) -> list[tuple[str, str, str]]:
    """Path, reason and verb of each change; the many files of a copy as their folder."""
    lines: dict[str, tuple[str, str]] = {}
    for step in steps:
        is_copy = step.what.startswith("the runtime (") or step.what == "the runtime"
        place = step.path.parent if is_copy else step.path
        verb = "unchanged" if not step.changes else "created" if step.before is None else "updated"
        name = str(place.relative_to(root)) + ("/" if is_copy else "")
        old = lines.get(name)
        if old is None or old[1] == "unchanged":
            lines[name] = (step.what, verb)
    return [(name, what, verb) for name, (what, verb) in lines.items()]


def _check(root: Path, folder: Path | None) -> int:
    from llm_lint.project.config import load_settings
    from llm_lint.project.setup.vendor import drift, folder_of

    if folder is None:
        module = load_settings(root).runtime
        folder = folder_of(root, module) if module else None
        if folder is None:
            raise LlmLintError(
                "no copy of the runtime is configured here",
                "name its folder: `llm-lint init --check --vendor PATH`",
            )
    found = drift(folder)
    for line in found:
        say(f"{folder / line.split(':')[0]}:{line.split(':', 1)[1]}\n")
    if found:
        complain("bring the copy up to date with `llm-lint init --vendor PATH`", "hint")
    return 1 if found else 0
