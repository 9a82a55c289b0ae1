"""Which request a logged call site is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from llm_lint.model import Location, Request, Span
from llm_lint.usage.matching import match
from tests.pricing.builders import request


def _request(filename: str, function: str, row: int, ordinal: int = 0) -> Request:
    place = Span(filename, Location(row, 5), Location(row + 2, 9))
    found = request(filename=filename, function=function, key=f"{filename}::{function}#{ordinal}")
    return replace(found, span=place, statement=place)


REQUESTS = (
    _request("app/llm.py", "label", 10),
    _request("app/llm.py", "label", 40, 1),
    _request("app/llm.py", "Agent.answer", 100),
    _request("jobs/llm.py", "run", 7),
    _request("jobs/other.py", "run", 7),
)


@pytest.mark.parametrize(
    ("site", "key"),
    [
        ("app/llm.py::label#1", "app/llm.py::label#1"),
        ("app.llm:label#0", "app/llm.py::label#0"),
        ("app/llm.py:label:11", "app/llm.py::label#0"),
        ("app/llm.py:label:38:9", "app/llm.py::label#1"),
        ("/srv/checkout/app/llm.py:label:11:4", "app/llm.py::label#0"),
        ("C:\\work\\app\\llm.py:label:11", "app/llm.py::label#0"),
        ("app/llm.py:answer:500", "app/llm.py::Agent.answer#0"),
        ("app/llm.py:Agent.answer:500", "app/llm.py::Agent.answer#0"),
        ("app/llm.py:renamed:95", "app/llm.py::Agent.answer#0"),
        ("app/llm.py:renamed:800", None),
        ("llm.py:run:7", "jobs/llm.py::run#0"),
        ("lib/unknown.py:run:7", None),
        ("", None),
        ("(other call sites)", None),
    ],
)
def test_by_key_then_function_then_the_nearest_line(site: str, key: str | None) -> None:
    assert match([site], REQUESTS).get(site) == key


def test_what_fits_two_files_is_left_out() -> None:
    twins = (_request("a/llm.py", "run", 7), _request("b/llm.py", "run", 7))
    assert match(["llm.py:run:7"], twins) == {}
