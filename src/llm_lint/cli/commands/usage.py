"""``llm-lint usage``: add up usage logs; ``usage init``: write a table of volumes to fill in."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from llm_lint.cli import options as shared
from llm_lint.cli.group import OUTPUT, HelpGroups
from llm_lint.cli.options import headed
from llm_lint.cli.output import complain, say, write_file
from llm_lint.cli.terminal import console_for
from llm_lint.errors import LlmLintError
from llm_lint.report.console import Console, plural

_UNLIMITED = 100_000


@click.command("usage", cls=HelpGroups)
@click.argument("logs", nargs=-1, required=True, metavar="LOG...")
@headed(
    "--output-format",
    type=click.Choice(("table", "json")),
    default="table",
    show_default=True,
    heading=OUTPUT,
    help="How to write the figures.",
)
@headed(
    "--output-file",
    type=click.Path(dir_okay=False, path_type=Path),
    heading=OUTPUT,
    help="Write the figures here.",
)
@shared.presentation
@shared.configuration
def add_up(logs: tuple[str, ...], **given: Any) -> int:
    """Add up usage logs: requests, tokens, dollars, latencies and repeats by call site and model.

    LOG is a file, a folder, a glob, or - for standard input: JSON lines of llm_lint.runtime, LiteLLM or
    Langfuse, OpenTelemetry spans as JSON, usage and cost exports of OpenAI and Anthropic, plain or gzip.
    """
    from llm_lint.pricing import Pricing
    from llm_lint.pricing.measured import by_site, covered, warnings
    from llm_lint.project.usage import read_logs
    from llm_lint.report.usage import UsageReport, render

    settings = shared.settings_for((), given["config"], given["isolated"])
    table = Pricing.load(aliases=settings.aliases, prices=settings.prices, discount=settings.discount).table
    found = read_logs(logs, table)
    counts, log = found.counts, found.log
    if not counts.records and found.bill is None:
        raise LlmLintError(
            "no usage record in what was given",
            f"{counts.torn:,} torn and {counts.foreign:,} foreign lines in {counts.files:,} files",
        )
    sites = by_site(log, table)
    if not given["quiet"]:
        for text in warnings(sites, covered(log)) if counts.records else ():
            complain(text, "warning", given["color"])
    report = UsageReport(
        tuple(site.measured() for site in sites),
        counts.files,
        counts.records,
        counts.torn,
        counts.foreign,
        covered(log),
        table.as_of.isoformat(),
        tuple(found.bill.lines()) if found.bill is not None else (),
    )
    target = given["output_file"]
    if target is not None:
        write_file(target, render(report, given["output_format"], Console(width=_UNLIMITED)))
    else:
        say(render(report, given["output_format"], console_for(sys.stdout, given["color"], given["quiet"])))
    return 0


@click.command("init", cls=HelpGroups, short_help="Write a table of volumes to fill in.")
@click.argument("paths", nargs=-1, metavar="[PATHS]...")
@shared.file_selection
@shared.presentation
@shared.configuration
def init(paths: tuple[str, ...], **given: Any) -> int:
    """Write one commented line per call site into the settings, for the requests a month that you know.

    PATHS are files or folders (default: the current one). Run again after changes: call sites that are not
    mentioned yet are added, and nothing that stands there is touched.
    """
    from llm_lint.project.runner import Options, run_inventory
    from llm_lint.project.volume_table import entries_of, synced

    settings = shared.with_files(shared.settings_for(paths, given["config"], given["isolated"]), given)
    report = run_inventory(Options(paths=paths, settings=settings))
    path = settings.source or _default_file()
    before = _content(path)
    found = synced(before.decode("utf-8"), entries_of(report, settings), path)
    for key in found.stale if not given["quiet"] else ():
        complain(f"{path}: `{key}` names no call site", "warning", given["color"])
    if found.added:
        if _content(path) != before:
            raise LlmLintError(f"{path} changed while it was read", "run the command again")
        write_file(path, found.text)
    if not given["quiet"]:
        what = plural(found.added, "call site") if found.added else "no new call site"
        say(f"{what} in {os.path.relpath(path)}; uncomment the lines whose volume you know\n")
    return 0


def _default_file() -> Path:
    path = Path("pyproject.toml")
    return path if path.is_file() else Path("llm-lint.toml")


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes() if path.exists() else b""
    except OSError as error:
        raise LlmLintError(f"cannot read {path}: {error.strerror or error}") from None


class _Usage(click.Group):
    """``usage init``, and for everything else the sums."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """``init`` is a command, whatever else comes first is a log or an option of the sums."""
        return super().resolve_command(ctx, args) if args[0] == "init" else (ctx.info_name, add_up, args)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The help of the sums, and where the other command is."""
        add_up.format_help(ctx, formatter)
        self.format_commands(ctx, formatter)


command = _Usage(
    "usage",
    {"init": init},
    short_help="Add up usage logs by call site and model.",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
