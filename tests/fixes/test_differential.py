"""Fixed programs do what the originals do, with the real SDKs against a provider that keeps a ledger.

Every program of ``programs`` is fixed with all fixes and run before and after, with openai 1 (on httpx) and
openai 3 (on httpx2), anthropic and LangChain: the same output, no more billed requests, and a usage log
that adds up to the ledger.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from llm_lint.project.config import Settings
from llm_lint.project.fixing import run_fix, write
from llm_lint.project.runner import Options
from tests.fake_provider import FakeProvider, words
from tests.runtime.environments import interpreter
from tests.specimens import with_keys

ROOT = Path(__file__).parents[2]
PROGRAMS = sorted((Path(__file__).parent / "programs").glob("*.py"))
OPENAI = [path.name for path in PROGRAMS if path.name.startswith("openai_")]
ENVIRONMENTS = {"openai-1": OPENAI, "openai-3": [path.name for path in PROGRAMS]}
SETTINGS = Settings(
    select=("LLM101", "LLM402", "LLM701", "LLM801"), runtime="llm_lint.runtime", cache_ttl=600, pedantic=True
)
# What the fixes must save at least, in requests.
SAVED = {
    "openai_repeated.py": 3,
    "openai_repeated_async.py": 2,
    "openai_repeated_method.py": 1,
    "openai_embed_comprehension.py": 77,
    "openai_embed_loop.py": 38,
    "openai_embed_async.py": 11,
    "anthropic_repeated.py": 2,
    "langchain_repeated.py": 1,
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The programs as they are, and fixed."""
    before, after = tmp_path_factory.mktemp("before"), tmp_path_factory.mktemp("after")
    for path in PROGRAMS:
        for folder in (before, after):
            (folder / path.name).write_bytes(with_keys(path.read_text(encoding="utf-8")).encode())
    fixed = run_fix(Options((str(after),), SETTINGS), unsafe=True)
    assert not fixed.unsettled
    assert write(fixed) == {}
    return before, after


def run(environment: str, folder: Path, names: list[str]) -> dict[str, dict[str, Any]]:
    """What each program wrote and cost, by its name."""
    runner = Path(__file__).with_name("running.py")
    log = folder / f"{environment}.jsonl"
    with FakeProvider(tokenize=words) as provider:
        done = subprocess.run(
            [
                str(interpreter(environment)),
                str(runner),
                provider.url,
                *(str(folder / name) for name in names),
            ],
            env={
                **os.environ,
                **provider.environment(),
                "PYTHONPATH": str(ROOT / "src"),
                "LLM_LINT_LOG": str(log),
                "NOWHERE_URL": "http://127.0.0.1:9/v1",
            },
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    return {seen["name"]: seen for seen in map(json.loads, done.stdout.splitlines())}


@lru_cache(maxsize=4)
def both(environment: str, before: Path, after: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The programs of an environment before and after their fixes."""
    names = ENVIRONMENTS[environment]
    return run(environment, before, names), run(environment, after, names)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_fixed_programs_do_the_same_for_less(environment: str, folders: tuple[Path, Path]) -> None:
    before, after = both(environment, *folders)
    assert list(before) == list(after) == ENVIRONMENTS[environment]
    faults = [fault for name in before for fault in _faults(before[name], after[name])]
    assert faults == []


def _faults(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """What differs between a program and its fixed self, in words."""
    name, wrong = old["name"], []
    if "Traceback" in old["out"] or not old["out"]:
        wrong.append(f"{name}: does not run: {old['out']}")
    if new["out"] != old["out"]:
        wrong.append(f"{name}: wrote {new['out']!r} instead of {old['out']!r}")
    if len(new["billed"]) > len(old["billed"]) - SAVED.get(name, 0):
        wrong.append(f"{name}: {len(new['billed'])} requests billed, {len(old['billed'])} before")
    spent, owed = _total(record["cost_usd"] for record in new["records"]), _total(new["billed"])
    if abs(spent - owed) > Decimal("1e-8"):
        wrong.append(f"{name}: the log says {spent}, the ledger {owed}")
    return wrong


def _total(amounts: Iterable[Any]) -> Decimal:
    """USD to the billionth; what has no price counts nothing."""
    known = (Decimal(str(amount)) for amount in amounts if amount not in (None, "None"))
    return sum((amount.quantize(Decimal("1e-9")) for amount in known), Decimal(0))


def test_there_are_enough_programs_and_all_are_fixed(folders: tuple[Path, Path]) -> None:
    assert len(PROGRAMS) >= 25
    before, after = folders
    untouched = [p.name for p in PROGRAMS if (before / p.name).read_bytes() == (after / p.name).read_bytes()]
    assert untouched == []
    for path in after.glob("*.py"):
        compile(path.read_bytes(), path.name, "exec")
