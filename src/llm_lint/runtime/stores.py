"""Where answers are kept: in memory, in SQLite, in Redis, or in a mapping of the program's own.

A store holds bytes under hashes for a time. It may forget, and it may fail: both mean a miss.
"""

from __future__ import annotations

import os
import threading
import time
from collections import OrderedDict
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any, Protocol

from .keys import installation_salt
from .state import Store, warn

if TYPE_CHECKING:
    import sqlite3

MEMORY_ENTRIES = 4096
_SQLITE_WAIT = 0.05  # seconds to wait for another writer before a write is given up
_PURGE_EVERY = 256


class AnswerStore(Protocol):
    """``blocks`` says that operations leave the process and should not run on an event loop."""

    blocks: bool

    def get(self, key: str) -> bytes | None: ...
    def set(self, key: str, value: bytes, ttl: float) -> None: ...
    def delete(self, model: str | None) -> int: ...
    def salt(self) -> bytes: ...


class Memory:
    """The most recently used answers of this process."""

    blocks = False

    def __init__(self, entries: int = MEMORY_ENTRIES) -> None:
        self._entries = entries
        self._held: OrderedDict[str, tuple[float, bytes]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> bytes | None:
        """The answer under a key, if its time has not come."""
        with self._lock:
            found = self._held.get(key)
            if found is None:
                return None
            if found[0] <= time.time():
                del self._held[key]
                return None
            self._held.move_to_end(key)
            return found[1]

    def set(self, key: str, value: bytes, ttl: float) -> None:
        """Keep an answer for ``ttl`` seconds."""
        with self._lock:
            self._held[key] = (time.time() + ttl, value)
            self._held.move_to_end(key)
            while len(self._held) > self._entries:
                self._held.popitem(last=False)

    def delete(self, model: str | None) -> int:
        """Forget the answers of a model, or all; returns how many."""
        with self._lock:
            gone = [key for key, (_, value) in self._held.items() if _is_of(value, model)]
            for key in gone:
                del self._held[key]
            return len(gone)

    def salt(self) -> bytes:
        """The secret that keys are hashed with."""
        return installation_salt()


class Mapped:
    """Answers in a mapping such as ``cachetools.TTLCache``; it is locked, so any mapping will do."""

    blocks = False

    def __init__(self, mapping: MutableMapping[str, bytes]) -> None:
        self._mapping = mapping
        self._lock = threading.Lock()

    def get(self, key: str) -> bytes | None:
        """The answer under a key, if its time has not come."""
        with self._lock:
            found = self._mapping.get(key)
            if found is None:
                return None
            until, _, value = bytes(found).partition(b"\n")
            if float(until) > time.time():
                return value
            self._mapping.pop(key, None)
            return None

    def set(self, key: str, value: bytes, ttl: float) -> None:
        """Keep an answer for ``ttl`` seconds."""
        with self._lock:
            self._mapping[key] = b"%r\n" % (time.time() + ttl) + value

    def delete(self, model: str | None) -> int:
        """Forget the answers of a model, or all; returns how many."""
        with self._lock:
            gone = [
                key for key, value in list(self._mapping.items()) if _is_of(value.partition(b"\n")[2], model)
            ]
            for key in gone:
                self._mapping.pop(key, None)
            return len(gone)

    def salt(self) -> bytes:
        """The secret that keys are hashed with."""
        return installation_salt()


class Sqlite:
    """Answers in a file that many processes share; readable by its owner only."""

    blocks = True

    def __init__(self, path: str) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._pid = 0
        self._writes = 0
        self._salt = b""

    def get(self, key: str) -> bytes | None:
        """The answer under a key, if its time has not come."""
        with self._lock:
            rows = self._open().execute(
                "SELECT value FROM answer WHERE key = ? AND expires > ?", (key, time.time())
            )
            found = rows.fetchone()
        return bytes(found[0]) if found else None

    def set(self, key: str, value: bytes, ttl: float) -> None:
        """Keep an answer for ``ttl`` seconds."""
        now = time.time()
        with self._lock:
            connection = self._open()
            if self._writes % _PURGE_EVERY == 0:
                connection.execute("DELETE FROM answer WHERE expires <= ?", (now,))
            self._writes += 1
            connection.execute("INSERT OR REPLACE INTO answer VALUES (?, ?, ?)", (key, now + ttl, value))

    def delete(self, model: str | None) -> int:
        """Forget the answers of a model, or all; returns how many."""
        with self._lock:
            connection = self._open()
            rows = connection.execute("SELECT key, value FROM answer").fetchall()
            gone = [(key,) for key, value in rows if _is_of(bytes(value), model)]
            connection.executemany("DELETE FROM answer WHERE key = ?", gone)
            return len(gone)

    def salt(self) -> bytes:
        """The secret that keys are hashed with; it lives in the file, so that all who share it agree."""
        if os.environ.get("LLM_LINT_SALT"):
            return installation_salt()
        if not self._salt:
            with self._lock:
                connection = self._open()
                connection.execute("INSERT OR IGNORE INTO secret VALUES (1, ?)", (os.urandom(32),))
                self._salt = bytes(connection.execute("SELECT salt FROM secret").fetchone()[0])
        return self._salt

    def _open(self) -> sqlite3.Connection:
        if self._pid != os.getpid():  # connections do not survive a fork
            import sqlite3

            folder = os.path.dirname(self._path)
            if folder:
                os.makedirs(folder, exist_ok=True)
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            connection = sqlite3.connect(
                self._path, timeout=_SQLITE_WAIT, isolation_level=None, check_same_thread=False
            )
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = OFF")  # losing answers in a crash is harmless
            connection.execute(
                "CREATE TABLE IF NOT EXISTS answer (key TEXT PRIMARY KEY, expires REAL, value BLOB)"
            )
            connection.execute("CREATE TABLE IF NOT EXISTS secret (one INTEGER PRIMARY KEY, salt BLOB)")
            self._connection, self._pid = connection, os.getpid()
        return self._connection


def _is_of(value: bytes, model: str | None) -> bool:
    """Whether a kept answer is one of a model's; None means any model."""
    if model is None:
        return True
    from .kept import model_of

    return model_of(value) == model


_open: dict[str, AnswerStore] = {}
_lock = threading.Lock()


def name_of(store: Store) -> str:
    """The name that finds a store again: its URL, or one given to a mapping."""
    if isinstance(store, str):
        return store
    name = f"mapping:{id(store)}"
    with _lock:
        if name not in _open:
            _open[name] = Mapped(store)
    return name


def open_store(name: str) -> AnswerStore:
    """The store of a name, opened once; memory, and a warning, for an address nobody can use."""
    found = _open.get(name)
    if found is None:
        with _lock:
            found = _open.get(name)
            if found is None:
                _open[name] = found = _create(name)
    return found


def _create(name: str) -> AnswerStore:
    scheme, _, rest = name.partition(":")
    if scheme == "sqlite":
        return Sqlite(rest.removeprefix("///") or "llm-cache.db")
    if scheme in ("redis", "rediss"):
        from .redis import Redis

        return Redis(name)
    if scheme not in ("memory", "mapping"):
        warn(f"unknown cache store {scheme}:…; answers are kept in memory", once=f"store {scheme}")
    return Memory()


class Guarded:
    """Store operations that never raise: a failing store is a miss."""

    def __init__(self, store: AnswerStore) -> None:
        self.store = store
        self.blocks = store.blocks

    def get(self, key: str) -> bytes | None:
        """The answer under a key, None also when the store fails."""
        found: bytes | None = self._try(self.store.get, key)
        return found

    def set(self, key: str, value: bytes, ttl: float) -> None:
        """Keep an answer, if the store can."""
        self._try(self.store.set, key, value, ttl)

    def salt(self) -> bytes:
        """The store's secret; this installation's when the store fails."""
        return self._try(self.store.salt) or installation_salt()

    def _try(self, operation: Any, *arguments: Any) -> Any:
        try:
            return operation(*arguments)
        except Exception as error:
            kind = type(self.store).__name__
            warn(f"the {kind} cache failed ({type(error).__name__}); going on without", once=f"cache {kind}")
            return None
