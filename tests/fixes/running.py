"""Runs the programs it is given one after the other; for each prints what it wrote and what it cost.

Runs in the environments of the SDKs, where only the standard library and the runtime are at hand.
"""

from __future__ import annotations

import io
import json
import os
import runpy
import sys
import traceback
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any
from urllib.request import urlopen


def ledger(url: str) -> list[dict[str, Any]]:
    """What the provider has billed so far."""
    with urlopen(f"{url}/_control/ledger") as reply:
        return json.load(reply)["entries"]  # type: ignore[no-any-return]


def ran(path: str, url: str, log: Path) -> dict[str, Any]:
    """One program: its output, the requests billed meanwhile, and the lines of the usage log."""
    before, logged = len(ledger(url)), len(log.read_text().splitlines()) if log.exists() else 0
    written = io.StringIO()
    try:
        with redirect_stdout(written):
            runpy.run_path(path, run_name="__main__")
    except BaseException:
        written.write(traceback.format_exc())
    lines = log.read_text().splitlines()[logged:] if log.exists() else []
    return {
        "name": Path(path).name,
        "out": written.getvalue(),
        "billed": [entry["usd"] for entry in ledger(url)[before:]],
        "records": [json.loads(line) for line in lines],
    }


if __name__ == "__main__":
    log = Path(os.environ["LLM_LINT_LOG"])
    url, *paths = sys.argv[1:]
    sys.argv = sys.argv[:1]
    for path in paths:
        print(json.dumps(ran(path, url, log)), flush=True)
