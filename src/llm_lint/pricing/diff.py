"""The result of ``diff``: the changes of a bill since a commit, and the limits they were judged by."""

from __future__ import annotations

from dataclasses import dataclass

from llm_lint.model import Base, Report
from llm_lint.pricing.changes import Changes
from llm_lint.pricing.guards import Guard


@dataclass(frozen=True, slots=True)
class Diff:
    """``report`` is that of the new code, with the day and the sources of the prices."""

    base: Base
    changes: Changes
    guards: tuple[Guard, ...]
    report: Report

    @property
    def is_broken(self) -> bool:
        """Whether any limit is exceeded."""
        return any(guard.broken for guard in self.guards)
