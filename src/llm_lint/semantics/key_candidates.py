"""Whether bytes may hold an API key: the test for whole trees, before anything heavy is imported."""

from __future__ import annotations

import re

# Each expression starts with one fixed character, which ``re`` finds at memory speed, and only then
# looks back at the letters before it: one alternation of all prefixes is ten times slower.
DASHED = r"-(?<=sk-|ai-|lx-|pi-|pa-|lf-|ne-|ey-)[A-Za-z0-9_-]{16}"
SCORED = (
    r"_(?<=hf_|sk_|v1_|fw_|r8_|na_|pt_|rg_|hp_|ho_|hu_|hs_|hr_|at_)"
    r"(?=[A-Za-z0-9-]{11})[A-Za-z0-9_-]{16}"
)
LETTERED = r"A(?:Iza|KIA|SIA|BIA|CCA|BSK|Q\.Ab|COG)[A-Za-z0-9_-]{4}"
DATABRICKS = r"dapi[a-f0-9]{32}"
_NAMED = (
    r"_(?:[kK][eE][yY]|TOKEN|token)[\"'\]\\]{0,4} ?[=:,] ?(?:\w+\()?\\?[\"'](?:Bearer )?"
    r"(?=[^\s\"']*[0-9])[^\s\"'\\]{8}"
)
_CANDIDATES = tuple(
    re.compile(pattern.encode()) for pattern in (DASHED, f"{SCORED}|{_NAMED}", LETTERED, DATABRICKS)
)


def candidates(data: bytes) -> bool:
    """Whether a file's bytes may hold a key by its format, or in a variable named for one.

    A file for which this says no may still hold a literal of no known format in a client's parameter;
    such a file imports an SDK or names an API.
    """
    return any(pattern.search(data) is not None for pattern in _CANDIDATES)
