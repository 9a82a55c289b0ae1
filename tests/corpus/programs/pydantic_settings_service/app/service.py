from __future__ import annotations

import json
from dataclasses import dataclass

from openai import AsyncOpenAI

from app.config import Settings


@dataclass(slots=True)
class Tagger:
    settings: Settings
    client: AsyncOpenAI

    @classmethod
    def from_settings(cls, settings: Settings) -> Tagger:
        return cls(settings, AsyncOpenAI(api_key=settings.openai_api_key.get_secret_value()))

    async def tags(self, text: str) -> list[str]:
        reply = await self.client.chat.completions.create(
            model=self.settings.chat_model,
            response_format={"type": "json_object"},
            max_completion_tokens=60,
            messages=[
                {
                    "role": "system",
                    "content": 'Extract topic tags from the article. Output JSON like {"tags": ["sport"]}.',
                },
                {"role": "user", "content": text},
            ],
        )
        return json.loads(reply.choices[0].message.content)["tags"][: self.settings.max_tags]

    async def vector(self, query: str) -> list[float]:
        result = await self.client.embeddings.create(model=self.settings.embedding_model, input=query)
        return result.data[0].embedding
