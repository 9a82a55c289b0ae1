"""``llm-lint config``: what can be configured, and what one key means."""

from __future__ import annotations

import difflib
import sys

import click

from llm_lint.cli.output import say
from llm_lint.cli.terminal import console_for
from llm_lint.errors import LlmLintError


@click.command("config", short_help="List the keys of the configuration, or explain one.")
@click.argument("key", required=False)
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto")
def command(key: str | None, output_format: str, color: str) -> int:
    """List the keys of [tool.llm-lint], or explain KEY: what it takes, its default, an example."""
    from llm_lint.project.reference import KEYS

    known = {entry.name: entry for entry in KEYS}
    if key is not None and key not in known:
        close = difflib.get_close_matches(key, known, 1)
        hint = f"did you mean `{close[0]}`?" if close else "`llm-lint config` lists the keys"
        raise LlmLintError(f"unknown key `{key}`", hint)
    chosen = KEYS if key is None else (known[key],)
    if output_format == "json":
        import json

        names = ("name", "takes", "default", "does", "example")
        say(json.dumps([{name: getattr(entry, name) for name in names} for entry in chosen], indent=2) + "\n")
        return 0
    if key is None:
        say("".join(f"{entry.name}\n" for entry in chosen))
        return 0
    from llm_lint.report.prose import prose

    (entry,) = chosen
    text = (
        f"# {entry.name}\n\n{entry.does}\n\nTakes: {entry.takes}\n\n"
        f"Default: {entry.default or 'none'}\n\nExample:\n\n```toml\n{entry.example}\n```\n"
    )
    say(prose(text, console_for(sys.stdout, color)))
    return 0
