"""Generate a starter project.

The generated file looks like this::

    from openai import OpenAI
    client = OpenAI()
    for row in rows:
        client.chat.completions.create(model="gpt-4o", messages=[...])
"""
import argparse
import textwrap
from pathlib import Path
from string import Template

import anthropic

MAIN = Template(
    textwrap.dedent(
        '''
        import openai

        client = openai.OpenAI()

        def ask(text):
            return client.chat.completions.create(model="$model", messages=[{"role": "user", "content": text}])

        if __name__ == "__main__":
            for line in open("input.txt"):
                print(ask(line))
        '''
    )
)

CURL = """curl https://api.openai.com/v1/chat/completions \\
  -H "Authorization: Bearer $OPENAI_API_KEY" -d '{"model": "gpt-4o"}'
"""

# An earlier version asked for every file:
# for name in files:
#     anthropic.Anthropic().messages.create(model="claude-opus-4-5", max_tokens=100, messages=[])


def readme(name):
    """Ask for the prose of the README once.

    >>> anthropic.Anthropic().messages.create(model="claude-3-opus-20240229")  # doctest: +SKIP
    """
    reply = anthropic.Anthropic().messages.create(
        model="claude-sonnet-4-6",
        max_tokens=900,
        messages=[{"role": "user", "content": f"Write a README for a starter project called {name}."}],
    )
    return reply.content[0].text


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    parser.add_argument("--model", default="gpt-4o-mini")
    options = parser.parse_args()
    root = Path(options.name)
    root.mkdir()
    files = {"main.py": MAIN.substitute(model=options.model), "try.sh": CURL, "README.md": readme(options.name)}
    for name, text in files.items():
        (root / name).write_text(text)


if __name__ == "__main__":
    main()
