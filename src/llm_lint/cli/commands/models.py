"""``llm-lint models``: what models cost and what may replace them."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

import click

from llm_lint.cli import options as shared
from llm_lint.cli.group import OUTPUT, HelpGroups
from llm_lint.cli.options import headed
from llm_lint.cli.output import say
from llm_lint.cli.prices import price_table, warn_of_age
from llm_lint.cli.terminal import console_for, is_piped
from llm_lint.errors import LlmLintError

_UNLIMITED = 100_000


@click.command("models", cls=HelpGroups, short_help="Compare models: prices, ratios, replacements.")
@click.argument("names", nargs=-1, metavar="[MODEL]...")
@headed("--provider", multiple=True, metavar="NAME", help="Only models of this provider; repeatable.")
@headed(
    "--tier",
    multiple=True,
    type=click.Choice(["top", "middle", "small"]),
    help="Only models of this tier; repeatable.",
)
@headed("--all", "everything", is_flag=True, help="Also retired models, previews and moving names.")
@headed(
    "--output-format",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    heading=OUTPUT,
    help="How to write the matrix.",
)
@shared.presentation
@shared.configuration
def command(names: tuple[str, ...], **given: Any) -> int:
    """Compare models by provider and tier: prices, ratios, retirement, and what to try instead.

    MODEL is a name as your code writes it (default: all ranked models on sale).
    """
    from llm_lint.pricing.matrix import Matrix
    from llm_lint.report.matrix import matrix_json, matrix_table

    if names and (given["tier"] or given["everything"]):
        raise LlmLintError("--tier and --all select among all models", "leave them out beside names")
    if len(given["provider"]) > 1 and names:
        raise LlmLintError("several providers for one model", "give one --provider beside names")
    table = price_table(shared.settings_for((), given["config"], given["isolated"]))
    matrix = Matrix.of(table)
    if names:
        seller = next(iter(given["provider"]), None)
        entries = [matrix.named(name, seller) for name in names]
    else:
        providers = shared.split(given["provider"])
        entries = list(matrix.ranked(providers, given["tier"], given["everything"]))
    if not given["quiet"]:
        warn_of_age(table.as_of.isoformat(), given["color"])
    if given["output_format"] == "json":
        say(matrix_json(entries, table))
        return 0
    console = console_for(sys.stdout, given["color"], given["quiet"], given["verbose"])
    say(matrix_table(entries, table, replace(console, width=_UNLIMITED) if is_piped() else console))
    return 0
