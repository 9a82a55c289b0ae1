"""The model selection matrix: what models cost, how they compare, and what may replace each.

Everything is compared at one mix of tokens, 1,000 in and 300 out; embeddings have no output.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from llm_lint.errors import LlmLintError
from llm_lint.pricing.ladder import Ladder, Needs, Rung, Step, stays
from llm_lint.pricing.prices import Price, PriceTable
from llm_lint.pricing.tokens import vendor_ratio

MIX = (1000, 300)
TIERS = ("top", "middle", "small")
# The work decides how far down a replacement may be; a newer model of the same rank suits any work.
_STEPS: dict[str, tuple[Step, ...]] = {
    "simple": ("simple", "newer"),
    "medium": ("down", "newer"),
    "complex": ("newer",),
}


@dataclass(frozen=True, slots=True)
class Replacement:
    """A model for the same work: ``ratio`` is its cost over the other's, token for token.

    ``tokens`` is how many tokens its tokenizer makes of one of the other's, ``thinks`` that it always
    spends reasoning tokens on top; both raise what is really paid.
    """

    model: str
    ratio: Decimal
    tokens: Decimal
    thinks: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One model of the matrix.

    ``usd_per_1000_requests`` is at the mix, ``ratio`` that over the cheapest current model of the same
    maker and kind; ``replacements`` are by work: simple, medium, complex, None where nothing is both
    fit and at most 0.7 of the cost.
    """

    name: str
    price: Price
    rung: Rung | None
    usd_per_1000_requests: Decimal
    ratio: Decimal | None
    replacements: dict[str, Replacement | None]


@dataclass(frozen=True)
class Matrix:
    """Builds entries from prices and ranks."""

    table: PriceTable
    ladder: Ladder

    @classmethod
    def of(cls, table: PriceTable) -> Matrix:
        """The matrix of a price table, with the ranks of the same snapshot."""
        return cls(table, Ladder.load(table.snapshot.rungs))

    def ranked(
        self, providers: Iterable[str] = (), tiers: Iterable[str] = (), outdated: bool = False
    ) -> Iterator[Entry]:
        """The ranked models by provider, kind and falling rank; ``outdated`` adds retired and moving names.

        Raises LlmLintError for a provider that has no ranked models.
        """
        wanted = [self.maker(provider) for provider in providers] or sorted(self.ladder.rungs)
        chosen = frozenset(tiers)
        for maker in dict.fromkeys(wanted):
            for rung in self.ladder.rungs[maker]:
                price = self.table.find(rung.model, maker)
                if price is None or (chosen and rung.tier not in chosen):
                    continue
                if outdated or (rung.proposed and not is_retired(price, self.table)):
                    yield self._entry(rung.model, price, rung)

    def named(self, model: str, provider: str | None = None) -> Entry:
        """A model as code writes it; raises LlmLintError for one that no price is known of."""
        price = self.table.find(model, provider)
        if price is None:
            raise LlmLintError(f"the price table does not know `{model}`", self._suggestion(model))
        return self._entry(model, price, self.ladder.rung(price, self.table))

    def maker(self, provider: str) -> str:
        """The table's name of a provider that has ranked models; raises LlmLintError."""
        from llm_lint.pricing.models import PROVIDERS

        name = PROVIDERS.get(provider.lower(), provider.lower())
        if name not in self.ladder.rungs:
            known = ", ".join(sorted(self.ladder.rungs))
            raise LlmLintError(f"no ranked models of `{provider}`", f"the providers are {known}")
        return name

    def _entry(self, name: str, price: Price, rung: Rung | None) -> Entry:
        cost = at_mix(price)
        least = self._least(rung) if rung is not None else None
        return Entry(
            name,
            price,
            rung,
            cost * 1000,
            cost / least if least else None,
            {work: self._replacement(price, steps) for work, steps in _STEPS.items()},
        )

    def _least(self, rung: Rung) -> Decimal | None:
        """The cost of the cheapest current model of the same maker and kind."""
        rungs = (r for r in self.ladder.rungs[rung.maker] if r.proposed and r.kind == rung.kind)
        found = (self.table.find(other.model, rung.maker) for other in rungs)
        current = (price for price in found if price is not None and stays(price, self.table))
        return min((at_mix(price) for price in current), default=None)

    def _replacement(self, price: Price, steps: tuple[Step, ...]) -> Replacement | None:
        targets = (self.ladder.targets(price, step, self.table, Needs(), at_mix) for step in steps)
        target = next((target for found in targets for target in found), None)
        if target is None:
            return None
        tokens = vendor_ratio(target.model).expected / vendor_ratio(price.model).expected
        return Replacement(
            target.prefix + target.model.removeprefix("regional."),
            at_mix(target) / at_mix(price),
            tokens,
            target.thinks,
        )

    def _suggestion(self, model: str) -> str:
        known = {name: None for maker in self.ladder.rungs for name in self.table.names(maker)}
        close = difflib.get_close_matches(model.lower(), known, 1)
        return (
            f"did you mean `{close[0]}`?"
            if close
            else "give it an alias or a price in [tool.llm-lint.models]"
        )


def is_retired(price: Price, table: PriceTable) -> bool:
    """Whether calls failed already on the day of the prices."""
    return price.retires is not None and price.retires < table.as_of


def at_mix(price: Price) -> Decimal:
    """USD of one request of the mix; an embedding model gives no tokens back."""
    return price.cost(*MIX)
