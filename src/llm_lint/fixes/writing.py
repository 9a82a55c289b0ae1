"""Replacing a file at once, and only if it is still the one that was read."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path

from llm_lint.errors import LlmLintError


def replace_file(path: Path, old: bytes, new: bytes) -> None:
    """Write ``new`` in place of ``old``: whoever reads the file finds all of one or all of the other.

    Mode and symbolic links are kept. Raises LlmLintError, leaving the file alone, when it no longer holds
    ``old`` or cannot be written.
    """
    target = path.resolve()
    try:
        mode = stat.S_IMODE(target.stat().st_mode)
        _must_hold(target, old)
        if not os.access(target, os.W_OK):
            raise LlmLintError(f"cannot write {path}: it is read-only")
        temporary = _written(target, new, mode)
        try:
            _must_hold(target, old)
            os.replace(temporary, target)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise
    except OSError as error:
        raise LlmLintError(f"cannot write {path}: {error.strerror or error}") from None
    _settle(target.parent)


def _must_hold(path: Path, old: bytes) -> None:
    if path.read_bytes() != old:
        raise LlmLintError(f"{path} was changed by somebody else meanwhile; it is left alone")


def _written(target: Path, data: bytes, mode: int) -> str:
    """A new file beside the target, complete on disk."""
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".llm-lint")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
    return name


def _settle(folder: Path) -> None:
    """Make the renaming itself survive a power cut, where the system can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
