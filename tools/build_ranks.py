"""Pack the o200k token ranks into ``rules/prices/o200k.xz``.

    python tools/build_ranks.py RANKS_FILE_OR_WHEEL

The source is the public rank file (base64 token, rank), as several MIT-licensed packages carry it: the
litellm wheel holds it under the name that tiktoken gives its cache. Ranks run from 0 without a gap, so the
tokens' lengths and bytes say everything; the rebuilt text must have the published SHA-256.
"""

from __future__ import annotations

import base64
import hashlib
import lzma
import sys
import zipfile
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "rules" / "prices" / "o200k.xz"
CACHE_NAME = "fb374d419588a4632f3f557e76b4b70aebbca790"
SHA256 = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"


def read_ranks(path: Path) -> bytes:
    """The rank file itself, or out of a wheel."""
    if path.suffix not in (".whl", ".zip"):
        return path.read_bytes()
    with zipfile.ZipFile(path) as wheel:
        return wheel.read(next(name for name in wheel.namelist() if name.endswith(CACHE_NAME)))


def pack(raw: bytes) -> bytes:
    """Length bytes of all tokens, then their bytes; the count of tokens goes first."""
    tokens = [base64.b64decode(line.split()[0]) for line in raw.splitlines()]
    ranks = [int(line.split()[1]) for line in raw.splitlines()]
    if ranks != list(range(len(ranks))) or max(map(len, tokens)) > 255:
        raise SystemExit("the ranks are not contiguous or a token is too long")
    return len(tokens).to_bytes(4, "big") + bytes(map(len, tokens)) + b"".join(tokens)


def unpack(packed: bytes) -> bytes:
    """The rank file again."""
    count = int.from_bytes(packed[:4], "big")
    position, lines = 4 + count, []
    for rank, length in enumerate(packed[4 : 4 + count]):
        lines.append(b"%s %d\n" % (base64.b64encode(packed[position : position + length]), rank))
        position += length
    return b"".join(lines)


def main() -> None:
    """Write the packed file after proving that nothing is lost."""
    raw = read_ranks(Path(sys.argv[1]))
    packed = pack(raw)
    for data in (raw, unpack(packed)):
        if hashlib.sha256(data).hexdigest() != SHA256:
            raise SystemExit("this is not the published o200k rank file")
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "lc": 3, "lp": 0, "pb": 0}]
    TARGET.write_bytes(lzma.compress(packed, format=lzma.FORMAT_XZ, check=lzma.CHECK_SHA256, filters=filters))
    digest = hashlib.sha256(TARGET.read_bytes()).hexdigest()
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes, SHA-256 {digest}")


if __name__ == "__main__":
    main()
