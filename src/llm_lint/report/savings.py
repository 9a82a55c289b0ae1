"""A saving in words: always a share and a unit price, a month only with its volume and who said it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from llm_lint.model import Estimate, Finding, Saving, Volume
from llm_lint.pricing.format import count, percent, usd


def headline(saving: Saving) -> str:
    """The most telling figure that is known, with its range and what it rests on."""
    if saves_no_money(saving):
        return saving.note or "no money directly"
    month, unit, share = saving.usd_per_month, saving.usd_per_1000_requests, saving.percent
    if month is not None and saving.volume is not None:
        return f"{per_month(month, _share(share))} at {_volume(saving.volume)}"
    if unit is not None:
        return f"~{usd(unit.expected)} per 1,000 requests{_share(share)} {_range(unit, usd)}"
    if share is not None:
        bounds = f"[LOW {percent(share.low)} – HIGH {percent(share.high)}]"
        return f"~{percent(share.expected)} of what this request costs {bounds}; no price is known for it"
    return "unknown: neither a price nor a share is known"


SOURCES = {"assumed": "assumed", "configured": "configured", "log": "logged"}
_EVIDENCE = {
    "E0": "no usage data",
    "E1": "volume configured",
    "E2": "usage log",
    "E3": "usage log with request hashes",
    "E4": "measured before and after",
}


def basis(saving: Saving, prices_as_of: str, explain: bool = False) -> str:
    """The unit price, the kind of evidence (in words where asked), and the date of the prices.

    Empty where no money is saved.
    """
    if saves_no_money(saving):
        return ""
    parts = [f"evidence {saving.evidence}{f' ({_EVIDENCE[saving.evidence]})' if explain else ''}"]
    if saving.usd_per_month is not None and saving.usd_per_1000_requests is not None:
        parts.insert(0, f"{usd(saving.usd_per_1000_requests.expected)} per 1,000 requests")
    if prices_as_of and saving.usd_per_1000_requests is not None:
        parts.append(f"prices {prices_as_of}")
    return " · ".join(parts)


def told(saving: Saving, prices_as_of: str, explain: bool = False) -> str:
    """The headline and its basis."""
    return "; ".join(part for part in (headline(saving), basis(saving, prices_as_of, explain)) if part)


def one_line(finding: Finding, prices_as_of: str) -> str:
    """Everything a one-line format says of a saving; empty where there is nothing to say."""
    saving = finding.saving
    if saving is None or saves_no_money(saving):
        return ""
    return f"saves {told(saving, prices_as_of)}"


def per_month(amount: Estimate, share: str = "") -> str:
    """``~$27/month (86 %) [LOW $4 – HIGH $71]``, ``<$1/month [LOW $0 – HIGH $2]``."""
    return f"{about(amount.expected)}/month{share} {_range(amount, _monthly)}"


def about(amount: Decimal) -> str:
    """``~$27``, ``<$1``."""
    text = _monthly(amount)
    return text if "<" in text else f"~{text}"


def saves_no_money(saving: Saving) -> bool:
    """Whether the waste is known to be something else than money."""
    known = [e for e in (saving.percent, saving.usd_per_1000_requests, saving.usd_per_month) if e is not None]
    return bool(known) and all(e.low == e.expected == e.high == 0 for e in known)


def rank(finding: Finding) -> tuple[int, Decimal]:
    """A key that sorts findings by expected saving: known months first, then unit prices, then the rest."""
    saving = finding.saving
    if saving is not None and saving.usd_per_month is not None:
        return 2, saving.usd_per_month.expected
    if saving is not None and saving.usd_per_1000_requests is not None:
        return 1, saving.usd_per_1000_requests.expected
    return 0, Decimal(0)


def by_saving(findings: tuple[Finding, ...]) -> list[Finding]:
    """Findings with the largest expected saving first; equal ones by severity, then by place."""
    return sorted(findings, key=lambda f: (*(-part for part in rank(f)), -f.severity.rank, f.span, f.code))


def _share(share: Estimate | None) -> str:
    return "" if share is None else f" ({percent(share.expected)})"


def _range(amount: Estimate, show: Callable[[Decimal], str]) -> str:
    return f"[LOW {show(amount.low)} – HIGH {show(amount.high)}]"


def _monthly(amount: Decimal) -> str:
    return usd(amount, floor=True)


def _volume(volume: Volume) -> str:
    return f"{count(volume.requests_per_month)} requests/month ({SOURCES[volume.source]})"
