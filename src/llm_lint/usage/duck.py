"""Parquet files and object storage, through the optional DuckDB."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from llm_lint.errors import LlmLintError

_ROWS = 2_048
_READERS = {".parquet": "read_parquet", ".csv": "read_csv"}


def rows(place: str) -> Iterator[dict[str, Any]]:
    """The rows of a Parquet file or of a URL that DuckDB can read (``s3://…``), as JSON objects.

    Raises LlmLintError without DuckDB and for what it cannot read.
    """
    try:
        import duckdb
    except ImportError:
        raise LlmLintError(
            f"reading {place} needs DuckDB", "install it with `pip install 'llm-cost-lint[duckdb]'`"
        ) from None
    ending = place.removesuffix(".gz")
    reader = next((name for suffix, name in _READERS.items() if ending.endswith(suffix)), "read_json_auto")
    connection = duckdb.connect()
    try:
        result = connection.execute(f"SELECT * FROM {reader}(?)", [place])
        names = [column[0] for column in result.description or ()]
        while batch := result.fetchmany(_ROWS):
            for row in batch:
                yield {name: _plain(value) for name, value in zip(names, row, strict=True)}
    except duckdb.Error as error:
        raise LlmLintError(f"DuckDB cannot read {place}: {str(error).splitlines()[0]}") from None
    finally:
        connection.close()


def _plain(value: Any) -> Any:
    """Times as text, as JSON has them."""
    return value.isoformat() if hasattr(value, "isoformat") else value
