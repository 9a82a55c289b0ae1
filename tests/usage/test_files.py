"""Reading: every way to name and to write a log, and lines that are none."""

from __future__ import annotations

import gzip
import io
import json
import random
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from llm_lint.errors import LlmLintError
from llm_lint.usage.files import Counts, read
from llm_lint.usage.formats import own
from llm_lint.usage.layout import reader
from llm_lint.usage.records import Record
from tests.usage.logs import entry, line, month


def _read(*places: object) -> tuple[list[Record], Counts]:
    counts = Counts()
    return list(read(map(str, places), counts)), counts


# --------------------------------------------------------------------------- places


def test_folders_globs_gzip_and_repeated_names_are_read_once_and_in_the_order_of_time(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "a.jsonl").write_bytes(line(entry(1)) + line(entry(3)))
    (tmp_path / "b" / "c.jsonl.gz").write_bytes(gzip.compress(line(entry(0)) + line(entry(2))))
    (tmp_path / "notes.txt").write_text("no log")
    found, counts = _read(tmp_path, tmp_path / "*.jsonl")
    assert [record.time - found[0].time for record in found] == [0, 3600, 7200, 10800]
    assert (counts.files, counts.records, counts.torn, counts.foreign) == (2, 4, 0, 0)


def test_standard_input_may_be_compressed(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = io.BufferedReader(io.BytesIO(gzip.compress(line(entry()) * 3)))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(packed))
    assert _read("-")[1].records == 3


@pytest.mark.parametrize("place", ["missing.jsonl", "*.nothing"])
def test_what_is_not_there_is_said(place: str, tmp_path: Path) -> None:
    with pytest.raises(LlmLintError, match="no usage log"):
        _read(tmp_path / place)


def test_an_empty_folder_is_said_and_an_empty_file_is_nothing(tmp_path: Path) -> None:
    with pytest.raises(LlmLintError, match="no usage log in"):
        _read(tmp_path)
    (tmp_path / "a.jsonl").write_bytes(b"")
    assert _read(tmp_path)[0] == []


def test_parquet_without_duckdb_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    (tmp_path / "a.parquet").write_bytes(b"PAR1")
    with pytest.raises(LlmLintError) as error:
        _read(tmp_path / "a.parquet")
    assert error.value.hint is not None
    assert "llm-cost-lint[duckdb]" in error.value.hint


def test_parquet_through_duckdb(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    (tmp_path / "a.jsonl").write_bytes(month(90))
    duckdb.execute(f"COPY (SELECT * FROM read_json_auto('{tmp_path}/a.jsonl')) TO '{tmp_path}/a.parquet'")
    assert _read(tmp_path / "a.parquet")[0] == _read(tmp_path / "a.jsonl")[0]


# --------------------------------------------------------------------------- layouts


def test_pretty_documents_and_arrays_are_read(tmp_path: Path) -> None:
    records = [entry(hour) for hour in range(3)]
    plain = b"".join(map(line, records))
    for text in (
        json.dumps(records, indent=2),
        json.dumps(records),
        "\n".join(json.dumps(record, indent=2) for record in records),
        "[\n" + ",\n".join(map(json.dumps, records)) + "\n]\n",
        "\ufeff" + plain.decode(),
        plain.decode().replace("\n", "\r\n"),
    ):
        (tmp_path / "a.json").write_text(text, encoding="utf-8", newline="")
        found, counts = _read(tmp_path / "a.json")
        assert [record.tokens_input for record in found] == [1000] * 3, text[:60]
        assert (counts.torn, counts.foreign) == (0, 0)


def test_torn_and_foreign_lines_are_counted_and_passed_over(tmp_path: Path) -> None:
    lines = [
        line(entry())[:40] + b"\n",
        line(entry()),
        b'{"level": "info", "msg": "started"}\n',
        b"not json\n",
        b"\n",
        b'"text"\n',
        line(entry(tokens_input=-1)),
        line(entry(tokens_input="many")),
        line(entry(timestamp=None)),
        line(entry(model=7)),
        b"[" * 100_000 + b"\n",
        line(entry(cost_usd=float("nan"))),
        line(entry(1)),
    ]
    (tmp_path / "a.jsonl").write_bytes(b"".join(lines))
    found, counts = _read(tmp_path / "a.jsonl")
    assert len(found) == 2
    assert counts.torn == 3
    assert counts.foreign == 7


def test_a_compressed_file_that_was_cut_off_keeps_what_it_has(tmp_path: Path) -> None:
    data = gzip.compress(b"".join(line(entry(random.random())) for _ in range(2000)))
    (tmp_path / "a.jsonl.gz").write_bytes(data[: len(data) // 2])
    found, counts = _read(tmp_path)
    assert len(found) > 100
    assert counts.torn >= 1


MINIMAL = (
    "timestamp",
    "endpoint",
    "model",
    "tokens_input",
    "tokens_output",
    "cost_usd",
    "latency_ms",
    "cache_hit",
)


def test_the_eight_standard_keys_suffice(tmp_path: Path) -> None:
    record = {key: entry()[key] for key in MINIMAL}
    (tmp_path / "a.jsonl").write_bytes(line(record))
    found = _read(tmp_path / "a.jsonl")[0][0]
    assert (found.model, found.tokens_input, found.cost, found.site) == ("gpt-4o", 1000, 3_500_000_000, "")


# --------------------------------------------------------------------------- what must always hold

TEXT = st.text(alphabet='az09"\\,:{}\u00e9\n', max_size=9)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
CHANGES = st.dictionaries(st.sampled_from(sorted(entry())), JSON, max_size=4)


@given(CHANGES, st.booleans())
@example({"request_hash": []}, False)
@example({"batch": "0", "estimated": "no"}, True)
def test_the_fast_reader_reads_what_the_json_parser_reads_or_leaves_it(
    changes: dict[str, Any], compact: bool
) -> None:
    text = json.dumps(entry(**changes), separators=(",", ":") if compact else None).encode()
    fast = reader()(text)
    if fast is not None:
        assert fast == own(json.loads(text))
    if not changes:
        assert fast is not None


@given(st.lists(st.one_of(st.binary(max_size=60), CHANGES.map(lambda c: line(entry(**c))), JSON.map(
    lambda value: json.dumps(value).encode())), max_size=12))  # fmt: skip
def test_no_line_is_fatal_and_every_good_one_counts(tmp_path_factory: Any, lines: list[bytes]) -> None:
    path = tmp_path_factory.mktemp("log") / "a.jsonl"
    good = line(entry(1))
    path.write_bytes(good + b"\n".join(text.replace(b"\n", b"") for text in lines) + b"\n" + good)
    counts = Counts()
    found = list(read([str(path)], counts))
    assert counts.records == len(found) >= 2


@given(st.permutations(range(6)))
def test_the_order_of_files_does_not_matter(tmp_path_factory: Any, order: list[int]) -> None:
    folder = tmp_path_factory.mktemp("logs")
    for name in range(6):
        (folder / f"{name}.jsonl").write_bytes(line(entry(name)) + line(entry(name + 6)))
    found, _ = _read(*(folder / f"{name}.jsonl" for name in order))
    assert [record.time for record in found] == sorted(record.time for record in found)
