"""``llm-lint generate-shell-completion``: completion of commands, options and their values."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from llm_lint.cli.output import say


@click.command("generate-shell-completion", short_help="Write a completion script for a shell.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(context: click.Context, shell: str) -> int:
    """Write a script that makes SHELL complete llm-lint, to be read by it at its start.

    For bash: llm-lint generate-shell-completion bash > ~/.local/share/bash-completion/completions/llm-lint
    """
    completion = get_completion_class(shell)
    assert completion is not None
    program = context.find_root()
    say(completion(program.command, {}, "llm-lint", "_LLM_LINT_COMPLETE").source() + "\n")
    return 0
