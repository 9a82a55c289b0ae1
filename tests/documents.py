"""Rule documents as test suites: the fenced blocks of ``rules/*.md`` and what they promise.

A fence ``python bad`` must produce its rule on every line marked ``# expect: CODE`` and nowhere else;
``python good`` and ``python ok`` must stay silent. ``file=NAME`` puts consecutive blocks of one heading
into one project; ``providers=a,b`` runs the same code spelled through other SDKs as well. ``python fixed``
is what ``--fix`` makes of the block before it, ``python fixed unsafe`` what ``--fix --unsafe-fixes`` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from tests.spellings import respell

RULES = Path(__file__).parent.parent / "rules"
_FENCE = re.compile(r"^```(?P<language>\w+)(?P<info>[^\n]*)\n(?P<body>.*?)^```$", re.M | re.S)
_HEADING = re.compile(r"^#+ (?P<title>.+)$", re.M)
_EXPECT = re.compile(r"#\s*expect:\s*(?P<codes>LLM\d{3})")


@dataclass(frozen=True)
class Example:
    """One project out of a document: its files, and the lines on which the rule must fire."""

    rule: str
    title: str
    number: int
    provider: str
    files: tuple[tuple[str, str], ...]
    settings: str
    fixed: str | None = None
    unsafe: bool = False

    @property
    def id(self) -> str:
        """A name for test reports."""
        return f"{self.rule}::{self.title}::{self.number}[{self.provider}]"

    @property
    def expected(self) -> set[tuple[str, int]]:
        """``(file, line)`` of every marked line."""
        return {
            (name, row)
            for name, text in self.files
            for row, line in enumerate(text.split("\n"), 1)
            if _EXPECT.search(line)
        }

    def write_to(self, folder: Path) -> None:
        """Lay the files out."""
        for name, text in self.files:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        if self.settings:
            (folder / "llm-lint.toml").write_text(self.settings, encoding="utf-8")


def documents() -> list[Path]:
    """The rule documents."""
    return sorted(RULES.glob("LLM*.md"))


def examples(path: Path) -> Iterator[Example]:
    """The examples of one document, once for each spelling."""
    text = path.read_text(encoding="utf-8")
    rule = path.name.split("-")[0]
    number = 0
    for title, section in _sections(text):
        settings = "".join(
            f["body"] for f in _FENCE.finditer(section) if f["language"] == "toml" and "config" in f["info"]
        )
        for files, providers, fixed, unsafe in _projects(section):
            number += 1
            for provider in ("as written", *providers):
                spelled = tuple(
                    (name, body if provider == "as written" else respell(body, provider))
                    for name, body in files
                )
                result = fixed if provider == "as written" else None
                yield Example(rule, title, number, provider, spelled, settings, result, unsafe)


def _sections(text: str) -> Iterator[tuple[str, str]]:
    headings = list(_HEADING.finditer(_without_code(text)))
    for heading, following in zip(headings, [*headings[1:], None], strict=True):
        yield heading["title"], text[heading.end() : following.start() if following else len(text)]


def _without_code(text: str) -> str:
    """The text with code blanked, so that its comments are no headings."""
    return _FENCE.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)


def _projects(section: str) -> Iterator[tuple[list[tuple[str, str]], list[str], str | None, bool]]:
    project: list[tuple[str, str]] = []
    providers: list[str] = []
    fences = [fence for fence in _FENCE.finditer(section) if fence["language"] == "python"]
    for fence, following in zip_longest(fences, fences[1:]):
        options = dict(word.split("=", 1) for word in fence["info"].split() if "=" in word)
        if "fixed" in fence["info"].split():
            continue
        if "file" not in options:
            words = following["info"].split() if following is not None else []
            fixed = following["body"] if following is not None and "fixed" in words else None
            spellings = [p for p in options.get("providers", "").split(",") if p]
            yield [("app.py", fence["body"])], spellings, fixed, "unsafe" in words
            continue
        project.append((options["file"], fence["body"]))
        providers = [p for p in options.get("providers", "").split(",") if p] or providers
    if project:
        yield project, providers, None, False
