"""Errors that reach the user: one message, one hint, exit code 2, no traceback."""

from __future__ import annotations


class LlmLintError(Exception):
    """Something the user can mend; ``hint`` says how."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class SkipFile(Exception):
    """A file that cannot be analysed; the message is the reason, in words for the user."""
