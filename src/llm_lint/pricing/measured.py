"""What a usage log says of call sites, in requests and dollars a month.

Costs are computed from the tokens at this run's prices; what the log itself says is only compared.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Literal

from llm_lint.model import Estimate, Measured, Request
from llm_lint.pricing.format import count, percent, usd
from llm_lint.pricing.prices import RATE_KEYS, Price, PriceTable
from llm_lint.pricing.tokens import vendor_ratio
from llm_lint.pricing.workload import Workload, thinking_of
from llm_lint.usage.matching import match
from llm_lint.usage.records import PICO
from llm_lint.usage.repeats import TTLS, Repeats
from llm_lint.usage.statistics import Log, Sums, Usage

MONTH = Decimal("30.4")  # days
SHORT = 7  # days below which a log may miss a weekly pattern
APART = Decimal("0.05")  # between the log's own cost and the one computed from its tokens
_TOLD = 5  # warnings of one kind
_Z = 1.2816  # P10 and P90 of the normal distribution
_THOUSAND = Decimal(1000)


@dataclass(frozen=True)
class SiteLog:
    """One call site in the log: its usages (one per model), and the days that the whole log covers."""

    usages: tuple[Usage, ...]
    days: Decimal
    table: PriceTable = field(repr=False)

    @cached_property
    def main(self) -> Usage:
        """The usage with the most calls."""
        return max(self.usages, key=lambda usage: (usage.calls, usage.model))

    @cached_property
    def price(self) -> Price | None:
        """The price of the model that most calls went to."""
        return price_of(self.main, self.table)

    @property
    def calls(self) -> int:
        """Records, whatever became of them."""
        return sum(usage.calls for usage in self.usages)

    @property
    def requests(self) -> int:
        """Requests that were answered, by the provider or by a cache."""
        return sum(usage.calls - usage.failed for usage in self.usages)

    @property
    def billed(self) -> int:
        """Requests that cost money."""
        return sum(usage.billed for usage in self.usages)

    @cached_property
    def cost(self) -> Decimal | None:
        """USD of the whole log; None when a model has no price."""
        costs = [cost_of(usage, price_of(usage, self.table)) for usage in self.usages if usage.billed]
        known = [cost for cost in costs if cost is not None]
        return sum(known, Decimal(0)) if len(known) == len(costs) else None

    @property
    def per_month(self) -> Decimal:
        """Billed requests a month; 0 when the log has no duration."""
        return self.billed * MONTH / self.days if self.days else Decimal(0)

    @cached_property
    def variation(self) -> float:
        """The coefficient of variation of a billed request's cost, over all models."""
        number, total, squared = 0, 0.0, 0.0
        for usage in self.usages:
            price = price_of(usage, self.table)
            incoming = float(price.rates.input.base) if price is not None else 1.0
            outgoing = float(price.rates.output.base) if price is not None else 1.0
            number += usage.billed
            total += sum(incoming * sums.input + outgoing * sums.output for sums in usage.sums)
            squared += incoming * incoming * usage.squares.input + outgoing * outgoing * usage.squares.output
            squared += 2 * incoming * outgoing * usage.squares.product
        mean = total / number if number else 0.0
        return math.sqrt(max(squared / number - mean * mean, 0.0)) / mean if mean else 0.0

    def around(self, mean: Decimal) -> Estimate:
        """P10 and P90 of what a month's mean will be, log-normal, from the spread of the single requests."""
        sampled = 1 / max(self.billed, 1) + 1 / max(float(self.per_month), 1.0)
        factor = Decimal(math.exp(_Z * math.sqrt(math.log1p(self.variation**2 * sampled))))
        return Estimate(mean / factor, mean, mean * factor)

    @property
    def repeats(self) -> Repeats | None:
        """The repeats of the model with the most calls; None without hashes."""
        return self.main.repeats

    def forecast(self, ttl: float) -> tuple[Estimate, str] | None:
        """The share of a month's requests that a cache with a TTL (seconds) answers, and what it rests on."""
        repeats = self.repeats
        rate = float(self.main.billed) / (float(self.days) * 86_400) if self.days else 0.0
        found = repeats.forecast(ttl, rate) if repeats is not None and rate else None
        if found is None or repeats is None:
            return None
        share = Estimate(*(Decimal(f"{level:.6f}") for level in found))
        return share, f"{repeats.requests:,} hashed requests in {float(self.days):.0f} days"

    def measured(self) -> Measured:
        """The figures for people and machines."""
        billed = Decimal(max(self.billed, 1))
        cost = self.cost
        scale = MONTH / self.days if self.days else None
        repeats = self.repeats
        logged = sum(usage.cost for usage in self.usages if usage.costed)
        return Measured(
            site=self.main.site,
            models=tuple(usage.model for usage in sorted(self.usages, key=lambda u: (-u.calls, u.model))),
            calls=self.calls,
            days=self.days,
            requests_per_month=self.requests * scale if scale is not None else None,
            input_tokens=sum(sums.input for usage in self.usages for sums in usage.sums) / billed,
            output_tokens=sum(sums.output for usage in self.usages for sums in usage.sums) / billed,
            cached_tokens=sum(sums.cached for usage in self.usages for sums in usage.sums) / billed,
            usd=cost,
            usd_logged=Decimal(logged) / PICO if any(usage.costed for usage in self.usages) else None,
            usd_per_1000_requests=cost * _THOUSAND / max(self.requests, 1) if cost is not None else None,
            usd_per_month=cost * scale if cost is not None and scale is not None else None,
            latency_ms=self.main.latency_ms,
            repeats={ttl: _share(repeats.within(ttl)) for ttl in TTLS} if repeats is not None else {},
            distinct=repeats.distinct if repeats is not None else None,
            cached_share=_ratio(sum(usage.hits for usage in self.usages), self.calls),
            failed_share=_ratio(sum(usage.failed for usage in self.usages), self.calls),
            estimated_share=_ratio(sum(usage.estimated for usage in self.usages), self.billed),
        )


def price_of(usage: Usage, table: PriceTable) -> Price | None:
    """The price of a usage's model; None when it is not known."""
    return table.find(usage.model, usage.provider or None) if usage.model else None


def cost_of(usage: Usage, price: Price | None) -> Decimal | None:
    """USD of a usage, from its tokens; None without a price."""
    if price is None:
        return None
    return sum((_cost(sums, price) for sums in usage.sums), Decimal(0))


def _cost(sums: Sums, price: Price) -> Decimal:
    """Requests of one tier cost as many times what their mean costs."""
    number = Decimal(sums.requests)
    # Logs that count cached tokens beside the input, not inside, would have more of them than input.
    beside = sums.cached + sums.written if sums.cached + sums.written > sums.input else 0
    return number * price.cost(
        (sums.input + beside) / number,
        sums.output / number,
        sums.cached / number,
        sums.written / number,
        batch=sums.batch and price.batch is not None,
    )


def _share(share: float) -> Decimal:
    return Decimal(f"{share:.4f}")


def _ratio(part: int, whole: int) -> Decimal:
    return Decimal(part) / whole if whole else Decimal(0)


# --------------------------------------------------------------------------- all sites


@dataclass(frozen=True)
class Measurements:
    """A log next to the code: ``sites`` by the key of their request; ``warnings`` say what is doubtful."""

    sites: Mapping[str, SiteLog]
    warnings: tuple[str, ...] = ()

    def of(self, request: Request) -> SiteLog | None:
        """What the log says of a request; None when it has no record of it."""
        return self.sites.get(request.key)


def by_site(log: Log, table: PriceTable) -> list[SiteLog]:
    """The call sites of a log with one entry per model, the most expensive first."""
    days = covered(log)
    found = [SiteLog((usage,), days, table) for usage in log.usages]
    return sorted(found, key=lambda site: (-(site.cost or 0), -site.calls, site.main.site, site.main.model))


def measurements(log: Log, requests: Sequence[Request], table: PriceTable) -> Measurements:
    """The log's sites at the requests that made them."""
    days = covered(log)
    keys = match({usage.site for usage in log.usages}, requests)
    sites: dict[str, list[Usage]] = {}
    unmatched: dict[str, list[Usage]] = {}
    for usage in log.usages:
        if usage.site in keys:
            sites.setdefault(keys[usage.site], []).append(usage)
        else:
            unmatched.setdefault(usage.site, []).append(usage)
    found = {key: SiteLog(tuple(usages), days, table) for key, usages in sites.items()}
    left = [SiteLog(tuple(usages), days, table) for usages in unmatched.values()]
    left.sort(key=lambda site: (-(site.cost or 0), -site.calls, site.main.site))
    said = [*warnings((*found.values(), *left), days), *_strangers(left)] if log.records else []
    return Measurements(found, tuple(said))


def _strangers(sites: Sequence[SiteLog]) -> Iterator[str]:
    for site in sites[:_TOLD]:
        cost = f", {usd(site.cost)}" if site.cost is not None else ""
        where = site.main.site or "no call site"
        yield f"in the usage log but not in the code: {where} ({count(site.calls)} calls{cost})"
    if len(sites) > _TOLD:
        calls = sum(site.calls for site in sites[_TOLD:])
        yield f"and {len(sites) - _TOLD:,} more such call sites ({count(calls)} calls)"


def covered(log: Log) -> Decimal:
    """The days that a log covers; 0 when all of it happened at once."""
    return Decimal(f"{log.days:.4f}")


def thresholds(table: PriceTable) -> tuple[int, ...]:
    """Every number of input tokens at which some model's price changes."""
    rates = (
        row[key] for shelf in table.shelves.values() for row in shelf.rows for key in RATE_KEYS if key in row
    )
    return tuple(sorted({start for rate in rates if isinstance(rate, list) for start, _ in rate[1:]}))


def warnings(sites: Iterable[SiteLog], days: Decimal) -> list[str]:
    """What makes a log's figures doubtful."""
    said = []
    sites = list(sites)
    if sites and days < SHORT:
        said.append(
            f"the usage log covers {float(days):.1f} days; below {SHORT} a month is a guess, "
            "and a weekly pattern is cut"
        )
    unpriced = Counter[str]()
    apart: list[str] = []
    for site in sites:
        for usage in site.usages:
            price = price_of(usage, site.table)
            if price is None and usage.billed:
                unpriced[usage.model or "no model"] += usage.billed
            apart += _apart(usage, price)
    said += apart[:_TOLD]
    if len(apart) > _TOLD:
        said.append(f"{len(apart) - _TOLD:,} more call sites whose logged cost is not what their tokens cost")
    for model, number in unpriced.most_common():
        said.append(f"no price is known for {model}: {number:,} requests count as unpriced")
    return said


def _apart(usage: Usage, price: Price | None) -> Iterator[str]:
    cost = cost_of(usage, price)
    logged = Decimal(usage.cost) / PICO
    if cost is None or not logged or usage.costed < usage.billed or abs(cost - logged) <= APART * logged:
        return
    yield (
        f"{usage.site or 'no call site'}, {usage.model}: the log says {usd(logged)}, its tokens cost "
        f"{usd(cost)}: another price, a discount, or another way to count tokens"
    )


# --------------------------------------------------------------------------- for the estimates


def workload_of(site: SiteLog, request: Request, price: Price) -> Workload:
    """What a request sends and gets, as the log counted it.

    The text is what one billed request had on average; LOW and HIGH are P10 and P90 of a month's mean.
    """
    usages = [usage for usage in site.usages if usage.billed]
    number = Decimal(sum(usage.billed for usage in usages))
    incoming, outgoing, cached, written = (
        Decimal(sum(getattr(sums, kind) for usage in usages for sums in usage.sums))
        for kind in ("input", "output", "cached", "written")
    )
    ratio, thinking = vendor_ratio(price.model).expected, thinking_of(price, request).expected
    whole = max(incoming, cached + written)
    mean = f"{count(whole / number)} in, {count(outgoing / number)} out"
    said = f"tokens of {count(int(number))} logged requests: {mean}"
    return Workload(
        site.around(whole / number / ratio),
        site.around(outgoing / number / ratio / thinking),
        (said,),
        price.model,
        cached / whole if whole else Decimal(0),
        written / whole if whole else Decimal(0),
    )


def words(site: SiteLog) -> str:
    """``$412/month measured (31 days, 8,914 calls), 63 % repeats within 24 h``."""
    measured = site.measured()
    days = f"{float(site.days):.0f} days" if site.days >= 2 else f"{float(site.days):.1f} days"
    cost = "cost unknown" if measured.usd_per_month is None else f"{usd(measured.usd_per_month)}/month"
    text = f"{cost} measured ({days}, {count(site.calls)} calls)"
    repeats = measured.repeats.get("24h")
    return text if repeats is None else f"{text}, {percent(repeats * 100)} repeats within 24 h"


def evidence(site: SiteLog) -> Literal["E2", "E3"]:
    """E3 where the log tells repeats or the provider's cache, else E2."""
    cached = any(sums.cached for usage in site.usages for sums in usage.sums)
    return "E3" if cached or site.repeats is not None else "E2"
