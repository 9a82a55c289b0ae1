"""``llm-lint cost``: a calculator for models, and a project's bill."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from llm_lint.cli import options as shared
from llm_lint.cli.group import OUTPUT, HelpGroups
from llm_lint.cli.options import headed
from llm_lint.cli.output import say
from llm_lint.cli.prices import price_table, warn_of, warn_of_age
from llm_lint.cli.terminal import console_for, is_piped
from llm_lint.cli.values import number, share
from llm_lint.errors import LlmLintError
from llm_lint.report.console import Console

if TYPE_CHECKING:
    from llm_lint.pricing.prices import Price, PriceTable
    from llm_lint.report.calculation import Calculation

_UNLIMITED = 100_000
_CALCULATOR = (
    "input", "output", "reasoning", "requests", "attempts", "cached_share", "cached_hits", "cache_hit",
    "batch_share", "cascade", "same_text", "provider",
)  # fmt: skip


def _number(name: str, unit: str, text: str) -> shared.Decorator:
    return headed(name, callback=number, metavar=unit, help=text)


def _share(name: str, text: str) -> shared.Decorator:
    return headed(name, callback=share, metavar="SHARE", help=text)


@click.command("cost", cls=HelpGroups, short_help="Calculate what a model, or a project, costs a month.")
@click.argument("targets", nargs=-1, metavar="[MODEL|PATH]...")
@_number("--input", "TOKENS", "Input tokens of a request (default: 1000).")
@_number("--output", "TOKENS", "Visible output tokens (default: 300).")
@_number("--reasoning", "TOKENS", "Reasoning tokens, billed as output.")
@_number("--requests", "NUMBER", "Requests a month (default: 10000).")
@_number("--attempts", "NUMBER", "Billed attempts of each request (default: 1).")
@_share("--cached-share", "Share of the input that the provider's prompt cache holds.")
@_share("--cached-hits", "Share of the requests that find it there; others write it (default: 1).")
@_share("--cache-hit", "Share of the requests that a response cache answers.")
@_share("--batch-share", "Share of the requests sent through the Batch API.")
@headed(
    "--cascade",
    multiple=True,
    metavar="MODEL:SHARE",
    help="Another model that answers a share of the requests; repeatable.",
)
@headed(
    "--same-text", is_flag=True, help="Tokens are the first model's; count what others make of the same text."
)
@headed("--provider", metavar="NAME", help="Who bills the models, where their names do not tell.")
@shared.file_selection
@shared.usage_logs
@headed(
    "--output-format",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    heading=OUTPUT,
    help="How to write the result.",
)
@shared.presentation
@shared.configuration
def command(targets: tuple[str, ...], **given: Any) -> int:
    """Calculate what a workload costs with a MODEL, or with several side by side.

    For a PATH (default: the current folder) it is the bill of the requests found there, now and with every
    finding fixed. Shares are written 0.7, 70% or 2/3.
    """
    console = console_for(sys.stdout, given["color"], given["quiet"], given["verbose"])
    console = replace(console, width=_UNLIMITED) if is_piped() else console
    paths = [target for target in targets if os.path.exists(target)]
    if paths and len(paths) < len(targets):
        other = next(target for target in targets if target not in paths)
        raise LlmLintError(f"no such file or directory: {other}", "give either models or paths")
    if targets and not paths:
        if given["usage"]:
            raise LlmLintError("--usage belongs to a project's bill", "name a path, or leave models out")
        return _calculate(targets, given, console)
    used = [name for name in _CALCULATOR if given[name] not in (None, (), False)]
    if used:
        option = used[0].replace("_", "-")
        raise LlmLintError(f"--{option} belongs to the calculator", "name a model, such as gpt-4o")
    return _bill(targets, given, console)


# --------------------------------------------------------------------------- calculator


def _calculate(names: tuple[str, ...], given: dict[str, Any], console: Console) -> int:
    from llm_lint.report.calculation import calculation_json, calculation_table

    table = price_table(shared.settings_for((), given["config"], given["isolated"]))
    prices = [_price(table, name, given["provider"]) for name in names]
    found = [
        _calculation(name, price, prices[0], table, given) for name, price in zip(names, prices, strict=True)
    ]
    if not given["quiet"]:
        warn_of_age(table.as_of.isoformat(), given["color"])
    if given["output_format"] == "json":
        say(calculation_json(found, table))
    else:
        say(calculation_table(found, table, console))
    return 0


def _calculation(
    name: str, price: Price, first: Price, table: PriceTable, given: dict[str, Any]
) -> Calculation:
    from llm_lint.pricing.calculator import Route, Workload, remarks, walk
    from llm_lint.report.calculation import Calculation

    fields = {
        "input": given["input"],
        "output": given["output"],
        "reasoning": given["reasoning"],
        "requests": given["requests"],
        "attempts": given["attempts"],
        "prefix": given["cached_share"],
        "prefix_hits": given["cached_hits"],
        "cache_hit": given["cache_hit"],
        "batch": given["batch_share"],
    }
    base = Workload(**{key: value for key, value in fields.items() if value is not None})

    def load(model: Price) -> Workload:
        return base.in_tokens_of(model, first) if given["same_text"] else base

    models = [(_price(table, model, given["provider"]), part) for model, part in _cascade(given["cascade"])]
    cascade = tuple(Route(model, part, load(model)) for model, part in models)
    notes = [
        note for model in (price, *(model for model, _ in models)) for note in remarks(model, load(model))
    ]
    stages = tuple(walk(price, load(price), cascade))
    return Calculation(name, price, load(price), cascade, stages, tuple(dict.fromkeys(notes)))


def _price(table: PriceTable, name: str, provider: str | None) -> Price:
    from llm_lint.pricing.matrix import Matrix

    return Matrix.of(table).named(name, provider).price


def _cascade(entries: tuple[str, ...]) -> list[tuple[str, Decimal]]:
    """``MODEL:SHARE`` entries, taken apart; model names may hold colons themselves."""
    found = []
    for entry in entries:
        model, colon, text = entry.rpartition(":")
        if not colon or not model:
            raise LlmLintError(f"`{entry}` is not MODEL:SHARE", "for example --cascade gpt-4o-mini:70%")
        found.append((model, share(None, None, text) or Decimal(0)))
    return found


# --------------------------------------------------------------------------- bill


def _bill(paths: tuple[str, ...], given: dict[str, Any], console: Console) -> int:
    from llm_lint.project.runner import Options, run_bill
    from llm_lint.report.bill import bill_json, bill_table
    from llm_lint.report.places import moved, seen_from
    from llm_lint.report.redaction import without_secrets

    settings = shared.with_files(shared.settings_for(paths, given["config"], given["isolated"]), given)
    report, found = run_bill(Options(paths=paths, settings=settings, usage=given["usage"]))
    seen = seen_from(report, os.curdir)
    found = without_secrets(moved(found, report.root, os.curdir))
    if not given["quiet"]:
        warn_of(seen, given["color"])
    if given["output_format"] == "json":
        say(bill_json(found, seen))
    else:
        say(bill_table(found, seen, console))
    return 0
