"""The scoreboard: what llm-lint finds in the labelled programs, against what is there.

``python -m tests.corpus.score [--verbose] [--program NAME] [--split dev] [--raise-floors]``
"""

from __future__ import annotations

import argparse
import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from . import loader
from .loader import FIELDS, RULES, SPLITS, Expected, Place, Program
from .tool import Answer, Found, Reported, Spot, answer_for

FLOORS = Path(__file__).with_name("floors.toml")
# A reference handed to another call (`to_thread(client.create, …)`) may stand one line below that call.
_SLACK = 1


@dataclass
class Tally:
    """How many were right, of how many."""

    right: int = 0
    total: int = 0

    def add(self, right: bool) -> None:
        self.right += right
        self.total += 1

    @property
    def share(self) -> float:
        """Between 0 and 1; 1 where there was nothing to get wrong."""
        return self.right / self.total if self.total else 1.0


@dataclass
class Board:
    """Tallies by measure (``requests.recall``, ``field.loop``, ``LLM401.precision`` …) and all mismatches."""

    tallies: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    mismatches: list[tuple[str, str]] = field(default_factory=list)

    def add(self, measure: str, right: bool, mismatch: str) -> None:
        self.tallies[measure].add(right)
        if not right:
            self.mismatches.append((measure, mismatch))

    def wrong(self, measure: str) -> list[str]:
        """The mismatches of one measure."""
        return [text for name, text in self.mismatches if name == measure]


def score(programs: Iterable[Program]) -> dict[str, Board]:
    """A board for each half of ``programs``."""
    boards = {split: Board() for split in SPLITS}
    for program in programs:
        compare(program, answer_for(program), boards[program.split])
    return boards


def compare(program: Program, answer: Answer, board: Board) -> None:
    """Add one program's answer to ``board``."""
    if answer.failure:
        board.mismatches.append(("failure", f"{program.name}: {answer.failure}"))
    pairs = match(program.requests, answer.requests)
    _compare_requests(program, pairs, answer, board)
    for expected, reported in pairs:
        if reported is not None:
            _compare_fields(program.name, expected, reported, board)
    for code in RULES:
        findings = [finding for finding in answer.findings if finding.code == code]
        if code == "LLM801":
            _compare_secrets(program, findings, board)
        else:
            _compare_rule(program.name, code, pairs, findings, board)


Pairs = list[tuple[Expected, Reported | None]]


def match(expected: Iterable[Expected], reported: Iterable[Reported]) -> Pairs:
    """Every label with the row that reports it: the row on its line, else one on the line below."""
    left = list(reported)
    found: dict[Place, Reported] = {}
    labels = list(expected)
    for slack in range(_SLACK + 1):
        for label in labels:
            if label.place in found:
                continue
            hit = next((row for row in left if _stands_at(row.spot, label.place, slack)), None)
            if hit is not None:
                found[label.place] = hit
                left.remove(hit)
    return [(label, found.get(label.place)) for label in labels]


def _stands_at(spot: Spot, place: Place, slack: int = 0) -> bool:
    same_text = (spot.file, spot.cell) == (place.file, place.cell)
    return same_text and (place.output or spot.row == place.line + slack)


def _compare_requests(program: Program, pairs: Pairs, answer: Answer, board: Board) -> None:
    for expected, reported in pairs:
        if not expected.optional:
            where = f"{program.name}: {expected.place}: not reported: {expected.place.anchor}"
            board.add("requests.recall", reported is not None, where)
    matched = {reported.key for _, reported in pairs if reported is not None}
    reasons = {(item.place.file, item.place.cell, item.place.line): item.why for item in program.silent}
    for row in answer.requests:
        why = reasons.get((row.spot.file, row.spot.cell, row.spot.row), "no label")
        where = f"{program.name}: {row.spot.file}:{row.spot.row}: no request: {why}"
        board.add("requests.precision", row.key in matched, where)


def _compare_fields(name: str, expected: Expected, reported: Reported, board: Board) -> None:
    for measured in FIELDS:
        accepted = expected.values.get(measured)
        if accepted is None or not _applies(measured, expected, reported):
            continue
        actual = reported.values[measured]
        wanted = " or ".join(map(str, accepted))
        where = f"{name}: {expected.place}: {measured} is {actual}, should be {wanted}"
        board.add(f"field.{measured}", actual in accepted, where)


def _applies(measured: str, expected: Expected, reported: Reported) -> bool:
    """Whether a field says something about this request: no loop, no independence; no chat, no history."""
    if measured == "independent":
        return reported.values["loop"] != "none" and reported.values["loop"] in expected.values["loop"]
    return measured != "history" or "task" in expected.values


def _compare_rule(name: str, code: str, pairs: Pairs, findings: list[Found], board: Board) -> None:
    used: set[int] = set()
    for expected, reported in pairs:
        hits = {i for i, finding in enumerate(findings) if _is_about(finding, expected, reported)}
        used |= hits
        where = f"{name}: {expected.place}: {code}"
        if code in expected.findings:
            board.add(f"{code}.recall", bool(hits), f"{where} expected")
        if hits and code not in expected.maybe:
            board.add(f"{code}.precision", code in expected.findings, f"{where} reported wrongly")
    for i, finding in enumerate(findings):
        if i not in used:
            place = f"{finding.spot.file}:{finding.spot.row}"
            board.add(f"{code}.precision", False, f"{name}: {place}: {code} about nothing labelled")


def _is_about(finding: Found, expected: Expected, reported: Reported | None) -> bool:
    """Whether a finding concerns a request: it names its key, stands on its line, or (LLM701) lists it."""
    if reported is not None and finding.request == reported.key:
        return True
    if finding.request is not None and finding.code != "LLM701":
        return False
    return any(_stands_at(spot, expected.place) for spot in (finding.spot, *finding.related))


def _compare_secrets(program: Program, findings: list[Found], board: Board) -> None:
    left = list(findings)
    for secret in program.secrets:
        hits = [finding for finding in left if _stands_at(finding.spot, secret.place)]
        where = f"{program.name}: {secret.place}: LLM801 expected"
        if not secret.maybe:
            board.add("LLM801.recall", bool(hits), where)
        if hits:
            board.add("LLM801.precision", True, where)
            left = [finding for finding in left if finding not in hits]
    for finding in left:
        where = f"{program.name}: {finding.spot.file}:{finding.spot.row}: LLM801 reported wrongly"
        board.add("LLM801.precision", False, where)


def measures() -> list[str]:
    """Every measure, in the order in which it is printed."""
    rules = [f"{code}.{side}" for code in RULES for side in ("recall", "precision")]
    return ["requests.recall", "requests.precision", *(f"field.{name}" for name in FIELDS), *rules]


def table(boards: dict[str, Board]) -> str:
    """The scoreboard as text."""
    lines = [f"{'':22}" + "".join(f"{split:>22}" for split in boards)]
    for measure in measures():
        cells = ""
        for board in boards.values():
            tally = board.tallies[measure]
            cells += (
                f"{f'{tally.share:7.1%} {tally.right:4}/{tally.total:<4}':>22}"
                if tally.total
                else f"{'–':>22}"
            )
        lines.append(f"{measure:22}{cells}")
    return "\n".join(lines)


def read_floors() -> dict[str, dict[str, float]]:
    """The lowest share accepted of every measure, by half."""
    return loader.read_toml(FLOORS)


def raise_floors(boards: dict[str, Board]) -> None:
    """Write the shares just achieved into floors.toml wherever they are above what stands there."""
    floors = read_floors() if FLOORS.exists() else {}
    lines = [
        "# Shares that tests/corpus/test_scores.py demands. They only rise:",
        "# python -m tests.corpus.score --raise-floors",
    ]
    for split, board in boards.items():
        lines += ["", f"[{split}]"]
        before = floors.get(split, {})
        for measure in measures():
            tally = board.tallies[measure]
            achieved = math.floor(tally.share * 1000) / 1000 if tally.total else 0.0
            if floor := max(achieved, before.get(measure, 0.0)):
                lines.append(f'"{measure}" = {floor:.3f}')
    FLOORS.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--verbose", action="store_true", help="print the mismatches of the dev half")
    parser.add_argument("--program", help="score one program and print its mismatches")
    parser.add_argument("--split", choices=SPLITS, help="score one half; with --verbose its mismatches")
    parser.add_argument("--raise-floors", action="store_true", help="write floors.toml")
    options = parser.parse_args()
    programs = [p for p in loader.load_all() if options.split in (None, p.split)]
    if options.program:
        programs = [p for p in programs if p.name == options.program]
        if not programs:
            parser.error(f"no program {options.program}")
    boards = score(programs)
    for split, board in boards.items():
        asked_for = options.split or options.program or split == "dev"
        if asked_for and (options.verbose or options.program):
            print(*(f"{split}: {mismatch}" for _, mismatch in board.mismatches), sep="\n")
    print(table(boards))
    if options.raise_floors:
        if options.program or options.split:
            parser.error("--raise-floors needs the whole corpus")
        raise_floors(boards)


if __name__ == "__main__":
    main()
