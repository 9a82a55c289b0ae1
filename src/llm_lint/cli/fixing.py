"""``check --fix`` and ``check --diff``: repair, write or show, and say what happened."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TextIO

from llm_lint.cli.output import complain, say
from llm_lint.cli.progress import progress_bar
from llm_lint.cli.terminal import console_for
from llm_lint.model import Report
from llm_lint.report.console import plural

if TYPE_CHECKING:
    from llm_lint.project.fixing import Fixed
    from llm_lint.project.runner import Options

ABNORMAL = 2
READABLE = frozenset({"full", "concise", "markdown"})


def is_wanted(given: dict[str, Any]) -> bool:
    """Whether the options ask for fixes."""
    return bool(given["fix"] or given["fix_only"] or given["diff"])


def stream_for(options: Options, given: dict[str, Any]) -> TextIO:
    """Where the report goes: beside the repaired text, when that goes to standard output."""
    return sys.stderr if options.stdin is not None and is_wanted(given) else sys.stdout


def repair(options: Options, given: dict[str, Any], publish: Callable[[Report], int]) -> int:
    """Repair the files and return the exit code; ``publish`` writes the report of what is left."""
    from llm_lint.project.fixing import run_fix

    unsafe = options.settings.unsafe_fixes if given["unsafe_fixes"] is None else given["unsafe_fixes"]
    with progress_bar(given["quiet"]) as progress:
        fixed = run_fix(options, unsafe, progress)
    for name, rules in fixed.unsettled:
        complain(
            f"{name}: the fixes of {', '.join(rules)} do not settle; the file is left as it was",
            "error",
        )
    if given["diff"]:
        return _show(fixed, given)
    failed = _store(fixed, options)
    report = fixed.report
    if failed:
        kept = tuple(finding for finding in report.fixed if finding.span.filename not in failed)
        report = replace(report, fixed=kept)
    code = _tell(report, options, given, publish)
    if failed or fixed.unsettled:
        return ABNORMAL
    if given["exit_non_zero_on_fix"] and report.fixed:
        return 1
    return code


def _store(fixed: Fixed, options: Options) -> set[str]:
    """Write the files, or standard input's text to standard output; the names that could not be written."""
    from llm_lint.project.fixing import write

    if options.stdin is not None:
        data = fixed.files[0].new.data if fixed.files else options.stdin
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return set()
    errors = write(fixed)
    for error in errors.values():
        complain(error.message, "error")
    return set(errors)


def _tell(report: Report, options: Options, given: dict[str, Any], publish: Callable[[Report], int]) -> int:
    if given["show_fixes"] and not given["quiet"]:
        from llm_lint.report.places import seen_from
        from llm_lint.report.redaction import without_secrets
        from llm_lint.report.repairs import listing

        console = console_for(sys.stdout, given["color"])
        text = listing(without_secrets(seen_from(report, os.curdir)), console)
        aside = options.stdin is not None or options.settings.output_format not in READABLE
        complain(text.rstrip("\n")) if aside and text else say(text)
    if given["fix_only"]:
        if report.fixed and not given["show_fixes"] and not given["quiet"]:
            files = len({finding.span.filename for finding in report.fixed})
            complain(f"Fixed {plural(len(report.fixed), 'finding')} in {plural(files, 'file')}.")
        return 0
    return publish(report)


def _show(fixed: Fixed, given: dict[str, Any]) -> int:
    """The diff that the fixes would make; exits with 1 when there is one."""
    from llm_lint.report.patch import patch

    console = console_for(sys.stdout, given["color"])
    before = (*fixed.before.findings, *fixed.before.hidden, *fixed.before.suppressed, *fixed.report.fixed)
    after = (*fixed.report.findings, *fixed.report.hidden, *fixed.report.suppressed)
    for file in fixed.files:
        say(patch(file.old, file.new, before, after, console))
    if not given["quiet"]:
        number = len(fixed.report.fixed)
        complain(f"Would fix {plural(number, 'finding')}." if number else "No findings would be fixed.")
    if fixed.unsettled:
        return ABNORMAL
    return int(bool(fixed.files))
