"""The assumptions behind an estimate, in words."""

from __future__ import annotations

from decimal import Decimal

from llm_lint.model import Estimate, Known, Request, Volume
from llm_lint.pricing.estimates import levels
from llm_lint.pricing.format import count, percent, two_digits
from llm_lint.pricing.ladder import Needs
from llm_lint.pricing.prices import Price
from llm_lint.pricing.tokens import vendor_ratio
from llm_lint.pricing.workload import PRICED_KINDS

_SOURCES = {
    "default": "a parameter's default",
    "env-default": "the default of an environment variable",
    "config": "read from a configuration file",
}
_ENTRY_POINTS = {
    "web": "a web endpoint",
    "bot": "a bot",
    "ui": "a user interface",
    "worker": "a worker",
    "cron": "a daily job",
    "cli": "a script",
    "library": "a library function",
}


def share_words(share: Estimate) -> str:
    """``80 % (50 % to 100 %)`` for a share between 0 and 1."""
    low, expected, high = (percent(level * 100) for level in levels(share))
    return expected if low == high else f"{expected} ({low} to {high})"


def signal_words(strong: bool) -> str:
    """The evidence that a task is simple."""
    return "three signals or more of a simple task" if strong else "two signals of a simple task"


def duration_words(seconds: int) -> str:
    """``24 h``, ``90 s``."""
    return f"{seconds // 3600} h" if seconds % 3600 == 0 else f"{seconds} s"


def price_words(price: Price, request: Request, as_of: str) -> tuple[str, ...]:
    """Whose prices these are, and what makes them doubtful."""
    if price.local:
        return ("a local model: no API cost",)
    whose = "your own prices" if price.own else f"list prices of {as_of}"
    words = [f"{whose} for {price.model} at {price.provider}"]
    if isinstance(request.model, Known) and request.model.source in _SOURCES:
        words.append(f"the model is {_SOURCES[request.model.source]}, which may be overridden")
    words += [said for said in (price.assumed, price.note) if said]
    ratio = vendor_ratio(price.model)
    if ratio.expected != 1:
        words.append(f"{ratio.expected} ({ratio.low} to {ratio.high}) tokens of its own for each of OpenAI's")
    if price.thinks:
        words.append("it always spends reasoning tokens: 1, 4 or 10 times the visible output")
    return tuple(words)


def unpriced_words(request: Request) -> str:
    """Why a request has no price."""
    if request.kind not in PRICED_KINDS:
        return f"no price: the tokens of {request.kind} requests are not known"
    if isinstance(request.model, Known) and request.model.value:
        return f"no price: {request.model.value} is not in the price table; alias it to a model that is"
    return "no price: the code does not show the model"


def downgrade_words(share: Estimate, strong: bool, price: Price, target: Price, needs: Needs) -> list[str]:
    """What is assumed of a cheaper model."""
    words = [f"{target.model} can take {share_words(share)} of the requests: {signal_words(strong)}"]
    own, other = vendor_ratio(price.model).expected, vendor_ratio(target.model).expected
    if own != other:
        words.append(f"{target.model} makes {other / own:.2f} tokens of one of {price.model}")
    if target.thinks:
        words.append(f"{target.model} always spends reasoning tokens")
    if needs.sampling and target.sampling == "effort-none":
        words.append(f"{target.model} takes a temperature only with reasoning effort none")
    return words


def volume_words(volume: Volume | None, request: Request, factor: Decimal | None = None) -> str:
    """How many requests a month, who says so, and the ``factor`` by which a bill scaled an assumption."""
    if volume is None:
        what = request.excluded or request.entry_point
        return f"no month: nobody can say how often {'an' if what[:1] in 'aeiou' else 'a'} {what} runs"
    number = count(volume.requests_per_month)
    if volume.source == "log":
        return f"{number} requests a month, as the usage log has them"
    if volume.source == "configured":
        return f"{number} requests a month, as configured"
    said = f"{number} requests a month, assumed for {_ENTRY_POINTS.get(request.entry_point, 'code')}"
    if factor is None:
        return said
    return f"{said}, times {two_digits(factor):f} so that all such requests add up to the bill"
