"""Writing comments that silence findings into the files that they are in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from llm_lint.errors import SkipFile
from llm_lint.model import Finding
from llm_lint.project.files import replace_file
from llm_lint.syntax.source import read_source


@dataclass(frozen=True, slots=True)
class Ignored:
    """The files that got comments with their number, and those that were left alone with the reason."""

    written: Mapping[str, int]
    refused: Mapping[str, str]


def write_ignores(findings: Iterable[Finding], root: Path, reason: str) -> Ignored:
    """Put ``# llm-lint: ignore[names] reason`` above the statement of every finding.

    Each file is replaced at once, in its own encoding and with its own line ends; a file that changed
    since it was read, or that the comment would break, is left alone.
    """
    by_file: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_file[finding.span.filename].append(finding)
    written: dict[str, int] = {}
    refused: dict[str, str] = {}
    for name, found in sorted(by_file.items()):
        try:
            written[name] = _write(root / name, name, found, reason)
        except SkipFile as why:
            refused[name] = str(why)
    return Ignored(written, refused)


def _write(path: Path, name: str, findings: list[Finding], reason: str) -> int:
    """Change one file and return the number of comments; raises SkipFile with the reason when it must not."""
    if name.endswith(".ipynb"):
        raise SkipFile("comments are not written into notebooks")
    source = read_source(path, name)
    names: dict[int, list[str]] = defaultdict(list)
    for finding in findings:
        row = min((finding.statement or finding.span).start.row, finding.span.start.row)
        if finding.name not in names[row]:
            names[row].append(finding.name)
    lines = list(source.lines)
    for row, silenced in sorted(names.items(), reverse=True):
        line = lines[row - 1]
        indent = line[: len(line) - len(line.lstrip(" \t\f"))]
        end = line[len(line.rstrip("\r\n")) :] or "\n"
        comment = f"# llm-lint: ignore[{', '.join(silenced)}]{f' {reason}' if reason else ''}"
        lines.insert(row - 1, f"{indent}{comment}{end}")
    text = "".join(lines)
    try:
        data = text.encode(source.encoding)
    except UnicodeEncodeError:
        raise SkipFile(f"its encoding {source.encoding} has no form of the reason") from None
    _verify(source.text, text, name)
    if path.read_bytes() != source.data:
        raise SkipFile("it changed while it was being read")
    try:
        replace_file(path, data)
    except OSError as error:
        raise SkipFile(f"cannot be written: {error.strerror or error}") from None
    return len(names)


def _verify(before: str, after: str, name: str) -> None:
    """Raise SkipFile unless both texts mean the same: a comment inside a string would change it."""
    import ast

    from llm_lint.syntax.parsing import parse

    if ast.dump(parse(before, name).tree) != ast.dump(parse(after, name).tree):
        raise SkipFile("a comment cannot stand above the statement")
