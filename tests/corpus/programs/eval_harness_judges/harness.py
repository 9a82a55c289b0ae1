"""Compare models on a question set and let a judge grade the answers."""
from __future__ import annotations

import abc
import json
import statistics
from pathlib import Path

import anthropic
import openai

CANDIDATES = ["gpt-4o-mini", "gpt-4o", "claude-haiku-4-5"]


class Backend(abc.ABC):
    """One vendor."""

    def __init__(self, model: str) -> None:
        self.model = model

    @abc.abstractmethod
    def answer(self, question: str) -> str: ...


class OpenAIBackend(Backend):
    def __init__(self, model: str) -> None:
        super().__init__(model)
        self._api = openai.OpenAI()

    def answer(self, question: str) -> str:
        out = self._api.responses.create(model=self.model, input=question)
        return out.output_text


class AnthropicBackend(Backend):
    def __init__(self, model: str) -> None:
        super().__init__(model)
        self._api = anthropic.Anthropic()

    def answer(self, question: str) -> str:
        out = self._api.messages.create(
            model=self.model, max_tokens=500, messages=[{"role": "user", "content": question}]
        )
        return out.content[0].text


def backend(model: str) -> Backend:
    return AnthropicBackend(model) if model.startswith("claude") else OpenAIBackend(model)


def warm_up() -> None:
    for model in ("gpt-4o-mini", "gpt-4o"):
        openai.OpenAI().responses.create(model=model, input="ping", max_output_tokens=16)


def grade(judge: openai.OpenAI, question: str, reference: str, answer: str) -> int:
    text = (
        "Grade the answer against the reference from 0 to 5. Output the number only.\n"
        f"Question: {question}\nReference: {reference}\nAnswer: {answer}"
    )
    reply = judge.chat.completions.create(
        model="gpt-4.1", temperature=0, max_tokens=1, messages=[{"role": "user", "content": text}]
    )
    return int(reply.choices[0].message.content)


def main() -> None:
    items = [json.loads(line) for line in Path("questions.jsonl").read_text().splitlines()]
    judge = openai.OpenAI()
    warm_up()
    for model in CANDIDATES:
        engine = backend(model)
        answers = {item["id"]: engine.answer(item["question"]) for item in items}
        scores = [grade(judge, i["question"], i["reference"], answers[i["id"]]) for i in items]
        print(f"{model:24} {statistics.mean(scores):.2f}")


if __name__ == "__main__":
    main()
