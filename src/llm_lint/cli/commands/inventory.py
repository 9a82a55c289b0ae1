"""``llm-lint inventory``: list every request."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from llm_lint.cli import options as shared
from llm_lint.cli.group import OUTPUT, HelpGroups
from llm_lint.cli.options import headed
from llm_lint.cli.output import complain, say, write_file
from llm_lint.cli.prices import warn_of_age
from llm_lint.cli.progress import progress_bar
from llm_lint.cli.terminal import console_for, is_piped
from llm_lint.model import Report
from llm_lint.project.runner import Options, run_inventory
from llm_lint.report import inventory_format_names, render_explanation, render_inventory
from llm_lint.report.console import Console
from llm_lint.report.places import seen_from

_UNLIMITED = 100_000


@click.command("inventory", cls=HelpGroups, short_help="List every LLM request, with how it is reached.")
@click.argument("paths", nargs=-1, metavar="[PATHS]...")
@shared.file_selection
@headed(
    "--output-format",
    type=click.Choice(inventory_format_names()),
    default="table",
    show_default=True,
    heading=OUTPUT,
    help="How to write the inventory.",
)
@headed(
    "--output-file",
    type=click.Path(dir_okay=False, path_type=Path),
    heading=OUTPUT,
    help="Write the inventory here.",
)
@shared.usage_logs
@headed(
    "--explain",
    metavar="KEY",
    heading=OUTPUT,
    help="Tell everything known of one request; the end of its key is enough.",
)
@shared.presentation
@shared.caching
@shared.configuration
def command(paths: tuple[str, ...], **given: Any) -> int:
    """List every LLM request of a project with its loop, caches, trackers and callers.

    PATHS are files or folders (default: the current one).
    """
    settings = shared.with_files(shared.settings_for(paths, given["config"], given["isolated"]), given)
    run_options = Options(
        paths=paths, settings=settings, usage=given["usage"], recorder=click.get_current_context().obj
    )
    with progress_bar(given["quiet"]) as bar:
        found = run_inventory(run_options, bar, all_gateways=given["explain"] is not None)
    report = seen_from(found, os.curdir)
    if not given["quiet"]:
        for text in report.warnings:
            complain(text, "warning", given["color"])
        for skipped in report.skipped:
            complain(f"{skipped.filename}: not analysed: {skipped.reason}", "warning", given["color"])
        warn_of_age(report.prices_as_of, given["color"])
    target = given["output_file"]
    if target is not None:
        write_file(target, _rendered(report, Console(width=_UNLIMITED), given))
        return 0
    console = console_for(sys.stdout, given["color"], given["quiet"], given["verbose"])
    if is_piped() and given["explain"] is None:
        console = replace(console, width=_UNLIMITED)
    say(_rendered(report, console, given))
    return 0


def _rendered(report: Report, console: Console, given: dict[str, Any]) -> str:
    if given["explain"] is not None:
        return render_explanation(given["explain"], given["output_format"], report, console)
    return render_inventory(given["output_format"], report, console)
