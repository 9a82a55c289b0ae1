"""An answer as it is kept: one line of JSON about it, then the bytes of its body. Nothing is executed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from .usage import Usage


@dataclass(frozen=True)
class Kept:
    """A whole, good answer.

    ``headers`` are the few that programs read; ``estimated`` says that the provider told no ``usage``.
    """

    headers: dict[str, str]
    body: bytes
    model: str
    usage: Usage
    estimated: bool = False

    def pack(self) -> bytes:
        """As bytes."""
        about = {
            "headers": self.headers,
            "model": self.model,
            "usage": asdict(self.usage),
            "estimated": self.estimated,
        }
        return json.dumps(about, separators=(",", ":")).encode() + b"\n" + self.body


def unpack(value: bytes) -> Kept | None:
    """The answer in bytes; None for bytes that are not one."""
    head, _, body = value.partition(b"\n")
    try:
        about = json.loads(head)
        usage = Usage(**about["usage"])
        return Kept(dict(about["headers"]), body, str(about["model"]), usage, bool(about["estimated"]))
    except (ValueError, KeyError, TypeError):
        return None


def model_of(value: bytes) -> str | None:
    """The model of an answer in bytes."""
    kept = unpack(value)
    return kept.model if kept is not None else None
