"""What the runtime costs: ``python -m benchmarks.runtime [ROUNDS]``.

CPU time of this process (the provider runs in another) for the same chat request through the openai SDK,
bare, tracked with a log, and answered from the cache. The kinds take turns within every round, so that other
work on the machine hits all alike. Also the CPU time of importing the runtime, over an interpreter that has
the standard modules which every SDK loads.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

ROUNDS, BATCH = 150, 4
ROOT = Path(__file__).resolve().parents[1]
_IMPORT = """
import collections.abc, contextvars, functools, threading, time, typing
start = time.process_time()
from llm_lint.runtime import cached, track
print(time.process_time() - start)
"""


def milliseconds(work: Callable[[], Any]) -> float:
    """CPU time of one of ``BATCH`` calls."""
    start = time.process_time()
    for _ in range(BATCH):
        work()
    return (time.process_time() - start) * 1000 / BATCH


def kinds(folder: str) -> dict[str, Callable[[], Any]]:
    """The requests that are compared."""
    import openai

    from llm_lint.runtime import cached, configure, track

    configure(log=os.path.join(folder, "usage.jsonl"))
    bare, tracked = openai.OpenAI(), track(openai.OpenAI())
    messages: Any = [{"role": "user", "content": "word " * 300}]

    def ask(client: Any) -> Any:
        return client.chat.completions.create(model="gpt-4o-mini", messages=messages, temperature=0)

    def kept() -> None:
        with cached(3600):
            ask(tracked)

    return {"bare": lambda: ask(bare), "tracked": lambda: ask(tracked), "from the cache": kept}


def measure(rounds: int) -> dict[str, float]:
    """Milliseconds of each kind, best and median round."""
    with tempfile.TemporaryDirectory() as folder:
        compared = kinds(folder)
        for work in compared.values():
            milliseconds(work)
        seen: dict[str, list[float]] = {name: [] for name in compared}
        for number in range(rounds):
            order = list(compared) if number % 2 else list(reversed(compared))
            for name in order:
                seen[name].append(milliseconds(compared[name]))
    # Other work on the machine only adds: the best rounds say what the code costs.
    best = {name: min(values) for name, values in seen.items()}
    overhead = best["tracked"] - best["bare"]
    return {
        **{f"{name} (ms)": round(value, 3) for name, value in best.items()},
        **{f"{name}, median (ms)": round(median(values), 3) for name, values in seen.items()},
        "overhead of track (ms)": round(overhead, 3),
        "overhead of track (%)": round(overhead / best["bare"] * 100, 1),
    }


def import_time() -> float:
    """Milliseconds of the best of ten imports."""
    command = [sys.executable, "-c", _IMPORT]
    return min(float(subprocess.check_output(command)) for _ in range(10)) * 1000


def main() -> None:
    """Start a provider, measure, and print JSON."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    command = [sys.executable, "-m", "tests.fake_provider"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as provider:
        try:
            assert provider.stdout is not None
            for _ in range(7):
                name, _, value = provider.stdout.readline().strip().removeprefix("export ").partition("=")
                os.environ[name] = value
            print(json.dumps({**measure(rounds), "import (ms)": round(import_time(), 1)}, indent=2))
        finally:
            provider.terminate()


if __name__ == "__main__":
    main()
