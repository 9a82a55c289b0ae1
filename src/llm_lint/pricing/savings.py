"""What one request costs and what changing it would save: pure functions of the request, prices and volumes.

All amounts are LOW, EXPECTED and HIGH (P10, mean, P90). The unit is USD per 1,000 requests, which needs no
volume; a month's amount names its volume and who said so. What is not known stays None.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Literal, cast

from llm_lint.model import Absent, Estimate, Known, Request, Saving, Symbol, Volume
from llm_lint.pricing.billed import Billed
from llm_lint.pricing.derivation import cost_symbols
from llm_lint.pricing.estimates import NOTHING, each, estimate, levels, multiply, ordered, scale
from llm_lint.pricing.ladder import Ladder, Needs
from llm_lint.pricing.measured import Measurements, SiteLog, evidence, words, workload_of
from llm_lint.pricing.prices import Price, PriceTable
from llm_lint.pricing.snapshot import current
from llm_lint.pricing.tokens import vendor_ratio
from llm_lint.pricing.volumes import REFERENCE, Profile, Volumes
from llm_lint.pricing.wording import (
    downgrade_words,
    duration_words,
    price_words,
    share_words,
    signal_words,
    unpriced_words,
    volume_words,
)
from llm_lint.pricing.workload import PRICED_KINDS, Workload, capped, workload

_THOUSAND = Decimal(1000)
_HUNDRED = Decimal(100)
DAY = 86_400

# The share of a call site's requests that a cheaper model can take over, by strength of the evidence.
_MOVABLE_STRONG = estimate("0.7", "0.9", "1")
_MOVABLE = estimate("0.3", "0.7", "0.86")
# A cache that forgets once a day asks again so often a month; restarts and clock drift make it more.
_DAYS = Decimal(30)
_LOWEST_REPEAT = Decimal("0.8")
# The share of an offline job's requests that can wait for a batch.
_BATCHABLE = estimate("0.5", "0.8", "1")


@dataclass(frozen=True, slots=True)
class RequestCost:
    """What a call site costs: USD per 1,000 requests, tokens of one request, and what was assumed."""

    usd_per_1000_requests: Estimate
    input_tokens: Estimate
    output_tokens: Estimate
    price: Price
    price_words: tuple[str, ...]
    token_words: tuple[str, ...]

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was assumed of the price and of the tokens."""
        return (*self.price_words, *self.token_words)


@dataclass(frozen=True)
class Pricing:
    """Prices, ladder and volumes of one run."""

    table: PriceTable
    volumes: Volumes
    log: Measurements | None = None
    ttl: int = DAY  # seconds that the answers of an inserted cache live
    bill: Mapping[str, Decimal] = field(default_factory=dict)

    @classmethod
    def load(
        cls,
        profile: str = "medium",
        volumes: tuple[tuple[str, Decimal], ...] = (),
        aliases: Mapping[str, str] | None = None,
        prices: Mapping[str, Mapping[str, Decimal]] | None = None,
        discount: Decimal | None = None,
        ttl: int | None = None,
    ) -> Pricing:
        """Read the newest prices and take the user's ``usage`` and ``models`` settings."""
        return cls(
            PriceTable.load(aliases, prices, discount, current()),
            Volumes(volumes, cast(Profile, profile)),
            ttl=ttl or DAY,
        )

    def with_usage(
        self, log: Measurements | None, bill: Billed | None, requests: Iterable[Request]
    ) -> Pricing:
        """The same prices with what logs and bills say.

        A bill scales the volumes that are assumed: by model, so that all estimates add up to it.
        """
        logged = replace(self, log=log)
        if bill is None:
            return logged
        estimates = []
        for request in requests:
            cost, volume = logged.cost(request), logged.volume(request)
            if cost is not None and volume is not None:
                month = cost.usd_per_1000_requests.expected * volume.requests_per_month / _THOUSAND
                estimates.append((cost.price.model, month, volume.source == "assumed"))
        return replace(logged, bill=bill.factors(estimates))

    def site(self, request: Request) -> SiteLog | None:
        """What the usage log says of a request, if it has billed records of it."""
        found = self.log.of(request) if self.log is not None else None
        return found if found is not None and found.billed else None

    @property
    def as_of(self) -> str:
        """The day of the prices, ISO."""
        return self.table.as_of.isoformat()

    @cached_property
    def ladder(self) -> Ladder:
        """Which model may replace which; read when first asked for."""
        return Ladder.load(self.table.snapshot.rungs)

    def price(self, request: Request) -> Price | None:
        """The price of a request's model; None when the model or its price is not known.

        Where the code does not show the model, the one that the usage log saw most counts.
        """
        if not isinstance(request.model, Known) or not request.model.value:
            site = self.site(request)
            return site.price if site is not None else None
        return self.table.find(str(request.model.value), "local" if request.local else request.provider)

    def volume(self, request: Request) -> Volume | None:
        """Requests a month of a call site: logged, configured or assumed; None where guessing is idle."""
        site = self.site(request)
        if site is not None and site.days:
            return Volume(site.per_month, "log")
        volume = self.volumes.of(request)
        if volume is None or volume.source != "assumed" or not self.bill:
            return volume
        price = self.price(request)
        factor = self.bill.get(price.model, Decimal(1)) if price is not None else Decimal(1)
        return Volume(volume.requests_per_month * factor, "assumed")

    def cost(self, request: Request) -> RequestCost | None:
        """What 1,000 requests cost; None when the model is not known or not billed by text tokens."""
        price = self.price(request)
        if price is None or request.kind not in PRICED_KINDS:
            return None
        load = self._workload(request, price)
        tokens = load.for_model(price, request)
        site = self.site(request)
        logged = site.cost if site is not None else None
        usd = each(_per_thousand(price, load), tokens.input, tokens.output)
        if site is not None and logged is not None:
            usd = site.around(logged * _THOUSAND / site.billed)
        return RequestCost(
            usd,
            tokens.input,
            tokens.output,
            price,
            price_words(price, request, self.as_of),
            load.because,
        )

    # ------------------------------------------------------------------ savings

    def share_saving(
        self, request: Request, share: Estimate, because: str, meaning: str = "share saved", symbol: str = "s"
    ) -> Saving:
        """The saving of a fix that removes a share (0 to 1) of a call site's cost.

        ``because`` is the assumption behind the share; ``meaning`` and ``symbol`` name it in the formula.
        """
        cost = self.cost(request)
        usd = multiply(share, cost.usd_per_1000_requests) if cost is not None else None
        symbols = (Symbol(symbol, meaning, share, because),)
        return self._saving(
            request, scale(share, _HUNDRED), usd, (because,), cost, None, f"C·{symbol}", symbols
        )

    def repeated_share(self, request: Request) -> Estimate:
        """The share of requests with constant input that a cache answers.

        All but one for each time to live, at the site's volume; where that is not known, at the reference
        volume.
        """
        volume = self.volume(request)
        requests = volume.requests_per_month if volume is not None else REFERENCE["medium"]
        if requests <= 1:
            return NOTHING
        expected = max(1 - _DAYS * DAY / self.ttl / requests, Decimal(0))
        return Estimate(min(_LOWEST_REPEAT, expected), expected, 1 - 1 / requests)

    def cache_saving(self, request: Request, share: Estimate, reason: str) -> Saving:
        """What answering ``share`` of the requests from a cache saves; ``reason`` says why they repeat."""
        site = self.site(request)
        forecast = site.forecast(self.ttl) if site is not None else None
        if forecast is not None:
            share, basis = forecast
            reason = f"equal requests within {duration_words(self.ttl)}, from {basis}"
        because = f"a cache answers {share_words(share)} of the requests: {reason}"
        return self.share_saving(request, share, because, "share of the requests that a cache answers", "h")

    def batch_saving(self, request: Request, offline: bool) -> Saving:
        """What an offline job saves by the provider's Batch API; exactly $0 when that cannot be."""
        if not offline:
            return self.zero(request, "somebody waits for the answers, so no Batch API: the gain is time")
        price = self.price(request)
        if price is None:
            note = "the model is not known, so neither is its batch discount"
            return self._saving(request, None, None, (), None, note)
        cost = self.cost(request)
        if price.batch is None or cost is None:
            note = f"no batch price is known for {price.model} at {price.provider}: the gain is time"
            return self.zero(request, note)
        load = self._workload(request, price)
        tokens = (cost.input_tokens, cost.output_tokens)
        paid, full = (each(_per_thousand(price, load, batch), *tokens) for batch in (True, False))
        kept = each(lambda b, c: 1 - b / c if c else Decimal(0), paid, full)
        because = (
            f"{share_words(_BATCHABLE)} of the requests of an offline job can wait up to a day for a batch"
        )
        share = ordered(multiply(_BATCHABLE, kept))
        meaning = (
            f"share that can wait ({share_words(_BATCHABLE)}) times the batch discount ({share_words(kept)})"
        )
        return self.share_saving(request, share, because, meaning, "f·(1-d)")

    def downgrade_saving(self, request: Request, strong: bool) -> tuple[Saving, str] | None:
        """What a cheaper model of the same provider saves, and its name as the code would write it.

        ``strong`` evidence that the task is simple allows the smallest model, otherwise one step down. None
        when the model is unknown or small already, or no model supports what the request uses at 0.7 of the
        cost or less.
        """
        cost = self.cost(request)
        if cost is None or cost.price.local:
            return None
        rung = self.ladder.rung(cost.price, self.table)
        if rung is None or rung.tier == "small":
            return None
        load = self._workload(request, cost.price)
        needs = needs_of(request, int(cost.input_tokens.high))
        expected = _expected_cost(load, request)
        step: Literal["simple", "down"] = "simple" if strong else "down"
        target = next(self.ladder.targets(cost.price, step, self.table, needs, expected), None)
        if target is None:
            return None
        share = _MOVABLE_STRONG if strong else _MOVABLE
        after = _after(load, request, cost.price, target)
        kept = each(lambda c, a: max(c - a, Decimal(0)), cost.usd_per_1000_requests, after)
        usd = ordered(multiply(share, kept))
        symbols = (
            Symbol("f", f"share of the requests that {target.model} takes over", share, signal_words(strong)),
            Symbol("C'", f"USD of 1,000 requests with {target.model}", after, f"list prices of {self.as_of}"),
        )
        portion = each(lambda u, c: _HUNDRED * u / c if c else u, usd, cost.usd_per_1000_requests)
        because = tuple(downgrade_words(share, strong, cost.price, target, needs))
        name = target.prefix + target.model.removeprefix("regional.")
        saving = self._saving(request, ordered(portion), usd, because, cost, None, "f·(C - C')", symbols)
        return saving, name

    def zero(self, request: Request | None, note: str) -> Saving:
        """A waste that is not money: exactly $0, and a note on what it is instead."""
        volume = self.volume(request) if request is not None else None
        site = self.site(request) if request is not None else None
        measured = words(site) if site is not None else None
        return Saving(NOTHING, NOTHING, NOTHING, volume, "E0", (), note, measured, "0")

    # ------------------------------------------------------------------ parts

    def _workload(self, request: Request, price: Price) -> Workload:
        site = self.site(request)
        if site is not None:
            return workload_of(site, request, price)
        return workload(request, (start for start, _ in price.rates.input.tiers))

    def _saving(
        self,
        request: Request,
        portion: Estimate | None,
        usd: Estimate | None,
        because: tuple[str, ...],
        cost: RequestCost | None,
        note: str | None = None,
        formula: str = "",
        symbols: tuple[Symbol, ...] = (),
    ) -> Saving:
        volume = self.volume(request)
        month = None
        if usd is not None and volume is not None:
            month = scale(usd, volume.requests_per_month / _THOUSAND)
        known = cost.assumptions if cost is not None else (unpriced_words(request),)
        site = self.site(request)
        said = self._volume_words(volume, request)
        assumptions = (*because, *known, said)
        if cost is not None and formula:
            symbols = (*symbols, *cost_symbols(cost, volume, said))
        return Saving(
            portion,
            usd,
            month,
            volume,
            _evidence(site, volume),
            assumptions,
            note,
            words(site) if site is not None else None,
            formula,
            symbols,
        )

    def _volume_words(self, volume: Volume | None, request: Request) -> str:
        price = self.price(request) if self.bill else None
        return volume_words(volume, request, self.bill.get(price.model) if price is not None else None)


def needs_of(request: Request, input_tokens: int = 0) -> Needs:
    """What a request uses that another model would have to support."""

    def used(role: str) -> bool:
        return not isinstance(request.parameter(role), Absent)

    return Needs(
        tools=used("tools"),
        schema=used("response_format"),
        vision="images" in request.task_vetoes,
        sampling=used("temperature") or used("top_p"),
        input_tokens=input_tokens,
    )


def _per_thousand(price: Price, load: Workload, batch: bool = False) -> Callable[[Decimal, Decimal], Decimal]:
    """USD of 1,000 requests with so many input and output tokens each."""

    def cost(incoming: Decimal, outgoing: Decimal) -> Decimal:
        cached, written = incoming * load.cached, incoming * load.written
        return price.cost(incoming, outgoing, cached, written, batch) * _THOUSAND

    return cost


def _evidence(site: SiteLog | None, volume: Volume | None) -> Literal["E0", "E1", "E2", "E3"]:
    if site is not None:
        return evidence(site)
    return "E1" if volume is not None and volume.source == "configured" else "E0"


def _expected_cost(load: Workload, request: Request) -> Callable[[Price], Decimal]:
    def cost(price: Price) -> Decimal:
        tokens = load.for_model(price, request)
        return _per_thousand(price, load)(tokens.input.expected, tokens.output.expected)

    return cost


def _after(load: Workload, request: Request, price: Price, target: Price) -> Estimate:
    """USD per 1,000 requests with the target: LOW has its worst tokenizer and thinking, HIGH its best.

    Both models read the same text, so only the ratio of their tokenizers counts, not each one's own spread.
    """
    own, other = vendor_ratio(price.model), vendor_ratio(target.model)
    ratios = sorted(levels(each(lambda o, t: t / o, own, other)))
    expected = other.expected / own.expected
    tokenizer = Estimate(max(ratios[-1], expected), expected, min(ratios[0], expected))
    text = multiply(load.ratio(price), tokenizer)
    thinking = load.thinking(target, request)
    inputs = multiply(load.input, text)
    outputs = multiply(multiply(load.output, text), Estimate(thinking.high, thinking.expected, thinking.low))
    return each(_per_thousand(target, load), inputs, capped(outputs, request))
