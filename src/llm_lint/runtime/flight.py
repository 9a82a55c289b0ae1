"""Single flight: of many equal requests at one time, one is sent and the others share its answer.

Threads and tasks of any event loop wait for the same flight. A leader that is cancelled hands over; one that
fails, or brings an answer that may not be shared, lets the others go their own ways.
"""

from __future__ import annotations

import threading
from typing import Any

WAIT = 600.0  # seconds after which a follower sends for itself

LANDED, FAILED, CANCELLED = "landed", "failed", "cancelled"


class Flight:
    """One request under way."""

    def __init__(self) -> None:
        self.thread = threading.get_ident()
        self.outcome = ""
        self.value: bytes | None = None
        self._event = threading.Event()
        self._waiting: list[tuple[Any, Any]] = []  # event loops and their futures
        self._lock = threading.Lock()

    def wait(self) -> str:
        """Block until it is over; the outcome."""
        # The leader may be a task of this very thread's event loop: waiting would wait for oneself.
        if self.thread == threading.get_ident() or not self._event.wait(WAIT):
            return FAILED
        return self.outcome

    async def wait_async(self) -> str:
        """Wait without blocking the loop; the outcome."""
        import asyncio

        loop = asyncio.get_running_loop()
        future = loop.create_future()
        with self._lock:
            if self.outcome:
                return self.outcome
            self._waiting.append((loop, future))
        await future
        return self.outcome

    def end(self, outcome: str, value: bytes | None) -> None:
        """Wake everyone up."""
        with self._lock:
            self.outcome, self.value = outcome, value
            waiting, self._waiting = self._waiting, []
        self._event.set()
        for loop, future in waiting:
            try:
                loop.call_soon_threadsafe(_wake, future)
            except RuntimeError:  # that loop is closed, and its tasks with it
                continue


def _wake(future: Any) -> None:
    if not future.done():
        future.set_result(None)


class Flights:
    """All flights under way, by key."""

    def __init__(self) -> None:
        self._flights: dict[str, Flight] = {}
        self._lock = threading.Lock()

    def join(self, key: str) -> tuple[Flight, bool]:
        """The flight of a key, and whether the caller leads it."""
        with self._lock:
            found = self._flights.get(key)
            if found is not None:
                return found, False
            self._flights[key] = flight = Flight()
            return flight, True

    def land(self, key: str, flight: Flight, outcome: str, value: bytes | None = None) -> None:
        """End a flight that the caller leads."""
        with self._lock:
            if self._flights.get(key) is flight:
                del self._flights[key]
        flight.end(outcome, value)
