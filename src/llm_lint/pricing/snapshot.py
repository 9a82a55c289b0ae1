"""The compiled prices of one day: the snapshot in the package, or a newer one that the user asked for.

Both are JSON with one record a line; nothing here reads the clock or the network.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from llm_lint.errors import LlmLintError
from llm_lint.resources import rules_directory

Groups = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class Snapshot:
    """The prices of a day.

    ``providers`` holds the price rows by provider (``sources/rows.py`` describes them), ``ranked`` the
    ladder's rungs by maker, None for those of the package. ``path`` is the user's file, None for the
    package's own.
    """

    as_of: date
    sources: tuple[str, ...]
    providers: Groups
    ranked: Groups | None = None
    path: Path | None = None

    @cached_property
    def rungs(self) -> Groups:
        """The rungs of the ladder, by maker; the package's are read when first asked for."""
        if self.ranked is not None:
            return self.ranked
        text = (rules_directory() / "prices" / "ladder.json").read_text(encoding="utf-8")
        rungs: Groups = json.loads(text)["rungs"]
        return rungs

    def text(self) -> str:
        """The snapshot as one file, which ``read`` takes back."""
        head = {"version": 1, "as_of": self.as_of.isoformat(), "sources": list(self.sources)}
        return lines(head, rungs=self.rungs, providers=self.providers)


def shipped() -> Snapshot:
    """The snapshot that comes with the package."""
    return _snapshot((rules_directory() / "prices" / "prices.json").read_text(encoding="utf-8"))


def current() -> Snapshot:
    """The user's updated prices where they are not older than the package's, else the package's.

    Raises LlmLintError for a damaged file.
    """
    path, own = user_file(), shipped()
    if path is None or not path.is_file():
        return own
    updated = read(path)
    return updated if updated.as_of >= own.as_of else own


def read(path: Path) -> Snapshot:
    """The snapshot in a file; raises LlmLintError where there is none."""
    try:
        found = _snapshot(path.read_text(encoding="utf-8"), path)
        _verify(found)
    except OSError as error:
        raise LlmLintError(f"cannot read the prices in {path}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError):
        raise LlmLintError(
            f"{path} holds no price snapshot", "`llm-lint prices update` writes one; delete a damaged one"
        ) from None
    return found


def user_file() -> Path | None:
    """Where ``llm-lint prices update`` writes; None where nobody has a home."""
    folder = os.environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(folder):
        return Path(folder) / "llm-lint" / "prices.json"
    if sys.platform == "win32" and (local := os.environ.get("LOCALAPPDATA")):
        return Path(local) / "llm-lint" / "prices.json"
    try:
        home = Path.home()
    except RuntimeError:
        return None
    cache = home / "Library" / "Caches" if sys.platform == "darwin" else home / ".cache"
    return cache / "llm-lint" / "prices.json"


def lines(head: Mapping[str, Any], **tables: Groups) -> str:
    """JSON with one record a line, so that a diff shows what changed."""
    parts = [json.dumps(head, ensure_ascii=False, separators=(",", ":"))[:-1]]
    for name, groups in tables.items():
        blocks = []
        for key in sorted(groups):
            records = (json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in groups[key])
            blocks.append(f'"{key}":[\n' + ",\n".join(records) + "\n]")
        parts.append(f'"{name}":{{\n' + ",\n".join(blocks) + "\n}")
    return ",".join(parts) + "}\n"


def _snapshot(text: str, path: Path | None = None) -> Snapshot:
    data = json.loads(text)
    if data["version"] != 1:
        raise ValueError("another version of the format")
    day, sources = date.fromisoformat(data["as_of"]), tuple(data["sources"])
    return Snapshot(day, sources, data["providers"], data.get("rungs"), path)


def _verify(snapshot: Snapshot) -> None:
    """Raise what a foreign file provokes now, not in the middle of a run."""
    from llm_lint.pricing.prices import priced

    for provider, rows in snapshot.providers.items():
        for row in rows:
            priced(row, provider)
