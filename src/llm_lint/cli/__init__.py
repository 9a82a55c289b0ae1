"""The command line: ``llm-lint check``, ``inventory``, ``rule``, ``rules``.

Exit codes: 0 nothing found, 1 findings, 2 something went wrong. Importing this package is cheap; the
libraries are imported by the command that runs.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code; ``arguments`` default to those of the process."""
    from llm_lint.cli import replay

    given = list(sys.argv[1:] if arguments is None else arguments)
    plan = replay.plan(given)
    code = plan.replay() if plan is not None else None
    if code is not None:
        return code
    from llm_lint.cli.program import run

    return plan.record(lambda recorder: run(given, recorder)) if plan is not None else run(given)
