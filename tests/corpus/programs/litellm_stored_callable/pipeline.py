"""Clean up scraped job adverts."""
import json
import sys
from typing import Callable

import litellm

litellm.drop_params = True

ORDER = ["anthropic/claude-sonnet-4-6", "gpt-4o", "mistral/mistral-large-latest"]


def ask(prompt: str) -> str:
    last = None
    for model in ORDER:
        try:
            response = litellm.completion(model=model, messages=[{"role": "user", "content": prompt}], num_retries=2)
            return response.choices[0].message.content
        except litellm.exceptions.APIError as exc:
            last = exc
    raise last


def priced(prompt: str) -> str:
    response = litellm.completion(model="gpt-4o-mini", messages=[{"role": "user", "content": prompt}])
    print(f"${litellm.completion_cost(completion_response=response):.5f}", file=sys.stderr)
    return response.choices[0].message.content


class Cleaner:
    def __init__(self, llm: Callable[[str], str]):
        self.llm = llm

    def clean(self, advert: dict) -> dict:
        text = self.llm("Rewrite this job advert without filler and in plain words:\n" + advert["text"])
        return {**advert, "text": text}


class Ranker:
    def __init__(self, llm):
        self._llm = llm

    def senior(self, advert):
        return self._llm("Is this a senior position? yes or no\n" + advert["text"]).lower().startswith("yes")


def main():
    cleaner, ranker = Cleaner(ask), Ranker(llm=priced)
    for line in sys.stdin:
        advert = cleaner.clean(json.loads(line))
        advert["senior"] = ranker.senior(advert)
        print(json.dumps(advert, ensure_ascii=False))


if __name__ == "__main__":
    main()
