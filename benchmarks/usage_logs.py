"""``python -m benchmarks.usage_logs [RECORDS]``: CPU and memory of adding up a usage log.

The target is a million records in under 10 s of CPU and 60 MB with the standard library. The time that
``json.loads`` alone takes for the same lines is printed as a yardstick for the machine.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path

from llm_lint.usage.files import Counts, read
from llm_lint.usage.statistics import add_up

_MODELS = ("gpt-4o", "gpt-4o-mini", "claude-sonnet-4-6")
_SITES = 40


def main() -> None:
    """Write a log of a month, add it up, and print what that took."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "usage.jsonl"
        _write(path, number)
        begun = time.process_time()
        log = add_up(read([str(path)], Counts()), (128_000, 200_000, 272_000))
        spent = time.process_time() - begun
        begun = time.process_time()
        with path.open("rb") as lines:
            for line in lines:
                json.loads(line)
        yardstick = time.process_time() - begun
    print(f"{log.records:,} records in {spent:.1f} s of CPU (json.loads alone {yardstick:.1f} s), {_peak()}")


def _peak() -> str:
    try:
        import resource
    except ImportError:  # Windows
        return "memory unknown"
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most"


def _write(path: Path, number: int) -> None:
    """Poisson arrivals over a month, repeats that thin out like a Pareto distribution."""
    chance, moment = random.Random(1), 1_790_000_000.0
    with path.open("w", encoding="utf-8") as file:
        for _ in range(number):
            moment += chance.expovariate(number / (30.4 * 86_400))
            site = chance.randrange(_SITES)
            stamp = datetime.fromtimestamp(moment, timezone.utc).isoformat(timespec="milliseconds")
            record = {
                "timestamp": stamp.replace("+00:00", "Z"),
                "endpoint": "/v1/chat/completions",
                "model": _MODELS[site % 3],
                "tokens_input": chance.randint(50, 3_000),
                "tokens_output": chance.randint(1, 500),
                "cost_usd": round(chance.random() / 50, 8),
                "latency_ms": round(chance.lognormvariate(6, 0.6), 1),
                "cache_hit": False,
                "provider": "openai",
                "site": f"app/module{site}.py:handler{site}:{site + 10}:9",
                "request_hash": f"{int(chance.paretovariate(0.6)) % 300_000 * _SITES + site:016x}",
                "cached_tokens": 0,
                "cache_write_tokens": 0,
                "batch": False,
                "attempt": 0,
                "variant": None,
                "status": 200,
                "error": None,
                "estimated": False,
            }
            file.write(json.dumps(record, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
