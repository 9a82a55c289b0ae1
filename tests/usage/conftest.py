"""Shared by the tests of usage logs."""

from __future__ import annotations

import pytest

from llm_lint.pricing.prices import PriceTable


@pytest.fixture(scope="session")
def table() -> PriceTable:
    """The price snapshot that ships with the package."""
    return PriceTable.load()
