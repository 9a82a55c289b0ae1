import sys
import textwrap
from pathlib import Path

from anthropic import Anthropic

client = Anthropic()
MODEL = "claude-sonnet-4-6"


def ask(prompt, max_tokens=1500):
    reply = client.messages.create(
        model=MODEL, max_tokens=max_tokens, messages=[{"role": "user", "content": prompt}]
    )
    return reply.content[0].text


def pieces(text, width=9000):
    return textwrap.wrap(text, width, replace_whitespace=False)


def refine(text):
    """Rolling summary: each step sees what was written so far."""
    summary = ""
    for piece in pieces(text):
        summary = refine_step(summary, piece)
    return summary


def refine_step(summary, piece):
    reply = client.messages.create(
        model=MODEL,
        max_tokens=2000,
        messages=[
            {
                "role": "user",
                "content": f"Summary so far:\n{summary}\n\nNext part:\n{piece}\n\nReturn an improved summary.",
            }
        ],
    )
    return reply.content[0].text


def map_reduce(text):
    partial = [ask("Summarise this part:\n" + piece, 600) for piece in pieces(text)]
    while len(partial) > 1:
        merged = "\n\n".join(partial[:6])
        partial = [ask("Merge these summaries:\n" + merged), *partial[6:]]
    return partial[0]


def main():
    mode, name = sys.argv[1:3]
    text = Path(name).read_text(encoding="utf-8")
    print(refine(text) if mode == "refine" else map_reduce(text))


if __name__ == "__main__":
    main()
