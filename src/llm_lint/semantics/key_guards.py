"""What only looks like a key in use: placeholders, fixtures, public keys, lines that somebody has allowed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from llm_lint.semantics.key_formats import has_random_run, key_table

_ALLOWED = re.compile(
    r"pragma: ?allowlist|gitleaks:allow|trufflehog:ignore|nosemgrep|#\s*nosec\b|#\s*noqa:[^#]*\bS10[567]"
    r"|#.*\b(?:fake|dummy|mock|placeholder|example|not (?:a )?real|made[- ]up|invalid|revoked|expired)\b",
    re.I,
)
_FIXTURE_NAME = re.compile(
    r"fake|dummy|mock|stub|example|sample|placeholder|invalid|bogus|redacted|revoked|expired|fixture", re.I
)
_FIXTURE_VALUE = re.compile(
    r"(?:^|[-_.])(?:test|testing|mock|fake|dummy|demo|stub|unused|none|foo|bar|local|secret|key|token)\d{0,4}(?=[-_.]|$)",
    re.I,
)
_TEST_PATH = re.compile(
    r"(?:^|/)(?:tests?|testing|fixtures|testdata)/|(?:^|/)(?:test_[^/]*|[^/]*_test|conftest)\.py$"
)
_REPEATED = re.compile(r"(.)\1{5}|^(.{1,40}?)\2+$", re.S)
_COUNTED = 0.4  # share of a text in runs like "abc" and "123"


def is_test_file(name: str) -> bool:
    """Whether a path is that of a test, where literals of no known format are fixtures."""
    return _TEST_PATH.search(name) is not None


def is_allowed(line: str) -> bool:
    """Whether a comment on the line says that the key is harmless, in the words of people or of a scanner."""
    return _ALLOWED.search(line) is not None


def is_fixture(names: Iterable[str]) -> bool:
    """Whether a name says that its value is made up: ``FAKE_KEY``."""
    return any(_FIXTURE_NAME.search(name) for name in names)


def is_public(value: str) -> bool:
    """Whether a key is meant to be seen, as telemetry's are: ``pk-lf-…``."""
    return value.startswith("pk-")


def is_plausible(value: str) -> bool:
    """Whether a literal bound to a key parameter may be a real key, of whatever format."""
    return (
        16 <= len(value) <= 512
        and value.isascii()
        and value.isprintable()
        and " " not in value
        and ".." not in value
        and has_random_run(value)
        and _FIXTURE_VALUE.search(value) is None
        and not is_placeholder(value)
    )


def is_placeholder(value: str) -> bool:
    """Whether a text only stands in for a key: a known filler, few characters, a sequence, a repetition."""
    table = key_table()
    body = value.strip()
    return (
        body.lower() in table.exact
        or _fillers().search(body) is not None
        or len(set(body)) < table.distinct_characters
        or _REPEATED.search(body) is not None
        or _share_in_sequences(body) >= _COUNTED
    )


@cache
def _fillers() -> re.Pattern[str]:
    # Not every mixture of cases: a random text of 160 characters holds "fake" in some mixture too often.
    spellings = {
        spelled
        for word in key_table().containing
        for spelled in (word, word.lower(), word.upper(), word.title())
    }
    return re.compile("|".join(map(re.escape, sorted(spellings))))


def _share_in_sequences(text: str) -> float:
    """The share of characters that count up: ``abc123def456`` is all of it."""
    counting, run, before = 0, 1, -1
    for code in (*text.encode("utf-8", "replace"), -1):
        if code == before + 1:
            run += 1
        else:
            counting += run if run >= 3 else 0
            run = 1
        before = code
    return counting / max(len(text), 1)
