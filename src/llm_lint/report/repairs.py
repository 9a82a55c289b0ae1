"""What a run repaired, and what it could."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from llm_lint.model import Applicability, Finding, Report
from llm_lint.report.console import Console, plural, printable
from llm_lint.report.places import place

_APPLIES = {Applicability.SAFE: "--fix", Applicability.UNSAFE: "--fix --unsafe-fixes"}


def available(findings: tuple[Finding, ...]) -> dict[str, int]:
    """How many findings have a fix, by who may apply it."""
    counted = Counter(finding.fix.applicability for finding in findings if finding.fix is not None)
    return {level.value: counted[level] for level in Applicability}


def told(report: Report, console: Console) -> Iterator[str]:
    """One line for each repaired file, and one for the fixes that there are."""
    for name, number in Counter(finding.span.filename for finding in report.fixed).items():
        yield console.paint(f"Fixed {plural(number, 'finding')}", "green") + f" in {printable(name)}."
    counts = available(report.findings)
    safe, unsafe = counts["safe"], counts["unsafe"]
    if safe:
        more = f" ({unsafe:,} more with `--unsafe-fixes`)" if unsafe else ""
        yield f"{_fixes(safe)} available with `--fix`{more}."
    elif unsafe:
        yield f"{_fixes(unsafe)} available with `--fix --unsafe-fixes`."


def repair(finding: Finding) -> tuple[str, str] | None:
    """``fix`` or ``no fix``, and what it is or why there is none; None where neither is known."""
    if finding.fix is not None:
        option = _APPLIES.get(finding.fix.applicability)
        return "fix", finding.fix.message + (f" ({option})" if option else "")
    return ("no fix", finding.fix_refused) if finding.fix_refused else None


def repair_line(finding: Finding) -> str:
    """The same as one text; empty where there is nothing to say."""
    found = repair(finding)
    return f"{found[0]}: {found[1]}" if found is not None else ""


def listing(report: Report, console: Console) -> str:
    """Every repaired finding by file: its place before the repair, its rule, and what was done."""
    lines = [f"Fixed {plural(len(report.fixed), 'finding')}:"] if report.fixed else []
    before = ""
    for finding in report.fixed:
        name = finding.span.filename
        if name != before:
            lines.append(f"- {console.paint(printable(name), 'bold')}:")
            before = name
        done = finding.fix.message if finding.fix is not None else ""
        lines.append(f"    {place(finding.span)} {finding.code} [{finding.name}] {printable(done)}")
    return "".join(f"{line}\n" for line in lines)


def _fixes(number: int) -> str:
    return f"{number:,} fix{'' if number == 1 else 'es'}"
