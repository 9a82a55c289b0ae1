"""One request as a usage log shows it, whatever wrote the log."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, NamedTuple

PICO = 1_000_000_000_000  # money inside a record: whole picodollars, whose sum depends on no order


class Record(NamedTuple):
    """One attempt of one request.

    ``time`` is in seconds since 1970 (UTC). ``tokens_input`` is the whole input, with the tokens read from
    and written to the provider's cache. ``cost`` is in picodollars, None where the log does not know it.
    ``hit`` says that a response cache answered; ``site`` is empty where the log does not say who called.
    """

    time: float
    model: str
    provider: str
    site: str
    tokens_input: int
    tokens_output: int
    cost: int | None = None
    latency_ms: float | None = None
    request_hash: str | None = None
    hit: bool = False
    cached: int = 0
    written: int = 0
    batch: bool = False
    failed: bool = False
    estimated: bool = False


def seconds(value: Any) -> float:
    """A time in seconds since 1970: ISO 8601 (UTC where no zone is given), or a number of s, ms, µs or ns.

    Raises ValueError or TypeError for anything else.
    """
    if type(value) is str:
        text = value[:-1] + "+00:00" if value.endswith(("Z", "z")) else value
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return _number(float(value))
        return (moment if moment.tzinfo is not None else moment.replace(tzinfo=timezone.utc)).timestamp()
    if isinstance(value, bool):
        raise TypeError("a time is not true or false")
    return _number(float(value))


def _number(value: float) -> float:
    """Seconds, told from finer units by size: 1e11 s is the year 5138, 1e11 ms is 1973."""
    if not 0 <= value < 1e20:
        raise ValueError("not a time")
    for unit in (1e17, 1e14, 1e11):
        if value >= unit:
            return value / (unit / 1e8)
    return value


def picodollars(value: Any) -> int | None:
    """A cost in USD, as number or text; None for null, raises ValueError or TypeError otherwise."""
    return None if value is None else round(float(value) * PICO)


def tokens(value: Any) -> int:
    """A number of tokens; 0 for null, raises ValueError or TypeError for what is not one."""
    if value is None:
        return 0
    number = int(value)
    if number < 0:
        raise ValueError("a number of tokens is not negative")
    return number


def truth(value: Any) -> bool:
    """A flag, which some exports write as text."""
    return value.strip().lower() in ("true", "1", "yes") if isinstance(value, str) else bool(value)


def milliseconds(value: Any) -> float | None:
    """A latency; None for null and for what is none, raises ValueError or TypeError for other types."""
    if value is None:
        return None
    number = float(value)
    return number if 0 <= number < 1e12 else None
