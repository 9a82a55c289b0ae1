"""``llm-lint rules``: list the rules."""

from __future__ import annotations

import sys

import click

from llm_lint.cli.output import say
from llm_lint.cli.terminal import console_for


@click.command("rules", short_help="List the rules.")
@click.option("--output-format", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto")
def command(output_format: str, color: str) -> int:
    """List every rule with its severity and what it reports."""
    from llm_lint.report.rulebook import rules_json, rules_table

    say(rules_json() if output_format == "json" else rules_table(console_for(sys.stdout, color)))
    return 0
