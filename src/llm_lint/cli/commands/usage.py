"""``llm-lint usage``: add up usage logs."""

from __future__ import annotations

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
from llm_lint.report.console import Console

_UNLIMITED = 100_000


@click.command("usage", cls=HelpGroups, short_help="Add up usage logs by call site and model.")
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
def command(logs: tuple[str, ...], **given: Any) -> int:
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
