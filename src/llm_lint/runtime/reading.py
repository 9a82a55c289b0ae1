"""Reading usage logs back."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from typing import IO

from .state import Record

_ROTATED = re.compile(r"\.\d{16,}-\d+$")


def read(path: str | os.PathLike[str]) -> Iterator[Record]:
    """The records of a log, with its rotated parts, or of every log in a folder, oldest file first.

    ``.gz`` files are read too; torn and foreign lines are left out. Raises OSError for a missing path.
    """
    for name in files(os.fspath(path)):
        with _open(name) as stream:
            for line in stream:
                record = parse(line)
                if record is not None:
                    yield record


def parse(line: str | bytes) -> Record | None:
    """The record on one line; None when it is not one."""
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) and "timestamp" in record else None


def files(path: str) -> list[str]:
    """The files that make up a log: the parts that were set aside, then the current one."""
    if os.path.isdir(path):
        names = [name for name in os.listdir(path) if name.endswith((".jsonl", ".jsonl.gz"))]
        return sorted(os.path.join(path, name) for name in names)
    folder, name = os.path.split(path)
    stem, suffix = os.path.splitext(name)
    parts = []
    for found in os.listdir(folder or "."):
        base = found.removesuffix(".gz")
        if base.startswith(f"{stem}.") and base.endswith(suffix):
            if _ROTATED.search(base.removesuffix(suffix)):
                parts.append(os.path.join(folder, found))
    if not os.path.exists(path) and not parts:
        raise FileNotFoundError(f"no usage log at {path}")
    return sorted(parts) + ([path] if os.path.exists(path) else [])


def _open(name: str) -> IO[str]:
    if name.endswith(".gz"):
        import gzip

        return gzip.open(name, "rt", encoding="utf-8", errors="replace")
    return open(name, encoding="utf-8", errors="replace")
