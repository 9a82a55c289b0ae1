"""Which request in the code made which records: by key, then by function, then by the nearest line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from llm_lint.model import Request

NEAR = 20  # lines that an edit may have moved a call by, where its function is not found
_SITE = re.compile(
    r"(?P<path>.+?\.(?:py|pyw|ipynb))"
    r"(?:::(?P<key>.+)|:(?P<function>[^:]*):(?P<line>\d+)(?::\d+)?|:(?P<only_line>\d+))?$",
    re.S,
)
_MODULE = re.compile(r"(?P<module>[A-Za-z_][\w.]*):(?P<key>[^:]+#\d+)$")


@dataclass(frozen=True, slots=True)
class Site:
    """A call site as a log names it; ``key`` is ``qualname#ordinal`` where the log has one."""

    path: str
    function: str = ""
    line: int | None = None
    key: str = ""


def parse(text: str) -> Site | None:
    """``path:function:line[:col]``, ``path::qualname#ordinal``, ``module:qualname#ordinal``, or None."""
    found = _SITE.match(text.replace("\\", "/"))
    if found is not None:
        key = found["key"] or ""
        line = found["line"] or found["only_line"]
        function = found["function"] or key.partition("#")[0]
        return Site(found["path"], function, int(line) if line else None, key if "#" in key else "")
    found = _MODULE.match(text)
    if found is not None:
        path = found["module"].replace(".", "/") + ".py"
        return Site(path, found["key"].partition("#")[0], None, found["key"])
    return None


def match(sites: Iterable[str], requests: Sequence[Request]) -> dict[str, str]:
    """The key of the request that each site belongs to; sites that belong to none are left out."""
    found = {}
    for text in sites:
        site = parse(text)
        key = _key_of(site, requests) if site is not None else None
        if key is not None:
            found[text] = key
    return found


def _key_of(site: Site, requests: Sequence[Request]) -> str | None:
    here = [request for request in requests if _same_path(site.path, request.span.filename)]
    if site.key:
        exact = [request for request in here if request.key.partition("::")[2] == site.key]
        if len(exact) == 1:
            return exact[0].key
    if site.function:
        named = [request for request in here if _last(request.function) == _last(site.function)]
        exact = [request for request in named if request.function == site.function]
        chosen = _nearest(exact or named, site.line)
        if chosen is not None:
            return chosen.key
    if site.line is None:
        return None
    near = [request for request in here if _distance(request, site.line) <= NEAR]
    chosen = _nearest(near, site.line)
    return chosen.key if chosen is not None else None


def _same_path(logged: str, filename: str) -> bool:
    """Whether one path is the end of the other: logs name files from another root."""
    left = [part for part in logged.split("/") if part not in ("", ".")]
    right = filename.split("/")
    shorter = min(len(left), len(right))
    return shorter > 0 and left[-shorter:] == right[-shorter:]


def _last(function: str) -> str:
    return function.replace("<locals>.", "").rsplit(".", 1)[-1]


def _nearest(requests: Sequence[Request], line: int | None) -> Request | None:
    """The one nearest to a line; None for none, or where nothing tells several apart."""
    if len(requests) < 2:
        return requests[0] if requests else None
    if line is None or len({request.span.filename for request in requests}) > 1:
        return None
    return min(requests, key=lambda request: (_distance(request, line), request.span))


def _distance(request: Request, line: int) -> int:
    span = request.statement if request.statement.start.row <= request.span.start.row else request.span
    first, last = min(span.start.row, request.span.start.row), max(span.end.row, request.span.end.row)
    return 0 if first <= line <= last else min(abs(line - first), abs(line - last))
