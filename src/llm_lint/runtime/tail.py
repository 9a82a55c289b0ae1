"""What a usage log says was spent in a period, kept up to date by reading only what was added."""

from __future__ import annotations

import os
from decimal import Decimal

from .reading import files, parse


class Tail:
    """The sum of ``cost_usd`` over the records whose timestamp begins with ``period``."""

    def __init__(self, log: str, period: str) -> None:
        self.log = log
        self._period = period
        self._read: dict[tuple[int, int], int] = {}  # by device and inode, which rotation keeps
        self._total = Decimal(0)

    def total(self) -> Decimal:
        """USD so far; a missing log is an empty one."""
        try:
            names = files(self.log)
        except OSError:
            return self._total
        for name in names:
            if name.endswith(".jsonl") or name == self.log:
                self._follow(name)
        return self._total

    def _follow(self, name: str) -> None:
        try:
            status = os.stat(name)
            key = (status.st_dev, status.st_ino)
            start = self._read.get(key, 0)
            if status.st_size <= start:
                return
            with open(name, "rb") as stream:
                stream.seek(start)
                added = stream.read()
        except OSError:
            return
        whole = added[: added.rfind(b"\n") + 1]
        self._read[key] = start + len(whole)
        for line in whole.splitlines():
            record = parse(line) if self._period.encode() in line else None
            if record is not None and str(record["timestamp"]).startswith(self._period):
                self._total += Decimal(str(record.get("cost_usd") or 0))
