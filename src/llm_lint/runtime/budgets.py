"""Budgets: what may be spent in a period, who is told, and whether requests stop.

Spending is what this process recorded and, when there is a usage log, what every process wrote into it.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from .state import OFF, state, warn

Event = dict[str, Any]
Alert = Callable[[Event], object] | str
Period = Literal["hour", "day", "month", "run"]
_FORMATS = {"hour": "%Y-%m-%dT%H", "day": "%Y-%m-%d", "month": "%Y-%m", "run": ""}
_WEBHOOK_SECONDS = 5.0
_lock = threading.RLock()


class Budget:
    """USD that may be spent per period (UTC); made by ``budget``."""

    def __init__(
        self,
        usd: Decimal,
        per: Period = "day",
        on_exceed: Literal["warn", "block"] | Callable[[Event], object] = "warn",
        alerts: tuple[Alert, ...] = ("log",),
        nearing: Decimal = Decimal("0.8"),
    ) -> None:
        self.usd = usd
        self.per = per
        self.on_exceed = on_exceed
        self.alerts = alerts
        self.nearing = nearing
        self._period = ""
        self._own = self._unlogged = Decimal(0)
        self._told: set[str] = set()
        self._tail: Any = None

    @property
    def spent(self) -> Decimal:
        """USD spent in the current period."""
        with _lock:
            self._turn_over()
            logged = Decimal(0)
            if state.log is not None and self.per != "run":
                from .tail import Tail

                if self._tail is None or self._tail.log != state.log:
                    self._tail = Tail(state.log, self._period)
                logged = self._tail.total()
            return max(self._own, logged + self._unlogged)

    def spend(self, usd: Decimal | None, logged: bool) -> None:
        """Count a request of this process; ``logged`` says that the usage log will tell of it as well."""
        with _lock:
            self._turn_over()
            self._own += usd or 0
            if not logged:
                self._unlogged += usd or 0

    def refusal(self) -> str | None:
        """Why the next request must not be sent; None when it may."""
        spent = self.spent
        if spent < self.usd * self.nearing:
            return None
        exceeded = spent >= self.usd
        event = self._event(spent, "exceeded" if exceeded else "nearing")
        self._tell(event)
        if not exceeded:
            return None
        blocks = self.on_exceed == "block"
        if callable(self.on_exceed):
            blocks = self.on_exceed(event) is True
        if not blocks:
            return None
        return f"the budget of ${self.usd} per {self.per} is used up (${spent:.2f} spent)"

    def _turn_over(self) -> None:
        period = time.strftime(_FORMATS[self.per], time.gmtime())
        if period != self._period:
            self._period, self._tail = period, None
            self._own = self._unlogged = Decimal(0)
            self._told.clear()

    def _event(self, spent: Decimal, level: str) -> Event:
        return {
            "level": level,
            "budget_usd": str(self.usd),
            "spent_usd": str(spent),
            "per": self.per,
            "period": self._period,
        }

    def _tell(self, event: Event) -> None:
        """Send an event to everybody once per level and period."""
        with _lock:
            if event["level"] in self._told:
                return
            self._told.add(event["level"])
        for alert in self.alerts:
            if callable(alert):
                try:
                    alert(event)
                except Exception as error:
                    warn(f"a budget alert failed: {type(error).__name__}", once="alert")
            elif alert == "log":
                warn(f"budget {event['level']}: ${event['spent_usd']} of ${self.usd} per {self.per}")
            else:
                threading.Thread(target=_post, args=(alert, event)).start()


def budget(
    usd: float | str | Decimal,
    per: Period = "day",
    on_exceed: Literal["warn", "block"] | Callable[[Event], object] = "warn",
    *,
    alert: Alert | tuple[Alert, ...] = "log",
    nearing: float | str | Decimal = "0.8",
) -> Budget:
    """Watch the spending of this process's tracked requests; returns the budget, already in force.

    ``per`` is ``hour``, ``day``, ``month`` (UTC) or ``run``. When ``usd`` is reached, ``warn`` only tells,
    ``block`` answers further requests with HTTP 402 (which SDKs raise as their own error, without a retry),
    and a function is called with the event for every further request and blocks it by returning True.
    ``alert``: ``log``, a function, or an http(s) address that gets the event as JSON; also once when the
    share ``nearing`` is reached. Raises ValueError for wrong values.
    """
    if per not in _FORMATS:
        raise ValueError(f"per must be one of {', '.join(_FORMATS)}")
    if not callable(on_exceed) and on_exceed not in ("warn", "block"):
        raise ValueError("on_exceed must be warn, block, or a function")
    alerts = alert if isinstance(alert, tuple) else (alert,)
    for each in alerts:
        if not callable(each) and each != "log" and not each.startswith(("http://", "https://")):
            raise ValueError("alert must be log, a function, or an http(s) address")
    made = Budget(_positive(usd), per, on_exceed, alerts, _positive(nearing))
    if not OFF:
        state.budgets.append(made)
    return made


def _positive(value: float | str | Decimal) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise ValueError(f"{value!r} is not a number") from None
    if not number.is_finite() or number <= 0:
        raise ValueError(f"{value!r} must be positive")
    return number


def from_environment(text: str) -> list[Budget]:
    """The budget in ``LLM_LINT_BUDGET``: ``50/day``, or ``50/day,block``; alerts by ``LLM_LINT_ALERT``."""
    amount, _, action = text.partition(",")
    usd, _, per = amount.partition("/")
    address = os.environ.get("LLM_LINT_ALERT")
    try:
        number = _positive(usd.strip())
        period = per.strip() or "day"
        if period not in _FORMATS or action.strip() not in ("", "warn", "block"):
            raise ValueError
    except ValueError:
        warn("LLM_LINT_BUDGET is not of the form 50/day or 50/day,block; there is no budget")
        return []
    alerts: tuple[Alert, ...] = ("log", address) if address else ("log",)
    return [Budget(number, period, "block" if action.strip() == "block" else "warn", alerts)]  # type: ignore[arg-type]


def _post(address: str, event: Event) -> None:
    import json
    from urllib.request import Request, urlopen

    request = Request(
        address, json.dumps(event).encode(), {"content-type": "application/json"}, method="POST"
    )
    try:
        with urlopen(request, timeout=_WEBHOOK_SECONDS):
            pass
    except (OSError, ValueError) as error:
        warn(f"a budget alert could not be delivered: {type(error).__name__}", once="webhook")
