"""Finding the HTTP client inside an SDK's client: a table of attribute paths, no knowledge of the SDKs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

LIBRARIES = ("httpx", "httpx2")
_PATHS = (
    "_client",
    "root_client._client",
    "root_async_client._client",
    "_client._client",
    "_async_client._client",
    "client._client",
    "async_client._client",
    "client._client._client",
    "async_client._client._client",
    "_api_client._httpx_client",
    "_api_client._async_httpx_client",
    "sdk_configuration.client",
    "sdk_configuration.async_client",
    "_client_wrapper.httpx_client.httpx_client",
    "_client._client_wrapper.httpx_client.httpx_client",
)


def is_http_client(value: Any) -> bool:
    """Whether a value is a client of httpx or httpx2."""
    return any(
        isinstance(value, (library.Client, library.AsyncClient))
        for library in (sys.modules.get(name) for name in LIBRARIES)
        if library is not None and hasattr(library, "AsyncClient")
    )


def http_clients(client: Any) -> Iterator[Any]:
    """Every HTTP client that an SDK's client sends through, as far as the paths lead to one."""
    if is_http_client(client):
        yield client
        return
    seen: list[int] = []
    for path in _PATHS:
        found = client
        for name in path.split("."):
            # Not getattr: SDKs build resources, and models raise, on attributes that are only asked for.
            found = _attribute(found, name)
            if found is None:
                break
        if found is not None and id(found) not in seen and is_http_client(found):
            seen.append(id(found))
            yield found


def _attribute(holder: Any, name: str) -> Any:
    try:
        return getattr(holder, name, None)
    except Exception:
        return None
