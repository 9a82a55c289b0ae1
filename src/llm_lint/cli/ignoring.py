"""``check --add-ignore``: silence what is there by comments."""

from __future__ import annotations

import os
from pathlib import Path

from llm_lint.cli.output import complain, say
from llm_lint.errors import LlmLintError
from llm_lint.model import Report
from llm_lint.report.console import plural


def add_ignores(report: Report, reason: str, quiet: bool) -> int:
    """Write the comments and say where; 1 when some findings could not be silenced, else 0."""
    from llm_lint.project.ignoring import write_ignores

    if any(character in reason for character in "\r\n"):
        raise LlmLintError("the reason of --add-ignore must be one line")
    done = write_ignores(report.findings, Path(report.root), reason)
    for name, why in done.refused.items():
        complain(f"{_shown(report, name)}: not changed: {why}", "warning")
    if not quiet:
        for name, number in done.written.items():
            say(f"{_shown(report, name)}: {plural(number, 'comment')} added\n")
        total = sum(done.written.values())
        say(f"Added {plural(total, 'comment')} in {plural(len(done.written), 'file')}.\n")
    return int(bool(done.refused))


def _shown(report: Report, name: str) -> str:
    return os.path.relpath(os.path.join(report.root, name))
