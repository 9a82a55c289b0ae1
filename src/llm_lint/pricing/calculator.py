"""What a workload costs with a model: the formula of a call site, with every symbol given.

    N · (1 − h) · a · [(1 − f) · c + f · c_batch]

N requests, h the share that a response cache answers, a billed attempts each, f the share sent through the
Batch API, c the cost of one request: fresh, cached and written input, visible and reasoning output. A
cascade splits the requests over several models.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from llm_lint.errors import LlmLintError
from llm_lint.pricing.prices import Price
from llm_lint.pricing.tokens import vendor_ratio

_ZERO, _ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True)
class Workload:
    """Tokens of one request and what becomes of the requests of a month; all shares are 0 to 1.

    ``prefix`` is the share of the input that a provider's prompt cache may hold, ``prefix_hits`` the share
    of requests that find it there (the others write it). ``cache_hit`` is answered by a response cache.
    """

    input: Decimal = Decimal(1000)
    output: Decimal = Decimal(300)
    reasoning: Decimal = _ZERO
    requests: Decimal = Decimal(10_000)
    attempts: Decimal = _ONE
    prefix: Decimal = _ZERO
    prefix_hits: Decimal = _ONE
    cache_hit: Decimal = _ZERO
    batch: Decimal = _ZERO

    def in_tokens_of(self, price: Price, written_in: Price) -> Workload:
        """The same text in another model's tokens."""
        ratio = vendor_ratio(price.model).expected / vendor_ratio(written_in.model).expected
        return replace(self, input=self.input * ratio, output=self.output * ratio)


@dataclass(frozen=True, slots=True)
class Route:
    """A model and the share of the requests that it answers."""

    price: Price
    share: Decimal
    load: Workload


@dataclass(frozen=True, slots=True)
class Stage:
    """USD a month after one more measure is taken."""

    measure: str
    usd_per_month: Decimal


def walk(price: Price, load: Workload, cascade: Sequence[Route] = ()) -> list[Stage]:
    """The month's cost from list price down, one stage for each measure that the workload takes.

    Raises LlmLintError for a cascade that answers more than everything, for a batch share where a
    provider has no batch price, and for a cached prefix where it has no price for cached input.
    """
    moved = sum((route.share for route in cascade), _ZERO)
    if moved > 1:
        raise LlmLintError(f"the cascade answers {moved} of the requests", "its shares add up to 1 at most")
    plain = replace(load, prefix=_ZERO, batch=_ZERO)
    sent = load.requests * load.attempts
    stages = [Stage("every request at list price", sent * _cost(price, plain))]
    if load.prefix:
        plain = replace(plain, prefix=load.prefix)
        stages.append(Stage("provider's prompt cache", sent * _cost(price, plain)))
    if load.cache_hit:
        sent *= 1 - load.cache_hit
        stages.append(Stage("response cache", sent * _cost(price, plain)))
    routes = [Route(price, 1 - moved, load), *cascade]
    if cascade:
        stages.append(Stage("cascade", sent * _mixed(routes, batch=_ZERO)))
    if load.batch:
        stages.append(Stage("Batch API", sent * _mixed(routes, load.batch)))
    return stages


def _mixed(routes: Sequence[Route], batch: Decimal) -> Decimal:
    """USD of the average request that is sent."""
    used = [route for route in routes if route.share]
    return sum((r.share * _cost(r.price, replace(r.load, batch=batch)) for r in used), _ZERO)


def _cost(price: Price, load: Workload) -> Decimal:
    """USD of one request, over those in and outside a batch."""
    prefix = load.input * load.prefix if can_cache(price, load) else _ZERO
    read = prefix * load.prefix_hits
    outgoing = load.output + load.reasoning
    single = price.cost(load.input, outgoing, read, prefix - read)
    if not load.batch or price.local:
        return single
    if price.batch is None:
        raise LlmLintError(
            f"no batch price is known for {price.model} at {price.provider}", "leave --batch-share out"
        )
    batched = price.cost(load.input, outgoing, read, prefix - read, batch=True)
    return (1 - load.batch) * single + load.batch * batched


def can_cache(price: Price, load: Workload) -> bool:
    """Whether the provider caches a prefix of that length."""
    long_enough = price.cache_minimum is None or load.input * load.prefix >= price.cache_minimum
    return bool(load.prefix) and price.rates.cached is not None and long_enough


def remarks(price: Price, load: Workload) -> list[str]:
    """What the figures for a model assume or leave out."""
    found = [said for said in (price.assumed, price.note) if said]
    if price.local:
        found.append("a local model: no API cost")
    if load.prefix and price.rates.cached is None and not price.local:
        found.append(f"{price.provider} has no price for cached input of {price.model}: billed as input")
    elif load.prefix and not can_cache(price, load):
        found.append(f"{price.model} caches prefixes of {price.cache_minimum} tokens or more only")
    if price.thinks and not load.reasoning:
        found.append(f"{price.model} always spends reasoning tokens: give --reasoning")
    if price.retires is not None:
        found.append(f"{price.model} retires on {price.retires}")
    return found
