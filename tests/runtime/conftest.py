"""A provider, a fresh runtime, and every kind of store, Redis included."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, MutableMapping
from pathlib import Path
from typing import Any

import cachetools
import openai
import pytest

from llm_lint import runtime
from llm_lint.runtime import hook, state, stores
from tests.fake_provider import FakeProvider, words

Record = dict[str, Any]


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    with FakeProvider(tokenize=words, sampled=True) as running:
        yield running


@pytest.fixture
def records(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Record]:
    """The records of a runtime without any settings but these."""
    kept: list[Record] = []
    fresh = state.State()
    fresh.on_record = kept.append
    monkeypatch.setenv("LLM_LINT_SALT", "a salt for tests")
    monkeypatch.setattr(state, "state", state.state)
    for name, value in vars(fresh).items():
        monkeypatch.setattr(state.state, name, value)
    monkeypatch.setattr(state, "_warned", set())
    monkeypatch.setattr(stores, "_open", {})
    monkeypatch.setattr(hook._Installed, "records", False)
    return kept


@pytest.fixture
def gpt(provider: FakeProvider, records: list[Record]) -> openai.OpenAI:
    return runtime.track(openai.OpenAI(**provider.openai(max_retries=0)))


Ask = Callable[..., Any]


@pytest.fixture
def ask(gpt: openai.OpenAI) -> Ask:
    """Ask at temperature 0 unless told otherwise."""

    def call(text: str = "hello", client: Any = gpt, **more: Any) -> Any:
        more = {"temperature": 0, **more}
        messages: Any = [{"role": "user", "content": text}]
        return client.chat.completions.create(model="gpt-4o-mini", messages=messages, **more)

    return call


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class RedisServer:
    """A real redis-server on loopback."""

    def __init__(self) -> None:
        self.port = free_port()
        self._folder = tempfile.mkdtemp()
        self._process = subprocess.Popen(
            [
                "redis-server",
                "--port",
                str(self.port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--dir",
                self._folder,
            ],
            stdout=subprocess.DEVNULL,
        )
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError("redis-server did not start")

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/1"

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)
        shutil.rmtree(self._folder, ignore_errors=True)


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    if shutil.which("redis-server") is None:
        if os.environ.get("LLM_LINT_REQUIRE_REDIS"):
            pytest.fail("redis-server is not installed, and LLM_LINT_REQUIRE_REDIS is set")
        pytest.skip("redis-server is not installed (tests/run.sh installs it where it may)")
    server = RedisServer()
    yield server
    server.stop()


@pytest.fixture(params=["memory", "sqlite", "mapping", "redis"])
def store(
    request: pytest.FixtureRequest, tmp_path: Path, records: list[Record]
) -> str | MutableMapping[str, bytes]:
    """Each kind of store, empty."""
    match request.param:
        case "memory":
            return "memory:"
        case "sqlite":
            return f"sqlite:///{tmp_path}/answers.db"
        case "mapping":
            found: MutableMapping[str, bytes] = cachetools.TTLCache(1000, 3600)
            return found
        case _:
            url: str = request.getfixturevalue("redis_server").url
            runtime.clear(store=url)
            return url
