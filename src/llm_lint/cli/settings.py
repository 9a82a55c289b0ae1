"""The settings that hold, as TOML."""

from __future__ import annotations

from llm_lint.project.config import Settings
from llm_lint.project.reference import in_toml


def settings_text(settings: Settings) -> str:
    """Where the settings come from, and every key with its value."""
    source = f"from {settings.source}" if settings.source is not None else "defaults: no configuration file"
    return f"# {source}\n" + "".join(f"{line}\n" for line in in_toml(settings))
