"""Token counts: the estimate against the real tokenizer, which is built offline from packed ranks."""

from __future__ import annotations

import builtins
import statistics
import subprocess
import sys
from pathlib import Path

import pytest
import tiktoken
from hypothesis import given
from hypothesis import strategies as st

from llm_lint.errors import LlmLintError
from llm_lint.pricing import tokens
from llm_lint.resources import rules_directory

SAMPLES = {
    path.stem: path.read_text(encoding="utf-8")
    for path in (Path(__file__).parent / "data" / "samples").iterdir()
}
WEAK = {"text.tr": 0.40}  # words of many suffixes; every other language is within a fifth


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_the_estimate_is_close_to_the_real_count(name: str) -> None:
    real = tokens.count_tokens(SAMPLES[name])
    assert abs(tokens.estimate_tokens(SAMPLES[name]) - real) <= WEAK.get(name, 0.2) * real


def test_the_estimate_is_within_a_tenth_for_most_texts_and_beats_bytes_over_four() -> None:
    estimated, by_bytes = [], []
    for text in SAMPLES.values():
        real = tokens.count_tokens(text)
        estimated.append(abs(tokens.estimate_tokens(text) - real) / real)
        by_bytes.append(abs(len(text.encode()) / 4 - real) / real)
    assert statistics.median(estimated) <= 0.08
    assert statistics.mean(estimated) <= 0.1
    assert statistics.mean(estimated) < statistics.mean(by_bytes) / 2


@given(st.text())
def test_the_estimate_takes_any_text(text: str) -> None:
    assert tokens.estimate_tokens(text) >= (1 if text else 0)


@given(st.text(), st.text())
def test_more_text_is_not_fewer_tokens(left: str, right: str) -> None:
    # Joining two texts may merge the words at the seam, but not more.
    assert tokens.estimate_tokens(f"{left}\n{right}") >= max(map(tokens.estimate_tokens, (left, right))) - 2


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("hello world", 2),
        ("", 0),
        ("<|endoftext|>", 7),
        ("antidisestablishmentarianism", 6),
        ("12345678", 3),
        ("你好世界", 2),
    ],
)
def test_exact_counts_are_those_of_o200k(text: str, count: int) -> None:
    assert tokens.count_tokens(text) == count


@given(st.text(max_size=200))
def test_exact_encoding_is_lossless(text: str) -> None:
    encoding = tokens.encoding()
    assert encoding.decode(encoding.encode(text, disallowed_special=())) == text


def test_all_ranks_are_packed_in_less_than_a_megabyte() -> None:
    assert tokens.encoding().n_vocab == 199_998
    assert (rules_directory() / "prices" / "o200k.xz").stat().st_size <= 850_000


def test_tiktokens_own_loader_is_never_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise AssertionError("get_encoding downloads")

    monkeypatch.setattr(tiktoken, "get_encoding", refuse)
    monkeypatch.setattr(tiktoken, "encoding_for_model", refuse)
    tokens.encoding.cache_clear()
    assert tokens.count_tokens("hello world") == 2


def test_damaged_ranks_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "prices").mkdir()
    (tmp_path / "prices" / "o200k.xz").write_bytes(b"not the ranks")
    monkeypatch.setattr(tokens, "rules_directory", lambda: tmp_path)
    tokens.encoding.cache_clear()
    with pytest.raises(LlmLintError, match="damaged"):
        tokens.encoding()
    tokens.encoding.cache_clear()


def test_estimating_needs_no_tiktoken() -> None:
    code = "import sys, llm_lint.pricing.tokens as t; t.measure('a'); print('tiktoken' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=_environment()
    )
    assert done.stdout.strip() == "False"


def _environment() -> dict[str, str]:
    return {"PYTHONPATH": ":".join(path for path in sys.path if path)}


# --------------------------------------------------------------------------- near a threshold


def test_far_from_a_threshold_the_estimate_is_enough() -> None:
    assert tokens.measure("word " * 100, (1024,)) == tokens.TokenCount(
        tokens.estimate_tokens("word " * 100), False
    )


def test_near_a_threshold_tokens_are_counted() -> None:
    text = "word " * 1000
    counted = tokens.measure(text, (1024,))
    assert counted == tokens.TokenCount(tokens.count_tokens(text), True)


def test_without_tiktoken_the_estimate_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens.encoding.cache_clear()
    real_import = builtins.__import__

    def missing(name: str, *arguments: object, **options: object) -> object:
        if name == "tiktoken":
            raise ImportError(name)
        return real_import(name, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", missing)
    assert tokens.measure("word " * 1000, (1024,)).exact is False


# --------------------------------------------------------------------------- other vendors


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("gpt-4o", "1"),
        ("openai/gpt-6-luna", "1"),
        ("o3-mini", "1"),
        ("claude-3-5-sonnet", "1.18"),
        ("claude-haiku-4-5", "1.18"),
        ("claude-opus-4-6", "1.18"),
        ("claude-opus-4.7", "1.55"),
        ("claude-sonnet-5", "1.55"),
        ("claude-haiku-5-5", "1.55"),
        ("us.anthropic.claude-fable-5-v1:0", "1.55"),
        ("gemini-2.5-pro", "1.05"),
        ("meta-llama/Llama-3.3-70B-Instruct-Turbo", "1.00"),
        ("mistral-large-latest", "1.06"),
        ("codestral-latest", "1.06"),
        ("deepseek-chat", "1.06"),
    ],
)
def test_vendors_tokenizers_relative_to_o200k(model: str, expected: str) -> None:
    ratio = tokens.vendor_ratio(model)
    assert str(ratio.expected) == expected
    assert ratio.low <= ratio.expected <= ratio.high


def test_an_unmeasured_tokenizer_gets_a_range() -> None:
    ratio = tokens.vendor_ratio("command-r")
    assert ratio == tokens.UNMEASURED
    assert ratio.low < 1 < ratio.high
