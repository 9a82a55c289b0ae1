"""API keys written into files: a test of bytes for whole trees, and the search in one file.

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
from llm_lint.semantics.key_bindings import Bindings, Bound, bindings
from llm_lint.semantics.key_candidates import DASHED, DATABRICKS, LETTERED, SCORED, candidates
from llm_lint.semantics.key_formats import KeyFormat, density, entropy, key_table, looks_random
from llm_lint.semantics.key_guards import (
    is_allowed,
    is_fixture,
    is_placeholder,
    is_plausible,
    is_public,
    is_test_file,
)
from llm_lint.semantics.key_holders import UNNAMED, Holder, Holders, is_key_name
from llm_lint.semantics.key_masking import redact
from llm_lint.syntax.parsing import split_lines
from llm_lint.syntax.source import SourceFile

__all__ = ["KeyMatch", "candidates", "find_keys", "redact"]

Place = OneOf["code", "comment", "text", "output"]


@dataclass(frozen=True, slots=True)
class KeyMatch:
    """One key in a file.

    ``title`` says whose key it is; ``name`` is the variable, keyword, header or environment variable
    that holds it ("" where nothing does), ``variable`` the environment variable to read instead.
    Outputs of notebooks have no rows: their ``span`` is the start of the cell.
    """

    provider: str
    title: str
    name: str
    variable: str
    confidence: Confidence
    place: Place
    span: Span


_HEXADECIMAL = r"\.(?<=[a-f0-9]{32}\.)[A-Za-z0-9]{16}"  # too frequent a start for whole trees
_HINTS = tuple(re.compile(pattern) for pattern in (DASHED, SCORED, LETTERED, DATABRICKS, _HEXADECIMAL))
_BEFORE, _AFTER = 96, 460  # characters around a hint: the longest text before a marker, the longest key

# --------------------------------------------------------------------------- the search

_SCHEME = re.compile(r"^(?:Bearer|Token|Basic|Api-Key|Key)\s+", re.I)
_QUERY_KEY = re.compile(r"[?&](?:api[-_]?key|key|access_token|token)=([^&\s#]+)", re.I)
_ASSIGNED = re.compile(
    r"\b([A-Z][A-Z0-9_]{1,60}(?:KEY|TOKEN|SECRET))\b[\"'\]]{0,2}\s*[:=]\s*[\"']?([^\s\"',;]{12,200})"
)
_COMMENT_OR_MAGIC = re.compile(r"^\s*[%!#]|\s#")
_LABEL = re.compile(r"[A-Za-z_][\w.-]{0,60}")
_GEMINI = re.compile(r"gemini|genai|generativeai|generativelanguage|vertex|palm|google_?api_?key", re.I)
_OTHER_GOOGLE = re.compile(
    r"firebase|authdomain|maps|places|geocod|youtube|analytics|recaptcha|customsearch|drive|sheets|calendar",
    re.I,
)
_CERTAIN = 0.4  # words per character of a text that nobody types by hand
_PUBLISHED = re.compile(
    r"(?:sk|pk|csk|pplx|nvapi|xai|pa|ghp|hf|gsk|tgp|fw|r8|jina|lsv2)[-_]|AIza|AKIA|dapi|ABSK"
)


def find_keys(source: SourceFile) -> list[KeyMatch]:
    """Every key in a file, in order; comments, markdown cells, magics and outputs included."""
    search = _Search(source)
    passages = list(_passages(source))
    found = [match for passage in passages for match in search.by_format(passage)]
    found += search.by_holder()
    found += [match for passage in passages for match in search.by_assignment(passage)]
    return sorted(found, key=lambda match: (match.span.cell or 0, match.span.start))


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
        if isinstance(cell, dict):  # the raw text: magics are masked in the file's own
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


class _Search:
    """The search in one file; what a format has judged is not judged again by its holder."""

    def __init__(self, source: SourceFile) -> None:
        self._source = source
        self._table = key_table()
        self._strong = tuple(key for key in self._table.formats if key.confidence is not Confidence.LOW)
        self._weak = tuple(key for key in self._table.formats if key.confidence is Confidence.LOW)
        self._bindings = _bindings(source)
        self._holders = Holders(self._bindings, source.text, self._table)
        self._spans = [source.span(literal.node) for literal in self._bindings.literals]
        self._starts = [(span.cell or 0, span.start) for span in self._spans]
        self._judged: set[int] = set()

    # ---- formats that are keys wherever they stand

    def by_format(self, passage: _Passage) -> Iterator[KeyMatch]:
        """Keys that show by themselves what they are."""
        lines = split_lines(passage.text)
        starts = [0, *accumulate(map(len, lines))]
        printed: set[str] = set()
        for offset, key, value in self._matches(passage.text):
            if passage.place == "output" and value in printed:
                continue
            printed.add(value)
            row = bisect_right(starts, offset)
            start = Location(row, offset - starts[row - 1] + 1)
            index = self._literal_at(passage, start)
            span = self._span(start, len(value), passage)
            place = passage.place if index is not None else _place(passage, lines[row - 1], start)
            yield from self._strong_match(key, value, index, lines[row - 1], place, span)

    def _matches(self, text: str) -> list[tuple[int, KeyFormat, str]]:
        found: dict[int, tuple[int, KeyFormat, str]] = {}
        for hint in _HINTS:
            for hit in hint.finditer(text):
                first, last = max(hit.start() - _BEFORE, 0), hit.end() + _AFTER
                for key in self._strong:
                    for match in key.regex.finditer(text, first, last):
                        found.setdefault(match.start(), (match.start(), key, match[0]))
        return [found[offset] for offset in sorted(found)]

    def _literal_at(self, passage: _Passage, at: Location) -> int | None:
        """The string literal of the code around a place, which is then judged by its format."""
        if passage.place != "code":
            return None
        last = bisect_right(self._starts, (passage.cell or 0, at))
        for index in range(last - 1, max(last - 9, -1), -1):  # parts of an f-string may share its place
            span = self._spans[index]
            if (span.cell or 0) == (passage.cell or 0) and span.start <= at < span.end:
                self._judged.add(index)
                return index
        return None

    def _strong_match(
        self, key: KeyFormat, value: str, index: int | None, line: str, place: Place, span: Span
    ) -> Iterator[KeyMatch]:
        """A match of a format, unless it is a look-alike, a placeholder or a fixture."""
        bound = self._bindings.literals[index].bound if index is not None else Bound()
        if is_placeholder(value) or is_public(value) or is_allowed(line) or is_fixture(bound.names):
            return
        if key.confidence is Confidence.MEDIUM and not looks_random(value):
            return
        holder = self._holder(index)
        confidence = _confidence(key, holder, _words(bound, line.replace(value, "")))
        if confidence is not None:
            yield self._match(key, bound, holder, confidence, place, span)

    # ---- texts that are keys because of what holds them

    def by_holder(self) -> Iterator[KeyMatch]:
        """Literals that a client, a header or a variable takes for a key."""
        for index, literal in enumerate(self._bindings.literals):
            if index in self._judged or not 16 <= len(literal.value) <= 600 or not _is_token(literal.value):
                continue
            line = self._source.lines[literal.node.lineno - 1]
            joined = self._matches(literal.value)  # written in several pieces: "sk-" "proj-…"
            if joined:
                _, key, value = joined[0]
                yield from self._strong_match(key, value, index, line, "code", self._spans[index])
            else:
                yield from self._held(index, line)

    def _held(self, index: int, line: str) -> Iterator[KeyMatch]:
        literal = self._bindings.literals[index]
        bound, value = literal.bound, _bare(literal.value)
        if is_test_file(self._source.name) or is_allowed(line) or is_fixture(bound.names) or is_public(value):
            return
        holder = self._holder(index)
        key = self._weak_format(value, bound, holder, line)
        if key is not None or (holder is not None and is_plausible(value)):
            confidence = (
                Confidence.HIGH if holder is not None and _is_certain(value, key) else Confidence.MEDIUM
            )
            yield self._match(key, bound, holder, confidence, "code", self._spans[index])

    def _weak_format(self, value: str, bound: Bound, holder: Holder | None, line: str) -> KeyFormat | None:
        """The format that a text has, where the code around it names the provider of that format."""
        if is_placeholder(value) or (holder is None and not any(map(is_key_name, bound.names[:1]))):
            return None
        words = _words(bound, line.replace(value, ""))
        for key in self._weak:
            if not key.regex.fullmatch(value) or entropy(value) < key.min_entropy or not looks_random(value):
                continue
            if holder is None and any(word in words for word in key.context if not is_key_name(word)):
                return key
            if holder is not None and key.provider in (holder.provider, "several"):
                return key
        return None

    def _holder(self, index: int | None) -> Holder | None:
        """What takes the literal for a key: where it stands, or where its variable is passed on."""
        if index is None:
            return None
        literal = self._bindings.literals[index]
        bound = literal.bound
        uses = self._bindings.uses.get(bound.variable, ())
        passed = [bound.passed_to(use) for use in uses]
        for place in passed:
            holder = self._holders.of(place)
            if holder is not None:
                return holder
        if any(map(self._holders.is_elsewhere, passed)):
            return None
        holder = self._holders.of(bound)
        if holder is not None:
            return holder
        return self._holders.of_url(literal.value) if _QUERY_KEY.search(literal.value) else None

    def by_assignment(self, passage: _Passage) -> Iterator[KeyMatch]:
        """``OPENAI_API_KEY=…`` in a magic, a comment, a markdown cell or an output."""
        is_code = passage.place == "code"
        if is_test_file(self._source.name) or not any(
            word in passage.text for word in ("_KEY", "_TOKEN", "_SECRET")
        ):
            return
        for row, line in enumerate(split_lines(passage.text), 1):
            if is_code and not _COMMENT_OR_MAGIC.search(line):
                continue
            for found in _ASSIGNED.finditer(line):
                name, value = found.groups()
                start = Location(row, found.start(2) + 1)
                holder = self._holders.of(Bound((name,)))
                if holder is None or not is_plausible(value) or is_allowed(line) or self._matches(value):
                    continue
                if self._literal_at(passage, start) is None:
                    place, span = _place(passage, line, start), self._span(start, len(value), passage)
                    yield self._match(None, Bound((name,)), holder, Confidence.MEDIUM, place, span)

    # ---- what is told

    def _match(
        self,
        key: KeyFormat | None,
        bound: Bound,
        holder: Holder | None,
        confidence: Confidence,
        place: Place,
        span: Span,
    ) -> KeyMatch:
        if key is None or (key.provider == "several" and holder is not None):
            provider = holder.provider if holder is not None else UNNAMED
            title = "LLM API key" if provider == UNNAMED else f"API key for `{provider}`"
        else:
            provider, title = key.provider, key.title
        variable = next((name for name in bound.names if name.isupper() and is_key_name(name)), None)
        variable = variable or (key.env[0] if key is not None else self._table.variable_of(provider))
        return KeyMatch(provider, title, _label(bound), variable, confidence, place, span)

    def _span(self, start: Location, length: int, passage: _Passage) -> Span:
        if passage.place == "output":
            start, length = Location(1, 1), 0
        return Span(self._source.name, start, Location(start.row, start.column + length), passage.cell)


def _place(passage: _Passage, line: str, start: Location) -> Place:
    """What a text outside of string literals is a part of: a comment, or a magic, or broken code."""
    return "comment" if passage.place == "code" and "#" in line[: start.column - 1] else passage.place


def _confidence(key: KeyFormat, holder: Holder | None, words: str) -> Confidence | None:
    """How sure it is that a text in a format is a provider's key; None for another product's key."""
    if holder is not None:
        return Confidence.HIGH if holder.provider.split("-")[0] == key.provider else key.confidence
    if key.id == "google-api" and not _GEMINI.search(words):  # one format for all of Google's products
        return None if _OTHER_GOOGLE.search(words) else Confidence.MEDIUM
    if key.confidence is Confidence.MEDIUM and key.context and not any(word in words for word in key.context):
        return Confidence.LOW
    return key.confidence


def _is_certain(value: str, key: KeyFormat | None) -> bool:
    """Whether a text held as a key is surely one; a known prefix without its format may be made up."""
    if key is None and _PUBLISHED.match(value) is not None:
        return False
    return len(value) >= 20 and density(value) >= _CERTAIN


def _is_token(value: str) -> bool:
    """Whether a text is one word, perhaps after a scheme, so that it may be a key of any format."""
    return " " not in _SCHEME.sub("", value.strip()) and "\n" not in value


def _words(bound: Bound, line: str) -> str:
    """What stands around a literal, in lower case: its names, receiver, neighbours and line."""
    return " ".join((*bound.names, bound.callee, *bound.nearby, line)).lower()


def _bare(value: str) -> str:
    """A key without the scheme of a header or the URL around it."""
    query = _QUERY_KEY.search(value) if "://" in value else None
    return query[1] if query is not None else _SCHEME.sub("", value.strip())


def _label(bound: Bound) -> str:
    """The name to show for what holds a key; a name that looks like a key itself is left out."""
    return next((name for name in bound.names if _LABEL.fullmatch(name) and redact(name) == name), "")
