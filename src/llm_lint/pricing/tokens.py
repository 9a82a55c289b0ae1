"""How many tokens a text has: a quick estimate, an exact count, and other vendors' tokenizers relative to it.

Counts are tokens of o200k, the tokenizer of current OpenAI models. The estimate needs only ``re``; the exact
count builds a ``tiktoken.Encoding`` from the ranks in this package, and never downloads.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from llm_lint.errors import LlmLintError
from llm_lint.model import Estimate
from llm_lint.resources import rules_directory

if TYPE_CHECKING:
    import tiktoken

NEAR = 0.15  # an estimate this close to a threshold is replaced by a count
ERROR = Decimal("0.05")  # median error of the estimate on prompts

# tokens ~ sum of coefficient * feature, fitted on prompts, code, JSON, markup and 11 languages.
_ACCENTED = r"\u00c0-\u024f\u1e00-\u1eff"
_PATTERN = re.compile(
    rf"(?P<accented>[A-Za-z]*[{_ACCENTED}][A-Za-z{_ACCENTED}]*)"
    r"|(?P<word>(?:[A-Z]+(?![a-z])|[A-Z]?[a-z]+)(?:'(?:s|t|re|ve|m|ll|d)\b)?)"
    r"|(?P<digits>[0-9]{1,3})"
    r"|(?P<lines>\s*[\r\n]+)"
    r"|(?P<blanks>[ \t]{2,})"
    r"|(?P<marks>[!-/:-@\[-`{-~]+)"
    r"|(?P<cyrillic>[\u0400-\u052f]+)"
    r"|(?P<greek>[\u0370-\u03ff\u1f00-\u1fff]+)"
    r"|(?P<arabic>[\u0590-\u06ff\u0750-\u077f\u08a0-\u08ff]+)"
    r"|(?P<indic>[\u0900-\u0eff]+)"
    r"|(?P<hangul>[\uac00-\ud7af\u1100-\u11ff]+)"
    r"|(?P<cjk>[\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef]+)"
    r"|(?P<other>\S)"
)
_PER_RUN = {
    "digits": 1.6885,
    "lines": 1.1967,
    "blanks": 0.8432,
    "marks": 0.5241,
    "accented": 0.8707,
    "greek": 0.1428,
    "arabic": 0.2546,
    "hangul": 0.9109,
    "other": 1.2141,
}
_PER_CHARACTER = {
    "accented": 0.1421,
    "cyrillic": 0.2802,
    "greek": 0.3832,
    "arabic": 0.3387,
    "indic": 0.3914,
    "hangul": 0.4037,
    "cjk": 0.7053,
}
_WORD, _BEYOND_6, _BEYOND_10, _CAPITALS = 1.0489, 0.0084, 0.6747, 0.1028


@lru_cache(maxsize=512)  # a request's prompt is asked for by each of its findings
def estimate_tokens(text: str) -> int:
    """Tokens of a text, within about 5 % on prompts; never below 1 for a text that is not empty."""
    if not text:
        return 0
    total = 0.0
    for match in _PATTERN.finditer(text):
        kind = match.lastgroup or "other"
        length = match.end() - match.start()
        if kind == "word":
            total += _word(match.group(), length)
        else:
            total += _PER_RUN.get(kind, 0.0) + _PER_CHARACTER.get(kind, 0.0) * length
    return max(1, round(total))


def _word(word: str, length: int) -> float:
    tokens = _WORD + _BEYOND_6 * max(0, length - 6) + _BEYOND_10 * max(0, length - 10)
    return tokens + (_CAPITALS * max(0, length - 2) if word.isupper() else 0.0)


# --------------------------------------------------------------------------- exact

_RANKS = "o200k.xz"
_RANKS_SHA256 = "20fdbb5eee52851135e89d37a0365e1e5941e0d56ef59137aa5b63860e88dac9"
_UPPER = r"\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}"
_LOWER = r"\p{Ll}\p{Lm}\p{Lo}\p{M}"
_ENDING = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
_SPLIT = "|".join(
    (
        rf"[^\r\n\p{{L}}\p{{N}}]?[{_UPPER}]*[{_LOWER}]+{_ENDING}",
        rf"[^\r\n\p{{L}}\p{{N}}]?[{_UPPER}]+[{_LOWER}]*{_ENDING}",
        r"\p{N}{1,3}",
        r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
        r"\s*[\r\n]+",
        r"\s+(?!\S)",
        r"\s+",
    )
)


@lru_cache(maxsize=1)
def encoding() -> tiktoken.Encoding:
    """The o200k tokenizer, built from the packed ranks.

    Takes about half a second and 90 MB, once. Raises ImportError without tiktoken, LlmLintError when the
    packed file is damaged.
    """
    import tiktoken

    ranks = _read_ranks()
    return tiktoken.Encoding("llm_lint_o200k", pat_str=_SPLIT, mergeable_ranks=ranks, special_tokens={})


def _read_ranks() -> dict[bytes, int]:
    import hashlib
    import lzma

    data = (rules_directory() / "prices" / _RANKS).read_bytes()
    if hashlib.sha256(data).hexdigest() != _RANKS_SHA256:
        raise LlmLintError(f"the token ranks in {_RANKS} are damaged", "reinstall llm-cost-lint")
    packed = lzma.decompress(data)
    count = int.from_bytes(packed[:4], "big")
    position, ranks = 4 + count, {}
    for rank, length in enumerate(packed[4 : 4 + count]):
        ranks[packed[position : position + length]] = rank
        position += length
    return ranks


def count_tokens(text: str) -> int:
    """Tokens of a text, exactly; raises what ``encoding`` raises."""
    return len(encoding().encode(text, disallowed_special=()))


@dataclass(frozen=True, slots=True)
class TokenCount:
    """A number of o200k tokens, and whether it was counted or estimated."""

    tokens: int
    exact: bool


def measure(text: str, thresholds: Sequence[int] = ()) -> TokenCount:
    """Tokens of a text: estimated, but counted where the estimate is too close to a threshold to decide."""
    estimated = estimate_tokens(text)
    if not any(abs(estimated - threshold) <= NEAR * threshold for threshold in thresholds):
        return TokenCount(estimated, exact=False)
    try:
        return TokenCount(count_tokens(text), exact=True)
    except ImportError:
        return TokenCount(estimated, exact=False)


# --------------------------------------------------------------------------- other vendors


def _ratio(low: str, expected: str, high: str) -> Estimate:
    return Estimate(Decimal(low), Decimal(expected), Decimal(high))


SAME = _ratio("1", "1", "1")
_CLAUDE_NEW = _ratio("1.25", "1.55", "1.75")
# First match wins; tokens of that family per o200k token.
_RATIOS = (
    (re.compile(r"claude-(opus-4-[7-9]|mythos|([a-z]+-)?[5-9](\D|$))"), _CLAUDE_NEW),
    (re.compile(r"claude"), _ratio("1.08", "1.18", "1.30")),
    (re.compile(r"gemini|gemma"), _ratio("0.95", "1.05", "1.15")),
    (re.compile(r"llama|qwen|qwq|voyage"), _ratio("0.98", "1.00", "1.10")),
    (re.compile(r"[a-z]+tral|deepseek"), _ratio("1.03", "1.06", "1.20")),
    (re.compile(r"gpt|chatgpt|^(.*/)?o\d|text-embedding|davinci|babbage|moderation"), SAME),
)
UNMEASURED = _ratio("0.95", "1.05", "1.20")


def vendor_ratio(model: str) -> Estimate:
    """Tokens of a model's own tokenizer per o200k token; a cautious range where nobody measured."""
    name = model.lower().replace(".", "-")
    return next((ratio for pattern, ratio in _RATIOS if pattern.search(name)), UNMEASURED)
