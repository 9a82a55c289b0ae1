"""``llm-lint diff``: what a change does to the bill."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from llm_lint.cli import options as shared
from llm_lint.cli.group import OTHER, OUTPUT, HelpGroups
from llm_lint.cli.options import headed
from llm_lint.cli.output import say, write_file
from llm_lint.cli.prices import warn_of
from llm_lint.cli.terminal import console_for, folder_for, is_piped
from llm_lint.cli.values import number
from llm_lint.errors import LlmLintError
from llm_lint.project.config import Settings
from llm_lint.project.runner import Options
from llm_lint.report import diff_format_names, render_diff
from llm_lint.report.console import Console
from llm_lint.report.places import moved, seen_from

_UNLIMITED = 100_000


@click.command("diff", cls=HelpGroups, short_help="Tell what a change does to the bill.")
@click.argument("revision", default="HEAD", metavar="[REVISION]")
@click.argument("paths", nargs=-1, metavar="[PATHS]...")
@shared.file_selection
@shared.usage_logs
@headed(
    "--output-format",
    type=click.Choice(diff_format_names()),
    default="table",
    show_default=True,
    heading=OUTPUT,
    help="How to write the changes; markdown says nothing when nothing changed.",
)
@headed(
    "--output-file",
    type=click.Path(dir_okay=False, path_type=Path),
    heading=OUTPUT,
    help="Write the changes here.",
)
@shared.presentation
@headed(
    "--max-increase-usd",
    callback=number,
    metavar="DOLLARS",
    heading=OTHER,
    help="Fail when the month gets dearer by more than this.",
)
@headed(
    "--max-increase-percent",
    callback=number,
    metavar="PERCENT",
    heading=OTHER,
    help="Fail when it gets dearer by more than this share of the bill before.",
)
@headed(
    "--block-unknown-models",
    is_flag=True,
    default=None,
    heading=OTHER,
    help="Fail when a request comes in whose model has no known price.",
)
@shared.configuration
def command(revision: str, paths: tuple[str, ...], **given: Any) -> int:
    """Compare what the LLM requests cost now and at a commit.

    REVISION is a commit or a branch (default: HEAD, so that uncommitted changes count); of a branch its
    last common commit with HEAD counts. The files on disk are the new side. Exits with 1 when a limit is
    broken.
    """
    from llm_lint.project.diff import run_diff
    from llm_lint.report.redaction import without_secrets

    settings = shared.with_files(shared.settings_for(paths, given["config"], given["isolated"]), given)
    try:
        diff = run_diff(
            Options(paths=paths, settings=_limited(settings, given), usage=given["usage"]), revision
        )
    except LlmLintError as error:
        hint = _better_hint(revision)
        if hint is None or "git knows no revision" not in error.message:
            raise
        raise LlmLintError(error.message, hint) from None
    if not given["quiet"]:
        warn_of(seen_from(diff.report, os.curdir), given["color"])
    output_format, target = given["output_format"], given["output_file"]
    seen = without_secrets(moved(diff, diff.report.root, folder_for(output_format)))
    if target is not None:
        write_file(target, render_diff(output_format, seen, Console(width=_UNLIMITED)))
    else:
        console = console_for(sys.stdout, given["color"], given["quiet"], given["verbose"])
        console = replace(console, width=_UNLIMITED) if is_piped() else console
        say(render_diff(output_format, seen, console))
    return int(diff.is_broken)


def _better_hint(revision: str) -> str | None:
    """What somebody meant who named no revision."""
    if os.path.exists(revision):
        return f"for a path: `llm-lint diff HEAD {revision}`"
    if ".." in revision:
        return "name one revision: the files on disk are the other side"
    return None


def _limited(settings: Settings, given: dict[str, Any]) -> Settings:
    """The configuration, overruled by the command line."""
    budget, usd, share = settings.budget, given["max_increase_usd"], given["max_increase_percent"]
    return replace(
        settings,
        budget=replace(
            budget,
            max_usd=budget.max_usd if usd is None else usd,
            max_percent=budget.max_percent if share is None else share,
            block_unknown_models=given["block_unknown_models"] or budget.block_unknown_models,
        ),
    )
