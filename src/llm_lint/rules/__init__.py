"""The rules: one module each, found by being here.

A rule module creates ``rule = Rule(code, name, severity)`` and decorates one generator function with
what it looks at: ``@rule.on_request`` (every request), ``@rule.on_project`` (all requests at once),
``@rule.on_source`` (every file, also those without LLM code that the secrets prefilter picked) or
``@rule.on_ignore`` (every comment that silences findings, after the other rules ran).
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from llm_lint.fixes import Fixer, Repair
from llm_lint.model import (
    Confidence,
    Finding,
    Fix,
    Ignore,
    Inventory,
    Related,
    Request,
    Saving,
    Severity,
    Span,
)

if TYPE_CHECKING:
    from llm_lint.pricing import Pricing
    from llm_lint.syntax.source import SourceFile


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may ask beside its subject: the inventory, the prices, and the fixes it names."""

    inventory: Inventory
    pricing: Pricing
    fixes: Fixer = field(default_factory=Fixer)


Check = Callable[[Any, Context], Iterable[Finding]]


class Rule:
    """One rule: its identity, and the check that a decorator attaches."""

    def __init__(self, code: str, name: str, severity: Severity) -> None:
        self.code = code
        self.name = name
        self.severity = severity
        self.subject = ""
        self.check: Check = _no_check

    def on_request(self, check: Callable[[Request, Context], Iterator[Finding]]) -> Check:
        """Run ``check`` for each request."""
        return self._attach("request", check)

    def on_project(self, check: Callable[[Inventory, Context], Iterator[Finding]]) -> Check:
        """Run ``check`` once, with all requests."""
        return self._attach("project", check)

    def on_source(self, check: Callable[[SourceFile, Context], Iterator[Finding]]) -> Check:
        """Run ``check`` for each file that may hold a secret."""
        return self._attach("source", check)

    def on_ignore(self, check: Callable[[Ignore, Context], Iterator[Finding]]) -> Check:
        """Run ``check`` for each comment that silences findings."""
        return self._attach("ignore", check)

    def _attach(self, subject: str, check: Check) -> Check:
        self.subject, self.check = subject, check
        return check

    def finding(
        self,
        subject: Request | Span,
        message: str,
        *,
        confidence: Confidence,
        advice: str,
        saving: Saving | None = None,
        related: Iterable[Related] = (),
        identity: str = "",
        repair: Repair = None,
    ) -> Finding:
        """Build a finding of this rule at a request or at a span.

        ``repair`` is the fix, or the reason in words why there is none.

        ``identity`` tells findings of one rule in one file apart independently of line numbers; it
        defaults to the request's key and must never derive from a secret.
        """
        request = subject if isinstance(subject, Request) else None
        span = subject.span if isinstance(subject, Request) else subject
        return Finding(
            code=self.code,
            name=self.name,
            severity=self.severity,
            confidence=confidence,
            message=message,
            span=span,
            advice=advice,
            related=tuple(related),
            request=request.key if request else None,
            saving=saving,
            fix=repair if isinstance(repair, Fix) else None,
            fix_refused=repair if isinstance(repair, str) else None,
            statement=request.statement if request else span,
            identity=identity or (request.key if request else ""),
        )


def _no_check(_subject: Any, _context: Context) -> Iterable[Finding]:
    return ()


@lru_cache(maxsize=1)
def all_rules() -> tuple[Rule, ...]:
    """Every rule of the package, sorted by code."""
    modules = (
        importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)
    )
    rules = (module.rule for module in modules if hasattr(module, "rule"))
    return tuple(sorted(rules, key=lambda rule: rule.code))
