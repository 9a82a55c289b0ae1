"""The last gate before anything is shown: no text of a report leaves with a secret in it."""

from __future__ import annotations

from functools import cache
from typing import TypeVar

from llm_lint.report.rewriting import rewritten

T = TypeVar("T")

# Identities and places must stay exact: tools compare them, and none is made from a secret.
_EXACT = frozenset(
    {
        *("fingerprint", "identity", "filename", "code", "name", "root"),
        *("key", "request", "requests", "function", "commit"),
    }
)
# Long texts of which little or nothing is shown: excerpts redact their lines, prompts are only measured.
_LONG = frozenset({"sources", "static_text"})


def redact(line: str) -> str:
    """A line of text with everything that looks like a provider's key masked."""
    if not line:
        return line
    from llm_lint.semantics.secrets import redact as mask

    return mask(line)


def without_secrets(report: T) -> T:
    """A report, or another result, with every text in it redacted that a format may show as it is."""
    kept = _EXACT | _LONG
    once = cache(redact)
    return rewritten(report, lambda field, text: text if field in kept else once(text))
