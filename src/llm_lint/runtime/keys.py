"""The identity of a request: a keyed hash of everything that can influence its answer.

The whole body counts, less a short list of fields that providers promise not to look at, so nothing that
matters can be forgotten. The credential counts too (two accounts never share answers) and is never stored:
only the hash leaves this module.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

IGNORED = ("user", "metadata", "safety_identifier", "prompt_cache_key")
_CREDENTIALS = (b"authorization", b"x-api-key", b"api-key", b"x-goog-api-key")
_VARIANTS = (
    b"openai-organization",
    b"openai-project",
    b"openai-beta",
    b"anthropic-beta",
    b"anthropic-version",
)
_HEADERS = (*_CREDENTIALS, *_VARIANTS)
_IGNORED = frozenset(IGNORED)
_compact = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode
_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode
_lock = threading.Lock()
_salts: list[bytes] = []


def material(url: str, headers: Mapping[bytes, bytes], body: Mapping[str, Any]) -> bytes:
    """What is hashed; holds prompts and keys, so it goes nowhere else. Names of headers are in lower case."""
    seen = {key: value for key, value in body.items() if key not in IGNORED}
    parts = [headers.get(name, b"") for name in _HEADERS]
    return b"\n".join((url.encode(), *parts, _canonical(seen).encode()))


def digest(salt: bytes, seen: bytes, version: str = "") -> str:
    """The hash of a request's material, in hex."""
    return _hmac(salt, version.encode() + b"\0" + seen)


_INNER = bytes(byte ^ 0x36 for byte in range(256))
_OUTER = bytes(byte ^ 0x5C for byte in range(256))


def _hmac(key: bytes, message: bytes) -> str:
    """HMAC-SHA256 (RFC 2104) in hex; the standard module's set-up takes longer than the hash itself."""
    block = (key if len(key) <= 64 else sha256(key).digest()).ljust(64, b"\0")
    return sha256(block.translate(_OUTER) + sha256(block.translate(_INNER) + message).digest()).hexdigest()


def fingerprint(endpoint: str, content: bytes, body: Mapping[str, Any]) -> str:
    """A short keyed hash that equal requests share, for the log: it shows repeats and no prompt.

    Simpler than the cache's key, because it is computed for every request: keys in the order in which the
    program wrote them, and no credential.
    """
    if not _IGNORED.isdisjoint(body):
        content = _compact({key: value for key, value in body.items() if key not in _IGNORED}).encode()
    return _hmac(installation_salt(), endpoint.encode() + b"\n" + content)[:16]


def installation_salt() -> bytes:
    """The secret of this installation: ``LLM_LINT_SALT``, else a file that only its user can read.

    Where no file can be kept, the secret lasts as long as the process.
    """
    if not _salts:
        with _lock:
            if not _salts:
                _salts.append(_find_salt())
    return _salts[0]


def _find_salt() -> bytes:
    given = os.environ.get("LLM_LINT_SALT")
    if given:
        return given.encode()
    base = os.environ.get("XDG_STATE_HOME") or os.path.join(os.path.expanduser("~"), ".local", "state")
    path = os.path.join(base, "llm-lint", "salt")
    try:
        if not os.path.exists(path):
            _create(path)
        with open(path, "rb") as stream:
            return stream.read()
    except OSError:
        return os.urandom(32)


def _create(path: str) -> None:
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    temporary = f"{path}.{os.getpid()}"
    file = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(file, os.urandom(32))
    finally:
        os.close(file)
    try:
        os.link(temporary, path)  # the first process wins, whole
    except FileExistsError:
        pass
    finally:
        os.unlink(temporary)
