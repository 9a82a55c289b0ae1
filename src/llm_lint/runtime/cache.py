"""``cached``: a scope in which LLM requests are answered from the cache.

The decorated function runs every time; the requests that it makes are looked up by their whole content. So
a changed prompt, model, parameter or attribute is another request by itself, and no argument needs to be
hashable.
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from types import TracebackType
from typing import Any, NamedTuple, TypeVar, cast, overload

from .state import OFF, Store, state

F = TypeVar("F", bound=Callable[..., Any])

_GENERATOR, _COROUTINE, _ITERABLE_COROUTINE, _ASYNC_GENERATOR = 0x20, 0x80, 0x100, 0x200


class Policy(NamedTuple):
    """How answers are reused: for ``ttl`` seconds, from the named store (empty: the configured one)."""

    ttl: float
    store: str = ""
    version: str = ""
    sampling: bool = False

    @property
    def store_name(self) -> str:
        """The name of the store that holds now."""
        from .stores import name_of

        return self.store or name_of(state.cache)


class _Entered(NamedTuple):
    policy: Policy | None
    outer: _Entered | None


_scope: ContextVar[_Entered | None] = ContextVar("llm_lint_cached", default=None)


def policy_in_force(of_client: Policy | None) -> Policy | None:
    """The policy of the innermost scope that the caller is in; outside of any, the client's."""
    entered = _scope.get()
    return entered.policy if entered is not None else of_client


def _enter(policy: Policy | None) -> None:
    _scope.set(_Entered(policy, _scope.get()))


def _leave() -> None:
    entered = _scope.get()
    _scope.set(entered.outer if entered is not None else None)


class cache_bypassed:
    """A scope without a policy: requests inside are sent, whatever surrounds it."""

    def __enter__(self) -> None:
        _enter(None)

    def __exit__(self, *error: object) -> None:
        _leave()


class Cached:
    """What ``cached(…)`` returns: a decorator, and a context manager for ``with`` and ``async with``."""

    def __init__(self, policy: Policy | None) -> None:
        self.policy = policy

    def __call__(self, function: F) -> F:
        """Let the function run inside the scope; its signature and its being a coroutine function stay."""
        if self.policy is None:
            return function
        if isinstance(function, (staticmethod, classmethod)):
            return cast("F", type(function)(self(function.__func__)))
        flags = _flags(function)
        if flags & (_GENERATOR | _ASYNC_GENERATOR):
            raise TypeError("cached cannot decorate a generator; use `with cached(…):` around its requests")
        return cast("F", _wrap(function, self.policy, bool(flags & (_COROUTINE | _ITERABLE_COROUTINE))))

    def __enter__(self) -> Cached:
        if not OFF:
            _enter(self.policy)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not OFF:
            _leave()

    async def __aenter__(self) -> Cached:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.__exit__(kind, error, trace)


@overload
def cached(ttl: F) -> F: ...
@overload
def cached(
    ttl: float = 3600, *, store: Store | None = None, version: str = "", sampling: bool = False
) -> Cached: ...
def cached(ttl: Any = 3600, *, store: Store | None = None, version: str = "", sampling: bool = False) -> Any:
    """Answer the LLM requests made inside from the cache, for ``ttl`` seconds.

    As a decorator (``@cached(ttl=3600)``), sync or async, or as a context manager. Only requests that are
    sent through a tracked or installed client are seen; of these, embeddings and texts at ``temperature=0``
    are reused, and with ``sampling=True`` texts at any temperature. ``store``: ``memory:``,
    ``sqlite:///answers.db``, ``redis://host``, or a mutable mapping such as ``cachetools.TTLCache``; by
    default what ``configure`` or ``LLM_LINT_CACHE`` says. Another ``version`` does not see older answers.
    Raises TypeError for generator functions, ValueError for a ttl that is not positive.
    """
    if callable(ttl):
        return cached()(ttl)
    if isinstance(ttl, bool) or not ttl > 0:
        raise ValueError("ttl must be a positive number of seconds")
    if OFF:
        return Cached(None)
    name = ""
    if store is not None:
        from .stores import name_of

        name = name_of(store)
    # Requests of clients that nobody tracks are seen through the class-level hook.
    from .hook import install

    install(record=False)
    return Cached(Policy(ttl, name, version, sampling))


def _flags(function: Any) -> int:
    """The code flags of a function, of what a partial calls, or of a callable object's ``__call__``."""
    while isinstance(function, functools.partial):
        function = function.func
    function = getattr(function, "__func__", function)
    if not hasattr(function, "__code__"):
        function = type(function).__dict__.get("__call__")
    code = getattr(function, "__code__", None)
    return code.co_flags if code is not None else 0


def _wrap(function: Callable[..., Any], policy: Policy, is_coroutine: bool) -> Callable[..., Any]:
    # The closures hold plain values only, so that functions can still be shipped to workers.
    if is_coroutine:

        @functools.wraps(function)
        async def asynchronous(*args: Any, **kwargs: Any) -> Any:
            _enter(policy)
            try:
                return await function(*args, **kwargs)
            finally:
                _leave()

        return asynchronous

    @functools.wraps(function)
    def synchronous(*args: Any, **kwargs: Any) -> Any:
        _enter(policy)
        try:
            result = function(*args, **kwargs)
        finally:
            _leave()
        return _inside(result, policy) if hasattr(type(result), "__await__") else result

    return synchronous


async def _inside(result: Awaitable[Any], policy: Policy) -> Any:
    """Await what a plain function returned, inside the scope."""
    _enter(policy)
    try:
        return await result
    finally:
        _leave()


def clear(model: str | None = None, *, store: Store | None = None) -> int:
    """Forget the kept answers of a model, or all; returns how many. Raises what the store raises."""
    from .stores import name_of, open_store

    return open_store(name_of(store if store is not None else state.cache)).delete(model)
