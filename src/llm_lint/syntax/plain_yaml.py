"""The plain part of YAML that configuration files are made of: nested mappings and scalars.

No dependency reads YAML here, so what goes beyond (anchors, block texts, flow mappings, lists of
mappings) is left out: a key whose value is not understood is absent from the result.
"""

from __future__ import annotations

import re
from typing import Any

_ENTRY = re.compile(r"^(?P<indent> *)(?P<key>[\w.-]+|\"[^\"]*\"|'[^']*')\s*:(?:\s+(?P<value>.*))?$")
_COMMENT = re.compile(r"\s+#.*$")
_NUMBER = re.compile(r"^[+-]?\d+(\.\d+)?$")
_WORDS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_BEYOND = ("&", "*", "|", ">", "{", "[", "!", "%", "@", "`")


def read_yaml(text: str) -> dict[str, Any]:
    """The mapping that a document holds, without the values that are not plain."""
    result: dict[str, Any] = {}
    open_: list[tuple[int, dict[str, Any]]] = [(-1, result)]
    for line in text.splitlines():
        entry = _ENTRY.match(line.rstrip())
        if entry is None:
            continue
        indent, key = len(entry["indent"]), entry["key"].strip("\"'")
        while len(open_) > 1 and open_[-1][0] >= indent:
            open_.pop()
        parent = open_[-1][1]
        value = _COMMENT.sub("", f" {entry['value'] or ''}").strip()
        if not value:
            inner: dict[str, Any] = {}
            parent[key] = inner
            open_.append((indent, inner))
        elif not value.startswith(_BEYOND):
            parent[key] = _scalar(value)
    return result


def _scalar(text: str) -> Any:
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1]
    if text.lower() in ("null", "~"):
        return None
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _NUMBER.match(text):
        return float(text) if "." in text else int(text)
    return text
