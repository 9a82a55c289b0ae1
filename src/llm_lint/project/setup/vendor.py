"""A project's own copy of the runtime: made verbatim, with a list of what was copied, and compared later."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from llm_lint import __version__
from llm_lint.errors import LlmLintError
from llm_lint.project.setup.steps import Step, read
from llm_lint.resources import rules_directory

SOURCE = Path(__file__).parents[2] / "runtime"
MANIFEST = "VENDORED.json"
_HEAD = "A verbatim copy of llm-lint's runtime; `llm-lint init --check` compares it. Do not edit."


def contents() -> dict[str, bytes]:
    """The files of a copy, by name: the runtime's modules and the prices."""
    files = {path.name: path.read_bytes() for path in sorted(SOURCE.glob("*.py"))}
    files["prices.json"] = (rules_directory() / "prices" / "prices.json").read_bytes()
    return files


def manifest(files: dict[str, bytes]) -> bytes:
    """The list of a copy's files with their hashes."""
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}
    about = {"about": _HEAD, "version": __version__, "sha256": hashes}
    return (json.dumps(about, indent=2) + "\n").encode()


def module_name(root: Path, folder: Path) -> str:
    """The dotted name under which a folder of a project is imported; raises LlmLintError when it has none."""
    try:
        parts = list(folder.resolve().relative_to(root.resolve()).parts)
    except ValueError:
        raise LlmLintError(f"{folder} is outside of the project {root}") from None
    if parts and parts[0] == "src":
        del parts[0]
    if not parts or not all(part.isidentifier() for part in parts):
        raise LlmLintError(f"{folder} cannot be imported", "choose a path such as src/app/llm_runtime")
    return ".".join(parts)


def folder_of(root: Path, module: str) -> Path | None:
    """The folder of a module in a project, flat or under ``src``."""
    parts = module.split(".")
    return next(
        (place for base in (root, root / "src") if (place := base.joinpath(*parts)).is_dir()),
        None,
    )


def steps(folder: Path, overwrite: bool) -> list[Step]:
    """Make or update a copy. Raises LlmLintError for a folder or files that somebody else wrote."""
    if folder.is_file():
        raise LlmLintError(f"{folder} is a file", "the runtime is a package: choose a folder")
    listed = _listed(folder)
    if not overwrite:
        _refuse_foreign(folder, listed)
    files = contents()
    files[MANIFEST] = manifest(files)
    what = "the runtime" if listed is None else f"the runtime (was version {listed.get('version')})"
    return [Step(folder / name, read(folder / name), data, what) for name, data in files.items()]


def _refuse_foreign(folder: Path, listed: dict[str, object] | None) -> None:
    present = (
        [path.name for path in folder.iterdir() if path.name != "__pycache__"] if folder.is_dir() else []
    )
    if present and listed is None:
        raise LlmLintError(
            f"{folder} exists and is no copy of the runtime",
            "choose another path, or replace its files with --overwrite",
        )
    edited = [line for line in drift(folder) if "edited" in line] if listed is not None else []
    if edited:
        raise LlmLintError(
            f"the copy in {folder} was edited: {', '.join(edited)}", "discard the edits with --overwrite"
        )


def drift(folder: Path) -> list[str]:
    """How a copy differs from what was copied, and from this version's runtime; empty when it does not.

    Raises LlmLintError when the folder is no copy.
    """
    listed = _listed(folder)
    if listed is None:
        raise LlmLintError(
            f"{folder} is no copy of the runtime", "make one with `llm-lint init --vendor PATH`"
        )
    files = contents()
    copied = listed.get("sha256")
    hashes = copied if isinstance(copied, dict) else {}
    found = []
    for name in sorted({*files, *hashes}):
        data = read(folder / name)
        if data is None:
            found.append(f"{name}: missing" if name in hashes else f"{name}: new in {__version__}")
        elif hashlib.sha256(data).hexdigest() != hashes.get(name):
            found.append(f"{name}: edited")
        elif data != files.get(name):
            found.append(f"{name}: of version {listed.get('version')}, not {__version__}")
    return found


def _listed(folder: Path) -> dict[str, object] | None:
    data = read(folder / MANIFEST) if folder.is_dir() else None
    try:
        found = json.loads(data) if data is not None else None
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
