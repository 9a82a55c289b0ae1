"""What a token costs: the compiled snapshot of ``rules/prices/prices.json`` and the user's own prices.

Prices are USD per million tokens on the snapshot's day; nothing here reads the clock or the network.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from llm_lint.pricing import models
from llm_lint.resources import rules_directory

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
    says why this price may not be the billed one, None when it is exact. ``prefix`` is the route in front
    of the model in the code.
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
_RATE_KEYS = ("in", "out", "read", "write", "write1h")


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
    own (USD per million tokens: ``input``, ``output``, ``cached``, and ``batch-discount`` as a share),
    ``discount`` is the share taken off every list price.
    """

    as_of: date
    sources: tuple[str, ...]
    shelves: Mapping[str, _Shelf]
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
    ) -> PriceTable:
        """Read the snapshot that ships with the package."""
        data = json.loads((rules_directory() / "prices" / "prices.json").read_text(encoding="utf-8"))
        return cls(
            date.fromisoformat(data["as_of"]),
            tuple(data["sources"]),
            {provider: _Shelf(rows) for provider, rows in data["providers"].items()},
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
        own = self.prices.get(model) or self.prices.get(alias)
        if own is not None:
            return _own_price(alias, provider or "configured", own)
        route = models.resolve(alias, provider)
        if route.local:
            return Price(alias, "local", _FREE, local=True)
        found = self._look_up(route)
        if found is None and (alias != model or route.provider == "openai"):
            # Somebody else's model behind an OpenAI-compatible client, or behind an alias.
            route = models.resolve(alias, "unknown")
            found = self._look_up(route)
        if found is None:
            return None
        batch = self._paid(found.batch) if found.batch is not None else None
        return replace(found, prefix=route.prefix, rates=self._paid(found.rates), batch=batch)

    def names(self, provider: str) -> Iterator[str]:
        """Every id that a provider's rows carry."""
        for row in self.shelves[provider].rows if provider in self.shelves else ():
            yield str(row["id"])

    def _paid(self, rates: Rates) -> Rates:
        return rates.times(1 - self.discount) if self.discount else rates

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
                return _price(own[1], route.provider, own[0], near if priced_itself else route.reason or near)
            made = self._on_shelf(maker, names)
            if made is not None:
                copied = route.reason or f"priced as its maker, {maker}, prices it"
                # The maker's batch API and retirement dates are not the cloud's.
                return replace(_price(made[1], route.provider, made[0], copied), batch=None, retires=None)
        return None

    def _on_shelf(self, provider: str | None, names: Iterable[str]) -> tuple[str, Mapping[str, Any]] | None:
        shelf = self.shelves.get(provider or "")
        if shelf is None:
            return None
        return next(((name, row) for name in names if (row := shelf.find(name)) is not None), None)


def _price(row: Mapping[str, Any], provider: str, name: str, assumed: str | None) -> Price:
    batch = (
        {**{key: row[key] for key in _RATE_KEYS if key in row}, **row["batch"]} if "batch" in row else None
    )
    retires = row.get("retires", {})
    day = retires.get(name) or retires.get(row["id"])
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
    first, second, *rest = (_rate(row.get(key)) for key in _RATE_KEYS)
    return Rates(first or Rate(_ZERO), second or Rate(_ZERO), *rest)


def _rate(value: Any) -> Rate | None:
    if value is None:
        return None
    if isinstance(value, str):
        return Rate(Decimal(value))
    return Rate(Decimal(value[0]), tuple((start, Decimal(price)) for start, price in value[1:]))


def _own_price(model: str, provider: str, own: Mapping[str, Decimal]) -> Price:
    cached = own.get("cached")
    rates = Rates(
        Rate(own.get("input", _ZERO)),
        Rate(own.get("output", _ZERO)),
        Rate(cached) if cached is not None else None,
    )
    discount = own.get("batch-discount")
    batch = rates.times(1 - discount) if discount else None
    return Price(model, provider, rates, batch)
