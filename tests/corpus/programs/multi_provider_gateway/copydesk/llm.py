"""Every request of this package goes through ``LLM.generate``."""
import anthropic
import mistralai
import openai

from .settings import settings


class LLM:
    def __init__(self, provider: str | None = None):
        self.provider = provider or settings.provider
        if self.provider == "openai":
            self._client = openai.OpenAI()
        elif self.provider == "anthropic":
            self._client = anthropic.Anthropic()
        elif self.provider == "mistral":
            self._client = mistralai.Mistral()
        else:
            raise ValueError(self.provider)

    def generate(self, prompt: str, system: str = "") -> str:
        if self.provider == "openai":
            reply = self._client.chat.completions.create(
                model=settings.openai_model,
                max_tokens=settings.max_tokens,
                messages=[{"role": "system", "content": system}, {"role": "user", "content": prompt}],
            )
            return reply.choices[0].message.content
        if self.provider == "anthropic":
            reply = self._client.messages.create(
                model=settings.anthropic_model,
                max_tokens=settings.max_tokens,
                system=system,
                messages=[{"role": "user", "content": prompt}],
            )
            return reply.content[0].text
        reply = self._client.chat.complete(
            model=settings.mistral_model,
            messages=[{"role": "system", "content": system}, {"role": "user", "content": prompt}],
        )
        return reply.choices[0].message.content
