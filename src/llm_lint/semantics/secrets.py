"""API keys written into files: a test of bytes for whole trees, the search in one file, and masking.

A key's text never leaves this module: a ``KeyMatch`` tells what the key is, where it lies and what
holds it, and nothing that derives from the secret itself.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal as OneOf

from llm_lint.errors import SkipFile
from llm_lint.model import Confidence, Location, Span
from llm_lint.semantics.key_bindings import Bindings, Literal, bindings
from llm_lint.semantics.key_formats import (
    KeyFormat,
    density,
    entropy,
    is_placeholder,
    is_plausible,
    key_table,
    looks_random,
)
from llm_lint.semantics.key_holders import Holder, Holders, is_key_name
from llm_lint.syntax.parsing import split_lines
from llm_lint.syntax.source import SourceFile

Place = OneOf["code", "comment", "text", "output"]


@dataclass(frozen=True, slots=True)
class KeyMatch:
    """One key in a file.

    ``title`` says whose key it is; ``name`` is the variable, keyword, header or environment variable
    that holds it ("" where nothing does), ``variable`` the environment variable to read instead.
    """

    provider: str
    title: str
    name: str
    variable: str
    confidence: Confidence
    place: Place
    span: Span


# --------------------------------------------------------------------------- which files to look at

# Each expression starts with one fixed character, which ``re`` finds at memory speed, and only then
# looks back at the letters before it: one alternation of all prefixes is ten times slower.
_DASHED = r"-(?<=sk-|ai-|lx-|pi-|pa-|lf-|ne-|ey-)[A-Za-z0-9_-]{16}"
_SCORED = r"_(?<=hf_|sk_|v1_|fw_|r8_|na_|pt_|rg_|hp_|ho_|hu_|hs_|hr_|at_)(?=[A-Za-z0-9-]{11})[A-Za-z0-9_-]{16}"
_LETTERED = r"A(?:Iza|KIA|SIA|BIA|CCA|BSK|Q\.Ab|COG)[A-Za-z0-9_-]{4}"
_DATABRICKS = r"dapi[a-f0-9]{32}"
_NAMED = (
    r"_(?:[kK][eE][yY]|TOKEN|token)[\"'\]\\]{0,4} ?[=:,] ?(?:\w+\()?\\?[\"'](?:Bearer )?"
    r"(?=[^\s\"']*[0-9])[^\s\"'\\]{8}"
)
_CANDIDATES = tuple(
    re.compile(pattern.encode()) for pattern in (_DASHED, f"{_SCORED}|{_NAMED}", _LETTERED, _DATABRICKS)
)
_HINTS = tuple(re.compile(pattern) for pattern in (_DASHED, _SCORED, _LETTERED, _DATABRICKS))
_BEFORE, _AFTER = 64, 460  # characters around a hint: the longest text before a marker, the longest key


def candidates(data: bytes) -> bool:
    """Whether a file's bytes may hold a key by its format, or in a variable named for one.

    A file for which this says no may still hold a literal of no known format in a client's parameter;
    such a file imports an SDK or names an API.
    """
    return any(pattern.search(data) is not None for pattern in _CANDIDATES)


def find_keys(source: SourceFile) -> list[KeyMatch]:
    """Every key in a file, in order; comments, markdown cells, magics and outputs included."""
    search = _Search(source)
    found = [match for passage in _passages(source) for match in search.by_format(passage)]
    found += search.by_holder()
    found += [match for passage in _passages(source) for match in search.by_assignment(passage)]
    return sorted(found, key=lambda match: (match.span.cell or 0, match.span.start))


# --------------------------------------------------------------------------- texts of a file


@dataclass(frozen=True, slots=True)
class _Passage:
    """A text of the file in one piece: the whole file, a cell, or an output."""

    text: str
    place: Place
    cell: int | None


def _passages(source: SourceFile) -> Iterator[_Passage]:
    if not source.is_notebook:
        yield _Passage(source.text, "code", None)
        return
    document = json.loads(source.data)
    cells = document["cells"] if "cells" in document else document["worksheets"][0]["cells"]
    for index, cell in enumerate(cells):
        if isinstance(cell, dict):
            text = cell.get("source", cell.get("input", ""))
            place: Place = "code" if cell.get("cell_type") == "code" else "text"
            yield _Passage("".join(map(str, text)) if isinstance(text, list) else str(text), place, index)
    for number, text in source.outputs:
        yield _Passage(text, "output", number)


def _bindings(source: SourceFile) -> Bindings:
    try:
        return bindings(source.tree())
    except SkipFile:
        return Bindings((), {}, {})


# --------------------------------------------------------------------------- guards

_ALLOWED = re.compile(
    r"pragma: ?allowlist|gitleaks:allow|trufflehog:ignore|nosemgrep|#\s*nosec\b|#\s*noqa:[^#]*\bS10[567]"
    r"|#.*\b(?:fake|dummy|mock|placeholder|example|not (?:a )?real|made[- ]up|invalid|revoked|expired)\b",
    re.I,
)
_FIXTURE_NAME = re.compile(
    r"fake|dummy|mock|stub|example|sample|placeholder|invalid|bogus|redacted|revoked|expired|fixture", re.I
)
_FIXTURE_VALUE = re.compile(
    r"(?:^|[-_.])(?:test|testing|mock|fake|dummy|demo|stub|unused|none|foo|bar|local|secret|key|token)\d{0,4}(?=[-_.]|$)",
    re.I,
)
_TEST_PATH = re.compile(r"(?:^|/)(?:tests?|testing|fixtures|testdata)/|(?:^|/)(?:test_[^/]*|[^/]*_test|conftest)\.py$")
_GEMINI = re.compile(r"gemini|genai|generativeai|generativelanguage|vertex|palm|google_?api_?key", re.I)
_OTHER_GOOGLE = re.compile(
    r"firebase|authdomain|maps|places|geocod|youtube|analytics|recaptcha|customsearch|drive|sheets|calendar", re.I
)


def _is_public(value: str) -> bool:
    """Keys of telemetry that are meant to be seen: ``pk-lf-…``."""
    return value.startswith("pk-")


# --------------------------------------------------------------------------- the search

_SCHEME = re.compile(r"^(?:Bearer|Token|Basic|Api-Key|Key)\s+", re.I)
_QUERY_KEY = re.compile(r"[?&](?:api[-_]?key|key|access_token|token)=([^&\s#]+)", re.I)
_ASSIGNED = re.compile(
    r"\b([A-Z][A-Z0-9_]{1,60}(?:KEY|TOKEN|SECRET))\b[\"'\]]{0,2}\s*[:=]\s*[\"']?([^\s\"',;]{12,200})"
)
_COMMENT_OR_MAGIC = re.compile(r"^\s*[%!#]|\s#")
_LABEL = re.compile(r"[A-Za-z_][\w.-]{0,60}")
_CERTAIN = 0.4  # words per character of a text that nobody types by hand


class _Search:
    """The search in one file; no place is reported twice."""

    def __init__(self, source: SourceFile) -> None:
        table = key_table()
        self._source = source
        self._table = table
        self._strong = tuple(key for key in table.formats if key.confidence is not Confidence.LOW)
        self._weak = tuple(key for key in table.formats if key.confidence is Confidence.LOW)
        self._bindings = _bindings(source)
        self._holders = Holders(self._bindings, source.text, table)
        self._places = sorted(
            ((span.cell or 0, span.start, span.end), index)
            for index, literal in enumerate(self._bindings.literals)
            for span in (source.span(literal.node),)
        )
        self._judged: set[int] = set()  # literals that a format has decided about, for or against
        self._is_test = _TEST_PATH.search(source.name) is not None

    # ---- formats that are keys wherever they stand

    def by_format(self, passage: _Passage) -> Iterator[KeyMatch]:
        """Keys that show by themselves what they are."""
        lines = split_lines(passage.text)
        starts = [0, *accumulate(map(len, lines))]
        printed: set[str] = set()
        for offset, key, value in self._strong_matches(passage.text):
            row = bisect_right(starts, offset)
            start = Location(row, offset - starts[row - 1] + 1)
            literal = self._literal_at(passage, start)
            repeated = passage.place == "output" and value in printed
            printed.add(value)
            confidence = self._confidence(key, value, literal, lines[row - 1])
            if confidence is None or repeated:
                continue
            span = Span(self._source.name, start, Location(row, start.column + len(value)), passage.cell)
            yield self._by(key, confidence, literal, passage, span)

    def _strong_matches(self, text: str) -> list[tuple[int, KeyFormat, str]]:
        found: dict[int, tuple[KeyFormat, str]] = {}
        for hint in _HINTS:
            for hit in hint.finditer(text):
                for key in self._strong:
                    for match in key.regex.finditer(text, max(hit.start() - _BEFORE, 0), hit.end() + _AFTER):
                        found.setdefault(match.start(), (key, match[0]))
        return [(offset, key, value) for offset, (key, value) in sorted(found.items(), key=lambda item: item[0])]

    def _literal_at(self, passage: _Passage, at: Location) -> Literal | None:
        """The string literal of the code around a place."""
        if passage.place != "code":
            return None
        cell = passage.cell or 0
        position = bisect_right(self._places, ((cell, at, Location(1 << 30, 0)), 1 << 30))
        for (other, start, end), index in reversed(self._places[max(position - 8, 0) : position]):
            if other == cell and start <= at < end:
                self._judged.add(index)
                return self._bindings.literals[index]
        return None

    def _confidence(self, key: KeyFormat, value: str, literal: Literal | None, line: str) -> Confidence | None:
        """How sure it is that a match is a key in use; None for look-alikes, fillers and fixtures."""
        names = literal.bound.names if literal is not None else ()
        if is_placeholder(value) or _is_public(value) or _ALLOWED.search(line) or any(map(_FIXTURE_NAME.search, names)):
            return None
        if key.confidence is Confidence.MEDIUM and not looks_random(value):
            return None
        words = self._words(literal, line, value)
        if key.id == "google-api" and not _GEMINI.search(words) and not self._holds(literal):
            return None if _OTHER_GOOGLE.search(words) else Confidence.MEDIUM
        if key.confidence is Confidence.MEDIUM and key.context and not self._holds(literal):
            return Confidence.MEDIUM if any(word in words for word in key.context) else Confidence.LOW
        return key.confidence

    def _words(self, literal: Literal | None, line: str, value: str) -> str:
        """What stands around a literal, in lower case: its names, receiver, neighbours and line."""
        bound = literal.bound if literal is not None else None
        around = (*bound.names, bound.callee, *bound.nearby) if bound is not None else ()
        return " ".join((*around, line.replace(value, ""))).lower()

    def _holds(self, literal: Literal | None) -> bool:
        return literal is not None and self._holder(literal) is not None

    def _by(self, key: KeyFormat, confidence: Confidence, literal: Literal | None, passage: _Passage, span: Span) -> KeyMatch:
        holder = self._holder(literal) if literal is not None else None
        provider = holder.provider if holder is not None and key.provider == "several" else key.provider
        place: Place = "comment" if passage.place == "code" and literal is None else passage.place
        if place == "output":  # outputs have no rows of their own: the cell is the place
            span = Span(span.filename, Location(1, 1), Location(1, 1), span.cell)
        elif literal is not None and _SCHEME.sub("", literal.value).strip() == literal.value.strip():
            pass
        names = literal.bound.names if literal is not None else ()
        name = _label(names)
        return KeyMatch(provider, key.title, name, self._variable(names, key.env[0]), confidence, place, span)
