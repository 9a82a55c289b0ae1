"""Masking of keys in text that is shown: known formats, also cut short, and what stands where keys stand."""

from __future__ import annotations

import re

from llm_lint.semantics.key_formats import density
from llm_lint.semantics.key_guards import is_plausible

_SHOWN = 4  # leading characters of a public prefix that may remain
_PREFIXED = re.compile(
    r"(?<![A-Za-z0-9])"
    r"(sk-(?:proj-|svcacct-|service-|admin-|ant-|or-v1-|lf-|helicone-)?|pk-lf-|pk-helicone-|csk-|pplx-|nvapi-|xai-|pa-"
    r"|AIza|AQ\.|A(?:KIA|SIA|BIA|CCA|BSK)|bedrock-api-key-|gh[pousr]_|github_pat_|hf_|api_org_|gsk_|sk_|tgp_v1_|fw_|r8_"
    r"|jina_|dapi|lsv2_(?:pt|sk)_)"
    r"((?=[a-z_-]{0,24}[A-Z0-9])[A-Za-z0-9_.+/=-]{6,})"
)
_HELD = re.compile(
    r"(?:key|token|secret|credential|authorization|bearer)s?\b[\"'\]\\]{0,4}\s*(?:[=:,]\s*)?(?:[\w.]+\(\s*)?[frbu]*\\?[\"']?"
    r"(?:(?:Bearer|Basic|Token)\s+)?([^\s\"'\\,;()\[\]{}]{8,512})",
    re.I,
)
_RUN = re.compile(r"[A-Za-z0-9_+/=-]{20,}")
_HEX = re.compile(r"(?=[0-9a-fA-F]*[0-9])(?=[0-9a-fA-F]*[a-fA-F])[0-9a-fA-F]{32,}(?:\.[A-Za-z0-9]{8,})?")
_WINDOW = 20
_RANDOM = 0.33  # words per character, where long identifiers and model names reach 0.3


def redact(text: str) -> str:
    """The text with everything that looks like a key, or like a part of one, replaced by asterisks.

    The length is kept, so that columns stay right; of a key at most four characters of its public
    prefix remain.
    """
    text = _PREFIXED.sub(_mask_body, text)
    text = _HELD.sub(_mask_held, text)
    text = _HEX.sub(lambda found: "*" * len(found[0]), text)
    return _RUN.sub(_mask_random, text)


def _mask_body(match: re.Match[str]) -> str:
    shown = match[1][:_SHOWN]
    return shown + "*" * (len(match[0]) - len(shown))


def _mask_held(match: re.Match[str]) -> str:
    if not is_plausible(match[1]):
        return match[0]
    return match[0][: match.start(1) - match.start()] + "*" * len(match[1])


def _mask_random(match: re.Match[str]) -> str:
    run = match[0]
    windows = (run[start : start + _WINDOW] for start in range(0, len(run) - _WINDOW + 1, 4))
    return "*" * len(run) if any(map(_is_random, windows)) else run


def _is_random(window: str) -> bool:
    return density(window) >= _RANDOM and sum(map(str.isalpha, window)) >= 6
