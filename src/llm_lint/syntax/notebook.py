"""Jupyter notebooks as Python text: code cells joined, magics and shell lines masked in place."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from llm_lint.errors import SkipFile

_BODY_MAGICS = frozenset("time timeit capture prun memit mprun debug".split())
_LINE_MAGIC = re.compile(r"^(\s*)([%!?]|.*\?\s*$)")
_ASSIGNED_MAGIC = re.compile(r"^(\s*)([\w, ]+?=\s*)([%!])(.*)$")


@dataclass(frozen=True, slots=True)
class Cell:
    """A code cell: its 0-based index among all cells, and its lines in the joined text."""

    index: int
    first_line: int
    line_count: int


def read(data: bytes) -> tuple[str, tuple[Cell, ...], tuple[tuple[int, str], ...]]:
    """The joined code, its cells, and the text of the outputs; raises SkipFile when it is no notebook."""
    try:
        document = json.loads(data)
        raw = list(document["cells"] if "cells" in document else document["worksheets"][0]["cells"])
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        raise SkipFile("not a Jupyter notebook") from None
    lines: list[str] = []
    cells: list[Cell] = []
    outputs: list[tuple[int, str]] = []
    for index, cell in enumerate(raw):
        if not isinstance(cell, dict) or cell.get("cell_type") != "code":
            continue
        body = mask(_text(cell.get("source", cell.get("input", ""))))
        cells.append(Cell(index, len(lines) + 1, len(body)))
        lines += body
        outputs += [(index, text) for output in cell.get("outputs") or () for text in _output_texts(output)]
    return "".join(f"{line}\n" for line in lines), tuple(cells), tuple(outputs)


def _text(value: Any) -> str:
    return "".join(map(str, value)) if isinstance(value, list) else str("" if value is None else value)


def _output_texts(output: Any) -> Iterator[str]:
    if not isinstance(output, dict):
        return
    for key in ("text", "traceback"):
        if output.get(key):
            yield _text(output[key])
    data = output.get("data")
    for mime, value in data.items() if isinstance(data, dict) else ():
        if not mime.startswith("image/"):
            yield _text(value)


def mask(code: str) -> list[str]:
    """A cell's lines with everything that is not Python blanked; line count and columns are kept."""
    lines = [line.rstrip("\r") for line in code.split("\n")]
    first = next((line for line in lines if line.strip()), "")
    if first.startswith("%%"):
        name = first[2:].split()[0] if first[2:].split() else ""
        if name not in _BODY_MAGICS:
            return ["" for _ in lines]
        lines[lines.index(first)] = ""
    if not any(mark in code for mark in "%!?"):
        return lines
    return lines if _parses(lines) else _mask_magics(lines)


def _parses(lines: list[str]) -> bool:
    try:
        compile("\n".join(lines), "<cell>", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _mask_magics(lines: list[str]) -> list[str]:
    result: list[str] = []
    continues = False
    for line in lines:
        assigned = _ASSIGNED_MAGIC.match(line)
        if continues:
            continues = line.rstrip().endswith("\\")
            result.append("")
        elif assigned is not None:
            result.append(f"{assigned[1]}{assigned[2]}None")
        elif (found := _LINE_MAGIC.match(line)) is not None and not line.strip().startswith("#"):
            continues = line.rstrip().endswith("\\")
            result.append(f"{found[1]}pass")
        else:
            result.append(line)
    return result
