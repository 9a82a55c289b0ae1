"""Prompt caching as the providers account for it, per account and model.

OpenAI: automatic; the longest known prefix in steps of 128 tokens, from 1,024 tokens on, forgotten after ten
minutes. Anthropic: up to blocks marked with ``cache_control``, from 1,024 tokens on, for five minutes or
one hour; writing costs extra.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.fake_provider.clock import Clock
from tests.fake_provider.tokens import PER_MESSAGE, PER_REQUEST, Tokenize, text_of

MINIMUM, STEP = 1024, 128
AUTOMATIC_SECONDS = 600
SECONDS = {"5m": 300, "1h": 3600}


@dataclass(frozen=True)
class Use:
    """Tokens read from and written to the cache."""

    cached: int = 0
    write: int = 0
    write_1h: int = 0


class Prefixes:
    """Which prefixes are remembered until when."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: dict[str, float] = {}
        self._lock = threading.Lock()

    def automatic(self, account: str, model: str, tokens: Sequence[object]) -> Use:
        """OpenAI's way, for the tokens of a prompt."""
        rolling = hashlib.sha256(f"{account}\n{model}".encode())
        found, growing, now = 0, True, self._clock.now()
        with self._lock:
            for end in range(STEP, len(tokens) + 1, STEP):
                rolling.update(repr(tokens[end - STEP : end]).encode())
                key = rolling.hexdigest()
                growing = growing and self._until.get(key, 0.0) > now
                if growing:
                    found = end
                self._until[key] = now + AUTOMATIC_SECONDS
        return Use(found if found >= MINIMUM else 0)

    def marked(self, account: str, body: Mapping[str, Any], tokenize: Tokenize) -> Use:
        """Anthropic's way, for the blocks of a body."""
        rolling = hashlib.sha256(f"{account}\n{body.get('model')}".encode())
        length, now, cached = PER_REQUEST, self._clock.now(), 0
        marks: list[tuple[int, str, str]] = []
        for block in _blocks(body):
            rolling.update(json.dumps({**block, "cache_control": None}, sort_keys=True).encode())
            length += len(tokenize(text_of(block))) + PER_MESSAGE
            mark = block.get("cache_control")
            if mark and length >= MINIMUM:
                marks.append((length, rolling.hexdigest(), mark.get("ttl", "5m")))
        with self._lock:
            for end, key, lifetime in marks:
                if self._until.get(key, 0.0) > now:
                    cached = end
                self._until[key] = now + SECONDS[lifetime]
        written = {"5m": 0, "1h": 0}
        start = cached
        for end, _, lifetime in marks:
            if end > start:
                written[lifetime] += end - start
                start = end
        return Use(cached, written["5m"], written["1h"])


def _blocks(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = list(body.get("tools") or ())
    for key in ("system", "messages"):
        for item in _listed(body.get(key)):
            content = item["content"] if key == "messages" else item
            role = item.get("role", "system") if isinstance(item, dict) else "system"
            for part in _listed(content):
                blocks.append(
                    part if isinstance(part, dict) else {"type": "text", "text": part, "role": role}
                )
    return blocks


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
