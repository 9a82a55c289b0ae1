"""``llm-lint rule``: explain one rule."""

from __future__ import annotations

import difflib
import sys

import click

from llm_lint.cli.output import say
from llm_lint.cli.terminal import console_for
from llm_lint.errors import LlmLintError


@click.command("rule", short_help="Explain a rule.")
@click.argument("rule", metavar="CODE|NAME")
@click.option("--output-format", type=click.Choice(["text", "markdown"]), default="text", show_default=True)
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto")
def command(rule: str, output_format: str, color: str) -> int:
    """Explain what a rule reports, why it costs money, and what to do instead."""
    from llm_lint.report.documents import documents
    from llm_lint.report.prose import prose

    pages = {key: page for page in documents() for key in (page.code, page.name)}
    page = pages.get(rule.upper()) or pages.get(rule.lower())
    if page is None:
        close = difflib.get_close_matches(rule, [*pages, *(key.lower() for key in pages)], 1)
        hint = f"did you mean `{close[0]}`?" if close else "`llm-lint rules` lists them"
        raise LlmLintError(f"unknown rule `{rule}`", hint)
    say(page.text if output_format == "markdown" else prose(page.text, console_for(sys.stdout, color)))
    return 0
