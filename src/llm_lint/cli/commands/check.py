"""``llm-lint check``: find and price waste."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import click

from llm_lint.cli import fixing
from llm_lint.cli import options as shared
from llm_lint.cli.group import FILES, FIXES, OTHER, OUTPUT, RULES, HelpGroups
from llm_lint.cli.ignoring import add_ignores
from llm_lint.cli.options import headed
from llm_lint.cli.output import append_file, complain, say, write_file
from llm_lint.cli.prices import warn_of_age
from llm_lint.cli.progress import progress_bar
from llm_lint.cli.settings import settings_text
from llm_lint.cli.terminal import console_for, folder_for
from llm_lint.cli.verdict import about_baseline, exit_code
from llm_lint.errors import LlmLintError
from llm_lint.model import Confidence, Report
from llm_lint.project.baseline import FILE_NAME
from llm_lint.project.config import FAIL_ON, Settings
from llm_lint.project.runner import Options, run_check
from llm_lint.report import format_names, render
from llm_lint.report.console import Console
from llm_lint.report.places import seen_from

STDIN = "-"
_RULE_FIELDS = (
    "select",
    "extend_select",
    "ignore",
    "fixable",
    "unfixable",
    "extend_safe_fixes",
    "extend_unsafe_fixes",
)


def _targets(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[tuple[str, Path], ...]:
    """``FORMAT=PATH`` entries, taken apart."""
    known = format_names()
    pairs = [(output_format, path) for output_format, _, path in (value.partition("=") for value in values)]
    for output_format, path in pairs:
        if output_format not in known or not path:
            raise click.BadParameter(
                f"give FORMAT=PATH, where FORMAT is one of {', '.join(known)}", context, parameter
            )
    return tuple((output_format, Path(path)) for output_format, path in pairs)


def _dollars(context: click.Context, parameter: click.Parameter, value: str | None) -> Decimal | None:
    """An exact amount of at least 0."""
    if value is None:
        return None
    try:
        amount = Decimal(value.removeprefix("$"))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        raise click.BadParameter(f"`{value}` is not an amount of dollars", context, parameter)
    return amount


class CheckCommand(HelpGroups):
    """The command, with one option whose value may be left out."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """A bare ``--add-ignore`` has no reason; what follows it is a path."""
        return super().parse_args(ctx, ["--add-ignore=" if arg == "--add-ignore" else arg for arg in args])


@click.command("check", cls=CheckCommand, short_help="Find and price wasted LLM requests.")
@click.argument("paths", nargs=-1, metavar="[PATHS]...")
@headed("--fix", is_flag=True, heading=FIXES, help="Repair what can be repaired safely.")
@headed(
    "--unsafe-fixes/--no-unsafe-fixes",
    default=None,
    heading=FIXES,
    help="Also repair what may change how the program behaves.",
)
@headed("--diff", is_flag=True, heading=FIXES, help="Show what would be repaired; exit with 1 if anything.")
@headed("--fix-only", is_flag=True, heading=FIXES, help="Repair and report nothing; implies --fix.")
@headed("--show-fixes", is_flag=True, heading=FIXES, help="List what was repaired.")
@headed(
    "--exit-non-zero-on-fix", is_flag=True, heading=FIXES, help="Exit with 1 when something was repaired."
)
@headed(
    "--fixable", multiple=True, metavar="RULE", heading=FIXES, help="Repair findings of these rules only."
)
@headed("--unfixable", multiple=True, metavar="RULE", heading=FIXES, help="Repair no finding of these rules.")
@headed(
    "--select",
    multiple=True,
    metavar="RULE",
    heading=RULES,
    help="Run these rules only: codes, prefixes, names or ALL.",
)
@headed("--extend-select", multiple=True, metavar="RULE", heading=RULES, help="Run these rules as well.")
@headed("--ignore", multiple=True, metavar="RULE", heading=RULES, help="Leave these rules out.")
@headed(
    "--per-file-ignores",
    multiple=True,
    metavar="PATTERN:RULE",
    heading=RULES,
    help="Leave a rule out in matching files.",
)
@headed(
    "--ignore-suppressions", is_flag=True, heading=RULES, help="Report what comments in the code silence."
)
@headed(
    "--min-confidence",
    type=click.Choice([level.value for level in Confidence]),
    heading=RULES,
    help="Hide findings that are less sure (default: medium).",
)
@headed("--pedantic", is_flag=True, heading=RULES, help="Hide nothing for want of confidence.")
@headed(
    "--min-saving",
    callback=_dollars,
    metavar="DOLLARS",
    heading=RULES,
    help="Hide findings that save less in a month.",
)
@headed(
    "--max-waste",
    callback=_dollars,
    metavar="DOLLARS",
    heading=RULES,
    help="Fail only when the findings together waste more in a month.",
)
@headed(
    "--baseline",
    type=click.Path(dir_okay=False, path_type=Path),
    heading=RULES,
    help=f"The file of accepted findings (default: {FILE_NAME} at the project's root).",
)
@headed("--no-baseline", is_flag=True, heading=RULES, help="Report accepted findings as well.")
@headed("--update-baseline", is_flag=True, heading=RULES, help="Accept all findings: write the baseline.")
@headed(
    "--add-ignore",
    metavar="[=REASON]",
    heading=RULES,
    help="Write a comment that silences it above every finding.",
)
@shared.file_selection
@headed(
    "--diff-base",
    metavar="REVISION",
    heading=FILES,
    help="Report findings on lines changed since a git revision only.",
)
@headed(
    "--stdin-filename", metavar="PATH", heading=FILES, help="The name of what comes in when the path is -."
)
@headed("--show-files", is_flag=True, heading=FILES, help="List the files that would be checked, and stop.")
@headed("--show-settings", is_flag=True, heading=OTHER, help="Show the settings that hold, and stop.")
@headed(
    "--output-format",
    type=click.Choice(format_names()),
    envvar="LLM_LINT_OUTPUT_FORMAT",
    heading=OUTPUT,
    help="How to write the report (default: full).",
)
@headed(
    "--output-file",
    type=click.Path(dir_okay=False, path_type=Path),
    heading=OUTPUT,
    help="Write the report here.",
)
@headed(
    "--report",
    "reports",
    multiple=True,
    callback=_targets,
    metavar="FORMAT=PATH",
    heading=OUTPUT,
    help="Write another report to a file; repeatable.",
)
@headed("--statistics", is_flag=True, heading=OUTPUT, help="Count findings by rule instead of listing them.")
@shared.presentation
@shared.caching
@headed("--exit-zero", is_flag=True, heading=OTHER, help="Exit with 0 even when something is found.")
@headed(
    "--fail-on",
    type=click.Choice(FAIL_ON),
    heading=OTHER,
    help="The least severity that makes the run fail (default: any).",
)
@shared.usage_logs
@headed(
    "--explain-saving",
    metavar="FINGERPRINT",
    heading=OUTPUT,
    help="Show how the saving of one finding was computed, and stop.",
)
@shared.configuration
def command(paths: tuple[str, ...], **given: Any) -> int:
    """Find wasted money in the LLM requests of Python files and notebooks.

    PATHS are files or folders (default: the current one); - reads from standard input.
    """
    run_options = _options(paths, given)
    if given["show_files"]:
        return _show_files(run_options)
    if given["show_settings"]:
        say(settings_text(run_options.settings))
        return 0

    def publish(report: Report) -> int:
        _publish(report, run_options, given)
        return exit_code(report, run_options.settings, given)

    if fixing.is_wanted(given):
        return fixing.repair(run_options, given, publish)
    with progress_bar(given["quiet"]) as progress:
        report = run_check(run_options, progress)
    if given["add_ignore"] is not None:
        return add_ignores(report, given["add_ignore"], given["quiet"])
    if given["explain_saving"]:
        from llm_lint.report.explanation import explanation

        say(explanation(report, given["explain_saving"], console_for(sys.stdout, given["color"])))
        return 0
    return publish(report)


def _options(paths: tuple[str, ...], given: dict[str, Any]) -> Options:
    stdin = STDIN in paths
    if stdin and len(paths) > 1:
        raise LlmLintError("standard input cannot be checked together with other paths", "give - alone")
    if given["stdin_filename"] and not stdin:
        raise LlmLintError("--stdin-filename needs - as the path")
    if given["no_baseline"] and (given["update_baseline"] or given["baseline"]):
        raise LlmLintError("--no-baseline cannot be used with --baseline or --update-baseline")
    if stdin and (given["update_baseline"] or given["add_ignore"] is not None):
        raise LlmLintError("standard input cannot be changed", "give files or folders")
    if fixing.is_wanted(given) and (given["update_baseline"] or given["add_ignore"] is not None):
        raise LlmLintError("fixes cannot be applied in the run that accepts what is found", "fix first")
    places = [given["stdin_filename"]] if stdin and given["stdin_filename"] else [] if stdin else list(paths)
    settings = _settings(shared.settings_for(places, given["config"], given["isolated"]), given)
    _verify_rules(settings)
    return Options(
        paths=() if stdin else paths,
        settings=settings,
        stdin=sys.stdin.buffer.read() if stdin else None,
        stdin_filename=given["stdin_filename"],
        ignore_suppressions=given["ignore_suppressions"],
        diff_base=given["diff_base"],
        baseline=given["baseline"] or (None if given["no_baseline"] else settings.baseline),
        use_baseline=not given["no_baseline"],
        update_baseline=given["update_baseline"],
        usage=given["usage"],
        recorder=click.get_current_context().obj,
    )


def _settings(settings: Settings, given: dict[str, Any]) -> Settings:
    """The configuration, overruled by the command line."""
    chosen = shared.split(given["select"])
    if chosen:  # naming rules outright also overrules what the configuration ignores
        settings = replace(settings, select=chosen, extend_select=(), ignore=())
    minimum, most = given["min_saving"], given["max_waste"]
    return shared.with_files(
        replace(
            settings,
            extend_select=settings.extend_select + shared.split(given["extend_select"]),
            ignore=settings.ignore + shared.split(given["ignore"]),
            per_file_ignores={
                **settings.per_file_ignores,
                **shared.per_file_ignores(given["per_file_ignores"]),
            },
            min_confidence=given["min_confidence"] or settings.min_confidence,
            pedantic=given["pedantic"] or settings.pedantic,
            min_saving=settings.min_saving if minimum is None else minimum,
            max_waste=settings.max_waste if most is None else most,
            output_format=given["output_format"] or settings.output_format,
            fail_on=given["fail_on"] or settings.fail_on,
            fixable=shared.split(given["fixable"]) or settings.fixable,
            unfixable=settings.unfixable + shared.split(given["unfixable"]),
        ),
        given,
    )


def _verify_rules(settings: Settings) -> None:
    """Raise LlmLintError for names of rules that do not exist, also when there is nothing to check."""
    named = [rule for rules in settings.per_file_ignores.values() for rule in rules]
    named += [rule for field in _RULE_FIELDS for rule in getattr(settings, field) if rule != "ALL"]
    if not named:
        return
    from llm_lint.project.selectors import codes

    for rule in named:
        codes(rule)


def _show_files(run_options: Options) -> int:
    from llm_lint.project.runner import Project

    selection = Project(run_options).selection
    paths = (os.path.relpath(selection.root / name) for name in sorted(selection.selected))
    say("".join(f"{path}\n" for path in paths))
    return 0


def _warn(report: Report, color: str) -> None:
    if report.files_checked == 0:
        complain("no Python files matched", "warning", color)
    for text in (*report.warnings, *about_baseline(report.baseline)):
        complain(text, "warning", color)
    for skipped in report.skipped:
        complain(f"{skipped.filename}: not analysed: {skipped.reason}", "warning", color)


def _publish(report: Report, run_options: Options, given: dict[str, Any]) -> None:
    """Write every report that was asked for, files first: they must not depend on who reads the output."""
    settings = run_options.settings
    if not given["quiet"]:
        _warn(seen_from(report, os.curdir), given["color"])
        warn_of_age(report.prices_as_of, given["color"])
    for output_format, path in given["reports"]:
        write_file(path, _rendered(report, output_format, Console()))
    if settings.output_format == "github" and (step_summary := os.environ.get("GITHUB_STEP_SUMMARY")):
        append_file(Path(step_summary), _rendered(report, "markdown", Console()))
    target = given["output_file"]
    if target is not None:
        console = Console(color=given["color"] == "always", quiet=given["quiet"], verbose=given["verbose"])
        write_file(target, _text(report, settings.output_format, given["statistics"], console))
    else:
        stream = fixing.stream_for(run_options, given)
        console = console_for(stream, given["color"], given["quiet"], given["verbose"])
        say(_text(report, settings.output_format, given["statistics"], console), stream)


def _rendered(report: Report, output_format: str, console: Console) -> str:
    return render(output_format, seen_from(report, folder_for(output_format)), console)


def _text(report: Report, output_format: str, statistics: bool, console: Console) -> str:
    if not statistics:
        return _rendered(report, output_format, console)
    from llm_lint.report.statistics import statistics as counted

    return counted(report, output_format, console)
