"""What keys look like: the formats of ``rules/keys.toml``, and text that nobody typed."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from llm_lint.model import Confidence
from llm_lint.resources import rules_directory

_SUFFIX = re.compile(r"_(?:API_)?(?:KEY|TOKEN|SECRET)S?$|_ACCESS_KEY(?:_ID)?$")
# What opens much more than a model: such a name alone does not make a key ours.
_BROAD = frozenset({"AWS", "DATABRICKS", "GITHUB", "GOOGLE"})


@dataclass(frozen=True)
class KeyFormat:
    """One provider's way of writing keys.

    A match of high or medium confidence counts anywhere; of low confidence only next to one of
    ``context``. ``env`` are the environment variables that usually hold such a key.
    """

    id: str
    provider: str
    title: str
    regex: re.Pattern[str]
    confidence: Confidence
    context: tuple[str, ...]
    min_entropy: float
    env: tuple[str, ...]


@dataclass(frozen=True)
class KeyTable:
    """All formats, and what only stands in for a key."""

    formats: tuple[KeyFormat, ...]
    exact: frozenset[str]
    containing: tuple[str, ...]
    distinct_characters: int

    @cached_property
    def providers_by_name(self) -> dict[str, str]:
        """Environment variable → provider; a variable that several providers share is told by its name."""
        shared = {name: stem(name).lower() for key in self.formats for name in key.env}
        own = {name: key.provider for key in self.formats if key.provider != "several" for name in key.env}
        return {name: provider for name, provider in {**shared, **own}.items() if stem(name) not in _BROAD}

    @cached_property
    def providers_by_stem(self) -> dict[str, str]:
        """``OPENAI`` → ``openai``: what a name says before its ``_API_KEY``."""
        stems = ((stem(name), provider) for name, provider in self.providers_by_name.items())
        return {text: provider for text, provider in stems if len(text) > 2 or text == "HF"}

    def variable_of(self, provider: str) -> str:
        """The environment variable in which a provider's SDK looks for its key."""
        family = provider.split("-")[0]  # google-gemini, aws-bedrock
        known = (key.env[0] for key in self.formats if key.provider in (provider, family))
        return next(known, re.sub(r"\W+", "_", provider).upper() + "_API_KEY")


def stem(name: str) -> str:
    """``OPENAI_API_KEY`` → ``OPENAI``."""
    return _SUFFIX.sub("", name)


@cache
def key_table() -> KeyTable:
    """The compiled ``rules/keys.toml``."""
    data = json.loads((rules_directory() / "surfaces.json").read_text(encoding="utf-8"))["keys"]
    placeholders = data["placeholders"]
    return KeyTable(
        tuple(_format(entry) for entry in data["formats"]),
        frozenset(text.lower() for text in placeholders["exact"]),
        tuple(placeholders["containing"]),
        placeholders["distinct_characters_at_least"],
    )


def _format(entry: dict[str, Any]) -> KeyFormat:
    return KeyFormat(
        entry["id"],
        entry["provider"],
        entry["title"],
        re.compile(entry["regex"]),
        Confidence(entry["confidence"]),
        tuple(entry.get("context", ())),
        entry.get("min_entropy", 0.0),
        tuple(entry["env"]),
    )


# --------------------------------------------------------------------------- randomness

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+|[A-Z]")
_RUN = re.compile(r"[A-Za-z0-9]{16,}")
_DIGEST = re.compile(
    r"(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{32,}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    re.I,
)
# Words per character: prose and identifiers stay below 0.22, model names below 0.3, random text lies
# around 0.5 (0.4 where it has letters of both cases and no digits).
_NOT_WORDS, _RANDOM, _RANDOM_LETTERS = 0.25, 0.3, 0.36


def entropy(text: str) -> float:
    """Shannon entropy, in bits per character."""
    counts = Counter(text)
    return -sum(count / len(text) * math.log2(count / len(text)) for count in counts.values())


def density(text: str) -> float:
    """Words per character, where a word is letters of one case or digits: high for random text."""
    return len(_WORDS.findall(text)) / max(len(text), 1)


def looks_random(text: str) -> bool:
    """Whether a text is not made of words: ``sk-fading-circle`` is, a key is not."""
    return density(text) >= _NOT_WORDS and any(c.isalpha() for c in text)


def has_random_run(text: str) -> bool:
    """Whether a text holds a long run of random letters and digits, or a digest."""
    return _DIGEST.search(text) is not None or any(map(_is_random, _RUN.findall(text)))


def _is_random(run: str) -> bool:
    digits = sum(map(str.isdigit, run))
    if digits < 2:
        return len(run) >= 24 and density(run) >= _RANDOM_LETTERS
    return digits < len(run) and density(run) >= _RANDOM
