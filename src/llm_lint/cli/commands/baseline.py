"""``llm-lint baseline``: accept what is there, so that ``check`` reports the new findings only."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from llm_lint.cli import options as shared
from llm_lint.cli.group import OUTPUT, HelpGroups
from llm_lint.cli.options import headed
from llm_lint.cli.output import complain, say
from llm_lint.project.baseline import FILE_NAME
from llm_lint.project.runner import Options, run_check
from llm_lint.report.places import seen_from


@click.command("baseline", cls=HelpGroups, short_help="Accept the present findings.")
@click.argument("paths", nargs=-1, metavar="[PATHS]...")
@headed(
    "--baseline",
    type=click.Path(dir_okay=False, path_type=Path),
    heading=OUTPUT,
    help=f"The file to write (default: {FILE_NAME} at the project's root).",
)
@shared.file_selection
@shared.presentation
@shared.configuration
def command(paths: tuple[str, ...], **given: Any) -> int:
    """Write the baseline: `check` then reports findings that are not in it.

    Entries of files that PATHS leave out are kept; entries that match nothing any more are removed.
    """
    from llm_lint.report.summary import hidden_by_baseline

    settings = shared.with_files(shared.settings_for(paths, given["config"], given["isolated"]), given)
    options = Options(
        paths=paths,
        settings=settings,
        baseline=given["baseline"] or settings.baseline,
        update_baseline=True,
    )
    report = seen_from(run_check(options), os.curdir)
    if not given["quiet"]:
        for skipped in report.skipped:
            complain(f"{skipped.filename}: not analysed: {skipped.reason}", "warning", given["color"])
        say("".join(f"{line}\n" for line in hidden_by_baseline(report)))
    return 0
