"""The tables of call surfaces: their schema, and that every call they list is found in code."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.semantics.marked import requests_of

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[2]
TABLES = {
    path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "rules" / "providers").glob("*.toml"))
}
KINDS = frozenset(
    """chat completion embedding image audio video rerank moderation batch agent any classify transcription
    speech realtime ocr search retrieval session config training cache token_count local file""".split()
)
# What the inventory calls the finer kinds of the tables.
SHOWN = {
    "classify": "chat",
    "ocr": "chat",
    "any": "chat",
    "transcription": "audio",
    "speech": "audio",
    "realtime": "audio",
    "search": "embedding",
    "retrieval": "embedding",
}
NO_REQUEST = frozenset({"session", "config", "training", "cache", "token_count", "file"})
_PLACE = re.compile(r"^~?(\d+:)?[\w\[\]=|:.]+( @\S+)?$")


@pytest.mark.parametrize("name", TABLES)
def test_tables_keep_to_their_schema(name: str) -> None:
    table = TABLES[name]
    assert table["schema"] == 1
    assert {"id", "title", "class", "bills", "imports"} <= table["provider"].keys()
    receivers = table.get("receiver", {})
    for call in table.get("call", []):
        assert call["kind"] in KINDS, call
        assert call["stream"] in ("never", "always", "optional", "argument"), call
        assert isinstance(call["billed"], bool)
        assert ("names" in call) != ("receiver" in call), call
        assert call.get("receiver") in (None, *receivers), call
        _check_arguments(call["args"])
    for receiver in receivers.values():
        for constructor in receiver.get("constructor", []):
            assert constructor.get("names") or constructor.get("async_names"), constructor
            _check_arguments(constructor["args"])


def _check_arguments(arguments: dict[str, Any]) -> None:
    for places in arguments.values():
        for place in places if isinstance(places, list) else [places]:
            assert _PLACE.match(place), place


@pytest.mark.parametrize("name", [name for name in TABLES if TABLES[name].get("call")])
def test_every_call_of_a_table_is_found(name: str, tmp_path: Path) -> None:
    lines, expected = _program(TABLES[name])
    found = {r.span.start.row: r.kind for r in requests_of(tmp_path, {"app.py": "\n".join(lines) + "\n"})}
    assert found == expected


def _program(table: dict[str, Any]) -> tuple[list[str], dict[int, str]]:
    """Each call written once, from its own constructor; and the kind expected on each line."""
    lines: list[str] = []
    expected: dict[int, str] = {}

    def write(call: dict[str, Any], text: str) -> None:
        lines.append(text)
        if call["kind"] not in NO_REQUEST and not call.get("known_model"):
            expected[len(lines)] = SHOWN.get(call["kind"], call["kind"])

    asking = {name: call for call in table["call"] for name in call.get("names", [])}
    for number, call in enumerate(table["call"]):
        for dotted in [*call.get("names", []), *call.get("async_names", [])]:
            lines.append(f"import {dotted.rpartition('.')[0]}")
            write(call, f"{dotted}()")
        made = _constructor(table, call)
        if made is None:
            continue
        dotted, arguments = made
        lines.append(f"import {dotted.rpartition('.')[0]}")
        write(asking.get(dotted, {"kind": "session"}), f"made{number} = {dotted}({arguments})")
        for path in (call["path"], *call.get("aliases", []), *filter(None, [call.get("async_path")])):
            write(call, f"made{number}()" if path == "()" else f"made{number}.{path}()")
    return lines, expected


def _constructor(table: dict[str, Any], call: dict[str, Any]) -> tuple[str, str] | None:
    """What makes the object of a call, and the arguments that its conditions ask for."""
    receiver = table.get("receiver", {}).get(call.get("receiver"))
    if receiver is not None and not receiver.get("constructor"):
        receiver = table["receiver"].get(receiver.get("same_as"))
    for constructor in (receiver or {}).get("constructor", []):
        wanted = [
            repr(value) if place.split(":")[0].isdigit() else f"{place}={value!r}"
            for place, value in constructor.get("when", {}).items()
        ]
        return (constructor.get("names") or constructor["async_names"])[0], ", ".join(wanted)
    return None
