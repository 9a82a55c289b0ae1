import asyncio
import sys
from pathlib import Path

from minutes.backends import Summariser, make

LIMIT = asyncio.Semaphore(6)


async def one(backend: Summariser, path: Path) -> None:
    async with LIMIT:
        text = await backend.summarise(path.read_text())
    path.with_suffix(".summary.md").write_text(text)


async def main(folder: str, backend_name: str = "openai") -> None:
    backend = make(backend_name)
    await asyncio.gather(*(one(backend, path) for path in Path(folder).glob("*.txt")))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
