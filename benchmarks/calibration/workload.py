"""What a month asks of a program: which prompt, when, how long; drawn from ``parameters.toml``."""

from __future__ import annotations

import math
import random
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

from benchmarks.calibration.programs import Program

DAY = 86_400.0
_Z = 1.2816
_WORDS = "river stone cloud garden window market paper silver bridge letter coffee music".split()


def parameters() -> dict[str, Any]:
    """The generator's parameters as committed."""
    found: dict[str, Any] = tomllib.loads(
        (Path(__file__).parent / "parameters.toml").read_text(encoding="utf-8")
    )
    return found


def programs(given: Mapping[str, Any]) -> list[Program]:
    """Every program, in the order of the parameters."""
    found = []
    for kind in given["kind"]:
        for number in range(kind["programs"]):
            provider, model = kind["models"][number // 2 % len(kind["models"])].split(":")
            name = f"{kind['name']}-{number}"
            found.append(Program(name, kind["name"], number, provider, model, kind["finding"]))
    return found


@dataclass(frozen=True)
class Workload:
    """Requests of a month: seconds since its begin, and the text; ``movable`` and ``waiting`` are shares."""

    times: Sequence[float]
    texts: Sequence[str]
    movable: float
    waiting: float
    seed: int

    def easy(self) -> frozenset[str]:
        """Texts that make up the movable share of the requests."""
        return self._share_of(self.movable, "easy")

    def can_wait(self) -> frozenset[str]:
        """Texts that make up the share of the requests that can wait."""
        return self._share_of(self.waiting, "wait")

    def _share_of(self, share: float, salt: str) -> frozenset[str]:
        counts = Counter(self.texts)
        order = sorted(counts)
        random.Random(f"{self.seed} {salt}").shuffle(order)
        chosen, covered = set(), 0
        for text in order:
            if covered + counts[text] <= share * len(self.texts):
                chosen.add(text)
                covered += counts[text]
        return frozenset(chosen)


def draw(program: Program, given: Mapping[str, Any]) -> Workload:
    """The month of one program, the same on every run."""
    seed = random.Random(f"{given['seed']} {program.name}").getrandbits(48)
    chance = random.Random(seed)
    number = chance.randint(given["requests"]["low"], given["requests"]["high"])
    keys = _keys(chance, number, given["repeats"])
    sizes = _sizes(chance, given["tokens"])
    if program.entry == "constant":
        keys = [0] * number
    texts = {key: _text(key, *sizes()) for key in dict.fromkeys(keys)}
    return Workload(
        _times(chance, number, given),
        [texts[key] for key in keys],
        _through(given["movable"]["points"], chance.random()),
        _through(given["waiting"]["points"], chance.random()),
        seed,
    )


def _keys(chance: random.Random, number: int, given: Mapping[str, Any]) -> list[int]:
    exponent = chance.uniform(given["exponent_low"], given["exponent_high"])
    low, high = math.log(given["distinct_low"]), math.log(given["distinct_high"])
    distinct = round(math.exp(chance.uniform(low, high)))
    weights = [1 / (rank + 1) ** exponent for rank in range(distinct)]
    return chance.choices(range(distinct), weights, k=number)


def _times(chance: random.Random, number: int, given: Mapping[str, Any]) -> list[float]:
    month, burst = given["days"] * DAY, given["arrivals"]["burst"]
    if chance.random() >= given["arrivals"]["bursty_share"]:
        return sorted(chance.uniform(0, month) for _ in range(number))
    begins = sorted(chance.uniform(0, month - 60) for _ in range(math.ceil(number / burst)))
    return [begin + 5.0 * place for begin in begins for place in range(burst)][:number]


def _sizes(chance: random.Random, given: Mapping[str, Any]) -> Any:
    site = math.exp(chance.gauss(0, given["site_sigma"]))

    def drawn(low: float, high: float) -> int:
        middle, sigma = math.log(low * high) / 2, math.log(high / low) / (2 * _Z)
        return max(1, round(math.exp(chance.gauss(middle, sigma))))

    def sizes() -> tuple[int, int]:
        incoming = drawn(given["input_p10"] * site, given["input_p90"] * site)
        return min(incoming, given["input_most"]), min(drawn(given["output_p10"], given["output_p90"]), 1000)

    return sizes


def _text(key: int, incoming: int, outgoing: int) -> str:
    filler = random.Random(key).choices(_WORDS, k=incoming)
    return f"{key} [[tokens={outgoing}]] {' '.join(filler)}"


def _through(points: Sequence[Sequence[float]], share: float) -> float:
    """A quantile function through the given points."""
    for (left, low), (right, high) in pairwise(points):
        if share <= right:
            return low + (high - low) * (share - left) / (right - left)
    return points[-1][1]
