"""``llm-lint prices``: how old the prices are and where they come from; ``update`` and ``check`` them."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from llm_lint.cli import options as shared
from llm_lint.cli.output import say, write_file
from llm_lint.cli.prices import price_table, today, warn_of_age
from llm_lint.cli.terminal import console_for, is_piped
from llm_lint.errors import LlmLintError

if TYPE_CHECKING:
    from llm_lint.pricing.snapshot import Snapshot

_UNLIMITED = 100_000
_FORMAT = click.option(
    "--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True
)
_COLOR = click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto")
_DAY = click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day whose prices hold in the package (default: today).",
)


@click.group("prices", invoke_without_command=True, short_help="Show, update and check the price table.")
@_FORMAT
@_COLOR
@shared.configuration
@click.pass_context
def command(context: click.Context, /, **given: Any) -> int:
    """Show the day and the sources of the prices that a run would use."""
    if context.invoked_subcommand is not None:
        return 0
    from llm_lint.report.pricebook import state_json, state_text

    table = price_table(shared.settings_for((), given["config"], given["isolated"]))
    warn_of_age(table.as_of.isoformat(), given["color"])
    say((state_json if given["output_format"] == "json" else state_text)(table, today()))
    return 0


@command.command("update")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@_DAY
@click.option("--force", is_flag=True, help="Also replace newer prices by older ones.")
def update(file: Path | None, as_of: datetime | None, force: bool) -> int:
    """Take over newer prices, for all projects of this user.

    They come from the genai-prices package installed beside llm-lint, or from FILE: a snapshot of
    another machine, or LiteLLM's model_prices_and_context_window.json, whose models are added. Nothing
    is downloaded.
    """
    from llm_lint.pricing.snapshot import user_file
    from llm_lint.pricing.updates import differences
    from llm_lint.report.console import plural

    target = user_file()
    if target is None:
        raise LlmLintError("there is no home folder to keep prices in", "set XDG_CACHE_HOME to a folder")
    base = _base(force)
    new = _other(base, file, as_of)
    if new.as_of < base.as_of and not force:
        raise LlmLintError(
            f"those prices are of {new.as_of}, the ones in use of {base.as_of}", "--force takes them anyway"
        )
    changed = len({(d.provider, d.model) for d in differences(base, new)})
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LlmLintError(f"cannot write {target}: {error.strerror}") from None
    write_file(target, new.text())
    sources = ", ".join(new.sources)
    say(f"{target}: prices of {new.as_of} from {sources}; {plural(changed, 'model')} changed or added.\n")
    return 0


@command.command("check")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@_DAY
@_FORMAT
@_COLOR
def check(file: Path | None, as_of: datetime | None, output_format: str, color: str) -> int:
    """Compare the prices in use with the installed genai-prices, or with FILE.

    Exits with 1 when any price differs.
    """
    from llm_lint.pricing.updates import differences
    from llm_lint.report.pricebook import differences_json, differences_text

    base = _base(force=False)
    other = _other(base, file, as_of)
    found = list(differences(base, other))
    if output_format == "json":
        say(differences_json(found, base, other))
        return int(bool(found))
    console = console_for(sys.stdout, color)
    say(differences_text(found, base, other, replace(console, width=_UNLIMITED) if is_piped() else console))
    return int(bool(found))


def _base(force: bool) -> Snapshot:
    """The prices in use; with ``force`` a damaged file of the user does not stand in the way."""
    from llm_lint.pricing.snapshot import current, shipped

    try:
        return current()
    except LlmLintError:
        if not force:
            raise
        return shipped()


def _other(base: Snapshot, file: Path | None, as_of: datetime | None) -> Snapshot:
    """The prices to compare with or to take over."""
    from llm_lint.pricing.updates import from_file, from_package

    if file is not None:
        if as_of is not None:
            raise LlmLintError("--as-of picks a day of the installed package", "a file has its own day")
        return from_file(base, file)
    return from_package(base, _day(as_of))


def _day(as_of: datetime | None) -> date:
    return today() if as_of is None else as_of.date()
