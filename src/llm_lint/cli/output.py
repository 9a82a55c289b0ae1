"""Where texts go: standard output, standard error, files."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from llm_lint.cli.terminal import wants_color
from llm_lint.errors import LlmLintError
from llm_lint.project.files import replace_file
from llm_lint.report.console import Console, printable

_ASCII = str.maketrans({"–": "-", "…": "...", "·": "|", "→": "->", "•": "*", "─": "-"})
_STYLES = {"error": "red", "warning": "yellow", "hint": "cyan"}


def say(text: str, stream: TextIO | None = None) -> None:
    """Write to standard output (or ``stream``) in its encoding; a reader that went away is no error."""
    _write(sys.stdout if stream is None else stream, text)


def complain(text: str, label: str = "", color: str = "auto") -> None:
    """Write a line to standard error, after ``error:``, ``warning:`` or ``hint:``."""
    console = Console(wants_color(sys.stderr, color))
    head = console.paint(f"{label}:", _STYLES[label]) + " " if label else ""
    body = "\n".join(printable(line) for line in text.split("\n"))
    _write(sys.stderr, f"{head}{body}\n")


def encoded(text: str, encoding: str) -> bytes:
    """``text`` for a stream that may not know all of its characters."""
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(_ASCII).encode(encoding, "backslashreplace")


def write_file(path: Path, text: str) -> None:
    """Replace a file at once, or write through where it is no regular file; raises LlmLintError."""
    data = encoded(text, "utf-8")
    try:
        if path.exists() and not stat.S_ISREG(path.stat().st_mode):
            path.write_bytes(data)
        else:
            replace_file(path, data)
    except OSError as error:
        raise LlmLintError(f"cannot write {path}: {error.strerror or error}") from None


def append_file(path: Path, text: str) -> None:
    """Add to the end of a file; raises LlmLintError."""
    try:
        with path.open("ab") as file:
            file.write(encoded(text, "utf-8"))
    except OSError as error:
        raise LlmLintError(f"cannot write {path}: {error.strerror or error}") from None


_copies: list[list[tuple[int, str]]] = []


@contextlib.contextmanager
def copied_to(copy: list[tuple[int, str]]) -> Iterator[None]:
    """Keep what is written meanwhile: ``(1, text)`` for standard output, ``(2, text)`` for standard error."""
    _copies.append(copy)
    try:
        yield
    finally:
        _copies.remove(copy)


def _write(stream: TextIO | None, text: str) -> None:
    if stream is None:  # closed before the program started
        return
    encoding = stream.encoding or "utf-8"
    data = encoded(text, encoding)
    for copy in _copies:
        copy.append((1 if stream is sys.stdout else 2, data.decode(encoding)))
    try:
        stream.flush()
        stream.buffer.write(data)
        stream.buffer.flush()
    except BrokenPipeError:
        # The interpreter flushes once more at exit and would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
