from __future__ import annotations

from abc import ABC, abstractmethod

from anthropic import Anthropic


class Role(ABC):
    model = "claude-sonnet-4-6"
    max_tokens = 600

    def __init__(self) -> None:
        self._client: Anthropic | None = None
        self.turns: list[dict] = []

    @property
    def client(self) -> Anthropic:
        if self._client is None:
            self._client = Anthropic()
        return self._client

    @property
    @abstractmethod
    def system(self) -> str: ...

    def reply(self, text: str) -> str:
        self.turns.append({"role": "user", "content": text})
        message = self.client.messages.create(
            model=self.model, max_tokens=self.max_tokens, system=self.system, messages=self.turns
        )
        answer = message.content[0].text
        self.turns.append({"role": "assistant", "content": answer})
        return answer
