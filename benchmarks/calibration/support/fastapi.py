"""Stands in for the web framework: routes are plain functions, which the benchmark calls itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


class FastAPI:
    """An application whose routes stay as they are."""

    def get(self, path: str) -> Callable[[F], F]:
        """A route."""
        return lambda function: function

    post = get
