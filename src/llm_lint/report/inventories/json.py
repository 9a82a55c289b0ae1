"""The JSON contract of ``inventory``."""

from __future__ import annotations

from json import dumps

from llm_lint.model import Inventory, Report
from llm_lint.report import contract
from llm_lint.report.console import Console


def render(report: Report, console: Console) -> str:
    """One object with requests, gateways and skipped files."""
    inventory = report.inventory or Inventory((), (), ())
    document = {
        "version": 1,
        "prices_as_of": report.prices_as_of or None,
        "price_sources": list(report.price_sources),
        "requests": [
            contract.request(request, report.costs.get(request.key), report.measured.get(request.key))
            for request in inventory.requests
        ],
        "gateways": [contract.gateway(gateway) for gateway in inventory.gateways],
        "skipped": [contract.skipped(skipped) for skipped in report.skipped],
    }
    return dumps(document, indent=2) + "\n"
