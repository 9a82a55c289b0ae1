from __future__ import annotations

import argparse

from google import genai
from google.genai import types

RULES = "You teach Latin. Correct mistakes gently, then ask one new question."


class Tutor:
    MAX_TURNS = 12

    def __init__(self, model: str) -> None:
        self.client = genai.Client()
        self.model = model
        self.turns: list[types.Content] = []
        self.notes = ""
        self.tokens = 0

    def _generate(self, contents: list[types.Content]) -> str:
        response = self.client.models.generate_content(
            model=self.model,
            contents=contents,
            config=types.GenerateContentConfig(system_instruction=RULES + "\n" + self.notes, max_output_tokens=500),
        )
        if response.usage_metadata:
            self.tokens += response.usage_metadata.total_token_count or 0
        return response.text or ""

    def say(self, text: str) -> str:
        self.turns.append(types.Content(role="user", parts=[types.Part(text=text)]))
        answer = self._generate(self.turns)
        self.turns.append(types.Content(role="model", parts=[types.Part(text=answer)]))
        if len(self.turns) > self.MAX_TURNS:
            del self.turns[: len(self.turns) - self.MAX_TURNS]
        return answer


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", default="gemini-2.5-pro")
    tutor = Tutor(parser.parse_args().model)
    print("Salve! (empty line ends)")
    while (line := input("? ").strip()) != "":
        print(tutor.say(line))
    print(tutor.tokens, "tokens")


if __name__ == "__main__":
    main()
