"""Shared by the pricing tests: the shipped tables, and no network at all."""

from __future__ import annotations

import socket
from typing import NoReturn

import pytest

from llm_lint.pricing import Pricing
from llm_lint.pricing.prices import PriceTable


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever prices or counts tokens must not open a connection or look up a host."""

    def refuse(*_arguments: object, **_options: object) -> NoReturn:
        raise AssertionError("the pricing layer opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)


@pytest.fixture(scope="session")
def table() -> PriceTable:
    """The price snapshot that ships with the package."""
    return PriceTable.load()


@pytest.fixture(scope="session")
def pricing() -> Pricing:
    """Prices with default settings."""
    return Pricing.load()
