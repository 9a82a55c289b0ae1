"""One LLM request from the hook's side: looked up, sent, read, kept, recorded.

Nothing here raises into the program: what fails is the instrumentation, never the request.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from contextvars import ContextVar
from decimal import Decimal
from typing import Any

from . import log, wire
from .answers import Answer
from .cache import Policy, policy_in_force
from .flight import Flights
from .kept import Kept, unpack
from .keys import digest, fingerprint, material
from .prices import cost
from .site import call_site
from .state import state, warn
from .stores import Guarded, open_store
from .usage import Usage

MARK = "llm_lint"  # in ``request.extensions``: seen by a hook already
_KEPT_HEADERS = ("content-type", "x-request-id", "request-id")

flights = Flights()
variant: ContextVar[str | None] = ContextVar("llm_lint_variant", default=None)


def safely(function: Callable[..., Any], *arguments: Any) -> Any:
    """What the function returns; None, and one warning, when it raises."""
    try:
        return function(*arguments)
    except Exception as error:
        where = getattr(function, "__name__", "?")
        warn(f"tracking failed in {where}: {type(error).__name__}; requests are not affected", once=where)
        return None


def begin(client_policy: Policy | None, record: bool, request: Any) -> Exchange | None:
    """The exchange of a request; None for other traffic, and for what another hook handles."""
    if request.method != "POST" or request.extensions.get(MARK):
        return None
    policy = policy_in_force(client_policy)
    if policy is None and not record and not state.budgets:
        return None
    call = wire.recognise(request.url.host, request.url.path, lambda: request.content)
    if call is None:
        return None
    request.extensions[MARK] = True
    if policy is not None and not wire.is_cacheable(call, policy.sampling):
        policy = None
    return Exchange(call, request, policy, record)


class Exchange:
    """The state of one request."""

    def __init__(self, call: wire.Call, request: Any, policy: Policy | None, record: bool) -> None:
        self.call = call
        self.request = request
        self.policy = policy
        self.started = time.perf_counter()
        self.value: bytes | None = None  # the answer as it was kept
        self.answer: Answer | None = None
        self.library: Any = sys.modules[type(request).__module__.partition(".")[0]]
        self._record = record
        self._done = False
        self._site = call_site() if record else None
        self.store: Guarded | None = None
        self.key = ""
        self.flight = ""
        if policy is not None:
            name = policy.store_name
            self.store = Guarded(open_store(name))
            self.flight = name

    # ------------------------------------------------------------------ cache

    def look_up(self) -> bytes | None:
        """The kept answer; reads the store."""
        if self.store is None or self.policy is None:
            return None
        if not self.key:
            headers = {name.lower(): value for name, value in self.request.headers.raw}
            seen = material(str(self.request.url), headers, self.call.body)
            self.key = digest(self.store.salt(), seen, self.policy.version)
            self.flight = f"{self.flight}\n{self.key}"
        value = self.store.get(self.key)
        return value if value is not None and unpack(value) is not None else None

    def keep(self) -> None:
        """Put the answer into the store, if it is whole and good."""
        body = self.answer.body if self.answer is not None else None
        if body is None or self.store is None or self.policy is None or self._status != 200:
            return
        usage, estimated = self._usage()
        headers = {name: self._headers[name] for name in _KEPT_HEADERS if name in self._headers}
        self.value = Kept(headers, body, self._model(), usage, estimated).pack()
        self.store.set(self.key, self.value, self.policy.ttl)

    def replay(self, value: bytes, stream: bool) -> Any:
        """A response made of a kept answer, recorded as a hit."""
        kept = unpack(value)
        assert kept is not None
        if stream:
            from .streams import replay_class

            body = {"stream": replay_class(self.library)(kept.body)}
        else:
            body = {"content": kept.body}
        response = self._response(200, kept.headers, body)
        safely(self._write, kept.usage, Decimal(0), kept.estimated, True, 200, None, kept.model)
        return response

    # ------------------------------------------------------------------ sending

    def blocked(self) -> Any:
        """A response 402 when a budget is used up, else None. SDKs raise it as their own error, once."""
        message = None
        for budget in state.budgets:
            message = message or budget.refusal()
        if message is None:
            return None
        fault = {"message": message, "type": "budget_exceeded", "code": "budget_exceeded", "param": None}
        content = json.dumps({"type": "error", "error": fault}).encode()
        headers = {"content-type": "application/json", "x-should-retry": "false"}
        response = self._response(402, headers, {"content": content})
        self._write(Usage(0), Decimal(0), False, False, 402, "budget_exceeded")
        return response

    def received(self, response: Any, stream: bool, is_async: bool) -> None:
        """Read an answer, or follow it while the program reads it."""
        self._status = response.status_code
        self._headers = response.headers
        content_type = response.headers.get("content-type", "")
        if not stream:
            only_usage = self.policy is None and self._status == 200
            self.answer = Answer(self.call, content_type, "", only_usage)
            self.answer.feed(response.content)
            return
        self.answer = Answer(self.call, content_type, response.headers.get("content-encoding", ""))
        from .streams import tee_class

        response.stream = tee_class(self.library, is_async)(response.stream, self)

    def finish(self, exhausted: bool = True) -> None:
        """Draw the conclusions from what was read; once."""
        if self._done or self.answer is None:
            return
        self._done = True
        answer = self.answer
        answer.close(exhausted)
        if self._status >= 400:
            self._write(Usage(0), Decimal(0), False, False, self._status, answer.error or "error")
            return
        usage, estimated = self._usage()
        unmeasured = estimated and self.call.family == wire.OTHER  # pictures, speech: not sold by the token
        models = () if unmeasured else (self.call.model, answer.model)
        price = cost(self.call.provider, models, usage)
        self._write(usage, price, estimated, False, self._status, answer.error or None)

    def failed(self, error: BaseException) -> None:
        """No answer came; or, in a stream, no more of it."""
        if self.answer is not None:
            self.answer.flawed = True
            self.answer.error = self.answer.error or type(error).__name__
            self.finish(exhausted=False)
        elif not self._done:
            self._done = True
            self._write(Usage(0), Decimal(0), False, False, None, type(error).__name__)

    # ------------------------------------------------------------------ helpers

    def _response(self, status: int, headers: dict[str, str], body: dict[str, Any]) -> Any:
        from datetime import timedelta

        response = self.library.Response(status, headers=headers, request=self.request, **body)
        response.elapsed = timedelta(0)
        return response

    def _usage(self) -> tuple[Usage, bool]:
        """The tokens, and whether they are estimated because the provider did not say."""
        if self.answer is not None and self.answer.usage is not None:
            return self.answer.usage, False
        pieces = self.answer.pieces if self.answer is not None else 0
        return Usage(wire.estimate_input(self.call.body), pieces), True

    def _model(self) -> str:
        return self.call.model or (self.answer.model if self.answer is not None else "")

    def _write(
        self,
        usage: Usage,
        usd: Decimal | None,
        estimated: bool,
        hit: bool,
        status: int | None,
        error: str | None,
        model: str | None = None,
    ) -> None:
        for budget in state.budgets:
            budget.spend(usd, logged=self._record and state.log is not None)
        if not self._record:
            return
        call = self.call
        log.write(
            {
                "timestamp": log.timestamp(time.time()),
                "endpoint": call.endpoint,
                "model": model or self._model(),
                "tokens_input": usage.input,
                "tokens_output": usage.output,
                "cost_usd": float(usd) if usd is not None else None,
                "latency_ms": round((time.perf_counter() - self.started) * 1000, 3),
                "cache_hit": hit,
                "provider": call.provider,
                "site": self._site,
                "request_hash": fingerprint(call.endpoint, self.request.content, call.body),
                "cached_tokens": usage.cached,
                "cache_write_tokens": usage.write + usage.write_1h,
                "batch": False,
                "attempt": _attempt(self.request),
                "variant": variant.get(),
                "status": status,
                "error": error,
                "estimated": estimated,
            }
        )


def _attempt(request: Any) -> int:
    for name, value in request.headers.raw:  # looking a header up by name costs more
        if name.lower() == b"x-stainless-retry-count" and value.isdigit():
            return int(value)
    return 0
