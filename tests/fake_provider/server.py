"""The HTTP server: routes, failures, streams."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

from tests.fake_provider import anthropic, batches, openai
from tests.fake_provider.desk import Desk, Turn
from tests.fake_provider.failures import Failure, Plan

KEY = "sk-fake-0123456789abcdef"
_SILENT = Failure()


class FakeProvider:
    """A running provider; a context manager. Settings are those of ``Desk``; ``batch_seconds`` of a batch."""

    def __init__(self, batch_seconds: float = 0.0, port: int = 0, **desk: Any) -> None:
        self.desk = Desk(**desk)
        self.clock, self.ledger = self.desk.clock, self.desk.ledger
        self.batches = batches.Batches(self.desk, batch_seconds)
        self.received: list[tuple[str, Mapping[str, Any]]] = []
        self._plan = Plan()
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.provider = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def fail(
        self,
        failure: Failure,
        times: int = 1,
        when: Callable[[Mapping[str, Any]], bool] = lambda body: True,
    ) -> None:
        """Let the next ``times`` requests whose body fulfils ``when`` fail."""
        self._plan.add(failure, times, when)

    @property
    def url(self) -> str:
        """Where it listens, without ``/v1``."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def openai(self, key: str = KEY, **more: Any) -> dict[str, Any]:
        """Arguments for ``openai.OpenAI``."""
        return {"api_key": key, "base_url": f"{self.url}/v1", **more}

    def anthropic(self, key: str = KEY, **more: Any) -> dict[str, Any]:
        """Arguments for ``anthropic.Anthropic``."""
        return {"api_key": key, "base_url": self.url, **more}

    def environment(self, key: str = KEY) -> dict[str, str]:
        """Environment variables that send unmodified programs here."""
        return {
            "OPENAI_API_KEY": key,
            "OPENAI_BASE_URL": f"{self.url}/v1",
            "OPENAI_API_BASE": f"{self.url}/v1",
            "ANTHROPIC_API_KEY": key,
            "ANTHROPIC_BASE_URL": self.url,
            "ANTHROPIC_API_URL": self.url,
            "NO_PROXY": "127.0.0.1",
        }

    def start(self) -> FakeProvider:
        """Begin to listen."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop listening; open connections are closed by their threads."""
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> FakeProvider:
        return self.start()

    def __exit__(self, *error: object) -> None:
        self.stop()

    def take_failure(self, path: str, body: Mapping[str, Any]) -> Failure:
        """Note the request and say how it fails; an empty failure when it does not."""
        self.received.append((path, body))
        return self._plan.take(body) or _SILENT


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    provider: FakeProvider

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away are part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:
        """Stay quiet."""

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        path = self.path.split("?")[0]
        if "multipart/form-data" in self.headers.get("content-type", ""):
            return self._send(self.server.provider.batches.upload(_uploaded(raw)))
        try:
            body = json.loads(raw or b"{}")
        except ValueError:
            return self._error(400, "the body is not JSON")
        if path == "/_control/fail":
            self.server.provider.fail(Failure(**body["failure"]), body.get("times", 1))
            return self._send({})
        failure = self.server.provider.take_failure(path, body)
        if failure.delay:
            time.sleep(failure.delay)
        if failure.drop:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return None
        if failure.status is not None and failure.after_events is None:
            return self._error(failure.status, failure.message, failure.headers)
        try:
            return self._answer(path, body, failure)
        except KeyError as missing:
            return self._error(400, f"{missing} is required or unknown")

    def _answer(self, path: str, body: Mapping[str, Any], failure: Failure) -> None:
        provider, account = self.server.provider, self._account()
        if path.endswith("/messages/count_tokens"):
            return self._send(anthropic.count_tokens(provider.desk, body))
        if path.endswith("/messages/batches"):
            return self._send(batches.create_anthropic(provider.batches, account, body))
        if path.endswith("/v1/batches"):
            return self._send(batches.create_openai(provider.batches, account, body))
        if path.endswith("/cancel"):
            return self._cancel(path)
        run = anthropic.messages if path.endswith("/messages") else None
        for suffix, endpoint in openai.ENDPOINTS.items():
            run = endpoint if path.endswith(suffix) else run
        if run is None:
            return self._error(404, f"no such endpoint: {path}")
        if not account:
            return self._error(401, "no API key")
        turn = run(provider.desk, account, body)
        if body.get("stream"):
            return self._stream(turn, failure)
        return self._send(turn.whole)

    _GET: ClassVar = re.compile(
        r"/v1/(?P<kind>files|batches|messages/batches)(/(?P<id>[\w-]+))?(/(?P<part>content|results))?$"
    )

    def do_GET(self) -> None:
        if self.path.startswith("/_control/advance?"):
            return self._send({"now": self.server.provider.clock.advance(float(self.path.split("?")[1]))})
        if self.path == "/_control/count":
            return self._send({"count": len(self.server.provider.ledger)})
        if self.path == "/_control/ledger":
            entries = [{**asdict(entry), "usd": str(entry.usd)} for entry in self.server.provider.ledger]
            return self._send({"entries": entries})
        found = self._GET.match(self.path.split("?")[0])
        if found is None:
            return self._error(404, "no such endpoint")
        desk = self.server.provider.batches
        name, part = found["id"], found["part"]
        if name is None:
            return self._list(found["kind"])
        if found["kind"] == "files" and name in desk.files:
            content = desk.files[name]
            return self._raw(content, "application/jsonl") if part else self._send({"id": name})
        batch = desk.batches.get(name)
        if batch is None:
            return self._error(404, f"no such object: {name}")
        if found["kind"] == "batches":
            return self._send(batches.openai_view(desk, batch))
        view = batches.anthropic_view(desk, batch)
        if part:
            lines = "".join(f"{json.dumps(result)}\n" for result in batch.results or ())
            return self._raw(lines.encode(), "application/x-jsonl")
        return self._send(_absolute(view, self.server.provider.url))

    def _list(self, kind: str) -> None:
        desk = self.server.provider.batches
        openai_kind = kind == "batches"
        prefix, view = (
            ("batch_", batches.openai_view) if openai_kind else ("msgbatch_", batches.anthropic_view)
        )
        data = [view(desk, each) for each in reversed(desk.batches.values()) if each.id.startswith(prefix)]
        ends = {"first_id": data[0]["id"], "last_id": data[-1]["id"]} if data else {}
        self._send({"object": "list", "data": data, "has_more": False, **ends})

    def _cancel(self, path: str) -> None:
        desk = self.server.provider.batches
        batch = desk.batches[path.split("/")[-2]]
        batch.cancelled = batch.results is None
        anthropics = "/messages/" in path
        self._send((batches.anthropic_view if anthropics else batches.openai_view)(desk, batch))

    def _stream(self, turn: Turn, failure: Failure) -> None:
        self.send_response(200)
        self._headers("text/event-stream; charset=utf-8")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for place, (name, data) in enumerate(turn.events):
            if place == failure.after_events:
                if failure.status is not None:
                    self._event("error" if turn.entry.provider == "anthropic" else None, _fault(failure))
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self._event(name, data)
        self.wfile.write(b"0\r\n\r\n")

    def _event(self, name: str | None, data: Any) -> None:
        text = data if isinstance(data, str) else json.dumps(data)
        block = (f"event: {name}\n" if name else "") + f"data: {text}\n\n"
        encoded = block.encode()
        self.wfile.write(f"{len(encoded):x}\r\n".encode() + encoded + b"\r\n")
        self.wfile.flush()

    def _account(self) -> str:
        bearer = self.headers.get("authorization", "").removeprefix("Bearer ")
        return str(self.headers.get("x-api-key") or self.headers.get("api-key") or bearer)

    def _error(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        fault = _fault(Failure(status, message))
        self._raw(json.dumps(fault).encode(), "application/json", status, headers)

    def _send(self, value: Mapping[str, Any]) -> None:
        self._raw(json.dumps(value).encode(), "application/json")

    def _raw(
        self, content: bytes, kind: str, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> None:
        self.send_response(status)
        self._headers(kind)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _headers(self, kind: str) -> None:
        number = self.server.provider.desk.number()
        self.send_header("content-type", kind)
        self.send_header("x-request-id", f"req_{number:08d}")
        self.send_header("request-id", f"req_{number:08d}")


def _fault(failure: Failure) -> dict[str, Any]:
    kind = {429: "rate_limit_error", 400: "invalid_request_error"}.get(failure.status or 0, "api_error")
    error = {"type": kind, "message": failure.message, "code": None, "param": None}
    return {"type": "error", "error": error}


def _absolute(view: dict[str, Any], url: str) -> dict[str, Any]:
    return {**view, "results_url": f"{url}{view['results_url']}" if view["results_url"] else None}


def _uploaded(raw: bytes) -> bytes:
    """The file in a multipart form: the part that has a file name."""
    boundary = raw.split(b"\r\n", 1)[0]
    for part in raw.split(boundary):
        head, _, content = part.partition(b"\r\n\r\n")
        if b"filename=" in head:
            return content.removesuffix(b"\r\n")
    return b""
