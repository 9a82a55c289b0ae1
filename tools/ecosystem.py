"""What this version says about real projects, in a form that two versions can be compared by.

    python tools/ecosystem.py FOLDER > before.txt       # FOLDER holds checked-out repositories
    …change something…
    python tools/ecosystem.py FOLDER > after.txt
    python tools/ecosystem.py --compare before.txt after.txt

One line a request and one a finding: repository, what it is, its stable key, and what is said of it, apart
by tabs. Lines are sorted and hold no line numbers, so moving code changes nothing. Exits with 1 when a
repository could not be analysed, or when two results differ.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

Row = tuple[str, str, str, str]  # repository, "request" or "finding" or "error", key, facts


def rows(repository: Path, timeout: float) -> list[Row]:
    """Everything that is said about one repository, sorted; one ``error`` row where a run failed."""
    name = repository.name
    found: list[Row] = []
    for command, read in (("inventory", _requests), ("check", _findings)):
        document, problem = _run(repository, command, timeout)
        if document is None:
            found.append((name, "error", command, problem))
        else:
            found += [(name, *row) for row in read(document)]
    return sorted(found)


def _run(repository: Path, command: str, timeout: float) -> tuple[dict[str, Any] | None, str]:
    arguments = [sys.executable, "-m", "llm_lint", command, "--isolated", "-q", "--output-format", "json"]
    arguments += ["--no-baseline"] if command == "check" else []
    try:
        ran = subprocess.run(
            arguments, cwd=repository, capture_output=True, text=True, timeout=timeout, check=False
        )
    except subprocess.TimeoutExpired:
        return None, f"took longer than {timeout:g} s"
    if ran.returncode not in (0, 1):
        return None, " ".join(ran.stderr.split()) or f"ended with {ran.returncode}"
    return json.loads(ran.stdout), ""


def _requests(document: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for row in document["requests"]:
        loop = row["loop"]
        facts = {
            "callee": row["callee"],
            "kind": row["kind"],
            "model": row["model"]["name"] or "?",
            "entry": row["entry_point"],
            "loop": loop["kind"],
            "batchable": row["batchable"],
            "cached": row["cached"]["by"] or str(row["cached"]["present"]).lower(),
            "tracked": row["tracked"]["by"] or str(row["tracked"]["present"]).lower(),
            "history": row["history"],
            "task": row["task"],
        }
        yield "request", row["key"], " ".join(f"{name}={value}" for name, value in facts.items())
    for row in document["skipped"]:
        yield "skipped", row["filename"], row["reason"]


def _findings(document: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for row in document["findings"]:
        place = row["request"] or row["filename"]
        yield "finding", f"{row['code']} {place} {row['fingerprint']}", _flat(row["message"])


def _flat(text: str) -> str:
    return " ".join(text.split())


def compared(old: Sequence[Row], new: Sequence[Row]) -> Iterator[str]:
    """What is gone (``-``), new (``+``) and said otherwise (``~``)."""
    before = {row[:3]: row[3] for row in old}
    after = {row[:3]: row[3] for row in new}
    for key in sorted({*before, *after}):
        shown = "\t".join(key)
        if key not in after:
            yield f"- {shown}\t{before[key]}"
        elif key not in before:
            yield f"+ {shown}\t{after[key]}"
        elif before[key] != after[key]:
            yield f"~ {shown}\t{_difference(before[key], after[key])}"


def _difference(old: str, new: str) -> str:
    """The facts that differ; whole texts where they are no facts."""
    if "=" not in old or "=" not in new:
        return f"{old} → {new}"
    pairs = zip(old.split(" "), new.split(" "), strict=False)
    changed = [f"{one} → {other.partition('=')[2]}" for one, other in pairs if one != other]
    return ", ".join(changed)


def read(path: Path) -> list[Row]:
    """A result that was written earlier."""
    found: list[Row] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        parts = line.split("\t", 3)
        if len(parts) == 4:
            found.append((parts[0], parts[1], parts[2], parts[3]))
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?", help="a folder of checked-out repositories")
    parser.add_argument("--compare", type=Path, nargs=2, metavar=("OLD", "NEW"), help="two earlier results")
    parser.add_argument("--timeout", type=float, default=600, help="seconds for one run (default: 600)")
    parser.add_argument("-j", "--jobs", type=int, default=2, help="repositories at a time (default: 2)")
    given = parser.parse_args(arguments)
    if given.compare:
        changes = list(compared(read(given.compare[0]), read(given.compare[1])))
        print("\n".join(changes) if changes else "no difference")
        return int(bool(changes))
    if given.folder is None or not given.folder.is_dir():
        parser.error("give a folder of checked-out repositories, or --compare OLD NEW")
    repositories = sorted(path for path in given.folder.iterdir() if path.is_dir() and path.name[0] != ".")
    with ThreadPoolExecutor(given.jobs) as pool:
        results = pool.map(lambda repository: rows(repository, given.timeout), repositories)
        found = [row for result in results for row in result]
    print("\n".join("\t".join(row) for row in found))
    counts = Counter(row[1] for row in found)
    told = ", ".join(f"{counts[kind]:,} {kind}s" for kind in ("request", "finding", "error"))
    print(f"{told} in {len(repositories):,} repositories", file=sys.stderr)
    return int(counts["error"] > 0)


if __name__ == "__main__":
    sys.exit(main())
