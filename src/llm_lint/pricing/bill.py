"""What the requests of a project cost a month, now and with every finding fixed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from llm_lint.model import Estimate, Finding, Request, Volume
from llm_lint.pricing.compose import site_totals
from llm_lint.pricing.estimates import NOTHING, each, ordered, scale, together
from llm_lint.pricing.savings import Pricing, RequestCost

_THOUSAND = Decimal(1000)
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Line:
    """One call site: ``saving`` is USD a month of all its fixes at once, ``codes`` the rules behind it."""

    request: Request
    cost: RequestCost | None
    volume: Volume | None
    saving: Estimate = NOTHING
    codes: tuple[str, ...] = ()

    @property
    def month(self) -> Estimate | None:
        """USD a month; None without a price or a volume."""
        if self.cost is None or self.volume is None:
            return None
        return scale(self.cost.usd_per_1000_requests, self.volume.requests_per_month / _THOUSAND)

    @property
    def projected(self) -> Estimate | None:
        """USD a month with every fix, never below zero."""
        month = self.month
        if month is None:
            return None
        return ordered(each(lambda now, less: max(now - less, _ZERO), month, self.saving))


@dataclass(frozen=True, slots=True)
class Bill:
    """The lines of a project, dearest first."""

    lines: tuple[Line, ...]

    @property
    def now(self) -> Estimate:
        """USD a month of all lines with a price and a volume."""
        return together(month for line in self.lines if (month := line.month) is not None)

    @property
    def projected(self) -> Estimate:
        """The same with every fix."""
        return together(left for line in self.lines if (left := line.projected) is not None)

    @property
    def unpriced(self) -> tuple[Line, ...]:
        """Lines that no total includes: their model, its price or their volume is not known."""
        return tuple(line for line in self.lines if line.month is None)


def bill(requests: Iterable[Request], findings: Iterable[Finding], pricing: Pricing) -> Bill:
    """Price every request that is billed; the fixes of a site multiply, so that no overlap counts twice."""
    known = tuple(findings)
    savings = site_totals(known)
    codes: dict[str, list[str]] = {}
    for finding in known:
        if finding.request is not None and _saves(finding):
            codes.setdefault(finding.request, []).append(finding.code)
    lines = [_line(request, savings, codes, pricing) for request in requests if request.billed]
    return Bill(tuple(sorted(lines, key=_dearest)))


def _line(
    request: Request, savings: Mapping[str, Estimate], codes: Mapping[str, list[str]], pricing: Pricing
) -> Line:
    return Line(
        request,
        pricing.cost(request),
        pricing.volume(request),
        savings.get(request.key, NOTHING),
        tuple(sorted(set(codes.get(request.key, ())))),
    )


def _saves(finding: Finding) -> bool:
    month = finding.saving.usd_per_month if finding.saving is not None else None
    return month is not None and month.expected > 0


def _dearest(line: Line) -> tuple[bool, Decimal, str]:
    month = line.month
    return month is None, -(month.expected if month is not None else _ZERO), line.request.key
