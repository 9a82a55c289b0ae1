"""``llm-lint run``: record what an unmodified program asks LLMs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import click

from llm_lint.cli.output import complain
from llm_lint.errors import LlmLintError

_RECORDER = Path(__file__).parents[1] / "recorder"
_RUNTIME = Path(__file__).parents[2] / "runtime"
DEFAULT_LOG = "llm-usage.jsonl"


@click.command(
    "run",
    short_help="Record the LLM requests of a program.",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.option(
    "--log",
    metavar="PATH",
    envvar="LLM_LINT_LOG",
    default=DEFAULT_LOG,
    show_default=True,
    help="Usage log to append to; a folder when it ends in /.",
)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing at the end.")
@click.argument("words", metavar="-- COMMAND [ARGUMENT]...", nargs=-1, type=click.UNPROCESSED, required=True)
def command(log: str, quiet: bool, words: tuple[str, ...]) -> int:
    """Run COMMAND and write one line per LLM request into the usage log.

    The program needs no change: requests through httpx or httpx2 (the SDKs of openai, anthropic, google,
    mistral, groq, cohere and others, and what is built on them) are recorded in its Python processes,
    subprocesses included. Neither prompts nor keys are written. The exit code is the program's.
    """
    began = time.time()
    code = _wait(words, recording(log))
    if not quiet:
        _summarise(log, began)
    return code


def recording(log: str) -> dict[str, str]:
    """The environment in which Python programs are recorded."""
    path = os.path.abspath(log) + ("/" if log.endswith(("/", os.sep)) else "")
    inherited = os.environ.get("PYTHONPATH")
    return {
        **os.environ,
        "LLM_LINT_LOG": path,
        "LLM_LINT_RUNTIME": str(_RUNTIME),
        "PYTHONPATH": os.pathsep.join([str(_RECORDER), *([inherited] if inherited else [])]),
    }


def _wait(words: Sequence[str], environment: dict[str, str]) -> int:
    """Run the program to its end; signals that would end us end it first."""
    try:
        process = subprocess.Popen(words, env=environment)
    except OSError as error:
        raise LlmLintError(f"cannot run {words[0]}: {error.strerror}") from None
    previous = signal.signal(signal.SIGTERM, lambda number, _: process.send_signal(number))
    try:
        while True:
            try:
                code = process.wait()
                break
            except KeyboardInterrupt:  # the terminal sent it to the program as well
                continue
    finally:
        signal.signal(signal.SIGTERM, previous)
    return 128 - code if code < 0 else code


def _summarise(log: str, began: float) -> None:
    from llm_lint.runtime.log import timestamp
    from llm_lint.runtime.reading import read

    start, count, unpriced, usd = timestamp(began), 0, 0, 0.0
    try:
        for record in read(log):
            if record["timestamp"] >= start:
                count += 1
                unpriced += record.get("cost_usd") is None
                usd += record.get("cost_usd") or 0
    except OSError:
        count = 0
    sys.stdout.flush()
    if not count:
        complain("no LLM request was recorded", "warning")
        return
    noun = "request" if count == 1 else "requests"
    without = f", {unpriced} without a known price" if unpriced else ""
    complain(f"recorded {count} {noun}, ${usd:.4f}{without}, in {log}")
    complain(f"`llm-lint check --usage {log}` prices findings with it", "hint")
