"""A progress bar on standard error, for runs that take longer than a moment."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from llm_lint.cli.terminal import is_terminal

_PATIENCE = 1.0  # seconds without a bar
_PAUSE = 0.1  # seconds between two drawings
_WIDTH = 30


class ProgressBar:
    """Call it with what is done and how much there is; ``finish`` removes it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._next = clock() + _PATIENCE
        self._shown = False

    def __call__(self, done: int, total: int) -> None:
        """Draw the bar if the run is long enough and the last drawing is old enough."""
        now = self._clock()
        if now < self._next or total <= 0:
            return
        self._next = now + _PAUSE
        self._shown = True
        filled = _WIDTH * min(done, total) // total
        sys.stderr.write(f"\r[{'#' * filled}{'.' * (_WIDTH - filled)}] {done:,}/{total:,} files")
        sys.stderr.flush()

    def finish(self) -> None:
        """Remove the bar."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


@contextmanager
def progress_bar(quiet: bool) -> Iterator[ProgressBar | None]:
    """A bar that is removed at the end; None where nobody would see it."""
    bar = ProgressBar() if is_terminal(sys.stderr) and not quiet else None
    try:
        yield bar
    finally:
        if bar is not None:
            bar.finish()
