"""Losing Redis is harmless: requests go on, after one short wait."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable

import pytest

from llm_lint.runtime import cached
from tests.fake_provider import FakeProvider
from tests.runtime.conftest import Ask, RedisServer, free_port

WAIT = 0.3


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def test_a_refused_connection_is_a_miss(ask: Ask, provider: FakeProvider) -> None:
    ask()
    with cached(60, store=f"redis://127.0.0.1:{free_port()}"):
        assert seconds(ask) < WAIT
        ask()
    assert len(provider.ledger) == 3


def test_a_silent_server_costs_one_short_wait(ask: Ask, provider: FakeProvider) -> None:
    ask()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"redis://127.0.0.1:{silent.getsockname()[1]}"
        with cached(60, store=url):
            first, *later = [seconds(ask) for _ in range(4)]
    assert 0.2 < first < 0.25 + WAIT
    assert max(later) < WAIT
    assert len(provider.ledger) == 5


def test_a_server_that_dies_is_left_alone(
    ask: Ask, provider: FakeProvider, redis_server: RedisServer
) -> None:
    mortal = RedisServer()
    with cached(60, store=mortal.url):
        ask()
        ask()
        mortal.stop()
        assert seconds(ask) < WAIT
        assert seconds(ask) < WAIT
    assert len(provider.ledger) == 3


def test_a_closed_idle_connection_is_opened_anew(
    ask: Ask, provider: FakeProvider, redis_server: RedisServer
) -> None:
    with cached(60, store=redis_server.url):
        ask("idle")
        with socket.create_connection(("127.0.0.1", redis_server.port)) as other:
            other.sendall(b"CLIENT KILL TYPE normal SKIPME yes\r\n")
            other.recv(100)
        ask("idle")
    assert len(provider.ledger) == 1


def test_a_server_that_talks_something_else_is_a_miss(ask: Ask, provider: FakeProvider) -> None:
    def speak(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection:
            connection.recv(1000)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=speak, args=(server,), daemon=True).start()
        with cached(60, store=f"redis://127.0.0.1:{server.getsockname()[1]}"):
            ask()
            ask()
    assert len(provider.ledger) == 2


def test_passwords_and_databases_are_used(
    ask: Ask, provider: FakeProvider, redis_server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = redis_server.url.replace("redis://", "redis://:sk-fake-password@")
    with cached(60, store=wrong):
        ask("locked")
    assert len(provider.ledger) == 1
    assert "sk-fake-password" not in caplog.text
