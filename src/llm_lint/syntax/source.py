"""One file as the analysis sees it: exact text, tree, and positions that mean the same to everybody.

Decoding follows PEP 263 (cookies, BOM) and is exact: encoding the text again gives the bytes read.
Notebooks become one text of their code cells, with magics masked in place, so that rows and columns
can be told per cell.
"""

from __future__ import annotations

import ast
import codecs
import io
import tokenize
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

from llm_lint.errors import SkipFile
from llm_lint.model import Location, Skipped, Span
from llm_lint.syntax import notebook, parsing

MAX_BYTES = 8_000_000


class Ranged(Protocol):
    """Anything with the four positions of an ``ast`` node."""

    lineno: int
    col_offset: int
    end_lineno: int | None
    end_col_offset: int | None


class Readable(Protocol):
    """Anything that holds a file's bytes: a path, or a file of another revision."""

    def read_bytes(self) -> bytes:
        """The whole content; raises OSError."""


@dataclass(frozen=True)
class SourceFile:
    """A decoded Python file or notebook.

    ``name`` is the path shown to users; ``cells`` and ``outputs`` are empty for plain files; ``outputs``
    are ``(cell, text)`` of what a notebook's cells printed.
    """

    name: str
    path: Path | None
    data: bytes
    text: str
    encoding: str
    cells: tuple[notebook.Cell, ...] = ()
    outputs: tuple[tuple[int, str], ...] = ()

    @property
    def is_notebook(self) -> bool:
        """Whether this is a Jupyter notebook."""
        return self.name.endswith(".ipynb")

    @cached_property
    def lines(self) -> tuple[str, ...]:
        r"""The lines with their ends; split where Python splits: ``\r\n``, ``\n``, ``\r``."""
        return parsing.split_lines(self.text)

    @cached_property
    def _parsed(self) -> parsing.Parsed:
        return parsing.parse(self.text, self.name, self.cells)

    def tree(self) -> ast.Module:
        """The syntax tree; raises SkipFile when the file cannot be parsed."""
        return self._parsed.tree

    def partly_skipped(self) -> tuple[Skipped, ...]:
        """The parts that had to be left out of the tree."""
        return self._parsed.skipped

    @cached_property
    def _starts(self) -> list[int]:
        return [cell.first_line for cell in self.cells]

    def location(self, line: int, column: int) -> tuple[Location, int | None]:
        """A place given by line and UTF-8 byte column: 1-based code points, inside its cell."""
        text = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        if text.isascii():
            points = column
        else:
            points = len(text.encode("utf-8", "surrogatepass")[:column].decode("utf-8", "ignore"))
        if not self.cells:
            return Location(line, points + 1), None
        cell = self.cells[max(bisect_right(self._starts, line) - 1, 0)]
        return Location(line - cell.first_line + 1, points + 1), cell.index

    def span(self, node: ast.AST | Ranged) -> Span:
        """Where a node lies."""
        line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        end_line = getattr(node, "end_lineno", None) or line
        end_column = getattr(node, "end_col_offset", None)
        start, cell = self.location(line, column)
        end, _ = self.location(end_line, column if end_column is None else end_column)
        return Span(self.name, start, end, cell)

    def segment(self, node: ast.AST) -> str:
        """The source text of a node."""
        return ast.get_source_segment(self.text, node) or ""

    def comments(self) -> list[tuple[int, int, str]]:
        """``(line, column, text)`` of every comment; what stands before a syntax error is still found."""
        found: list[tuple[int, int, str]] = []
        try:
            for token in tokenize.generate_tokens(io.StringIO(self.text).readline):
                if token.type == tokenize.COMMENT:
                    found.append((token.start[0], token.start[1], token.string))
        except (tokenize.TokenError, SyntaxError, IndentationError):
            pass
        return found


def read_source(file: Readable, name: str) -> SourceFile:
    """Read and decode a file; raises SkipFile with the reason."""
    try:
        data = file.read_bytes()
    except PermissionError:
        raise SkipFile("permission denied") from None
    except OSError as error:
        raise SkipFile(error.strerror or "cannot be read") from None
    return source_from_bytes(data, name, file if isinstance(file, Path) else None)


def source_from_bytes(data: bytes, name: str, path: Path | None = None) -> SourceFile:
    """Decode the bytes of a Python file or notebook; raises SkipFile with the reason."""
    if len(data) > MAX_BYTES:
        raise SkipFile(f"larger than {MAX_BYTES // 1_000_000} MB")
    if name.endswith(".ipynb"):
        text, cells, outputs = notebook.read(data)
        return SourceFile(name, path, data, text, "utf-8", cells, outputs)
    if b"\x00" in data:
        raise SkipFile("contains null bytes")
    encoding = _encoding(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        label = "UTF-8" if encoding.startswith("utf-8") else encoding
        raise SkipFile(f"not valid {label} at byte {error.start}") from None
    return SourceFile(name, path, data, text, encoding)


def _encoding(data: bytes) -> str:
    """The codec that PEP 263 asks for; ``utf-8-sig`` with a byte order mark."""
    if not data.startswith(codecs.BOM_UTF8) and b"coding" not in b"\n".join(data.split(b"\n", 2)[:2]):
        return "utf-8"
    try:
        return tokenize.detect_encoding(io.BytesIO(data).readline)[0]
    except SyntaxError as error:
        raise SkipFile(str(error.msg if error.msg else error).strip() or "unknown encoding") from None
