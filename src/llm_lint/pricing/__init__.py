"""Prices, token counts, volumes, and what a fix would save."""

from __future__ import annotations

from llm_lint.pricing.savings import Pricing, RequestCost

__all__ = ["Pricing", "RequestCost"]
