"""Read the labelled programs of ``programs/``: one folder a program, its label beside it in ``labels.toml``.

A label says what a careful reviewer says about the program. Where the text does not decide a field, the
label holds the list of acceptable values. README.md explains every field.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PROGRAMS = Path(__file__).parent / "programs"
LABELS = "labels.toml"
KEYS = Path(__file__).parents[2] / "rules" / "keys.toml"
SPLITS = ("dev", "held-out")
FIELDS = (
    "kind",
    "provider",
    "model",
    "function",
    "mode",
    "loop",
    "independent",
    "batchable",
    "cached",
    "tracked",
    "history",
    "task",
    "local",
    "entry_point",
)
VOCABULARY: dict[str, frozenset[object]] = {
    "kind": frozenset(("chat", "completion", "agent", "batch", "embedding", "rerank", "moderation", "image"))
    | frozenset(("video", "audio", "transcription", "speech")),
    "mode": frozenset(("sync", "async", "stream")),
    "loop": frozenset(("none", "data", "chat", "agent", "retry", "poll")),
    "independent": frozenset((True, False, "unknown")),
    "batchable": frozenset(("yes", "no", "unknown")),
    "cached": frozenset((True, False)),
    "tracked": frozenset((True, False)),
    "history": frozenset(("none", "bounded", "growing", "unknown")),
    "task": frozenset(("simple", "medium", "complex", "unknown")),
    "local": frozenset((True, False)),
    "entry_point": frozenset(("web", "ui", "bot", "worker", "cli", "notebook", "test", "library")),
}
RULES = ("LLM101", "LLM301", "LLM401", "LLM402", "LLM701", "LLM801")
_KEY = re.compile(r"\{\{key:([a-z0-9-]+)(?:#(\d+))?\}\}")


@dataclass(frozen=True)
class Place:
    """A line of a program; ``anchor`` stands on it, so that a moved line is noticed.

    With ``output`` it is a line of what the notebook cell printed.
    """

    file: str
    line: int
    anchor: str
    cell: int | None = None
    output: bool = False

    def __str__(self) -> str:
        cell = "" if self.cell is None else f"[{self.cell}]"
        return f"{self.file}{cell}:{self.line}"


@dataclass(frozen=True)
class Expected:
    """One request site: ``values`` holds the accepted values of every labelled field."""

    place: Place
    values: dict[str, tuple[object, ...]]
    findings: frozenset[str]
    maybe: frozenset[str]
    optional: bool


@dataclass(frozen=True)
class Secret:
    """A key literal that LLM801 must report (or, with ``maybe``, may report)."""

    place: Place
    maybe: bool


@dataclass(frozen=True)
class Silent:
    """A look-alike: not a request, or not one that costs, and why."""

    place: Place
    why: str


@dataclass(frozen=True)
class Program:
    """A labelled program."""

    name: str
    folder: Path
    split: str
    title: str
    shapes: tuple[str, ...]
    requests: tuple[Expected, ...]
    secrets: tuple[Secret, ...]
    silent: tuple[Silent, ...]

    @property
    def files(self) -> list[Path]:
        """The program's own files, without its label."""
        found = (path for path in self.folder.rglob("*") if path.is_file() and path.name != LABELS)
        return sorted(path for path in found if "__pycache__" not in path.parts)

    def places(self) -> Iterator[Place]:
        """Every labelled place."""
        labelled: tuple[Expected | Secret | Silent, ...] = (*self.requests, *self.secrets, *self.silent)
        yield from (item.place for item in labelled)

    def write_to(self, root: Path) -> None:
        """Write the program below ``root`` as its author had it, with whole key specimens."""
        for path in self.files:
            target = root / path.relative_to(self.folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(with_keys(path.read_text(encoding="utf-8")), encoding="utf-8")


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a TOML file."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def load_all() -> list[Program]:
    """Every program, by name."""
    return [load(label.parent) for label in sorted(PROGRAMS.glob(f"*/{LABELS}"))]


def load(folder: Path) -> Program:
    """The program in ``folder``. Raises ValueError where the label is not well formed."""
    data = read_toml(folder / LABELS)
    unknown = set(data) - {"split", "title", "shapes", "request", "secret", "silent"}
    if unknown:
        raise ValueError(f"{folder.name}: unknown tables {sorted(unknown)}")
    return Program(
        name=folder.name,
        folder=folder,
        split=data["split"],
        title=data["title"],
        shapes=tuple(data["shapes"]),
        requests=tuple(_request(row, folder.name) for row in data.get("request", [])),
        secrets=tuple(Secret(_place(row), row.get("maybe", False)) for row in data.get("secret", [])),
        silent=tuple(Silent(_place(row), row["why"]) for row in data.get("silent", [])),
    )


def lines_of(program: Program, place: Place) -> list[str]:
    """The lines of a place's file, or of its notebook cell or that cell's output."""
    text = (program.folder / place.file).read_text(encoding="utf-8")
    if place.cell is None:
        return text.splitlines()
    cell = json.loads(text)["cells"][place.cell]
    parts = cell["source"]
    if place.output:
        parts = [line for output in cell["outputs"] for line in output["text"]]
    return "".join(parts).splitlines()


def with_keys(text: str) -> str:
    """Replace ``{{key:ID}}`` by the ID's first specimen (``{{key:ID#2}}``: the third) of rules/keys.toml.

    Key specimens are stored in pieces there, so that no committed file holds a whole key.
    """
    return _KEY.sub(lambda match: _specimen(match[1], int(match[2] or 0)), text)


def _specimen(identifier: str, index: int) -> str:
    tables = read_toml(KEYS)["key"]
    pieces = next(table["match"] for table in tables if table["id"] == identifier)[index]
    return "".join(pieces)


def _place(row: dict[str, Any]) -> Place:
    return Place(row["file"], row["line"], row["anchor"], row.get("cell"), row.get("output", False))


def _request(row: dict[str, Any], name: str) -> Expected:
    known = {*FIELDS, "file", "line", "cell", "anchor", "findings", "maybe", "optional"}
    if set(row) - known:
        raise ValueError(f"{name}: unknown request fields {sorted(set(row) - known)}")
    return Expected(
        place=_place(row),
        values={field: _accepted(row[field]) for field in FIELDS if field in row},
        findings=frozenset(row.get("findings", ())),
        maybe=frozenset(row.get("maybe", ())),
        optional=row.get("optional", False),
    )


def _accepted(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, list) else (value,)
