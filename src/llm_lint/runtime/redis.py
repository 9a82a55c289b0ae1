"""Answers in Redis or Valkey, spoken to directly: five commands, and no harm when it is gone."""

from __future__ import annotations

import os
import socket
import threading
import time
from typing import IO
from urllib.parse import unquote, urlsplit

from .keys import installation_salt

PATIENCE = 0.25  # seconds to wait for the server
PAUSE = 15.0  # seconds to leave it alone after it failed
_PREFIX = "llm-lint:"


class RedisError(Exception):
    """The server said no, or said something else."""


class Redis:
    """A store at ``redis://[user:password@]host[:port][/database]`` (``rediss`` for TLS).

    After a failure it is left alone for a while, so that a lost server costs one short wait now and then.
    """

    blocks = True

    def __init__(self, url: str) -> None:
        self._url = url
        self._local = threading.local()
        self._closed_until = 0.0
        self._salt = b""

    def get(self, key: str) -> bytes | None:
        """The answer under a key."""
        found = self._run(b"GET", (_PREFIX + key).encode())
        return found if isinstance(found, bytes) else None

    def set(self, key: str, value: bytes, ttl: float) -> None:
        """Keep an answer for ``ttl`` seconds."""
        self._run(b"SET", (_PREFIX + key).encode(), value, b"PX", str(max(1, int(ttl * 1000))).encode())

    def delete(self, model: str | None) -> int:
        """Forget the answers of a model, or all; returns how many."""
        from .kept import model_of

        count, cursor = 0, b"0"
        while True:
            reply = self._run(b"SCAN", cursor, b"MATCH", f"{_PREFIX}*".encode(), b"COUNT", b"500")
            if not isinstance(reply, list):
                return count
            cursor, keys = reply[0], reply[1]
            for key in keys:
                if key == f"{_PREFIX}salt".encode():
                    continue
                if model is not None and model_of(self._run(b"GET", key) or b"") != model:  # type: ignore[arg-type]
                    continue
                self._run(b"DEL", key)
                count += 1
            if cursor == b"0":
                return count

    def salt(self) -> bytes:
        """The secret that keys are hashed with; it lives in Redis, so that all who share it agree."""
        if os.environ.get("LLM_LINT_SALT"):
            return installation_salt()
        if not self._salt:
            self._run(b"SET", f"{_PREFIX}salt".encode(), os.urandom(32), b"NX")
            found = self._run(b"GET", f"{_PREFIX}salt".encode())
            if not isinstance(found, bytes):
                raise RedisError("no salt")
            self._salt = found
        return self._salt

    def _run(self, *words: bytes) -> object:
        if time.monotonic() < self._closed_until:
            return None
        try:
            try:
                return self._connection().run(words)
            except (ConnectionError, EOFError):
                if not getattr(self._local, "used", False):
                    raise
                self._drop()  # an idle connection may have been closed: one new try
                return self._connection().run(words)
        except (OSError, EOFError, RedisError, ValueError):
            self._closed_until = time.monotonic() + PAUSE
            self._drop()
            raise

    def _connection(self) -> _Connection:
        held: _Connection | None = getattr(self._local, "connection", None)
        if held is None or held.pid != os.getpid():
            self._local.used = False
            held = self._local.connection = _Connection(self._url)
        else:
            self._local.used = True
        return held

    def _drop(self) -> None:
        held: _Connection | None = getattr(self._local, "connection", None)
        self._local.connection = None
        if held is not None:
            held.close()


class _Connection:
    """One socket; requests and replies of the Redis protocol."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.pid = os.getpid()
        self._socket = socket.create_connection((parts.hostname or "localhost", parts.port or 6379), PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if parts.scheme == "rediss":
            import ssl

            context = ssl.create_default_context()
            self._socket = context.wrap_socket(self._socket, server_hostname=parts.hostname)
        self._replies: IO[bytes] = self._socket.makefile("rb")
        try:
            if parts.password is not None:
                names = (parts.username,) if parts.username else ()
                self.run([b"AUTH", *(unquote(word).encode() for word in (*names, parts.password))])
            database = parts.path.strip("/")
            if database:
                self.run([b"SELECT", database.encode()])
        except BaseException:
            self.close()
            raise

    def run(self, words: tuple[bytes, ...] | list[bytes]) -> object:
        """Send a command and read its reply."""
        lines = [b"*%d\r\n" % len(words)]
        for word in words:
            lines.append(b"$%d\r\n%s\r\n" % (len(word), word))
        self._socket.sendall(b"".join(lines))
        return self._reply()

    def close(self) -> None:
        """Close the socket."""
        self._replies.close()
        self._socket.close()

    def _reply(self) -> object:
        line = self._replies.readline()
        if not line.endswith(b"\r\n"):
            raise EOFError
        kind, rest = line[:1], line[1:-2]
        if kind == b"+":
            return rest.decode()
        if kind == b":":
            return int(rest)
        if kind == b"$":
            return self._exactly(int(rest))
        if kind == b"*":
            return [self._reply() for _ in range(int(rest))]
        raise RedisError(rest.split(b" ")[0].decode("ascii", "replace"))

    def _exactly(self, size: int) -> bytes | None:
        if size < 0:
            return None
        found = self._replies.read(size + 2)
        if len(found) != size + 2:
            raise EOFError
        return found[:-2]
