"""Small projects, written to a folder and analysed as a user would."""

from __future__ import annotations

from pathlib import Path

from llm_lint.model import Finding, Loop, Request
from llm_lint.project.runner import Options, run_check

OPENAI = "from openai import OpenAI\nclient = OpenAI()\n"
ASK = """
def ask(prompt, **options):
    return client.chat.completions.create(
        model="gpt-4o", messages=[{"role": "user", "content": prompt}], **options
    )
"""


def analysed(folder: Path, files: dict[str, str]) -> tuple[list[Request], list[Finding]]:
    """The requests and findings of a project, in file order."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    report = run_check(Options(paths=(str(folder),)))
    assert report.inventory is not None
    return list(report.inventory.requests), list(report.findings)


def only_request(folder: Path, text: str) -> Request:
    """The one request of a program in one file."""
    requests, _ = analysed(folder, {"app.py": text})
    (request,) = requests
    return request


def main_loop(folder: Path, text: str) -> Loop:
    """The loop that matters around the one request of a program."""
    loop = only_request(folder, text).loop
    assert loop is not None
    return loop
