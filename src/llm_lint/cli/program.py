"""From arguments to an exit code: runs the command, and says every error in one line and a hint."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from llm_lint import __version__
from llm_lint.cli.group import CommandGroup
from llm_lint.cli.output import complain
from llm_lint.errors import LlmLintError

if TYPE_CHECKING:
    from llm_lint.project.cache import Recorder

ABNORMAL = 2


@click.group(
    cls=CommandGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, "-V", "--version", message="%(prog)s %(version)s")
def program() -> None:
    """Find wasted money in Python code that calls LLM APIs: proven, and priced."""


def run(given: Sequence[str], recorder: Recorder | None = None) -> int:
    """The exit code of one run; a ``recorder`` watches runs that may be repeated from the cache."""
    try:
        code = program.main(list(given), prog_name="llm-lint", standalone_mode=False, obj=recorder)
    except click.exceptions.NoArgsIsHelpError as help_instead:
        complain(help_instead.format_message())
        return ABNORMAL
    except click.UsageError as error:
        return _refuse(error.format_message(), _usage_hint(error))
    except click.ClickException as error:
        return _refuse(error.format_message(), None)
    except LlmLintError as error:
        return _refuse(error.message, error.hint, given)
    except click.Abort:
        return _refuse("interrupted", None)
    except Exception as error:
        return _refuse(
            f"{type(error).__name__}: {error}", "this is a bug in llm-lint; -v shows where it happened", given
        )
    return code if isinstance(code, int) else 0


def _usage_hint(error: click.UsageError) -> str:
    command = error.ctx.command_path if error.ctx is not None else "llm-lint"
    return f"see `{command} --help`"


def _refuse(message: str, hint: str | None, arguments: Sequence[str] = ()) -> int:
    if any(argument in ("-v", "--verbose") for argument in arguments):
        import traceback

        complain(traceback.format_exc().rstrip())
    complain(message, "error")
    if hint:
        complain(hint, "hint")
    return ABNORMAL
