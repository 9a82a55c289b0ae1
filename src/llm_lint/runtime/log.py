"""The usage log: JSON lines, appended by many processes at once, rotated without losing any."""

from __future__ import annotations

import json
import os
import threading
import time
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from .state import Record, state, warn

if TYPE_CHECKING:
    from types import ModuleType

flock: ModuleType | None
try:
    import fcntl as flock
except ImportError:  # Windows
    flock = None

STANDARD = (
    "timestamp",
    "endpoint",
    "model",
    "tokens_input",
    "tokens_output",
    "cost_usd",
    "latency_ms",
    "cache_hit",
)
_LOOK_EVERY = 256  # writes between two looks at the file's size and identity
_lock = threading.Lock()
_encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


def timestamp(now: float) -> str:
    """``2026-01-31T12:00:00.123Z``."""
    day, milliseconds = divmod(int(now * 1000), 86_400_000)
    minutes, milliseconds = divmod(milliseconds, 60_000)
    hour, minute = divmod(minutes, 60)
    second, milliseconds = divmod(milliseconds, 1000)
    return f"{_date(day)}T{hour:02d}:{minute:02d}:{second:02d}.{milliseconds:03d}Z"


@lru_cache(maxsize=2)
def _date(day: int) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(day * 86_400))


def write(record: Record) -> None:
    """Append a record to the configured log and hand it to ``on_record``; never raises."""
    if state.on_record is not None:
        try:
            state.on_record(record)
        except Exception as error:
            warn(f"on_record failed: {type(error).__name__}", once="on_record")
    if state.log is None:
        return
    if state.minimal:
        record = {key: record[key] for key in STANDARD}
    line = _encode(record) + "\n"
    try:
        with _lock:
            _writer(state.log).append(line.encode("utf-8", "replace"))
    except OSError as error:
        warn(f"cannot write the usage log {state.log}: {error.strerror}", once="log")


def path_of(log: str) -> str:
    """The file behind a log setting: itself, or today's file of this process in a folder."""
    if not log.endswith(("/", os.sep)):
        return log
    return os.path.join(log, f"usage-{time.strftime('%Y%m%d')}-{os.getpid()}.jsonl")


class _Writer:
    """One open file, and whose it is."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.pid = os.getpid()
        self._writes = 0
        folder = os.path.dirname(path)
        if folder:
            os.makedirs(folder, exist_ok=True)
        self._open()

    def append(self, line: bytes) -> None:
        """Add one line in one system call: appended lines of several processes do not mix."""
        if self._writes % _LOOK_EVERY == 0:
            self._look()
        self._writes += 1
        os.write(self._file, line)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    def _open(self) -> None:
        self._file = os.open(
            self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600
        )

    def _look(self) -> None:
        """Follow the name to its file if another process set ours aside; set it aside when it is full."""
        if flock is not None:
            flock.flock(self._file, flock.LOCK_EX)
        try:
            own = os.fstat(self._file)
            if self._is_current(own) and own.st_size > state.rotate:
                stem, suffix = os.path.splitext(self.path)
                # Two rotations within a second must not take the same name.
                os.rename(self.path, f"{stem}.{time.time_ns()}-{os.getpid()}{suffix}")
        finally:
            if flock is not None:
                flock.flock(self._file, flock.LOCK_UN)
        if not self._is_current(own):
            os.close(self._file)
            self._open()

    def _is_current(self, own: os.stat_result) -> bool:
        try:
            return os.path.samestat(own, os.stat(self.path))
        except FileNotFoundError:
            return False


_current: list[_Writer] = []


def _writer(log: str) -> _Writer:
    path = path_of(log)
    if _current and _current[0].path == path and _current[0].pid == os.getpid():
        return _current[0]
    if _current:
        _current.pop().close()
    _current.append(_Writer(path))
    return _current[0]


def compose(**fields: Any) -> Record:
    """A record: the standard keys first and always, then ours, in the given order."""
    return {**{key: fields.get(key) for key in STANDARD}, **fields}
