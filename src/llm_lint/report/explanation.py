"""How one saving was computed: its formula with the numbers filled in."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from decimal import Decimal

from llm_lint.errors import LlmLintError
from llm_lint.model import Finding, Report, Saving, Symbol
from llm_lint.pricing.estimates import levels
from llm_lint.pricing.format import percent, usd
from llm_lint.report.columns import columns
from llm_lint.report.console import Console, printable
from llm_lint.report.places import place
from llm_lint.report.savings import basis, saves_no_money

_HEADER = ("", "what it is", "LOW", "EXPECTED", "HIGH")
_THOUSAND = Decimal(1000)


def explanation(report: Report, fingerprint: str, console: Console) -> str:
    """The formula of the finding that a fingerprint, or its beginning, names; raises LlmLintError."""
    finding = _named(report, fingerprint)
    lines = [console.paint(f"{finding.code} {finding.name}", "bold") + f" at {place(finding.span)}", ""]
    saving = finding.saving
    if saving is None:
        lines.append("Nothing is claimed about the money of this finding.")
    elif saves_no_money(saving):
        lines.append(f"$0: {printable(saving.note or 'no money directly')}")
    else:
        lines += _derivation(saving, report.prices_as_of, console)
    return "\n".join(lines) + "\n"


def _named(report: Report, fingerprint: str) -> Finding:
    findings = (*report.findings, *report.hidden, *report.suppressed)
    found = [finding for finding in findings if finding.fingerprint.startswith(fingerprint)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise LlmLintError(
            f"no finding has the fingerprint `{fingerprint}`",
            "`--output-format json` shows the fingerprints of all findings",
        )
    raise LlmLintError(f"{len(found)} findings have fingerprints that begin with `{fingerprint}`")


def _derivation(saving: Saving, prices_as_of: str, console: Console) -> Iterator[str]:
    unit, month = saving.usd_per_1000_requests, saving.usd_per_month
    rows = [_row(symbol) for symbol in saving.symbols]
    if saving.percent is not None:
        rows.append(
            ("%", "share of the request's cost", *(percent(level) for level in levels(saving.percent)))
        )
    if unit is not None:
        rows.append(("S", "USD saved per 1,000 requests", *map(usd, levels(unit))))
    if month is not None:
        rows.append(("S_m", "USD saved a month", *map(usd, levels(month))))
    yield from _formulas(saving)
    yield ""
    yield from columns(_HEADER, rows, console)
    yield ""
    for symbol in saving.symbols:
        head = f"{symbol.name}: "
        yield from textwrap.wrap(
            head + printable(symbol.source), console.width, subsequent_indent=" " * len(head)
        )
    if saving.measured:
        yield f"usage log: {printable(saving.measured)}"
    yield basis(saving, prices_as_of, explain=True)


def _formulas(saving: Saving) -> Iterator[str]:
    """Each formula in symbols and in numbers of the EXPECTED column."""
    values = {symbol.name: symbol.value for symbol in saving.symbols}
    unit, month = saving.usd_per_1000_requests, saving.usd_per_month
    if "C" in values and "p_in" in values:
        yield "C = (p_in·I + p_out·O) / 1,000"
    if saving.formula and unit is not None:
        yield f"S = {saving.formula} = {_filled(saving)} = {usd(unit.expected)} per 1,000 requests"
    elif saving.formula:
        yield f"S = {saving.formula}"
    if month is not None and unit is not None and "N" in values:
        number = _plain(values["N"].expected)
        amount = usd(month.expected)
        yield f"S_m = S·N / 1,000 = {usd(unit.expected)} · {number} / 1,000 = {amount} a month"


def _filled(saving: Saving) -> str:
    """The formula with the EXPECTED values in the place of its symbols, longest names first."""
    text = saving.formula
    marks: dict[str, str] = {}
    for index, symbol in enumerate(sorted(saving.symbols, key=lambda s: -len(s.name))):
        mark = chr(0xE000 + index)  # private characters, so that a value is not taken for a symbol
        text = text.replace(symbol.name, mark)
        marks[mark] = _plain(symbol.value.expected)
    for mark, value in marks.items():
        text = text.replace(mark, value)
    return text.replace("·", " · ")


def _row(symbol: Symbol) -> tuple[str, ...]:
    return (symbol.name, symbol.meaning, *(_plain(level) for level in levels(symbol.value)))


def _plain(value: Decimal) -> str:
    """A quantity as people write it: thousands separated, at most four significant digits below them."""
    if value and abs(value) < _THOUSAND:
        digits = max(3 - value.adjusted(), 0)
        value = value.quantize(Decimal(1).scaleb(-digits)).normalize()
        return f"{value:f}"
    return f"{value:,.0f}"
