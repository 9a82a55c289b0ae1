"""The rule documents under ``rules/``: explanation, examples and test suite of one rule each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from llm_lint.resources import rules_directory

_FILE = re.compile(r"(LLM\d{3})-([a-z0-9-]+)\.md")


@dataclass(frozen=True, slots=True)
class Document:
    """One rule's page: its identity and its Markdown."""

    code: str
    name: str
    text: str

    @property
    def summary(self) -> str:
        """The first paragraph, in one line."""
        _, _, rest = self.text.partition("\n")
        return " ".join(rest.strip().partition("\n\n")[0].split())


def documents() -> tuple[Document, ...]:
    """All rule documents, by code."""
    return tuple(
        _read(path) for path in sorted(rules_directory().glob("LLM*.md")) if _FILE.fullmatch(path.name)
    )


def document_of(code: str) -> Document | None:
    """The document of one rule, by its code."""
    path = next(iter(rules_directory().glob(f"{code}-*.md")), None)
    return _read(path) if path is not None else None


@cache
def document_url(code: str) -> str | None:
    """Where a rule's page lies on this machine, as a ``file:`` URL; None where it cannot be told."""
    path = next(iter(rules_directory().glob(f"{code}-*.md")), None)
    return path.resolve().as_uri() if path is not None else None


def _read(path: Path) -> Document:
    match = _FILE.fullmatch(path.name)
    if match is None:
        raise ValueError(f"{path.name} is not named like a rule document")
    return Document(match[1], match[2], path.read_text(encoding="utf-8"))
