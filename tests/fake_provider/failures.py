"""Failures on demand: what goes wrong with which request."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Failure:
    """One way to go wrong.

    ``status`` answers with that HTTP error and bills nothing. ``drop`` closes the connection without an
    answer. ``after_events`` breaks a stream off after so many events (with an error event if ``status`` is
    given too) and bills it. ``delay`` waits, in seconds, before anything else.
    """

    status: int | None = None
    message: str = "made to fail"
    headers: Mapping[str, str] = field(default_factory=dict)
    drop: bool = False
    after_events: int | None = None
    delay: float = 0.0


Condition = Callable[[Mapping[str, Any]], bool]


class Plan:
    """Failures that wait for their requests, first come, first served."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Failure, int, Condition]] = []
        self._lock = threading.Lock()

    def add(self, failure: Failure, times: int, when: Condition) -> None:
        """Let ``failure`` happen to the next ``times`` requests whose body fulfils ``when``."""
        with self._lock:
            self._waiting.append((failure, times, when))

    def take(self, body: Mapping[str, Any]) -> Failure | None:
        """The failure of a request, used up once."""
        with self._lock:
            for place, (failure, times, when) in enumerate(self._waiting):
                if when(body):
                    self._waiting[place : place + 1] = [(failure, times - 1, when)] if times > 1 else []
                    return failure
        return None
