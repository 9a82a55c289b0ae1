"""What the terminal can do: colours and width."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TextIO

from llm_lint.report.console import Console

_PIPED_WIDTH = 100


def console_for(stream: TextIO | None, color: str, quiet: bool = False, verbose: bool = False) -> Console:
    """How to render for a stream; ``color`` is ``auto``, ``always`` or ``never``."""
    width = shutil.get_terminal_size((_PIPED_WIDTH, 24)).columns
    colors = wants_color(stream, color)
    return Console(colors, max(width, 40), quiet, verbose, links=colors and is_terminal(stream))


def wants_color(stream: TextIO | None, color: str) -> bool:
    """The option decides, then NO_COLOR, then FORCE_COLOR or CLICOLOR_FORCE, then what the stream is."""
    if color != "auto":
        return color == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if any(os.environ.get(name, "0") not in ("", "0") for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    return is_terminal(stream) and os.environ.get("TERM") != "dumb"


def is_terminal(stream: TextIO | None) -> bool:
    """Whether somebody watches the stream; a closed one is none."""
    return stream is not None and not stream.closed and stream.isatty()


def folder_for(output_format: str) -> str:
    """The folder that a report's filenames are relative to: what the reader of the format expects."""
    variable = {"github": "GITHUB_WORKSPACE", "sarif": "GITHUB_WORKSPACE", "gitlab": "CI_PROJECT_DIR"}
    return os.environ.get(variable.get(output_format, ""), "") or os.curdir


def is_piped() -> bool:
    """Whether standard output goes to a program or a file, and nobody set a width."""
    return not is_terminal(sys.stdout) and not os.environ.get("COLUMNS")
