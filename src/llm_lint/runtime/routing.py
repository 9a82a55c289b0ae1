"""Choosing models: the cheap one first, a share of users, or a measured comparison."""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, Literal, TypeVar

from .cache import cache_bypassed
from .exchange import variant

Case = TypeVar("Case")
Result = TypeVar("Result")

RESAMPLES = 2000
# (1.645 + 0.842)²: one-sided 5 % error, 80 % power.
_POWER = 6.183


def cascade(call: Callable[[str], Result], models: Sequence[str], accept: Callable[[Result], bool]) -> Result:
    """The answer of the first model whose answer ``accept`` takes, else the last model's.

    Worth it when the cheap model is accepted more often than the ratio of its price to the strong one's; each
    rejected answer is paid for as well. Records carry ``cascade:MODEL`` as their variant.
    """
    if not models:
        raise ValueError("models must not be empty")
    *cheaper, last = models
    for model in cheaper:
        result = _as_variant(f"cascade:{model}", partial(call, model))
        if accept(result):
            return result
    return _as_variant(f"cascade:{last}", partial(call, last))


def split(models: Mapping[str, float] | Sequence[str], key: object) -> str:
    """The model for a user or request: the same for the same key, by the given shares.

    ``models`` maps names to shares (``{"gpt-4o": 0.9, "gpt-4o-mini": 0.1}``), or lists names with equal ones.
    Requests that follow in this task or thread carry ``split:MODEL`` as their variant.
    """
    shares = models if isinstance(models, Mapping) else dict.fromkeys(models, 1.0)
    total = sum(shares.values())
    if not shares or total <= 0 or min(shares.values()) < 0:
        raise ValueError("shares must be positive")
    place = int.from_bytes(hashlib.sha256(str(key).encode()).digest()[:8], "big") / 2**64 * total
    chosen = ""
    for model, share in shares.items():
        chosen = model if share > 0 else chosen
        if place < share:
            break
        place -= share
    variant.set(f"split:{chosen}")
    return chosen


@dataclass(frozen=True)
class Comparison(Generic[Case]):
    """Two models on the same cases. Quality is the mean of the given scores; the difference is b minus a.

    ``low`` and ``high`` bound the difference with 95 % confidence. ``needed`` is how many cases a verdict
    takes at this spread. ``verdict`` is about b: ``non-inferior`` within the margin, ``inferior``, or
    ``undecided``.
    """

    cases: int
    quality_a: float
    quality_b: float
    difference: float
    low: float
    high: float
    needed: int
    verdict: Literal["non-inferior", "inferior", "undecided"]


def compare(
    call: Callable[[str, Case], Result],
    a: str,
    b: str,
    cases: Iterable[Case],
    quality: Callable[[Case, Result], float],
    margin: float = 0.03,
) -> Comparison[Case]:
    """Whether model ``b`` may replace ``a``: both answer every case, uncached, and are scored in pairs.

    ``quality`` returns 0 (wrong) to 1 (right) for a case and an answer. Raises ValueError without cases.
    """
    scores: list[tuple[float, float]] = []
    with cache_bypassed():
        for case in cases:
            first = _as_variant(f"compare:{a}", partial(call, a, case))
            second = _as_variant(f"compare:{b}", partial(call, b, case))
            scores.append((quality(case, first), quality(case, second)))
    if not scores:
        raise ValueError("there are no cases")
    if margin <= 0:
        raise ValueError("margin must be positive")
    return _judge(scores, margin)


def _judge(scores: list[tuple[float, float]], margin: float) -> Comparison[Any]:
    count = len(scores)
    differences = [second - first for first, second in scores]
    chance = random.Random(0)
    means = sorted(sum(chance.choices(differences, k=count)) / count for _ in range(RESAMPLES))
    low, high = means[int(0.025 * RESAMPLES)], means[int(0.975 * RESAMPLES) - 1]
    # Without a single difference, up to 3/n of all cases may still differ (the rule of three).
    spread = max(sum(each * each for each in differences) / count, 3 / count)
    needed = math.ceil(_POWER * spread / margin**2)
    verdict: Literal["non-inferior", "inferior", "undecided"] = "undecided"
    if count >= needed and low > -margin:
        verdict = "non-inferior"
    elif count >= needed and high < -margin:
        verdict = "inferior"
    return Comparison(
        cases=count,
        quality_a=sum(first for first, _ in scores) / count,
        quality_b=sum(second for _, second in scores) / count,
        difference=sum(differences) / count,
        low=low,
        high=high,
        needed=needed,
        verdict=verdict,
    )


def _as_variant(name: str, work: Callable[[], Result]) -> Result:
    token = variant.set(name)
    try:
        return work()
    finally:
        variant.reset(token)
