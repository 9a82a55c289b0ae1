"""What one request costs and what changing it would save: pure functions of the request, prices and volumes.

All amounts are LOW, EXPECTED and HIGH (P10, mean, P90). The unit is USD per 1,000 requests, which needs no
volume; a month's amount names its volume and who said so. What is not known stays None.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal, cast

from llm_lint.model import Absent, Estimate, Known, Request, Saving, Volume
from llm_lint.pricing.estimates import NOTHING, each, estimate, levels, multiply, ordered, scale
from llm_lint.pricing.format import count, percent
from llm_lint.pricing.ladder import Ladder, Needs
from llm_lint.pricing.prices import Price, PriceTable
from llm_lint.pricing.snapshot import current
from llm_lint.pricing.tokens import vendor_ratio
from llm_lint.pricing.volumes import REFERENCE, Profile, Volumes
from llm_lint.pricing.workload import PRICED_KINDS, Workload, capped, thinking_of, workload

_THOUSAND = Decimal(1000)
_HUNDRED = Decimal(100)

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
    assumptions: tuple[str, ...]


@dataclass(frozen=True)
class Pricing:
    """Prices, ladder and volumes of one run."""

    table: PriceTable
    volumes: Volumes

    @classmethod
    def load(
        cls,
        profile: str = "medium",
        volumes: tuple[tuple[str, Decimal], ...] = (),
        aliases: Mapping[str, str] | None = None,
        prices: Mapping[str, Mapping[str, Decimal]] | None = None,
        discount: Decimal | None = None,
    ) -> Pricing:
        """Read the newest prices and take the user's ``usage`` and ``models`` settings."""
        return cls(
            PriceTable.load(aliases, prices, discount, current()), Volumes(volumes, cast(Profile, profile))
        )

    @property
    def as_of(self) -> str:
        """The day of the prices, ISO."""
        return self.table.as_of.isoformat()

    @cached_property
    def ladder(self) -> Ladder:
        """Which model may replace which; read when first asked for."""
        return Ladder.load(self.table.snapshot.rungs)

    def price(self, request: Request) -> Price | None:
        """The price of a request's model; None when the model or its price is not known."""
        if not isinstance(request.model, Known) or not request.model.value:
            return None
        return self.table.find(str(request.model.value), "local" if request.local else request.provider)

    def volume(self, request: Request) -> Volume | None:
        """Requests a month of a call site, configured or assumed; None where a guess would be idle."""
        return self.volumes.of(request)

    def cost(self, request: Request) -> RequestCost | None:
        """What 1,000 requests cost; None when the model is not known or not billed by text tokens."""
        price = self.price(request)
        if price is None or request.kind not in PRICED_KINDS:
            return None
        load = self._workload(request, price)
        tokens = load.for_model(price, request)
        return RequestCost(
            each(_per_thousand(price), tokens.input, tokens.output),
            tokens.input,
            tokens.output,
            price,
            (*self._price_words(price, request), *load.because),
        )

    # ------------------------------------------------------------------ savings

    def share_saving(self, request: Request, share: Estimate, because: str) -> Saving:
        """The saving of a fix that removes a share (0 to 1) of a call site's cost."""
        cost = self.cost(request)
        usd = multiply(share, cost.usd_per_1000_requests) if cost is not None else None
        return self._saving(request, scale(share, _HUNDRED), usd, (because,), cost)

    def repeated_share(self, request: Request) -> Estimate:
        """The share of requests with constant input that a cache answers which forgets once a day.

        All but the first of each day at the site's volume; where that is not known, at the reference volume.
        """
        volume = self.volume(request)
        requests = volume.requests_per_month if volume is not None else REFERENCE["medium"]
        if requests <= 1:
            return NOTHING
        expected = max(1 - _DAYS / requests, Decimal(0))
        return Estimate(min(_LOWEST_REPEAT, expected), expected, 1 - 1 / requests)

    def cache_saving(self, request: Request, share: Estimate, reason: str) -> Saving:
        """What answering ``share`` of the requests from a cache saves; ``reason`` says why they repeat."""
        return self.share_saving(request, share, f"a cache answers {_share(share)} of the requests: {reason}")

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
        paid = each(_per_thousand(price, batch=True), cost.input_tokens, cost.output_tokens)
        kept = each(lambda b, c: 1 - b / c if c else Decimal(0), paid, cost.usd_per_1000_requests)
        because = f"{_share(_BATCHABLE)} of the requests of an offline job can wait up to a day for a batch"
        return self.share_saving(request, ordered(multiply(_BATCHABLE, kept)), because)

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
        portion = each(lambda u, c: _HUNDRED * u / c if c else u, usd, cost.usd_per_1000_requests)
        because = tuple(_downgrade_words(share, strong, cost.price, target, needs))
        name = target.prefix + target.model.removeprefix("regional.")
        return self._saving(request, ordered(portion), usd, because, cost), name

    def zero(self, request: Request | None, note: str) -> Saving:
        """A waste that is not money: exactly $0, and a note on what it is instead."""
        volume = self.volume(request) if request is not None else None
        return Saving(NOTHING, NOTHING, NOTHING, volume, "E0", (), note)

    # ------------------------------------------------------------------ parts

    def _workload(self, request: Request, price: Price) -> Workload:
        return workload(request, (start for start, _ in price.rates.input.tiers))

    def _saving(
        self,
        request: Request,
        portion: Estimate | None,
        usd: Estimate | None,
        because: tuple[str, ...],
        cost: RequestCost | None,
        note: str | None = None,
    ) -> Saving:
        volume = self.volume(request)
        month = None
        if usd is not None and volume is not None:
            month = scale(usd, volume.requests_per_month / _THOUSAND)
        known = cost.assumptions if cost is not None else (self._unpriced(request),)
        evidence: Literal["E0", "E1"] = "E1" if volume is not None and volume.source == "configured" else "E0"
        assumptions = (*because, *known, _volume_words(volume, request))
        return Saving(portion, usd, month, volume, evidence, assumptions, note)

    def _unpriced(self, request: Request) -> str:
        if request.kind not in PRICED_KINDS:
            return f"no price: the tokens of {request.kind} requests are not known"
        if isinstance(request.model, Known) and request.model.value:
            return f"no price: {request.model.value} is not in the price table; alias it to a model that is"
        return "no price: the code does not show the model"

    def _price_words(self, price: Price, request: Request) -> tuple[str, ...]:
        if price.local:
            return ("a local model: no API cost",)
        whose = "your own prices" if price.own else f"list prices of {self.as_of}"
        words = [f"{whose} for {price.model} at {price.provider}"]
        if isinstance(request.model, Known) and request.model.source in _SOURCE_WORDS:
            words.append(f"the model is {_SOURCE_WORDS[request.model.source]}, which may be overridden")
        words += [said for said in (price.assumed, price.note) if said]
        ratio = vendor_ratio(price.model)
        if ratio.expected != 1:
            words.append(
                f"{ratio.expected} ({ratio.low} to {ratio.high}) tokens of its own for each of OpenAI's"
            )
        if price.thinks:
            words.append("it always spends reasoning tokens: 1, 4 or 10 times the visible output")
        return tuple(words)


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


def _per_thousand(price: Price, batch: bool = False) -> Callable[[Decimal, Decimal], Decimal]:
    """USD of 1,000 requests with so many input and output tokens each."""
    return lambda incoming, outgoing: price.cost(incoming, outgoing, batch=batch) * _THOUSAND


def _expected_cost(load: Workload, request: Request) -> Callable[[Price], Decimal]:
    def cost(price: Price) -> Decimal:
        tokens = load.for_model(price, request)
        return price.cost(tokens.input.expected, tokens.output.expected)

    return cost


def _after(load: Workload, request: Request, price: Price, target: Price) -> Estimate:
    """USD per 1,000 requests with the target: LOW has its worst tokenizer and thinking, HIGH its best.

    Both models read the same text, so only the ratio of their tokenizers counts, not each one's own spread.
    """
    own, other = vendor_ratio(price.model), vendor_ratio(target.model)
    ratios = sorted(levels(each(lambda o, t: t / o, own, other)))
    expected = other.expected / own.expected
    tokenizer = Estimate(max(ratios[-1], expected), expected, min(ratios[0], expected))
    text = multiply(own, tokenizer)
    thinking = thinking_of(target, request)
    inputs = multiply(load.input, text)
    outputs = multiply(multiply(load.output, text), Estimate(thinking.high, thinking.expected, thinking.low))
    return each(_per_thousand(target), inputs, capped(outputs, request))


def _downgrade_words(share: Estimate, strong: bool, price: Price, target: Price, needs: Needs) -> list[str]:
    kind = "three signals or more" if strong else "two signals"
    words = [f"{target.model} can take {_share(share)} of the requests: {kind} of a simple task"]
    own, other = vendor_ratio(price.model).expected, vendor_ratio(target.model).expected
    if own != other:
        words.append(f"{target.model} makes {other / own:.2f} tokens of one of {price.model}")
    if target.thinks:
        words.append(f"{target.model} always spends reasoning tokens")
    if needs.sampling and target.sampling == "effort-none":
        words.append(f"{target.model} takes a temperature only with reasoning effort none")
    return words


def _volume_words(volume: Volume | None, request: Request) -> str:
    if volume is None:
        return f"no month: nobody can say how often a {request.excluded or request.entry_point} runs"
    number = count(volume.requests_per_month)
    if volume.source == "configured":
        return f"{number} requests a month, as configured"
    return f"{number} requests a month, assumed for {_ENTRY_WORDS.get(request.entry_point, 'code')}"


_SOURCE_WORDS = {
    "default": "a parameter's default",
    "env-default": "the default of an environment variable",
    "config": "read from a configuration file",
}
_ENTRY_WORDS = {
    "web": "a web endpoint",
    "bot": "a bot",
    "ui": "a user interface",
    "worker": "a worker",
    "cron": "a daily job",
    "cli": "a script",
    "library": "a library function",
}


def _share(share: Estimate) -> str:
    low, expected, high = (percent(level * _HUNDRED) for level in levels(share))
    return expected if low == high else f"{expected} ({low} to {high})"
