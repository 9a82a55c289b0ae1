"""Turns articles into a digest."""
from anthropic import Anthropic

from .feeds import articles


class Writer:
    def __init__(self, client: Anthropic, model: str = "claude-haiku-4-5"):
        self.client = client
        self.model = model

    def _ask(self, prompt: str, limit: int) -> str:
        message = self.client.messages.create(
            model=self.model,
            max_tokens=limit,
            messages=[{"role": "user", "content": prompt}],
        )
        return "".join(block.text for block in message.content if block.type == "text")

    def clip(self, title: str, body: str) -> str:
        return self._ask(f"Sum up this article in one sentence.\n\n{title}\n{body}", 120)

    def digest(self, urls: list[str]) -> dict[str, list[str]]:
        clips: dict[str, list[str]] = {}
        for url in urls:
            clips[url] = [self.clip(title, body) for title, body in articles(url)]
        return clips
