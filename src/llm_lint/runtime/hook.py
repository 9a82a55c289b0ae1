"""The hook: ``send`` of the HTTP client, on one instance (``track``) or on the classes (``install``)."""

from __future__ import annotations

import functools
import sys
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from .clients import LIBRARIES, http_clients
from .flight import CANCELLED, FAILED, LANDED
from .state import OFF, warn

Client = TypeVar("Client")

# Each copy of the runtime in a process hooks for itself; a request is handled by the first that sees it.
_HOOKED = f"_llm_lint_hooked {__name__}"
_POLICY = f"_llm_lint_policy {__name__}"


def track(client: Client, *, cache: Any = None) -> Client:
    """Record the LLM requests of a client and make them cacheable; returns the same object.

    Takes clients of openai, anthropic, langchain, google-genai, mistralai and all others that send through
    httpx or httpx2, or such an HTTP client itself; for an unknown kind all HTTP clients of the process are
    hooked. ``cache``: a ``cached(…)`` for all requests of this client, or its ttl in seconds; clients that
    share an HTTP client share it.
    """
    if OFF:
        return client
    policy = _policy(cache)
    found = list(http_clients(client))
    for http in found:
        _hook(http)
        if policy is not None:
            http.__dict__[_POLICY] = policy
    if not found:
        kind = f"{type(client).__module__}.{type(client).__qualname__}"
        warn(f"found no HTTP client inside {kind}; following all of this process", once=f"track {kind}")
        install()
    return client


def _policy(cache: Any) -> Any:
    if cache is None:
        return None
    from .cache import Cached, cached

    return (cache if isinstance(cache, Cached) else cached(cache)).policy


def _hook(http: Any) -> None:
    if _HOOKED in http.__dict__:
        return
    original = http.send

    async def send_async(request: Any, *, stream: bool = False, **options: Any) -> Any:
        return await _send_async(http.__dict__.get(_POLICY), True, original, request, stream, options)

    def send(request: Any, *, stream: bool = False, **options: Any) -> Any:
        return _send(http.__dict__.get(_POLICY), True, original, request, stream, options)

    http.__dict__[_HOOKED] = True
    http.send = send_async if hasattr(http, "aclose") else send


class _Installed:
    """Whether the classes are hooked, and whether their requests are recorded."""

    hooked = False
    records = False


def install(*, record: bool = True) -> None:
    """Hook all HTTP clients of this process, those of later imports too.

    For programs and frameworks that make their clients themselves. ``record=False`` only makes the requests
    inside ``cached`` scopes cacheable.
    """
    if OFF:
        return
    _Installed.records = _Installed.records or record
    if _Installed.hooked:
        return
    _Installed.hooked = True
    from . import imports

    for name in LIBRARIES:
        library = sys.modules.get(name)
        if library is not None and hasattr(library, "AsyncClient"):
            _install_into(library)
    imports.after_import(frozenset(LIBRARIES), _install_into)


def _install_into(library: Any) -> None:
    if _HOOKED in library.Client.__dict__:
        return
    plain, plain_async = library.Client.send, library.AsyncClient.send

    def send(self: Any, request: Any, *, stream: bool = False, **options: Any) -> Any:
        return _send(
            self.__dict__.get(_POLICY),
            _Installed.records,
            lambda *args, **more: plain(self, *args, **more),
            request,
            stream,
            options,
        )

    async def send_async(self: Any, request: Any, *, stream: bool = False, **options: Any) -> Any:
        return await _send_async(
            self.__dict__.get(_POLICY),
            _Installed.records,
            lambda *args, **more: plain_async(self, *args, **more),
            request,
            stream,
            options,
        )

    for kind, function in ((library.Client, send), (library.AsyncClient, send_async)):
        kind.send = functools.wraps(kind.send)(function)
        setattr(kind, _HOOKED, True)


# --------------------------------------------------------------------------- one request

_modules: list[Any] = []  # imported by the first request: importing the runtime stays cheap


def _load() -> None:
    from . import exchange

    _modules.append(exchange)


def _send(
    policy: Any,
    record: bool,
    original: Callable[..., Any],
    request: Any,
    stream: bool,
    options: dict[str, Any],
) -> Any:
    if not _modules:
        _load()
    flights, safely = _modules[0].flights, _modules[0].safely
    exchange = safely(_modules[0].begin, policy, record, request)
    if exchange is None:
        return original(request, stream=stream, **options)

    def through() -> Any:
        refusal = safely(exchange.blocked)
        if refusal is not None:
            return refusal
        try:
            response = original(request, stream=stream, **options)
        except BaseException as error:
            safely(exchange.failed, error)
            raise
        safely(exchange.received, response, stream, False)
        if not stream:
            safely(exchange.finish)
            safely(exchange.keep)
        return response

    if exchange.policy is None:
        return through()
    hit = _answer(exchange, safely(exchange.look_up), stream)
    if hit is not None or stream or not exchange.key:
        return hit if hit is not None else through()
    while True:
        flight, leads = flights.join(exchange.flight)
        if leads:
            break
        outcome = flight.wait()
        if outcome == FAILED:
            return through()
        hit = _answer(exchange, flight.value, stream)
        if hit is not None:
            return hit
    outcome, value = CANCELLED, None
    try:
        value = safely(exchange.look_up)  # another leader may have landed since
        hit = _answer(exchange, value, stream)
        if hit is not None:
            outcome = LANDED
            return hit
        response = through()
        value = exchange.value
        outcome = LANDED if value is not None else FAILED
        return response
    except Exception:
        outcome = FAILED
        raise
    finally:
        flights.land(exchange.flight, flight, outcome, value)


async def _send_async(
    policy: Any,
    record: bool,
    original: Callable[..., Awaitable[Any]],
    request: Any,
    stream: bool,
    options: dict[str, Any],
) -> Any:
    if not _modules:
        _load()
    flights, safely = _modules[0].flights, _modules[0].safely
    exchange = safely(_modules[0].begin, policy, record, request)
    if exchange is None:
        return await original(request, stream=stream, **options)

    async def run(function: Callable[[], Any]) -> Any:
        return await off_loop(function) if exchange.store.blocks else safely(function)

    async def through() -> Any:
        refusal = safely(exchange.blocked)
        if refusal is not None:
            return refusal
        try:
            response = await original(request, stream=stream, **options)
        except BaseException as error:
            safely(exchange.failed, error)
            raise
        safely(exchange.received, response, stream, True)
        if not stream:
            safely(exchange.finish)
            if exchange.policy is not None:
                await run(exchange.keep)
        return response

    if exchange.policy is None:
        return await through()
    hit = _answer(exchange, await run(exchange.look_up), stream)
    if hit is not None or stream or not exchange.key:
        return hit if hit is not None else await through()
    while True:
        flight, leads = flights.join(exchange.flight)
        if leads:
            break
        outcome = await flight.wait_async()
        if outcome == FAILED:
            return await through()
        hit = _answer(exchange, flight.value, stream)
        if hit is not None:
            return hit
    outcome, value = CANCELLED, None
    try:
        value = await run(exchange.look_up)
        hit = _answer(exchange, value, stream)
        if hit is not None:
            outcome = LANDED
            return hit
        response = await through()
        value = exchange.value
        outcome = LANDED if value is not None else FAILED
        return response
    except Exception:
        outcome = FAILED
        raise
    finally:
        flights.land(exchange.flight, flight, outcome, value)


def _answer(exchange: Any, value: bytes | None, stream: bool) -> Any:
    return _modules[0].safely(exchange.replay, value, stream) if value is not None else None


async def off_loop(function: Callable[..., Any], *arguments: Any) -> Any:
    """Run a store's operation in a thread, so that the event loop goes on; None when it fails."""
    import asyncio

    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(None, _modules[0].safely, function, *arguments)
