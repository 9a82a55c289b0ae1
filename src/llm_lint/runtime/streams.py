"""Byte streams that are followed while they are read, or made of a kept answer.

They subclass the stream classes of the library that made the response: both httpx and httpx2 check that.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from functools import lru_cache
from typing import Any

from .exchange import Exchange, safely


@lru_cache(maxsize=8)
def tee_class(library: Any, is_async: bool) -> Any:
    """The class of followed streams for httpx or httpx2."""
    return _async_tee(library.AsyncByteStream) if is_async else _sync_tee(library.SyncByteStream)


def _sync_tee(base: Any) -> Any:
    class Tee(base):  # type: ignore[misc]
        def __init__(self, inner: Any, exchange: Exchange) -> None:
            self._inner, self._exchange, self._exhausted = inner, exchange, False

        def __iter__(self) -> Iterator[bytes]:
            try:
                for chunk in self._inner:
                    safely(_feed, self._exchange, chunk)
                    yield chunk
                self._exhausted = True
            except GeneratorExit:  # the program has read enough; closing tells whether that was all
                raise
            except BaseException as error:
                safely(self._exchange.failed, error)
                raise

        def close(self) -> None:
            try:
                self._inner.close()
            finally:
                safely(_end, self._exchange, self._exhausted)

        def __del__(self) -> None:
            safely(self._exchange.finish, self._exhausted)

    return Tee


def _async_tee(base: Any) -> Any:
    class AsyncTee(base):  # type: ignore[misc]
        def __init__(self, inner: Any, exchange: Exchange) -> None:
            self._inner, self._exchange, self._exhausted = inner, exchange, False

        async def __aiter__(self) -> AsyncIterator[bytes]:
            try:
                async for chunk in self._inner:
                    safely(_feed, self._exchange, chunk)
                    yield chunk
                self._exhausted = True
            except GeneratorExit:
                raise
            except BaseException as error:
                safely(self._exchange.failed, error)
                raise

        async def aclose(self) -> None:
            try:
                await self._inner.aclose()
            finally:
                store = self._exchange.store
                if store is not None and store.blocks:
                    from .hook import off_loop

                    await off_loop(_end, self._exchange, self._exhausted)
                else:
                    safely(_end, self._exchange, self._exhausted)

        def __del__(self) -> None:
            safely(self._exchange.finish, self._exhausted)

    return AsyncTee


def _feed(exchange: Exchange, chunk: bytes) -> None:
    if exchange.answer is not None:
        exchange.answer.feed(chunk)


def _end(exchange: Exchange, exhausted: bool) -> None:
    exchange.finish(exhausted)
    exchange.keep()


@lru_cache(maxsize=4)
def replay_class(library: Any) -> Any:
    """The class of streams made of kept bytes, one event at a time, for both kinds of client."""

    class Replay(library.SyncByteStream, library.AsyncByteStream):  # type: ignore[misc]
        def __init__(self, body: bytes) -> None:
            self._body = body

        def __iter__(self) -> Iterator[bytes]:
            yield from _events(self._body)

        async def __aiter__(self) -> AsyncIterator[bytes]:
            for event in _events(self._body):
                yield event

    return Replay


def _events(body: bytes) -> Iterator[bytes]:
    start = 0
    while start < len(body):
        end = body.find(b"\n\n", start)
        end = len(body) if end < 0 else end + 2
        yield body[start:end]
        start = end
