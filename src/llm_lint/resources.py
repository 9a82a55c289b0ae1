"""Where the knowledge under ``rules/`` lies, in a wheel and in an editable install."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def rules_directory() -> Path:
    """The folder with rule documents, provider tables and prices.

    A wheel carries it as ``llm_lint/_rules``; in a checkout it stands beside ``src``.
    """
    packaged = _PACKAGE / "_rules"
    return packaged if packaged.is_dir() else _PACKAGE.parent.parent / "rules"
