"""Nightly digest, run by cron."""
import os
import tomllib
from pathlib import Path

import anthropic
import openai
import yaml
from dotenv import load_dotenv

HERE = Path(__file__).parent
load_dotenv(HERE / ".env")

with open(HERE / "config.toml", "rb") as fh:
    CONFIG = tomllib.load(fh)
MODELS = yaml.safe_load((HERE / "models.yaml").read_text())
BRIEF = (HERE / "prompts" / "brief.txt").read_text()
TITLE_MODEL = os.environ.get("TITLE_MODEL") or "gpt-4o"

oai = openai.OpenAI()
ant = anthropic.Anthropic()


def brief(events):
    reply = oai.chat.completions.create(
        model=CONFIG["llm"]["model"],
        max_tokens=CONFIG["llm"]["max_tokens"],
        messages=[{"role": "user", "content": BRIEF.format(events="\n".join(events))}],
    )
    return reply.choices[0].message.content


def rewrite(text):
    reply = ant.messages.create(
        messages=[{"role": "user", "content": "Rewrite in plain language:\n" + text}], **MODELS["rewrite"]
    )
    return reply.content[0].text


def title(text):
    reply = oai.chat.completions.create(
        model=TITLE_MODEL,
        max_tokens=16,
        temperature=0,
        messages=[{"role": "user", "content": "Title of at most six words:\n" + text}],
    )
    return reply.choices[0].message.content


def main():
    events = Path("/var/lib/events/today.txt").read_text().splitlines()
    text = rewrite(brief(events))
    Path("/var/lib/events/digest.md").write_text(f"# {title(text)}\n\n{text}\n")


if __name__ == "__main__":
    main()
