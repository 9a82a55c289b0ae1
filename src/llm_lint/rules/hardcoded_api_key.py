"""LLM801 hardcoded-api-key: see rules/LLM801-hardcoded-api-key.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from llm_lint.model import Confidence, Estimate, Finding, Saving, Severity
from llm_lint.rules import Context, Rule
from llm_lint.semantics.secrets import KeyMatch, find_keys
from llm_lint.syntax.source import SourceFile

rule = Rule("LLM801", "hardcoded-api-key", Severity.ERROR)

_NOTHING = Estimate(Decimal(0), Decimal(0), Decimal(0))
_RISK = Saving(
    percent=_NOTHING,
    usd_per_1000_requests=_NOTHING,
    usd_per_month=_NOTHING,
    volume=None,
    evidence="E0",
    note="risk, not waste: whoever can read the file or its history can spend on the account",
)
_VOWEL = re.compile(r"[AEIO]|(?:LLM|NVIDIA|xAI)\b")  # as spoken
_PLACES = {
    "code": "is written into the source",
    "comment": "is written into a comment",
    "text": "is written into a markdown cell",
    "output": "was printed into an output of this cell",
}


@rule.on_source
def check(source: SourceFile, context: Context) -> Iterator[Finding]:
    """Report every provider's key in a file; the key itself is in no part of a finding."""
    for match in find_keys(source):
        yield rule.finding(
            match.span,
            _message(match),
            confidence=match.confidence,
            advice=_advice(match),
            saving=_RISK,
            identity=f"{match.provider}:{match.name}",
            repair=context.fixes.read_from_environment(match),
        )


def _message(match: KeyMatch) -> str:
    article = "An" if _VOWEL.match(match.title) else "A"
    sure = match.confidence is Confidence.HIGH
    subject = f"{article} {match.title}" if sure else f"What is probably {article.lower()} {match.title}"
    held = f" as `{match.name}`" if match.name else ""
    return f"{subject} {_PLACES[match.place]}{held}"


def _advice(match: KeyMatch) -> str:
    if match.place == "output":
        return "rotate the key, clear the output, and do not print keys"
    return (
        f'rotate the key, then read it from `os.environ["{match.variable}"]`; '
        "keep the `.env` file that holds it out of git"
    )
