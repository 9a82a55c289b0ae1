"""What importing the runtime costs, what it may not import, and what a type checker sees."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    *("asyncio", "click", "dataclasses", "inspect", "libcst", "logging", "openai", "redis", "sqlite3"),
    *("ssl", "tiktoken", "urllib.request", "httpx", "httpx2"),
}
RUNTIME = Path(__file__).parents[2] / "src" / "llm_lint" / "runtime"


def python(script: str, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *options, "-c", script],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )


def test_nothing_heavy_is_imported() -> None:
    script = (
        "import sys; before = set(sys.modules)\n"
        "from llm_lint.runtime import track, cached, configure, budget, install, read\n"
        f"print(sorted((set(sys.modules) - before) & {HEAVY!r}))\n"
        "print([name for name in sys.modules if name.startswith('llm_lint.') and '.runtime' not in name])"
    )
    assert python(script).stdout == "[]\n[]\n"


def test_only_relative_imports_and_the_standard_library_are_used() -> None:
    for path in RUNTIME.glob("*.py"):
        for module in re.findall(r"^\s*(?:from|import) ([\w.]+)", path.read_text(), re.M):
            assert module.startswith(".") or module.split(".")[0] in sys.stdlib_module_names, (path, module)
        assert not re.search(r"import (pickle|marshal)|\beval\(|\bexec\(", path.read_text()), path


def test_the_type_of_a_tracked_client_stays(tmp_path: Path) -> None:
    source = tmp_path / "typed.py"
    source.write_text(
        "from llm_lint.runtime import cached, track\n"
        "class Client: ...\n"
        "reveal_type(track(Client()))\n"
        "@cached(ttl=60)\n"
        "def plain(a: int, *, b: str = '') -> float: ...  # type: ignore[empty-body]\n"
        "@cached\n"
        "async def coroutine(a: int) -> str: ...  # type: ignore[empty-body]\n"
        "reveal_type(plain)\n"
        "reveal_type(coroutine)\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), str(source)],
        capture_output=True,
        text=True,
        check=False,
    )
    revealed = re.findall(r'Revealed type is "(.*)"', done.stdout)
    assert [name.replace("builtins.", "").replace("typed.", "") for name in revealed] == [
        "Client",
        "def (a: int, *, b: str =) -> float",
        "def (a: int) -> typing.Coroutine[Any, Any, str]",
    ], done.stdout


@pytest.mark.parametrize("value", ["1", "true"])
def test_the_kill_switch_turns_everything_off(value: str, tmp_path: Path) -> None:
    script = (
        "import httpx\nfrom llm_lint.runtime import track, cached, install, budget\n"
        "before = httpx.Client.send\nclient = httpx.Client()\nbudget(1)\ninstall()\n"
        "def f(): ...\n"
        "assert cached(60)(f) is f and cached(f) is f\n"
        "assert track(client) is client and 'send' not in vars(client)\n"
        "assert httpx.Client.send is before\n"
        "with cached(60): pass\n"
    )
    python(script, LLM_LINT_OFF=value)
