"""The other files that ``init`` adds lines to: pre-commit's, ``.env.example``, ``.gitignore``."""

from __future__ import annotations

import re
from pathlib import Path

from llm_lint import __version__
from llm_lint.errors import LlmLintError
from llm_lint.project.setup.steps import Step, newline_of, read, text_of, with_lines

ENVIRONMENT = (
    "# LLM_LINT_LOG=llm-usage.jsonl",
    "# LLM_LINT_CACHE=sqlite:///llm-cache.db",
    "# LLM_LINT_BUDGET=50/day,block",
    "# LLM_LINT_ALERT=https://example.com/alerts",
    "# LLM_LINT_SALT=",
    "# LLM_LINT_OFF=1",
)
IGNORED = ("llm-usage*.jsonl*", "llm-cache.db*", ".env")

_HOOK = (
    "- repo: local",
    "  hooks:",
    "    - id: llm-lint",
    "      name: llm-lint",
    "      entry: llm-lint check --force-exclude",
    "      language: python",
    f'      additional_dependencies: ["llm-cost-lint=={__version__}"]',
    "      types_or: [python, jupyter]",
    "      require_serial: true",
)


def environment(root: Path) -> Step:
    """``.env.example`` with the runtime's variables."""
    what = "the runtime's environment variables"
    return with_lines(root / ".env.example", ENVIRONMENT, "llm-lint's runtime: see docs/runtime.md", what)


def ignored(root: Path) -> Step:
    """``.gitignore`` with what the runtime writes, and with the file that holds keys."""
    what = "usage logs, answer caches and .env"
    return with_lines(root / ".gitignore", IGNORED, "llm-lint: usage logs, answer caches, keys", what)


def pre_commit(root: Path) -> Step:
    """``.pre-commit-config.yaml`` with the hook. Raises LlmLintError where it cannot be added by lines."""
    path = root / ".pre-commit-config.yaml"
    before = read(path)
    text = text_of(before, path)
    what = "the pre-commit hook"
    if re.search(r"^\s*-\s*id:\s*[\"']?llm-lint\b", text, re.M):
        return Step(path, before, text.encode(), what)
    newline = newline_of(text)
    if not text.strip():
        return Step(path, before, newline.join(("repos:", *_indented("  "), "")).encode(), what)
    repos = re.search(r"^repos:[ \t]*(#[^\r\n]*)?\r?$", text, re.M)
    first = re.compile(r"^([ \t]*)-[ \t]", re.M).search(text, repos.end()) if repos else None
    if repos is None or first is None:
        raise LlmLintError(
            f"{path} has no plain list under `repos:`",
            "add the hook by hand: " + "; ".join(line.strip() for line in _HOOK),
        )
    following = re.compile(r"^[^\s#-]", re.M).search(text, repos.end())
    end = following.start() if following else len(text)
    head, tail = text[:end], text[end:]
    stripped = head.rstrip()
    gap = head[len(stripped) :] if tail else newline
    added = newline.join(_indented(first.group(1)))
    return Step(path, before, (stripped + newline + added + gap + tail).encode(), what)


def _indented(indentation: str) -> list[str]:
    return [indentation + line for line in _HOOK]
