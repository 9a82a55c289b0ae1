"""A recorded stand-in used for load tests: answers from a file, never from the network."""
import itertools
import json
from pathlib import Path


class _Completions:
    def __init__(self, answers):
        self._answers = itertools.cycle(answers)

    def create(self, *, model, messages, **_):
        return {"choices": [{"message": {"content": next(self._answers)}}], "model": model}


class _Chat:
    def __init__(self, answers):
        self.completions = _Completions(answers)


class OpenAI:
    def __init__(self, recording="recording.jsonl"):
        lines = Path(recording).read_text().splitlines()
        self.chat = _Chat([json.loads(line)["answer"] for line in lines])
