"""Explains terms of a trade."""
from openai import OpenAI


class Glossary:
    def __init__(self, client: OpenAI, trade: str, model: str = "gpt-4o-mini") -> None:
        self._client = client
        self._trade = trade
        self._options = {"model": model, "temperature": 0}

    def explain(self, term: str) -> str:
        completion = self._client.chat.completions.create(
            messages=[
                {"role": "system", "content": f"You explain terms used by a {self._trade}, in one sentence."},
                {"role": "user", "content": term},
            ],
            **self._options,
        )
        return completion.choices[0].message.content or ""

    def table(self, terms: list[str]) -> dict[str, str]:
        return {term: self.explain(term) for term in terms}
