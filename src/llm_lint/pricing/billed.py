"""A provider's bill by model, in USD a month: it scales what is assumed about call sites, nothing more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from llm_lint.pricing.format import count, usd
from llm_lint.pricing.measured import MONTH
from llm_lint.pricing.prices import PriceTable
from llm_lint.usage.bills import Bill, Line


@dataclass(frozen=True, slots=True)
class Billed:
    """USD and requests a month by the price table's model name; ``source`` says whose export it was."""

    usd_per_month: Mapping[str, Decimal]
    requests_per_month: Mapping[str, Decimal]
    days: int

    @classmethod
    def of(cls, bill: Bill, table: PriceTable) -> Billed:
        """Billed amounts where an export has them, else the tokens at the prices of this run."""
        scale = MONTH / bill.days if bill.days else Decimal(0)
        costs: dict[str, Decimal] = {}
        requests: dict[str, Decimal] = {}
        for line in bill.lines:
            price = table.find(line.model, line.provider)
            name = price.model if price is not None else line.model
            requests[name] = requests.get(name, Decimal(0)) + line.requests * scale
            if price is not None:
                costs[name] = costs.get(name, Decimal(0)) + _cost(line, table) * scale
        billed: dict[str, Decimal] = {}
        for (provider, model), amount in bill.usd.items():
            price = table.find(model, provider) if model else None
            if price is not None:
                billed[price.model] = billed.get(price.model, Decimal(0)) + amount * scale
        return cls({**costs, **billed}, requests, bill.days)

    def lines(self) -> Iterator[str]:
        """The bill in words, the most expensive model first."""
        for model, amount in sorted(self.usd_per_month.items(), key=lambda entry: -entry[1]):
            number = self.requests_per_month.get(model)
            asked = f", {count(number)} requests/month" if number else ""
            yield f"{model}: {usd(amount)}/month billed{asked} ({self.days} days)"

    def factors(self, estimates: Iterable[tuple[str, Decimal, bool]]) -> dict[str, Decimal]:
        """For each billed model what the assumed estimates must be multiplied by to add up to the bill.

        ``estimates`` are model, USD a month, and whether the volume is only assumed: what is known is
        taken off the bill first.
        """
        known: dict[str, Decimal] = {}
        assumed: dict[str, Decimal] = {}
        for model, amount, is_assumed in estimates:
            totals = assumed if is_assumed else known
            totals[model] = totals.get(model, Decimal(0)) + amount
        return {
            model: max(self.usd_per_month[model] - known.get(model, Decimal(0)), Decimal(0)) / total
            for model, total in assumed.items()
            if model in self.usd_per_month and total > 0
        }


def _cost(line: Line, table: PriceTable) -> Decimal:
    """One line at base prices: an export does not say how long single requests were."""
    price = table.find(line.model, line.provider)
    if price is None:
        return Decimal(0)
    rates = price.batch if line.batch and price.batch is not None else price.rates
    written = rates.write or rates.input
    parts = (
        (rates.input, line.input - line.cached - line.written - line.written_1h),
        (rates.cached or rates.input, line.cached),
        (written, line.written),
        (rates.write_1h or written, line.written_1h),
        (rates.output, line.output),
    )
    return sum((rate.base * tokens for rate, tokens in parts), Decimal(0)) / 1_000_000
