"""Nothing that a program does with a real SDK changes when its client is tracked, and all of it is recorded.

Every scenario of ``sdk_scenarios.py`` runs with each major version of openai (1 and 2 on httpx, 3 on httpx2),
with anthropic and LangChain, tracked, installed and both, without a cache, with a cold and with a warm one.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.fake_provider import FakeProvider, words
from tests.runtime.environments import PACKAGES, interpreter

ROOT = Path(__file__).parents[2]
AT_LEAST = {"openai-1": 25, "openai-2": 25, "openai-3": 38}
# LangChain starts a task of its own for every asynchronous request: who asked is not on its stack.
WITHOUT_SITE = {"chain_ainvoke"}


def run(name: str, log: Path) -> list[dict[str, Any]]:
    script = Path(__file__).with_name("sdk_scenarios.py")
    with FakeProvider(tokenize=words) as provider:
        done = subprocess.run(
            [str(interpreter(name)), str(script), provider.url, str(log)],
            env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "NO_PROXY": "127.0.0.1"},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def faults(seen: dict[str, Any]) -> list[str]:
    """What is wrong with a scenario, in words."""
    name = f"{seen['name']} {seen['mode']} {seen['phase']}"
    from_cache = seen["phase"] == "warm" and seen["kept"]
    wrong = []
    if seen["result"] != seen["bare"]:
        wrong.append(f"{name}: {seen['result']!r} instead of {seen['bare']!r}")
    if len(seen["records"]) != seen["expected"]:
        wrong.append(f"{name}: {len(seen['records'])} records instead of {seen['expected']}")
    if from_cache and seen["billed"]:
        wrong.append(f"{name}: billed although it was asked before")
    for record in seen["records"]:
        if from_cache and not (record["cache_hit"] and record["cost_usd"] == 0):
            wrong.append(f"{name}: not recorded as a hit")
        if record["status"] == 200 and not record["error"] and not record["tokens_input"]:
            wrong.append(f"{name}: no tokens")
        if "sdk_scenarios.py:" not in (record["site"] or "") and seen["name"] not in WITHOUT_SITE:
            wrong.append(f"{name}: made at {record['site']}")
    return wrong


@pytest.mark.parametrize("name", PACKAGES)
def test_every_scenario_is_unchanged_and_recorded(name: str, tmp_path: Path) -> None:
    seen = run(name, tmp_path / "usage.jsonl")
    assert not [each["name"] for each in seen if str(each["bare"]).startswith("raised")]
    assert len(seen) >= AT_LEAST[name] * 9
    assert [fault for each in seen for fault in faults(each)] == []
    log = (tmp_path / "usage.jsonl").read_text()
    assert "sk-fake" not in log
    assert "scenario" not in log.replace("sdk_scenarios.py", "")
