"""Write what the documentation takes from the program: outputs, the keys of the configuration, the rules.

python tools/build_docs.py          # README.md, docs/configuration.md, docs/rules.md, docs/index.md
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
OUTPUT = re.compile(r"<!-- output: (?P<command>.+?) -->\n```console\n(?P<text>.*?)```\n", re.S)


def output(command: str) -> str:
    """What a command prints in the repository's root, in 100 columns without colours."""
    arguments = [sys.executable, "-m", "llm_lint", *shlex.split(command)[1:]]
    environment = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1"}
    ran = subprocess.run(
        arguments, cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if ran.returncode not in (0, 1):
        raise SystemExit(f"{command}: {ran.stderr}")
    return f"$ {command}\n{ran.stdout}"


def with_outputs(text: str) -> str:
    """A page with the outputs of its commands."""

    def block(found: re.Match[str]) -> str:
        command = found["command"]
        return f"<!-- output: {command} -->\n```console\n{output(command)}```\n"

    return OUTPUT.sub(block, text)


def with_part(text: str, name: str, part: str) -> str:
    """A page with the part between ``<!-- name: … -->`` and ``<!-- end -->`` replaced."""
    pattern = re.compile(rf"(<!-- {name}\b[^>]*-->\n).*?(<!-- end -->)", re.S)
    return pattern.sub(lambda found: f"{found[1]}\n{part}\n{found[2]}", text)


def keys() -> str:
    """A section for each key of the configuration."""
    from llm_lint.project.reference import KEYS

    sections = [
        f"## {key.name}\n\n{key.does}\n\n- Takes: {key.takes}\n- Default: "
        f"{f'`{key.default}`' if key.default else 'none'}\n\n```toml\n{key.example}\n```\n"
        for key in KEYS
    ]
    return "\n".join(sections)


def rules() -> str:
    """A row for each rule."""
    from llm_lint.report.documents import documents
    from llm_lint.rules import all_rules

    severities = {rule.code: rule.severity.value for rule in all_rules()}
    rows = [
        f"| [{page.code}](../rules/{page.code}-{page.name}.md) | {page.name} | {severities[page.code]} | "
        f"{page.summary} |"
        for page in documents()
    ]
    return "\n".join(["| code | name | severity | reports |", "|---|---|---|---|", *rows, ""])


def more() -> str:
    """A link to each page that the index does not describe."""
    described = (ROOT / "docs" / "index.md").read_text(encoding="utf-8").partition("<!-- more")[0]
    found = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md"))}
    links = [
        f"- [{text.partition(chr(10))[0].lstrip('# ')}]({name})"
        for name, text in found.items()
        if name != "index.md" and f"({name})" not in described
    ]
    return "\n".join(links)


def pages() -> dict[Path, Callable[[str], str]]:
    """The files that are written, and how each is made of itself."""
    return {
        ROOT / "README.md": with_outputs,
        ROOT / "docs" / "configuration.md": lambda text: with_part(text, "keys", keys()),
        ROOT / "docs" / "rules.md": lambda text: with_part(text, "rules", rules()),
        ROOT / "docs" / "index.md": lambda text: with_part(text, "more", more()),
    }


if __name__ == "__main__":
    for path, made in pages().items():
        path.write_text(made(path.read_text(encoding="utf-8")), encoding="utf-8")
