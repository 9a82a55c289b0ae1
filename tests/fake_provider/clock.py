"""The provider's time, which passes only when a test says so."""

from __future__ import annotations

import threading

START = 1_750_000_000.0


class Clock:
    """Seconds since the epoch; starts on a fixed day, so that runs can be compared."""

    def __init__(self, now: float = START) -> None:
        self._now = now
        self._lock = threading.Lock()

    def now(self) -> float:
        """The current time."""
        return self._now

    def advance(self, seconds: float) -> float:
        """Let time pass; returns the new time."""
        with self._lock:
            self._now += seconds
            return self._now
