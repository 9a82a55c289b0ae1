"""What a token costs: a compiled snapshot, and the user's own prices.

Prices are USD per million tokens on the snapshot's day; nothing here reads the clock or the network.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from llm_lint.errors import LlmLintError
from llm_lint.pricing import models
from llm_lint.pricing.snapshot import Snapshot, shipped

_MILLION = Decimal(1_000_000)
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Rate:
    """USD per million tokens; a tier holds for the whole request once its input exceeds the threshold."""

    base: Decimal
    tiers: tuple[tuple[int, Decimal], ...] = ()

    def at(self, input_tokens: Decimal | int) -> Decimal:
        """The rate of a request with so many input tokens."""
        reached = [price for start, price in self.tiers if input_tokens > start]
        return reached[-1] if reached else self.base

    def times(self, factor: Decimal) -> Rate:
        """The rate, scaled: a negotiated discount."""
        return Rate(self.base * factor, tuple((start, price * factor) for start, price in self.tiers))


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates of one way to send requests; None where the provider has no such price."""

    input: Rate
    output: Rate
    cached: Rate | None = None
    write: Rate | None = None
    write_1h: Rate | None = None

    def times(self, factor: Decimal) -> Rates:
        """All rates, scaled."""
        return Rates(
            self.input.times(factor),
            self.output.times(factor),
            *(
                rate.times(factor) if rate is not None else None
                for rate in (self.cached, self.write, self.write_1h)
            ),
        )


@dataclass(frozen=True, slots=True)
class Price:
    """One model at one provider.

    ``can`` holds ``tools``, ``schema``, ``vision``, ``reasoning`` where a source says so; ``sampling`` says
    whether temperature and top_p are accepted (``effort-none``: only with reasoning switched off);
    ``thinks`` that reasoning tokens are always spent. ``retires`` is the last day of service. ``assumed``
    says why this price may not be the billed one, None when it is exact; ``own`` that the user set it.
    ``prefix`` is the route in front of the model in the code.
    """

    model: str
    provider: str
    rates: Rates
    batch: Rates | None = None
    request: Decimal = _ZERO
    window: int | None = None
    max_output: int | None = None
    cache_minimum: int | None = None
    can: frozenset[str] = frozenset()
    sampling: Literal["yes", "no", "effort-none"] = "yes"
    thinks: bool = False
    deprecated: bool = False
    retires: date | None = None
    local: bool = False
    assumed: str | None = None
    prefix: str = ""
    note: str | None = None
    own: bool = False

    @property
    def approximate(self) -> bool:
        """Whether something had to be assumed to find this price."""
        return self.assumed is not None

    @property
    def batch_discount(self) -> Decimal | None:
        """The share that the Batch API takes off an uncached input token; None without a batch price."""
        if self.batch is None or not self.rates.input.base:
            return None
        return 1 - self.batch.input.base / self.rates.input.base

    def cost(
        self,
        input_tokens: Decimal | int,
        output_tokens: Decimal | int,
        cached: Decimal | int = 0,
        cache_write: Decimal | int = 0,
        batch: bool = False,
        cache_write_1h: Decimal | int = 0,
    ) -> Decimal:
        """USD of one request, exactly.

        ``input_tokens`` is the whole input, including the cached and written tokens. Raises ValueError for
        a batch where the provider has no batch price, and for more cached than input tokens.
        """
        rates = self.batch if batch else self.rates
        if rates is None:
            raise ValueError(f"{self.provider} has no batch price for {self.model}")
        fresh = input_tokens - cached - cache_write - cache_write_1h
        if fresh < 0:
            raise ValueError("more cached and written tokens than input tokens")
        parts = (
            (rates.input, fresh),
            (rates.cached or rates.input, cached),
            (rates.write or rates.input, cache_write),
            (rates.write_1h or rates.write or rates.input, cache_write_1h),
            (rates.output, output_tokens),
        )
        return (
            sum((rate.at(input_tokens) * tokens for rate, tokens in parts), _ZERO) / _MILLION + self.request
        )


_CLOUDS = frozenset({"aws", "azure", "google"})
_FREE = Rates(Rate(_ZERO), Rate(_ZERO))
_CAN = {"t": "tools", "s": "schema", "v": "vision", "r": "reasoning"}
RATE_KEYS = ("in", "out", "read", "write", "write1h")


@dataclass(frozen=True)
class _Shelf:
    """The rows of one provider, found by exact name, then by rule in the source's order."""

    rows: Sequence[Mapping[str, Any]]

    @cached_property
    def by_name(self) -> dict[str, Mapping[str, Any]]:
        found: dict[str, Mapping[str, Any]] = {}
        for row in self.rows:
            for name in (row["id"], *row.get("names", ())):
                found.setdefault(name.lower(), row)
        return found

    @cached_property
    def by_rule(self) -> list[tuple[list[Any], Mapping[str, Any]]]:
        return [(rule, row) for row in self.rows for rule in row.get("rules", ())]

    def find(self, name: str) -> Mapping[str, Any] | None:
        exact = self.by_name.get(name)
        if exact is not None:
            return exact
        return next((row for rule, row in self.by_rule if _matches(rule, name)), None)


def _matches(rule: list[Any], name: str) -> bool:
    kind, *rest = rule
    match kind:
        case "starts":
            return name.startswith(str(rest[0]))
        case "ends":
            return name.endswith(str(rest[0]))
        case "has":
            return str(rest[0]) in name
        case "regex":
            return re.search(str(rest[0]), name) is not None
        case _:  # "and"
            return all(_matches(part, name) for part in rest)


@dataclass(frozen=True)
class PriceTable:
    """All known prices of one day.

    ``aliases`` maps names in code to models (``{"my-deployment": "gpt-4o"}``), ``prices`` holds the user's
    own under the keys of ``OWN_PRICES`` (USD per million tokens, or per request; ``batch-discount`` is a
    share), ``discount`` is the share taken off every list price. ``snapshot`` is what the rest came from.
    """

    as_of: date
    sources: tuple[str, ...]
    shelves: Mapping[str, _Shelf]
    snapshot: Snapshot
    aliases: Mapping[str, str] = field(default_factory=dict)
    prices: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)
    discount: Decimal = _ZERO
    _found: dict[tuple[str, str | None], Price | None] = field(
        default_factory=dict, repr=False, compare=False
    )

    @classmethod
    def load(
        cls,
        aliases: Mapping[str, str] | None = None,
        prices: Mapping[str, Mapping[str, Decimal]] | None = None,
        discount: Decimal | None = None,
        snapshot: Snapshot | None = None,
    ) -> PriceTable:
        """The prices of a snapshot, by default the one that ships with the package."""
        used = snapshot or shipped()
        return cls(
            used.as_of,
            used.sources,
            {provider: _Shelf(rows) for provider, rows in used.providers.items()},
            used,
            aliases or {},
            prices or {},
            discount or _ZERO,
        )

    def find(self, model: str, provider: str | None = None) -> Price | None:
        """The price of a model as code writes it; ``provider`` is who the call shows to bill it.

        None when the model is not known: deployments, ambiguous names, misspellings.
        """
        key = (model, provider)
        if key not in self._found:
            self._found[key] = self._find(model, provider)
        return self._found[key]

    def _find(self, model: str, provider: str | None) -> Price | None:
        alias = self.aliases.get(model, model)
        listed = self._listed(alias, model, provider)
        if listed is not None and self.discount:
            batch = listed.batch.times(1 - self.discount) if listed.batch is not None else None
            listed = replace(listed, rates=listed.rates.times(1 - self.discount), batch=batch)
        own = self.prices.get(model) or self.prices.get(alias)
        return listed if own is None else _own_price(alias, provider, listed, own)

    def _listed(self, alias: str, model: str, provider: str | None) -> Price | None:
        """What the snapshot says, before discounts and the user's own prices."""
        route = models.resolve(alias, provider)
        if route.local:
            return Price(alias, "local", _FREE, local=True)
        found = self._look_up(route)
        if found is None and (alias != model or route.provider == "openai"):
            # Somebody else's model behind an OpenAI-compatible client, or behind an alias.
            route = models.resolve(alias, "unknown")
            found = self._look_up(route)
        return replace(found, prefix=route.prefix) if found is not None else None

    def names(self, provider: str) -> Iterator[str]:
        """Every id that a provider's rows carry."""
        for row in self.shelves[provider].rows if provider in self.shelves else ():
            yield str(row["id"])

    def _look_up(self, route: models.Route) -> Price | None:
        """The provider's own price, else for a cloud its maker's; exact spellings before loose ones."""
        if route.provider is None:
            return None
        if route.provider == "openrouter" and route.exact[0].rsplit(":", 1)[-1] == "free":
            return Price(route.exact[0], route.provider, _FREE)
        maker = models.owner(models.bare(route.exact[0])) if route.provider in _CLOUDS else None
        for names, is_loose in ((route.exact, False), (route.loose, True)):
            own = self._on_shelf(route.provider, names)
            if own is not None:
                near = f"priced as {own[1]['id']}, the nearest known name" if is_loose else None
                priced_itself = own[0].startswith("ft:")
                return priced(own[1], route.provider, own[0], near if priced_itself else route.reason or near)
            made = self._on_shelf(maker, names)
            if made is not None:
                copied = route.reason or f"priced as its maker, {maker}, prices it"
                # The maker's batch API and retirement dates are not the cloud's.
                return replace(priced(made[1], route.provider, made[0], copied), batch=None, retires=None)
        return None

    def _on_shelf(self, provider: str | None, names: Iterable[str]) -> tuple[str, Mapping[str, Any]] | None:
        shelf = self.shelves.get(provider or "")
        if shelf is None:
            return None
        return next(((name, row) for name in names if (row := shelf.find(name)) is not None), None)


def priced(
    row: Mapping[str, Any], provider: str, name: str | None = None, assumed: str | None = None
) -> Price:
    """The price that a snapshot's row holds; ``name`` is the spelling it was found by."""
    batch = {**{key: row[key] for key in RATE_KEYS if key in row}, **row["batch"]} if "batch" in row else None
    retires = row.get("retires", {})
    day = retires.get(name or row["id"]) or retires.get(row["id"])
    return Price(
        model=row["id"],
        provider=provider,
        rates=_rates(row),
        batch=_rates(batch) if batch is not None else None,
        request=Decimal(row.get("request", "0")) / 1000,
        window=row.get("window"),
        max_output=row.get("max_out"),
        cache_minimum=row.get("cache_min"),
        can=frozenset(_CAN[letter] for letter in row.get("can", "")),
        sampling=row.get("sampling", "yes"),
        thinks=row.get("thinks", False),
        deprecated=row.get("deprecated", False),
        retires=date.fromisoformat(day) if day else None,
        assumed=assumed,
        note=row.get("note"),
    )


def _rates(row: Mapping[str, Any]) -> Rates:
    first, second, *rest = (_rate(row.get(key)) for key in RATE_KEYS)
    return Rates(first or Rate(_ZERO), second or Rate(_ZERO), *rest)


def _rate(value: Any) -> Rate | None:
    if value is None:
        return None
    if isinstance(value, str):
        return Rate(Decimal(value))
    return Rate(Decimal(value[0]), tuple((start, Decimal(price)) for start, price in value[1:]))


# The keys of a price in the settings: USD per million tokens, USD per request, and a share.
OWN_PRICES = (
    "input", "output", "cached", "cache-write", "cache-write-1h", "batch-input", "batch-output", "request",
    "batch-discount",
)  # fmt: skip


def _own_price(model: str, provider: str | None, listed: Price | None, own: Mapping[str, Decimal]) -> Price:
    """The user's price; what it leaves out keeps the ratio that it has to the list price.

    Raises LlmLintError where neither the settings nor the snapshot tell what input costs.
    """
    if listed is None and "input" not in own:
        raise LlmLintError(
            f"`models.prices.{model}` has no `input`, and the price table does not know {model}",
            "give `input` and `output` in USD per million tokens, or an alias of a known model",
        )
    known = listed or Price(model, provider or "configured", _FREE)
    rates = _own_rates(known.rates, own, "input", "output")
    discount = own.get("batch-discount")
    batch = rates.times(1 - discount) if discount else None
    if discount is None and (known.batch is not None or "batch-input" in own):
        scaled = known.batch or rates
        batch = _own_rates(_in_proportion(scaled, known.rates, rates), own, "batch-input", "batch-output")
    request = own.get("request", known.request)
    return replace(known, rates=rates, batch=batch, request=request, own=True, assumed=None, note=None)


def _own_rates(listed: Rates, own: Mapping[str, Decimal], input_key: str, output_key: str) -> Rates:
    incoming = Rate(own[input_key]) if input_key in own else listed.input
    factor = _ratio(incoming, listed.input)

    def kept(key: str, rate: Rate | None) -> Rate | None:
        if key in own and input_key == "input":
            return Rate(own[key])
        return rate if rate is None or factor == 1 else Rate(rate.base * factor)

    return Rates(
        incoming,
        Rate(own[output_key]) if output_key in own else listed.output,
        kept("cached", listed.cached),
        kept("cache-write", listed.write),
        kept("cache-write-1h", listed.write_1h),
    )


def _in_proportion(batch: Rates, listed: Rates, own: Rates) -> Rates:
    """Listed batch rates, moved as much as the user's own rates differ from the listed ones."""
    incoming, outgoing = _ratio(own.input, listed.input), _ratio(own.output, listed.output)
    return replace(batch.times(incoming), output=batch.output.times(outgoing))


def _ratio(own: Rate, listed: Rate) -> Decimal:
    return own.base / listed.base if listed.base else Decimal(1)
