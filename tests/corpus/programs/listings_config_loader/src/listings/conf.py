from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

try:
    import tomllib
except ModuleNotFoundError:
    import tomli as tomllib

DEFAULT = Path(__file__).with_name("listings.toml")


@dataclass
class Conf:
    model: str
    endpoint: str
    timeout: float

    @classmethod
    def load(cls, path: Path = DEFAULT) -> Conf:
        with path.open("rb") as fh:
            return cls(**tomllib.load(fh)["search"])


CONF = Conf.load()
