"""The provider without its HTTP: counts, answers, remembers prefixes, bills."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tests.fake_provider.answers import Answer, Answers, answer, seed_of
from tests.fake_provider.clock import Clock
from tests.fake_provider.ledger import Entry, Ledger
from tests.fake_provider.prefixes import Prefixes
from tests.fake_provider.tokens import Tokenize, o200k


@dataclass(frozen=True)
class Turn:
    """One answered request: the bill, the whole body, and the events of a stream ((name, data) pairs)."""

    entry: Entry
    whole: Mapping[str, Any]
    events: Sequence[tuple[str | None, Any]] = ()


@dataclass
class Desk:
    """State and settings that all endpoints share.

    ``sampled`` lets answers differ from request to request unless the temperature is 0, as a real model's
    do; ``answers`` replaces the composed words by a text of the test's own.
    """

    clock: Clock = field(default_factory=Clock)
    ledger: Ledger = field(default_factory=Ledger)
    answers: Answers | None = None
    answer_tokens: int = 12
    sampled: bool = False
    tokenize: Tokenize = o200k
    batch: bool = False
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.prefixes = Prefixes(self.clock)

    def number(self) -> int:
        """A new number, for ids."""
        return next(self.numbers)

    def answer(self, body: Mapping[str, Any], salt: int = 0) -> Answer:
        """What the model says; ``salt`` tells the choices of one request apart."""
        seed = seed_of(body) + salt
        if self.sampled and body.get("temperature") != 0:
            seed += self.number() << 16
        return answer(body, seed, self.answer_tokens, self.answers, self.tokenize)

    def count(self, text: str) -> int:
        """Tokens of a text."""
        return len(self.tokenize(text))

    def bill(self, entry: Entry) -> Entry:
        """Put a request on the ledger."""
        return self.ledger.bill(replace(entry, batch=self.batch, time=self.clock.now()))

    def in_batch(self) -> Desk:
        """The same desk, billing at batch prices."""
        inside = copy.copy(self)
        inside.batch = True
        return inside
