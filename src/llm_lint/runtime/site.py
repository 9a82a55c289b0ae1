"""Where in the program a request is made: ``path:function:line:column`` of the nearest own frame.

The path is relative to the project, and the function is named as the linter names it (``Class.method``), so
that ``path::function`` is the key of ``llm-lint inventory`` without its ordinal.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from itertools import islice
from types import CodeType, FrameType
from typing import Any

_HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep
_STANDARD = tuple(
    os.path.abspath(path) + os.sep
    for path in {sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"), os.path.dirname(os.__file__)}
)
_INSTALLED = (f"{os.sep}site-packages{os.sep}", f"{os.sep}dist-packages{os.sep}")
# Installed packages that are the road to the request, not the program that makes it.
_SDKS = frozenset(
    """openai anthropic httpx httpx2 httpcore httpcore2 anyio tenacity langchain langchain_core
    langchain_openai langchain_anthropic langchain_community langgraph litellm instructor groq
    mistralai cohere together google ollama pydantic_ai llama_index crewai autogen agents dspy
    haystack smolagents _pytest pluggy wrapt opentelemetry langsmith langfuse starlette uvicorn
    fastapi flask werkzeug click typer""".split()
)
_MARKS = ("pyproject.toml", ".git", "setup.py", "setup.cfg")
_NAMELESS = ("<lambda>", "<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>", "<locals>")

OWN, INSTALLED, LIBRARY, LOOP = range(4)
_kinds: dict[str, int] = {}
_sites: dict[tuple[CodeType, int], str] = {}


def call_site() -> str | None:
    """The site of the request that the caller is about to send; None when no frame is the program's own.

    A frame of the event loop ends the search: beyond it stands who started the loop, not who asked.
    """
    frame: FrameType | None = sys._getframe(1)
    installed: FrameType | None = None
    while frame is not None:
        kind = _kinds.get(frame.f_code.co_filename)
        if kind is None:
            kind = _classify(frame.f_code.co_filename)
        if kind == OWN:
            return _site(frame)
        if kind == INSTALLED and installed is None:
            installed = frame
        if kind == LOOP and frame.f_code.co_name == "_run":
            break
        frame = frame.f_back
    return _site(installed) if installed is not None else None


def _classify(filename: str) -> int:
    kind = OWN
    path = os.path.abspath(filename)
    if filename.startswith("<") and not filename.startswith(("<stdin", "<string", "<ipython")):
        kind = LIBRARY
    elif path.endswith(os.path.join("asyncio", "events.py")):
        kind = LOOP
    elif path.startswith(_HERE) or filename.startswith("<frozen"):
        kind = LIBRARY
    else:
        mark = next((mark for mark in _INSTALLED if mark in path), None)
        if mark is not None:
            package = path.rpartition(mark)[2].split(os.sep)[0].removesuffix(".py")
            kind = LIBRARY if package in _SDKS else INSTALLED
        elif path.startswith(_STANDARD):
            kind = LIBRARY
    _kinds[filename] = kind
    return kind


def _site(frame: FrameType) -> str:
    code = frame.f_code
    key = (code, frame.f_lasti)
    found = _sites.get(key)
    if found is None:
        found = f"{_path(code.co_filename)}:{_function(frame)}:{_position(frame)}"
        if len(_sites) < 4096:  # notebooks make code objects without end
            _sites[key] = found
    return found


def _position(frame: FrameType) -> str:
    """Line and column (from 1) of the call; only the line before Python 3.11."""
    code: Any = frame.f_code
    if hasattr(code, "co_positions"):
        line, _, column, _ = next(islice(code.co_positions(), frame.f_lasti // 2, None), (None,) * 4)
        if line is not None and column is not None:
            return f"{line}:{column + 1}"
    return str(frame.f_lineno)


def _function(frame: FrameType) -> str:
    code: Any = frame.f_code
    name: str = getattr(code, "co_qualname", None) or _qualified(frame)
    return ".".join(part for part in name.split(".") if part not in _NAMELESS) or "<module>"


def _qualified(frame: FrameType) -> str:
    """The name of a method with its class's, before Python 3.11 told it."""
    code = frame.f_code
    owner: Any = frame.f_locals.get("self", frame.f_locals.get("cls"))
    for cls in () if owner is None else (owner if isinstance(owner, type) else type(owner)).__mro__:
        member = cls.__dict__.get(code.co_name)
        while member is not None and getattr(member, "__code__", None) is not code:
            member = getattr(member, "__wrapped__", getattr(member, "__func__", None))
        if member is not None:
            return f"{cls.__qualname__}.{code.co_name}"
    return code.co_name


def _path(filename: str) -> str:
    if filename.startswith("<"):
        return filename
    path = os.path.abspath(filename)
    mark = next((mark for mark in _INSTALLED if mark in path), None)
    relative = path.rpartition(mark)[2] if mark else os.path.relpath(path, _root(path))
    return relative.replace(os.sep, "/").replace(":", "_")


def _root(path: str) -> str:
    """The working folder if it holds the file, else the project around the file, else its folder."""
    here = os.getcwd()
    if path.startswith(here.rstrip(os.sep) + os.sep):
        return here
    folder = parent = os.path.dirname(path)
    while True:
        if any(os.path.exists(os.path.join(parent, mark)) for mark in _MARKS):
            return parent
        if os.path.dirname(parent) == parent:
            return folder
        parent = os.path.dirname(parent)
