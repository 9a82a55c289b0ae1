"""What a run has to say, in each output format.

A format is a module of ``formats`` (for ``check``), ``inventories`` (for ``inventory``) or ``diffs`` (for
``diff``) with one function ``render(report, console) -> str``; being there is all the registration it needs.
"""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path
from typing import TYPE_CHECKING

from llm_lint.errors import LlmLintError

if TYPE_CHECKING:
    from llm_lint.model import Report
    from llm_lint.pricing.diff import Diff
    from llm_lint.report.console import Console

__all__ = [
    "diff_format_names",
    "format_names",
    "inventory_format_names",
    "render",
    "render_diff",
    "render_explanation",
    "render_inventory",
]

_HERE = Path(__file__).parent


def format_names() -> tuple[str, ...]:
    """The output formats of ``check``."""
    return _modules("formats")


def inventory_format_names() -> tuple[str, ...]:
    """The output formats of ``inventory``."""
    return _modules("inventories")


def render(name: str, report: Report, console: Console) -> str:
    """The report of ``check`` in the named format, free of secrets; raises LlmLintError for unknown names."""
    return _render("formats", name, report, console)


def render_inventory(name: str, report: Report, console: Console) -> str:
    """The report of ``inventory`` in the named format, free of secrets; raises as ``render`` does."""
    return _render("inventories", name, report, console)


def diff_format_names() -> tuple[str, ...]:
    """The output formats of ``diff``."""
    return _modules("diffs")


def render_diff(name: str, diff: Diff, console: Console) -> str:
    """What a change does to the bill, in the named format, free of secrets; raises as ``render`` does."""
    return _render("diffs", name, diff, console)


def render_explanation(key: str, name: str, report: Report, console: Console) -> str:
    """Everything known of one request, as ``table`` or ``json``; raises LlmLintError for unknown keys."""
    from llm_lint.report.dossier import explanation, explanation_json
    from llm_lint.report.redaction import without_secrets

    safe = without_secrets(report)
    return explanation_json(safe, key) if name == "json" else explanation(safe, key, console)


def _modules(package: str) -> tuple[str, ...]:
    return tuple(
        sorted(found.name.replace("_", "-") for found in pkgutil.iter_modules([str(_HERE / package)]))
    )


def _render(package: str, name: str, report: Report | Diff, console: Console) -> str:
    from llm_lint.report.redaction import without_secrets

    known = _modules(package)
    if name not in known:
        raise LlmLintError(f"unknown output format `{name}`", f"choose one of {', '.join(known)}")
    module = importlib.import_module(f"{__name__}.{package}.{name.replace('-', '_')}")
    text: str = module.render(without_secrets(report), console)
    return text
