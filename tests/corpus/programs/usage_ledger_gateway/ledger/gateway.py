from __future__ import annotations

import sqlite3
import time
from functools import cached_property
from typing import Any

import openai


class Gateway:
    """Asks a model and books what it used."""

    def __init__(self, path: str = "ledger.db", *, model: str = "gpt-4.1-mini") -> None:
        self._path = path
        self.default_model = model

    @property
    def db(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path)

    @cached_property
    def sdk(self) -> openai.OpenAI:
        return openai.OpenAI(timeout=45)

    def ask(self, prompt: str, **overrides: Any) -> str:
        started = time.monotonic()
        params = {"model": self.default_model, "input": prompt, **overrides}
        response = self.sdk.responses.create(**params)
        self._book(response, time.monotonic() - started)
        return response.output_text

    def _book(self, response: Any, seconds: float) -> None:
        usage = response.usage
        with self.db as db:
            db.execute(
                "INSERT INTO requests VALUES (datetime('now'), ?, ?, ?, ?)",
                (response.model, usage.input_tokens, usage.output_tokens, seconds),
            )
