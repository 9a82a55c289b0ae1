"""Key specimens for tests, put together at run time from the pieces in ``rules/keys.toml``.

No committed file holds a whole key: scanners and push protection stay silent.
"""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

KEYS = Path(__file__).parents[1] / "rules" / "keys.toml"
_WRITTEN = re.compile(r"\{\{key:([a-z0-9-]+)(?:#(\d+))?\}\}")


@cache
def key_formats() -> dict[str, dict[str, Any]]:
    """The formats of ``rules/keys.toml`` by id."""
    table = tomllib.loads(KEYS.read_text(encoding="utf-8"))
    return {key["id"]: key for key in table["key"]}


def specimen(identifier: str, index: int = 0) -> str:
    """A made-up key of a format; raises KeyError for an unknown format."""
    return "".join(key_formats()[identifier]["match"][index])


def specimens() -> dict[str, str]:
    """Every made-up key, by ``format#index``."""
    return {
        f"{identifier}#{index}": specimen(identifier, index)
        for identifier, key in key_formats().items()
        for index in range(len(key["match"]))
    }


def look_alikes() -> dict[str, str]:
    """Every text that only resembles a key, by ``format#index``."""
    return {
        f"{identifier}#{index}": "".join(pieces)
        for identifier, key in key_formats().items()
        for index, pieces in enumerate(key["no_match"])
    }


def with_keys(text: str) -> str:
    """The text with ``{{key:FORMAT}}`` (``{{key:FORMAT#2}}``: the third) replaced by a made-up key."""
    return _WRITTEN.sub(lambda match: specimen(match[1], int(match[2] or 0)), text)
