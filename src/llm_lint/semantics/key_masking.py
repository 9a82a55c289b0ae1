"""Masking of keys in text that is shown: known formats, also cut short, and what stands where keys stand."""

from __future__ import annotations

import re

from llm_lint.semantics.key_formats import density, has_random_run, looks_random
from llm_lint.semantics.key_guards import is_placeholder

_SHOWN = 4  # leading characters of a public prefix that may remain
_LONG_PREFIX = (
    r"sk-(?:proj|svcacct|service|admin|ant|or-v1|lf|helicone)-|pk-(?:lf|helicone)-|bedrock-api-key-|github_pat_"
    r"|api_org_|tgp_v1_|lsv2_(?:pt|sk)_|pplx-|nvapi-|jina_"
)
_SHORT_PREFIX = r"sk-|csk-|xai-|pa-|AIza|AQ\.|A(?:KIA|SIA|BIA|CCA|BSK)|gh[pousr]_|hf_|gsk_|sk_|fw_|r8_|dapi"
_PREFIXED = re.compile(
    rf"(?<![A-Za-z0-9])(?:({_LONG_PREFIX})([A-Za-z0-9_.+/=-]+)|({_SHORT_PREFIX})([A-Za-z0-9_.+/=-]{{6,}}))"
)
_GLUED = re.compile(rf"(?:{_LONG_PREFIX}|{_SHORT_PREFIX})([A-Za-z0-9_+/=-]{{20,}})")
_WORDY = re.compile(
    r"(?:[A-Za-z]?[a-z]{2,}|v?[0-9]{1,4})(?:[-_./](?:[A-Za-z]?[a-z]{2,}|v?[0-9]{1,4}))*[-_./]?"
)
_HELD = re.compile(
    r"(?:key|token|secret|credential|authorization|bearer)s?\b[\"'\]\\]{0,4}\s*(?:[=:,]\s*)?(?:[\w.]+\(\s*)?"
    r"[frbu]*\\?[\"']?"
    r"(?:(?:Bearer|Basic|Token)\s+)?([^\s\"'\\,;()\[\]{}]{12,512})",
    re.I,
)
_RUN = re.compile(r"[A-Za-z0-9_+/=-]{16,}(?:\.[A-Za-z0-9]{8,})?")
_HELD_LEAST = 0.3  # words per character of a text that stands where keys stand


def redact(text: str) -> str:
    """The text with everything that looks like a key, or like a part of one, replaced by asterisks.

    The length is kept, so that columns stay right; of a key at most four characters of its public
    prefix remain.
    """
    text = _PREFIXED.sub(_mask_body, text)
    text = _GLUED.sub(_mask_glued, text)
    text = _HELD.sub(_mask_held, text)
    return _RUN.sub(lambda match: "*" * len(match[0]) if has_random_run(match[0]) else match[0], text)


def _mask_body(match: re.Match[str]) -> str:
    prefix, body = match[1] or match[3], match[2] or match[4]
    if _WORDY.fullmatch(body) is not None:  # sk-fading-circle, fw_version_2
        return match[0]
    return prefix[:_SHOWN] + "*" * (len(match[0]) - len(prefix[:_SHOWN]))


def _mask_glued(match: re.Match[str]) -> str:
    """A key behind letters that are no part of it; such a prefix alone says little."""
    return "*" * len(match[0]) if looks_random(match[1]) else match[0]


def _mask_held(match: re.Match[str]) -> str:
    if density(match[1]) < _HELD_LEAST or is_placeholder(match[1]) or not any(map(str.isdigit, match[1])):
        return match[0]
    return match[0][: match.start(1) - match.start()] + "*" * len(match[1])
