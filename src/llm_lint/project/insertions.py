"""What fixes may insert into this project: configured, and importable where the program runs."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

from llm_lint.fixes import Insertion
from llm_lint.project.config import Settings, parse_toml
from llm_lint.project.discovery import Selection

ROLES = ("track", "cached")
_DISTRIBUTION = "llm-cost-lint"
_ROOTS = ("", "src", "lib", "python")
_DEPENDENCY_FILES = ("pyproject.toml", "setup.cfg", "setup.py", "Pipfile", "environment.yml")
_DEVELOPMENT = re.compile(r"dev|test|lint|doc", re.I)


def names(settings: Settings) -> dict[str, str]:
    """The configured functions: dotted name to role."""
    found = {role: settings.inserted(role) for role in ROLES}
    return {".".join(pair): role for role, pair in found.items() if pair is not None}


def insertions(settings: Settings, selection: Selection) -> dict[str, Insertion | str]:
    """The function for each role, or why there is none."""
    return {role: _insertion(role, settings, selection) for role in ROLES}


def first_party(selection: Selection) -> frozenset[str]:
    """The top-level modules and packages of the project."""
    found: set[str] = set()
    for name in selection.files:
        parts = PurePosixPath(name).with_suffix("").parts
        found.add(parts[1] if parts[0] == "src" and len(parts) > 1 else parts[0])
    return frozenset(found)


def _insertion(role: str, settings: Settings, selection: Selection) -> Insertion | str:
    pair = settings.inserted(role)
    if pair is None:
        return "no runtime is set up that it could insert; run `llm-lint init`"
    module, name = pair
    if not _is_of_project(module, selection) and not _is_required(module, selection.root):
        return (
            f"`{module}` is neither a module of this project nor among its dependencies; run `llm-lint init`"
        )
    return Insertion(module, name)


def _is_of_project(module: str, selection: Selection) -> bool:
    path = module.replace(".", "/")
    files = (f"{path}.py", f"{path}/__init__.py")
    if any((selection.root / root / file).is_file() for root in _ROOTS for file in files):
        return True
    return any(f"/{name}".endswith(f"/{file}") for name in selection.files for file in files)


def _is_required(module: str, root: Path) -> bool:
    """Whether the program depends on a module; True where the project does not say what it depends on."""
    stated = [text for path in _declarations(root) if (text := _dependencies(path)) is not None]
    top = module.split(".")[0]
    words = re.split(r"[-_.]", _DISTRIBUTION if top == "llm_lint" else top)
    name = re.compile(rf"(?<![\w.-]){'[-_.]'.join(words)}(?![\w-])", re.I)
    return not stated or any(name.search(text) for text in stated)


def _declarations(root: Path) -> list[Path]:
    lists = [path for path in sorted(root.glob("*requirements*.txt")) if not _DEVELOPMENT.search(path.name)]
    return [*(root / name for name in _DEPENDENCY_FILES), *lists]


def _dependencies(path: Path) -> str | None:
    """What a file says the program depends on; None where it does not say."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    if path.name != "pyproject.toml":
        return text
    table = parse_toml(text, str(path))
    project, poetry = table.get("project", {}), table.get("tool", {}).get("poetry", {})
    if "dependencies" not in project and "dependencies" not in poetry:
        return None
    return "\n".join((*project.get("dependencies", ()), *poetry.get("dependencies", ())))
