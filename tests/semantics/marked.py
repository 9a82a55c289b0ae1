"""Programs with their requests marked: ``#> kind provider model`` ends the line a request starts on."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from pathlib import Path

from llm_lint.model import Known, Request
from llm_lint.project.config import load_settings
from llm_lint.project.runner import Options, run_inventory

_MARK = re.compile(r"#> (\w+) (\S+) (\S+)\s*$", re.M)
Row = tuple[str, int, str, str, str]


def requests_of(folder: Path, files: Mapping[str, str]) -> list[Request]:
    """The inventory of a program written into ``folder``."""
    for name, code in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(code).lstrip("\n"), encoding="utf-8")
    report = run_inventory(Options(paths=(str(folder),), settings=load_settings(folder)))
    return list(report.inventory.requests) if report.inventory else []


def rows(requests: list[Request]) -> set[Row]:
    """File, line, kind, provider and model of each request; an unknown model is ``?``."""
    return {
        (
            request.span.filename,
            request.span.start.row,
            request.kind,
            request.provider,
            str(request.model.value) if isinstance(request.model, Known) else "?",
        )
        for request in requests
    }


def marked(files: Mapping[str, str]) -> set[Row]:
    """The requests that the marks in a program promise."""
    found: set[Row] = set()
    for name, code in files.items():
        for row, line in enumerate(textwrap.dedent(code).lstrip("\n").splitlines(), 1):
            mark = _MARK.search(line)
            if mark is not None:
                found.add((name, row, *mark.groups()))  # type: ignore[arg-type]
    return found
