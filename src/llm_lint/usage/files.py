"""From what the user names to records: files, folders, globs and standard input, plain or gzip.

A line that is no JSON (torn by a crash) or no known record (foreign) is counted and passed over.
"""

from __future__ import annotations

import gzip
import heapq
import io
import json
import sys
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from glob import glob
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any, cast

from llm_lint.errors import LlmLintError
from llm_lint.usage.formats import Foreign, records
from llm_lint.usage.layout import reader
from llm_lint.usage.records import Record

STDIN = "-"
SUFFIXES = (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz", ".json", ".json.gz")
TABLES = (".parquet",)  # and whatever has a scheme: read through DuckDB
_MERGED = 200  # files read side by side, so that their records come in the order of time
_DOCUMENT = 1 << 28  # bytes of a document that is not one object a line
_DAMAGED = (KeyError, TypeError, ValueError, OverflowError, AttributeError)


@dataclass(slots=True)
class Counts:
    """What reading met: ``torn`` lines are no JSON, ``foreign`` ones no record."""

    files: int = 0
    records: int = 0
    torn: int = 0
    foreign: int = 0
    documents: list[dict[str, object]] = field(default_factory=list)


def find(places: Iterable[str]) -> list[str]:
    """The files that paths, folders and globs name, each once; raises LlmLintError where one names none."""
    found: dict[str, None] = {}
    for place in places:
        for path in _expand(place):
            found.setdefault(path)
    return list(found)


def _expand(place: str) -> Iterable[str]:
    if place == STDIN or "://" in place:
        return [place]
    path = Path(place)
    if path.is_dir():
        inside = sorted(
            str(p) for p in path.rglob("*") if p.name.endswith((*SUFFIXES, *TABLES)) and p.is_file()
        )
        if not inside:
            raise LlmLintError(f"no usage log in {place}", f"looked for *{', *'.join((*SUFFIXES, *TABLES))}")
        return inside
    if path.exists():
        return [place]
    matching = sorted(name for name in glob(place, recursive=True) if not Path(name).is_dir())
    if not matching:
        raise LlmLintError(f"no usage log {place}", "give files, folders, globs, or - for standard input")
    return matching


def read(places: Iterable[str], counts: Counts) -> Iterator[Record]:
    """The records of all files, in the order of time where each file is; ``counts`` grows on the way."""
    files = find(places)
    counts.files = len(files)
    streams = [_records(file, counts) for file in files]
    if len(streams) == 1:
        return streams[0]
    merged = heapq.merge(*streams[:_MERGED], key=_time)
    return chain(merged, *streams[_MERGED:])


def _time(record: Record) -> float:
    return record.time


def _records(file: str, counts: Counts) -> Iterator[Record]:
    if file.endswith(TABLES) or "://" in file:
        from llm_lint.usage.duck import rows

        for row in rows(file):
            yield from _of_document(row, counts)
        return
    try:
        with _opened(file) as stream:
            yield from _of_stream(stream, counts)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        counts.torn += 1  # the end of a compressed file that was cut off
    except OSError as error:
        raise LlmLintError(f"cannot read the usage log {file}: {error.strerror or error}") from None


def _opened(file: str) -> IO[bytes]:
    raw: Any = sys.stdin.buffer if file == STDIN else open(file, "rb")  # noqa: SIM115
    stream = raw if hasattr(raw, "peek") else io.BufferedReader(raw)
    unpacked: Any = gzip.GzipFile(fileobj=stream) if stream.peek(2)[:2] == b"\x1f\x8b" else stream
    return cast(IO[bytes], unpacked)


def _of_stream(stream: IO[bytes], counts: Counts) -> Iterator[Record]:
    lines = iter(stream)
    head = list(islice((line for line in lines if line.strip()), 2))
    if head and head[0].startswith(b"\xef\xbb\xbf"):
        head[0] = head[0][3:]
    if len(head) == 2 and not any(map(_is_json, head)):
        from llm_lint.usage.bills import is_table, table

        if is_table(head[0]):
            for row in table(chain(head, lines)):
                yield from _of_document(row, counts)
            return
        whole = b"".join(head) + stream.read(_DOCUMENT)
        documents = list(_documents(whole))
        if documents:
            for document in documents:
                yield from _of_document(document, counts)
            return
        lines = iter(io.BytesIO(whole))
        head = []
    yield from _of_lines(chain(head, lines), counts)


def _is_json(line: bytes) -> bool:
    text = line.strip()
    if text == b"[":
        return False
    try:
        json.loads(text.rstrip(b","))
    except ValueError:
        return False
    return True


def _documents(text: bytes) -> Iterator[object]:
    """JSON values written one after the other over several lines; nothing where the text is not that."""
    try:
        rest = text.decode("utf-8").strip()
    except UnicodeDecodeError:
        return
    decoder, position, found = json.JSONDecoder(), 0, []
    while position < len(rest):
        try:
            value, position = decoder.raw_decode(rest, position)
        except (ValueError, RecursionError):
            return
        found.append(value)
        while position < len(rest) and rest[position] in " \t\r\n,":
            position += 1
    yield from found


def _of_lines(lines: Iterable[bytes], counts: Counts) -> Iterator[Record]:
    loads, fast = json.loads, reader()
    for line in lines:
        ours = fast(line)
        if ours is not None:
            counts.records += 1
            yield ours
            continue
        try:
            document = loads(line)
        except (ValueError, RecursionError):
            yield from _of_odd_line(line, counts)
            continue
        yield from _of_document(document, counts)


def _of_odd_line(line: bytes, counts: Counts) -> Iterator[Record]:
    """An element of an array that is written one a line, or a torn line."""
    text = line.strip()
    if text in (b"", b"[", b"]"):
        return
    try:
        document = json.loads(text.strip(b",[]"))
    except (ValueError, RecursionError):
        counts.torn += 1
        return
    yield from _of_document(document, counts)


def _of_document(document: object, counts: Counts) -> Iterator[Record]:
    from llm_lint.usage.bills import is_bill

    if isinstance(document, dict) and is_bill(document):
        counts.documents.append(document)
        return
    if isinstance(document, list):
        for element in document:
            yield from _of_document(element, counts)
        return
    try:
        for record in records(document):
            counts.records += 1
            yield record
    except (Foreign, *_DAMAGED):
        counts.foreign += 1
