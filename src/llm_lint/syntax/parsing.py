"""Text to tree, whatever the text: guards first, then CPython's parser, then newer syntax by LibCST."""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass

from llm_lint.errors import SkipFile
from llm_lint.model import Skipped
from llm_lint.syntax.depth import nests_too_deeply
from llm_lint.syntax.notebook import Cell

_LINES = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
_FLAGS = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


@dataclass(frozen=True, slots=True)
class Parsed:
    """A tree and the parts of the file that are not in it."""

    tree: ast.Module
    skipped: tuple[Skipped, ...] = ()


def split_lines(text: str) -> tuple[str, ...]:
    r"""Lines with their ends, split at ``\r\n``, ``\n`` and ``\r`` only."""
    return tuple(_LINES.findall(text))


def parse(text: str, name: str, cells: tuple[Cell, ...] = ()) -> Parsed:
    """Parse a file; raises SkipFile when nothing of it can be parsed.

    CPython's parser guards LibCST, which can crash the process on input that CPython rejects.
    """
    try:
        return Parsed(_compile(text, bool(cells)))
    except SyntaxError as error:
        problem = error
    except (RecursionError, MemoryError):
        raise SkipFile("nested too deeply") from None
    except ValueError as error:
        raise SkipFile(str(error)) from None
    if "too many nested" in (problem.msg or "") or "too complex" in (problem.msg or ""):
        raise SkipFile("nested too deeply")
    if cells:
        return _parse_cells(text, name, cells)
    from llm_lint.syntax import downlevel

    older = downlevel.rewrite(text)
    if older is not None:
        try:
            return Parsed(_compile(older, False))
        except (SyntaxError, RecursionError, MemoryError, ValueError):
            pass
    raise SkipFile(f"syntax error at line {problem.lineno}: {problem.msg}")


def _compile(text: str, is_notebook: bool) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = compile(
            text, "<source>", "exec", _FLAGS if is_notebook else ast.PyCF_ONLY_AST, dont_inherit=True
        )
    assert isinstance(tree, ast.Module)
    if nests_too_deeply(tree, split_lines(text) if "\r" in text else tuple(text.split("\n"))):
        raise RecursionError
    return tree


def _parse_cells(text: str, name: str, cells: tuple[Cell, ...]) -> Parsed:
    """Parse a notebook cell by cell and leave out the broken ones."""
    lines = [line.rstrip("\r\n") for line in split_lines(text)]
    skipped: list[Skipped] = []
    for cell in cells:
        first, last = cell.first_line - 1, cell.first_line - 1 + cell.line_count
        try:
            _compile("\n".join(lines[first:last]), True)
        except SyntaxError as error:
            skipped.append(
                Skipped(name, f"cell {cell.index + 1}: syntax error at line {error.lineno}: {error.msg}")
            )
            lines[first:last] = [""] * cell.line_count
        except (RecursionError, MemoryError, ValueError):
            skipped.append(Skipped(name, f"cell {cell.index + 1}: nested too deeply"))
            lines[first:last] = [""] * cell.line_count
    try:
        return Parsed(_compile("\n".join(lines) + "\n", True), tuple(skipped))
    except (SyntaxError, RecursionError, MemoryError, ValueError):
        raise SkipFile("its cells cannot be parsed together") from None
