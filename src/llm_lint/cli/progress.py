"""A progress bar on standard error, for runs that take longer than a moment."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from llm_lint.cli.terminal import is_terminal

_PATIENCE = 1.0  # seconds without a bar
_PAUSE = 0.2  # seconds between two drawings
_WIDTH = 30


class ProgressBar:
    """Call it with the files that are read and those known to matter; ``draw`` shows where things stand.

    Reading is not everything: when all files are read, the bar is full and the clock goes on.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._start = clock()
        self._done = 0
        self._total = 0
        self._shown = False

    def __call__(self, done: int, total: int) -> None:
        """Remember how far the run is."""
        self._done, self._total = done, max(done, total)

    def draw(self) -> None:
        """Draw the bar if the run is long enough."""
        seconds = self._clock() - self._start
        if seconds < _PATIENCE:
            return
        filled = _WIDTH * self._done // self._total if self._total else 0
        bar = f"[{'#' * filled}{'.' * (_WIDTH - filled)}]"
        sys.stderr.write(f"\r{bar} {self._done:,}/{self._total:,} files read, {seconds:.0f} s")
        sys.stderr.flush()
        self._shown = True

    def finish(self) -> None:
        """Remove the bar."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


@contextmanager
def progress_bar(quiet: bool) -> Iterator[ProgressBar | None]:
    """A bar that a thread draws while the block runs; None where nobody would see it."""
    if quiet or not is_terminal(sys.stderr):
        yield None
        return
    bar = ProgressBar()
    done = threading.Event()
    thread = threading.Thread(target=_keep_drawing, args=(bar, done), daemon=True)
    thread.start()
    try:
        yield bar
    finally:
        done.set()
        thread.join()
        bar.finish()


def _keep_drawing(bar: ProgressBar, done: threading.Event) -> None:
    wait = _PATIENCE
    while not done.wait(wait):
        bar.draw()
        wait = _PAUSE
