"""Speed and memory against peers: ``python benchmarks/speed.py FOLDER…``.

Every figure is the median of interleaved runs on this machine, in one call, so that the ratios between
tools can be trusted where the seconds cannot. ``--peers BIN`` is a folder with ruff, bandit, flake8 and
fixit (a virtual environment's ``bin``); peers that are missing are left out. ``--json`` prints the raw
figures. Without folders, 30,000 lines of the standard library stand in for a tree without LLM code.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_LINES = 30_000
_PARSE = "import ast, sys; [ast.parse(open(p, 'rb').read()) for p in sys.stdin.read().split('\\0') if p]"


@dataclass(frozen=True)
class Contender:
    """A command measured in a folder; ``before`` prepares each run, ``stdin`` is given to it."""

    name: str
    command: list[str]
    before: Callable[[], None] = lambda: None
    stdin: str = ""


def main() -> int:
    """Measure each folder and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--peers", type=Path, default=Path(sys.executable).parent)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--slow-peers", action="store_true", help="also run bandit, flake8 and fixit")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folders = given.folders or [standard_library(Path(scratch) / "stdlib")]
        found = {str(folder): measure_folder(folder, given, Path(scratch)) for folder in folders}
    print(json.dumps(found, indent=2) if given.json else "\n\n".join(table(*item) for item in found.items()))
    return 0


def standard_library(target: Path) -> Path:
    """A tree of about 30,000 lines without LLM code, copied from the standard library."""
    lines = 0
    for path in sorted(Path(sysconfig.get_path("stdlib")).rglob("*.py")):
        if {"site-packages", "test", "idle_test", "lib2to3"} & set(path.parts):
            continue
        copy = target / path.relative_to(sysconfig.get_path("stdlib"))
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
        lines += path.read_bytes().count(b"\n")
        if lines >= _LINES:
            break
    return target


def measure_folder(folder: Path, given: argparse.Namespace, scratch: Path) -> dict[str, dict[str, float]]:
    """Seconds and megabytes by contender."""
    folder = folder.resolve()
    files = [str(path) for path in folder.rglob("*.py")]
    lines = sum(Path(path).read_bytes().count(b"\n") for path in files)
    with hook_file(folder) as hook:
        contenders = list(contenders_for(folder, files, given, scratch / "cache", hook))
        seconds: dict[str, list[float]] = {contender.name: [] for contender in contenders}
        memory: dict[str, float] = {}
        for number in range(given.rounds):
            for contender in contenders:
                if number and seconds[contender.name][0] > 20:
                    continue  # once is enough for what takes this long
                contender.before()
                wall, megabytes = run(contender, folder)
                seconds[contender.name].append(wall)
                memory[contender.name] = max(megabytes, memory.get(contender.name, 0.0))
    found = {
        name: {"seconds": round(statistics.median(walls), 4), "mb": round(memory[name], 1)}
        for name, walls in seconds.items()
    }
    return {"tree": {"files": len(files), "lines": lines}, **found}


@contextmanager
def hook_file(folder: Path) -> Iterator[Path]:
    """A new file without LLM code, for the measure of a hook."""
    path = folder / "llm_lint_benchmark_hook.py"
    path.write_text("def add(a, b):\n    return a + b\n")
    try:
        yield path
    finally:
        path.unlink()


def contenders_for(
    folder: Path, files: list[str], given: argparse.Namespace, cache: Path, hook: Path
) -> Iterator[Contender]:
    """What is measured; a tool's own configuration in the folder is ignored."""
    ours = [sys.executable, str(Path(sysconfig.get_path("scripts")) / "llm-lint")]
    kept = ["--isolated", "--exit-zero", "--cache-dir", str(cache / "whole")]
    hooked = ["check", "--force-exclude", "--isolated", "--exit-zero", "--cache-dir", str(cache / "hook")]

    def change() -> None:
        hook.write_text(f"def add(a, b):\n    return a + b + {time.time_ns()}\n")

    yield Contender("bare interpreter", [sys.executable, "-c", "pass"])
    yield Contender("llm-lint cold", [*ours, "check", "--isolated", "--exit-zero", "--no-cache"])
    yield Contender("llm-lint recording", [*ours, "check", *kept], lambda: forget(cache / "whole"))
    yield Contender("llm-lint warm", [*ours, "check", *kept])
    yield Contender("hook, no LLM code", [*ours, *hooked, hook.name])
    yield Contender("hook, file changed", [*ours, *hooked, hook.name], change)
    yield Contender("ast.parse of all", [sys.executable, "-c", _PARSE], stdin="\0".join(files))
    ruff = given.peers / "ruff"
    if ruff.exists():
        base = [str(ruff), "check", "--isolated", "--exit-zero"]
        yield Contender("ruff cold", [*base, "--no-cache"])
        yield Contender("ruff warm", [*base, "--cache-dir", str(cache / "ruff")])
    for name, arguments in (
        ("bandit", ["-q", "-r", "."]),
        ("flake8", ["-j1", "."]),
        ("fixit", ["lint", "."]),
    ):
        if given.slow_peers and (given.peers / name).exists():
            yield Contender(name, [str(given.peers / name), *arguments])


def forget(cache: Path) -> None:
    """Delete what was remembered."""
    shutil.rmtree(cache, ignore_errors=True)


def run(contender: Contender, folder: Path) -> tuple[float, float]:
    """Wall seconds and peak resident megabytes of one run."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    started = time.perf_counter()
    process = subprocess.Popen(
        contender.command,
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin is not None
    with process.stdin as stdin:
        stdin.write(contender.stdin)
    _, _, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    return wall, usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024)


def table(folder: str, found: dict[str, dict[str, float]]) -> str:
    """Figures with their ratios to the interpreter's start and to ruff."""
    tree = found["tree"]
    rows = [f"{Path(folder).name}: {tree['lines']:,} lines in {tree['files']:,} files"]
    bare = found["bare interpreter"]["seconds"]
    for name, figures in found.items():
        if name == "tree":
            continue
        cells = [f"{name:20}", f"{figures['seconds']:8.3f} s", f"{figures['mb']:7.0f} MB"]
        cells.append(f"{figures['seconds'] / bare:7.1f} × bare")
        for peer in ("ruff cold", "ruff warm"):
            if peer in found:
                cells.append(f"{figures['seconds'] / found[peer]['seconds']:7.2f} × {peer}")
        rows.append("  ".join(cells))
    return "\n".join(rows)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.exit(main())
