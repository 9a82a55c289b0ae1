"""How a run of ``check`` ends: its exit code, and what is worth saying about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from llm_lint.cli.output import complain
from llm_lint.model import BaselineUse, Report, Severity
from llm_lint.project.config import Settings

ABNORMAL = 2


def exit_code(report: Report, settings: Settings, given: dict[str, Any]) -> int:
    """2 when a rule crashed, else 0 or 1.

    The severity of the findings decides, or what they waste together where a limit is set. ``given`` are
    the options of the command line: there ``--fail-on`` counts beside a limit.
    """
    if report.failures:
        for failure in report.failures:
            complain(failure, "error", given["color"])
        complain("this is a bug in llm-lint; the findings of this rule are missing", "hint", given["color"])
        return ABNORMAL
    if given["exit_zero"] or settings.fail_on == "never":
        return 0
    if settings.max_waste is not None:
        if _is_too_much(report, settings, given):
            return 1
        if given["fail_on"] is None:
            return 0
    least = 0 if settings.fail_on == "any" else Severity(settings.fail_on).rank
    return int(any(finding.severity.rank >= least for finding in report.findings))


def _is_too_much(report: Report, settings: Settings, given: dict[str, Any]) -> bool:
    from llm_lint.pricing.compose import monthly_total
    from llm_lint.pricing.format import usd

    total = monthly_total(report.findings)
    limit = settings.max_waste
    if total is None or limit is None or total.expected <= limit:
        return False
    complain(
        f"the findings waste {usd(total.expected)} a month, more than the {usd(limit)} allowed",
        "error",
        given["color"],
    )
    return True


def about_baseline(use: BaselineUse | None) -> Iterator[str]:
    """What to warn about: entries that hide nothing any more."""
    if use is not None and use.stale:
        entries = "1 entry matches" if use.stale == 1 else f"{use.stale:,} entries match"
        yield f"{use.path}: {entries} nothing any more; --update-baseline removes what is stale"
