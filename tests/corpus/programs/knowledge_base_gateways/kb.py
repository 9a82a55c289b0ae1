"""kb add FILES | kb tag | kb ask QUESTION"""
import json
import os
import pathlib

import click
import numpy as np
from anthropic import Anthropic
from langchain_openai import OpenAIEmbeddings
from openai import OpenAI

BASE = pathlib.Path(os.environ.get("KB", "kb"))
HANDBOOK = (pathlib.Path(__file__).parent / "handbook.md").read_text(encoding="utf-8")

portkey = OpenAI(
    api_key=os.environ.get("OPENAI_API_KEY"),
    base_url="https://api.portkey.ai/v1",
    default_headers={"x-portkey-api-key": os.environ.get("PORTKEY_KEY", ""), "x-portkey-provider": "openai"},
)
claude = Anthropic()
embedder = OpenAIEmbeddings(model="text-embedding-3-small")


def vector(text):
    response = portkey.embeddings.create(model="text-embedding-3-large", input=[text])
    return response.data[0].embedding


@click.group()
def kb():
    pass


@kb.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=pathlib.Path))
def add(files):
    for file in files:
        text = file.read_text(encoding="utf-8")
        record = {"name": file.name, "text": text, "vector": vector(text)}
        (BASE / f"{file.stem}.json").write_text(json.dumps(record))


@kb.command()
def tag():
    records = [json.loads(p.read_text()) for p in BASE.glob("*.json")]
    tags = {name: embedder.embed_query(name) for name in ("network", "printer", "accounts", "phones")}
    short = [embedder.embed_query(record["text"][:300]) for record in records]
    for record, v in zip(records, short):
        best = max(tags, key=lambda name: np.dot(tags[name], v))
        click.echo(f"{record['name']}: {best}")


@kb.command()
@click.argument("question")
def ask(question):
    message = claude.messages.create(
        model="claude-sonnet-5-5",
        max_tokens=500,
        system=[{"type": "text", "text": HANDBOOK, "cache_control": {"type": "ephemeral"}}],
        messages=[{"role": "user", "content": question}],
    )
    click.echo(message.content[0].text)


if __name__ == "__main__":
    kb()
