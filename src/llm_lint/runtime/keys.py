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
from typing import Any

IGNORED = ("user", "metadata", "safety_identifier", "prompt_cache_key")
_HEADERS = ("authorization", "x-api-key", "api-key", "x-goog-api-key")
_VARIANTS = ("openai-organization", "openai-project", "openai-beta", "anthropic-beta", "anthropic-version")
_lock = threading.Lock()
_salts: list[bytes] = []


def material(method: str, url: str, headers: Mapping[str, str], body: Mapping[str, Any]) -> bytes:
    """What is hashed; holds prompts and keys, so it goes nowhere else."""
    seen = {key: value for key, value in body.items() if key not in IGNORED}
    parts = [method, url, *(headers.get(name, "") for name in (*_HEADERS, *_VARIANTS))]
    text = json.dumps(seen, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return "\n".join((*parts, text)).encode()


def digest(salt: bytes, seen: bytes, version: str = "") -> str:
    """The hash of a request's material, in hex."""
    import hmac

    return hmac.new(salt, version.encode() + b"\0" + seen, "sha256").hexdigest()


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
