"""The closing lines of the readable formats: counts, and what the figures above do not say."""

from __future__ import annotations

from collections import Counter
from typing import Any

from llm_lint.model import Finding, Report, Severity
from llm_lint.report import repairs
from llm_lint.report.console import Console, plural

_NEEDS_EVALUATION = frozenset({"LLM301", "LLM302"})
_ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFO)


def counts(report: Report) -> dict[str, Any]:
    """The same for machines; ``usd_per_month`` is what all fixes save together, overlaps counted once."""
    from llm_lint.pricing.compose import monthly_total
    from llm_lint.report.contract import estimate

    return {
        "findings": len(report.findings),
        "by_code": dict(sorted(Counter(finding.code for finding in report.findings).items())),
        "by_severity": {level.value: _number(report.findings, level) for level in _ORDER},
        "hidden": len(report.hidden),
        "suppressed": len(report.suppressed),
        "untouched": len(report.untouched),
        "baselined": len(report.baselined),
        "baselined_usd_per_month": estimate(monthly_total(report.baselined)),
        "skipped": len(report.skipped),
        "files_checked": report.files_checked,
        "fixed": len(report.fixed),
        "fixable": repairs.available(report.findings),
        "usd_per_month": estimate(monthly_total(report.findings)),
    }


def summary(report: Report, console: Console) -> list[str]:
    """One line that says how it went, and one for each thing left unsaid."""
    lines = [_found(report, console), *repairs.told(report, console)]
    if report.hidden:
        hidden = plural(len(report.hidden), "more finding")
        lines.append(f"{hidden} below the confidence or saving asked for (see --pedantic and --min-saving).")
    lines += hidden_by_baseline(report)
    if report.untouched:
        lines.append(f"{plural(len(report.untouched), 'more finding')} on lines that did not change.")
    if report.suppressed:
        lines.append(f"{plural(len(report.suppressed), 'finding')} suppressed (see --ignore-suppressions).")
    if report.skipped:
        lines.append(f"{plural(len(report.skipped), 'file')} not analysed; stderr says why.")
    if len(report.findings) > 1:
        lines += _together(report.findings)
    return [*lines, *_prices(report)]


def _prices(report: Report) -> list[str]:
    """The day and the sources of the prices, where any were used."""
    savings = (finding.saving for finding in report.findings)
    used = any(saving is not None and saving.usd_per_1000_requests is not None for saving in savings)
    if not used or not report.price_sources:
        return []
    return [f"Prices of {report.prices_as_of} from {', '.join(report.price_sources)}."]


def hidden_by_baseline(report: Report) -> list[str]:
    """What the baseline hides, in findings and in money, and what a run changed in it."""
    use = report.baseline
    if use is None:
        return []
    from llm_lint.pricing.compose import monthly_total
    from llm_lint.report.savings import per_month

    lines = []
    if use.added is not None and use.removed is not None:
        entries = "1 accepted finding" if use.entries == 1 else f"{use.entries:,} accepted findings"
        lines.append(f"Wrote {use.path}: {entries}, {use.added:,} added, {use.removed:,} removed.")
    if report.baselined:
        hidden = plural(len(report.baselined), "accepted finding")
        total = monthly_total(report.baselined)
        money = "" if total is None or total.expected <= 0 else f", worth {per_month(total)}"
        lines.append(f"The baseline hides {hidden}{money}; see --no-baseline.")
    return lines


def _together(findings: tuple[Finding, ...]) -> list[str]:
    """What several priced fixes save at once: at one request their shares multiply, they are not added."""
    from llm_lint.pricing.compose import monthly_total
    from llm_lint.report.savings import about, per_month, rank

    if sum(rank(finding)[1] > 0 for finding in findings) < 2:
        return []
    total = monthly_total(findings)
    if total is None or total.expected <= 0:
        return [
            "Each saving is what fixing that finding alone would bring; they overlap and are not added up."
        ]
    lines = [
        f"Together the priced fixes would save {per_month(total)} at {_volumes(findings)} volumes; "
        "overlaps are counted once."
    ]
    sure = monthly_total(finding for finding in findings if finding.code not in _NEEDS_EVALUATION)
    rest = total.expected - (sure.expected if sure is not None else 0)
    if rest > 0:
        lines.append(f"Of that, {about(rest)} comes from changing models and needs an evaluation first.")
    return lines


_SITES = 5  # call sites that are named


def where(report: Report) -> list[str]:
    """The call sites at which most money can be saved; nothing where there is only one."""
    findings = report.findings
    if not findings:
        return []
    from llm_lint.pricing.compose import site_totals
    from llm_lint.report.places import place
    from llm_lint.report.savings import about, rank

    totals = {key: total for key, total in site_totals(findings).items() if total.expected > 0}
    if len(totals) < 2:
        return []
    lines = ["Where the money is:"]
    largest = sorted(totals, key=lambda key: (-totals[key].expected, key))[:_SITES]
    for key in largest:
        here = [finding for finding in findings if finding.request == key and rank(finding)[1] > 0]
        codes = ", ".join(dict.fromkeys(finding.code for finding in here))
        lines.append(f"  {about(totals[key].expected) + '/month':>12}  {place(here[0].span)} ({codes})")
    if len(totals) > _SITES:
        lines.append(f"  and {len(totals) - _SITES:,} more requests with smaller savings")
    return lines


def _volumes(findings: tuple[Finding, ...]) -> str:
    from llm_lint.report.savings import SOURCES

    volumes = (finding.saving.volume for finding in findings if finding.saving is not None)
    return " and ".join(sorted({SOURCES[volume.source] for volume in volumes if volume is not None}))


def _found(report: Report, console: Console) -> str:
    files = plural(report.files_checked, "file")
    if not report.findings:
        return console.paint("No findings", "green") + f" in {files}."
    found = console.paint(plural(len(report.findings), "finding"), "bold")
    parts = [_leveled(number, level) for level in _ORDER if (number := _number(report.findings, level))]
    places = len({finding.span.filename for finding in report.findings})
    return f"Found {found} ({', '.join(parts)}) in {places} of {files}."


def _leveled(number: int, level: Severity) -> str:
    return f"{number:,} {level.value}" if level is Severity.INFO else plural(number, level.value)


def _number(findings: tuple[Finding, ...], level: Severity) -> int:
    return sum(finding.severity is level for finding in findings)
