"""The commands, found by being in ``commands``, imported when they are run."""

from __future__ import annotations

import difflib
import importlib
import os
import pkgutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from llm_lint.errors import LlmLintError

FIXES, RULES, FILES, OUTPUT, OTHER = "Fixes", "Rule selection", "File selection", "Output", "Other"
HEADINGS = (FIXES, RULES, FILES, OUTPUT, OTHER)
_COMMANDS = Path(__file__).parent / "commands"


class CommandGroup(click.Group):
    """A group whose commands are modules, each with a ``command``."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the modules."""
        return sorted(found.name.replace("_", "-") for found in pkgutil.iter_modules([str(_COMMANDS)]))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"llm_lint.cli.commands.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the arguments name; says which one was probably meant."""
        name = args[0]
        if (name == "-" or not name.startswith("-")) and self.get_command(ctx, name) is None:
            raise LlmLintError(f"unknown command `{name}`", self._suggestion(ctx, name))
        return super().resolve_command(ctx, args)

    def _suggestion(self, ctx: click.Context, name: str) -> str:
        if name == "-" or os.path.exists(name) or "/" in name or name.endswith((".py", ".ipynb")):
            return f"did you mean `llm-lint check {name}`?"
        known = self.list_commands(ctx)
        close = difflib.get_close_matches(name, known, 1)
        return f"did you mean `{close[0]}`?" if close else f"the commands are {', '.join(known)}"


class HelpGroups(click.Command):
    """A command whose help shows its options under headings."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options by the heading that each was declared with."""
        sections: dict[str, list[tuple[str, str]]] = {heading: [] for heading in HEADINGS}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx) if isinstance(parameter, click.Option) else None
            if record is not None:
                sections[getattr(parameter, "heading", OTHER)].append(record)
        for heading, records in sections.items():
            if records:
                with formatter.section(heading):
                    formatter.write_dl(records)


class HeadedOption(click.Option):
    """An option that says under which heading of the help it belongs."""

    def __init__(
        self, declarations: Sequence[str] | None = None, heading: str = OTHER, **attributes: Any
    ) -> None:
        super().__init__(declarations, **attributes)
        self.heading = heading
