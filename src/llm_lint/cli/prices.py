"""What commands that show prices share: the table that the configuration asks for, and a word on its age."""

from __future__ import annotations

import os
from datetime import date, datetime, timezone
from typing import TYPE_CHECKING

from llm_lint.cli.output import complain

if TYPE_CHECKING:
    from llm_lint.model import Report
    from llm_lint.pricing.prices import PriceTable
    from llm_lint.project.config import Settings

STALE_DAYS = 90  # by then about one price in forty has changed, and new models are missing


def today() -> date:
    """The day, UTC; ``SOURCE_DATE_EPOCH`` fixes it for reproducible output."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return datetime.fromtimestamp(int(epoch), timezone.utc).date()
    return datetime.now(timezone.utc).date()


def price_table(settings: Settings) -> PriceTable:
    """The newest prices with the user's aliases, prices and discount; raises LlmLintError."""
    from llm_lint.pricing.prices import PriceTable
    from llm_lint.pricing.snapshot import current

    return PriceTable.load(settings.aliases, settings.prices, settings.discount, current())


def warn_of_age(as_of: str, color: str = "auto") -> None:
    """Say on standard error when prices are more than 90 days old; nothing for an empty date."""
    age = (today() - date.fromisoformat(as_of)).days if as_of else 0
    if age > STALE_DAYS:
        complain(
            f"the prices are {age} days old ({as_of}): update llm-cost-lint, or run `llm-lint prices update`",
            "warning",
            color,
        )


def warn_of(report: Report, color: str) -> None:
    """Say on standard error what a report leaves out, and what is odd about its prices and logs."""
    for text in report.warnings:
        complain(text, "warning", color)
    for skipped in report.skipped:
        complain(f"{skipped.filename}: not analysed: {skipped.reason}", "warning", color)
    warn_of_age(report.prices_as_of, color)
