"""Which cheaper model of the same provider may stand in for another one.

Families are ranked by hand (``rules/prices/families.toml``); members, their age, prices, abilities and
retirement come from the price table. Nobody can say from outside that a task is simple enough: the ladder
only says what to try.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import Literal

from llm_lint.pricing import models
from llm_lint.pricing.prices import Price, PriceTable
from llm_lint.pricing.snapshot import Groups, shipped

Step = Literal["newer", "down", "simple"]
WORTH = Decimal("0.7")  # a stand-in costs at most this share, else the change is not worth its risk
NOTICE = timedelta(days=90)  # a model that retires sooner is no target


@dataclass(frozen=True, slots=True)
class Rung:
    """A model's place: ``rank`` orders the families of a maker, ``tier`` says what may be called expensive.

    ``order`` is the version, or the preference where names carry none; higher is newer. ``proposed`` is
    False for previews, moving aliases and models that are not sold any more.
    """

    maker: str
    model: str
    family: str
    kind: str
    rank: int
    tier: Literal["top", "middle", "small"]
    order: tuple[int, ...]
    proposed: bool


@dataclass(frozen=True, slots=True)
class Needs:
    """What a request uses and a stand-in must therefore offer."""

    tools: bool = False
    schema: bool = False
    vision: bool = False
    sampling: bool = False
    input_tokens: int = 0

    def met_by(self, price: Price) -> bool:
        """Whether a model supports all of it; an ability that no source confirms counts as missing."""
        wanted = {name for name in ("tools", "schema", "vision") if getattr(self, name)}
        fits = price.window is None or self.input_tokens <= price.window
        return fits and wanted <= price.can and not (self.sampling and price.sampling == "no")


@dataclass(frozen=True)
class Ladder:
    """All rungs, by maker."""

    rungs: Mapping[str, tuple[Rung, ...]] = field(default_factory=dict)

    @classmethod
    def load(cls, rungs: Groups | None = None) -> Ladder:
        """The ladder of a snapshot, by default of the one that ships with the package."""
        return cls(
            {
                maker: tuple(Rung(maker, **{**row, "order": tuple(row["order"])}) for row in rows)
                for maker, rows in (rungs or shipped().rungs).items()
            }
        )

    def rung(self, price: Price, table: PriceTable) -> Rung | None:
        """The place of a priced model, also where another provider resells it; None for unranked models."""
        maker = price.provider if price.provider in self.rungs else None
        found = self._of(maker, price.model)
        if found is not None:
            return found
        name = models.bare(price.model)
        maker = models.owner(name)
        original = table.find(name, maker) if maker is not None else None
        return self._of(maker, original.model) if original is not None else None

    def _of(self, maker: str | None, model: str) -> Rung | None:
        return next((rung for rung in self.rungs.get(maker or "", ()) if rung.model == model), None)

    def _members(self, here: Rung, rank: int) -> Iterator[Rung]:
        """What may be proposed from a rank; in the own rank only what is newer."""
        for rung in self.rungs[here.maker]:
            is_member = rung.kind == here.kind and rung.rank == rank and rung.proposed
            if is_member and (rank != here.rank or rung.order > here.order):
                yield rung

    def targets(
        self, price: Price, step: Step, table: PriceTable, needs: Needs, cost: Callable[[Price], Decimal]
    ) -> Iterator[Price]:
        """Stand-ins at the same provider, best first: supported, not retiring, at most 0.7 of the cost.

        ``cost`` prices the request at hand with a model. ``newer`` stays in the rank, ``down`` takes the
        next lower rank that has a candidate, ``simple`` the lowest.
        """
        here = self.rung(price, table)
        if here is None:
            return
        limit = cost(price) * WORTH
        for rank in _ranks(here, self.rungs[here.maker], step):
            for rung in sorted(self._members(here, rank), key=lambda rung: rung.order, reverse=True):
                target = _resold(rung, price, table)
                if target is None or not needs.met_by(target):
                    continue
                if stays(target, table) and cost(target) <= limit:
                    yield target


def _ranks(here: Rung, rungs: tuple[Rung, ...], step: Step) -> list[int]:
    if step == "newer":
        return [here.rank]
    lower = sorted({rung.rank for rung in rungs if rung.kind == here.kind and rung.rank < here.rank})
    return lower if step == "simple" else lower[::-1]


def stays(price: Price, table: PriceTable) -> bool:
    """Whether a model is sold for longer than the notice that a change needs."""
    return not price.deprecated and (price.retires is None or price.retires - table.as_of > NOTICE)


def _resold(rung: Rung, price: Price, table: PriceTable) -> Price | None:
    """A ranked model as the provider of ``price`` sells it, named as code there would write it."""
    original = table.find(rung.model, rung.maker)
    if original is None or price.provider == rung.maker:
        found = original
    elif price.provider == "aws":
        found = _on_bedrock(rung, price, table)
    else:
        folder = price.model.rsplit("/", 1)[0] + "/" if "/" in price.model else ""
        found = table.find(folder + rung.model, price.provider)
        if found is not None and found.approximate and price.provider != "azure":
            return None
    if found is None or original is None:
        return None
    sampling = "no" if original.sampling == "no" else found.sampling
    thinks = found.thinks or original.thinks
    return replace(
        found, prefix=price.prefix, can=found.can or original.can, sampling=sampling, thinks=thinks
    )


def _on_bedrock(rung: Rung, price: Price, table: PriceTable) -> Price | None:
    """Bedrock ids carry region, vendor, date and version around the maker's name."""
    head = price.model.removeprefix("regional.")[: -len(models.bare(price.model))]
    wanted = re.compile(rf"^{re.escape(head + rung.model)}(-\d{{8}})?(-v\d+(:\d+)?)?$")
    name = next((name for name in table.names("aws") if wanted.match(name)), None)
    return table.find(name, "aws") if name is not None else None
