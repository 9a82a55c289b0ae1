"""Turn recorded council meetings into decisions lists."""
import argparse
import dataclasses
import json
import os
import pathlib
import types

from openai import AzureOpenAI, OpenAI


@dataclasses.dataclass
class Config:
    azure: bool = os.getenv("USE_AZURE", "0") == "1"
    deployment: str = os.environ.get("AZURE_DEPLOYMENT", "")
    model: str = os.environ.get("MODEL", "gpt-4.1")
    dry_run: bool = False


class DryRun:
    """Answers nothing, costs nothing."""

    def __init__(self):
        self.chat = types.SimpleNamespace(completions=self)

    def create(self, **request):
        print(json.dumps(request)[:200])
        message = types.SimpleNamespace(content="[]")
        return types.SimpleNamespace(choices=[types.SimpleNamespace(message=message)])


def make_client(config):
    if config.dry_run:
        return DryRun()
    if config.azure:
        return AzureOpenAI(api_version="2024-10-21", azure_endpoint=os.environ["AZURE_OPENAI_ENDPOINT"])
    return OpenAI()


class Decisions:
    def __init__(self, config):
        self.config = config
        self.client = make_client(config)
        self.model = config.deployment if config.azure else config.model

    def section(self, text):
        reply = self.client.chat.completions.create(
            model=self.model,
            temperature=0,
            response_format={"type": "json_object"},
            messages=[
                {"role": "system", "content": "Extract the decisions as JSON: {\"decisions\": [text, ...]}"},
                {"role": "user", "content": text},
            ],
        )
        return json.loads(reply.choices[0].message.content)

    def meeting(self, path):
        for section in path.read_text(encoding="utf-8").split("\n# "):
            yield from self.section(section)["decisions"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--dry-run", action="store_true")
    options = parser.parse_args()
    decisions = Decisions(Config(dry_run=options.dry_run))
    for path in sorted(options.folder.glob("*.md")):
        for decision in decisions.meeting(path):
            print(path.stem, decision, sep="\t")


if __name__ == "__main__":
    main()
