"""How many tokens one request has, as LOW, EXPECTED (mean) and HIGH: counted where the code shows the text.

What the code does not show comes from a production trace (``rules/prices/token_defaults.json``); every
assumption is put into words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from llm_lint.model import Estimate, Known, Request
from llm_lint.pricing.estimates import NOTHING, ONCE, add, each, estimate, levels, multiply, scale
from llm_lint.pricing.prices import Price
from llm_lint.pricing.tokens import ERROR, TokenCount, measure, vendor_ratio
from llm_lint.resources import rules_directory

SMALL_CAP = 64  # an answer capped at this is a label
PRICED_KINDS = frozenset({"chat", "completion", "embedding", "rerank"})
_FRAME = 3  # tokens around each message, and around the request
_LEAST = Decimal(20)  # a slot for text holds at least this
_VALUE = estimate("5", "10", "20")
_QUESTION = estimate("10", "60", "400")
_THINKING = estimate("1", "4", "10")  # total output over visible output
# What fills a slot, by the last name in its expression, else by any name in it.
_VALUE_NAME = re.compile(
    r"(^|[._(\['\"])(\w*_)?(id|ids|names?|date|day|year|month|time|lang|language|locale|currency|category|"
    r"categories|labels?|types?|kind|status|level|city|country|gender|age|count|num|number|index|i|n|tone|style|"
    r"role|unit|code|topic|key|title|url|email|mode|limit)\W*$",
    re.I,
)
_TEXT_NAME = re.compile(
    r"context|history|doc|chunk|content|text|article|transcript|body|page|passage|messages|prompt|notes|result|data",
    re.I,
)
_QUESTION_NAME = re.compile(r"question|query|user_input|message|instruction|command|utterance", re.I)


@dataclass(frozen=True, slots=True)
class Workload:
    """o200k tokens of one request's input and visible output; ``because`` says where they come from.

    ``model`` is the one whose own tokens were counted: there, tokenizer and thinking add no doubt. ``cached``
    and ``written`` are the shares of the input that the provider's cache held and took.
    """

    input: Estimate
    output: Estimate
    because: tuple[str, ...]
    model: str | None = None
    cached: Decimal = Decimal(0)
    written: Decimal = Decimal(0)

    def for_model(self, price: Price, request: Request) -> Tokens:
        """The same text in a model's own tokens, with its thinking, under the request's output cap."""
        ratio = self.ratio(price)
        output = multiply(multiply(self.output, ratio), self.thinking(price, request))
        is_counted = price.model == self.model  # what was billed is known better than what may be
        return Tokens(multiply(self.input, ratio), output if is_counted else capped(output, request))

    def ratio(self, price: Price) -> Estimate:
        """Tokens of a model per o200k token."""
        return self._sure(vendor_ratio(price.model), price)

    def thinking(self, price: Price, request: Request) -> Estimate:
        """Billed output of a model over visible output."""
        return self._sure(thinking_of(price, request), price)

    def _sure(self, value: Estimate, price: Price) -> Estimate:
        return scale(ONCE, value.expected) if price.model == self.model else value


@dataclass(frozen=True, slots=True)
class Tokens:
    """Billed input and output tokens of one request."""

    input: Estimate
    output: Estimate


def workload(request: Request, tiers: Iterable[int] = ()) -> Workload:
    """What a request sends and gets; ``tiers`` are input sizes at which its price changes."""
    static = measure(request.prompt.static_text, tuple(tiers))
    total, output = _defaults()
    incoming, said = _input(request, static, total)
    if request.kind in ("embedding", "rerank"):
        return Workload(incoming, NOTHING, (said,))
    label = is_label(request)
    outgoing = output["label"] if label else output["chat"]
    shape = "a label" if label else "a chat answer"
    because = [said, f"output: {shape}, {_range(outgoing)} tokens in a production trace (Azure 2023)"]
    cap = output_cap(request)
    if cap is not None and cap < outgoing.high:
        because[-1] += f", here at most {cap}"
    count = request.parameter("n")
    if isinstance(count, Known) and isinstance(count.value, int) and count.value > 1:
        outgoing = scale(outgoing, count.value)
        because.append(f"{count.value} answers are asked for")
    because += _left_out(request)
    return Workload(incoming, outgoing, tuple(because))


def is_label(request: Request) -> bool:
    """Whether the answer is a label or a few words."""
    cap = output_cap(request)
    return request.task == "simple" or (cap is not None and cap <= SMALL_CAP)


def output_cap(request: Request) -> int | None:
    """The literal limit on output tokens, if the code sets one."""
    cap = request.parameter("max_tokens")
    return cap.value if isinstance(cap, Known) and isinstance(cap.value, int) and cap.value > 0 else None


@lru_cache(maxsize=1)
def _defaults() -> tuple[Estimate, dict[str, Estimate]]:
    """Total input of a chat request, and output by shape: P10, mean, P90."""
    data = json.loads((rules_directory() / "prices" / "token_defaults.json").read_text(encoding="utf-8"))
    chat, completion = data["conversation"], data["code_completion"]
    output = {"chat": _quantiles(chat["output"]), "label": _quantiles(completion["output"])}
    return _quantiles(chat["input"]), output


def _quantiles(data: dict[str, Any]) -> Estimate:
    return Estimate(Decimal(data["p10"]), Decimal(data["mean"]), Decimal(data["p90"]))


def _input(request: Request, static: TokenCount, total: Estimate) -> tuple[Estimate, str]:
    """The input's size and where it comes from: all of it known, slots of known kinds, or a trace's total."""
    spread = Decimal(0) if static.exact else ERROR
    known = multiply(Estimate(1 - spread, Decimal(1), 1 + spread), scale(ONCE, static.tokens))
    prompt = request.prompt
    slots = [_slot(hole) for hole in prompt.holes]
    for slot in slots:
        known = add(known, slot or NOTHING)
    said = f"input: {_static_words(static)}"
    if not prompt.complete or None in slots:
        filled = each(lambda k, t: max(k + _LEAST, t), known, total)
        return filled, f"{said}; {_range(filled)} in all, as chat requests in a production trace (Azure 2023)"
    frame = _FRAME * (prompt.messages + 1) if request.kind == "chat" else 0
    if slots:
        said += f", and {len(slots)} short slot{'s' if len(slots) > 1 else ''} by name"
    return add(known, scale(ONCE, frame)), said


def _static_words(static: TokenCount) -> str:
    if not static.tokens:
        return "no static text"
    return f"{static.tokens} tokens of static text, {'counted' if static.exact else 'estimated within 5 %'}"


def _slot(hole: str) -> Estimate | None:
    """What fills a slot, by its name; None for text of any length."""
    if _VALUE_NAME.search(hole):
        return _VALUE
    return _QUESTION if _QUESTION_NAME.search(hole) and not _TEXT_NAME.search(hole) else None


def _left_out(request: Request) -> Iterable[str]:
    if isinstance(request.parameter("tools"), Known):
        yield "tool definitions are not counted"
    if "images" in request.task_vetoes:
        yield "image tokens are not counted"


def thinking_of(price: Price, request: Request) -> Estimate:
    """Billed output over visible output."""
    effort = request.parameter("reasoning")
    off = isinstance(effort, Known) and str(effort.value).lower() in ("none", "minimal", "disabled")
    return _THINKING if price.thinks and not off else ONCE


def capped(output: Estimate, request: Request) -> Estimate:
    """Output tokens under the limit that the code sets, which also bounds reasoning."""
    cap = output_cap(request)
    return output if cap is None else each(lambda level: min(level, Decimal(cap)), output)


def _range(value: Estimate) -> str:
    low, expected, high = (f"{level:,.0f}" for level in levels(value))
    return f"{expected} ({low} to {high})"
