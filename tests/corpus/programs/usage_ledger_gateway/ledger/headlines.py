"""python -m ledger.headlines articles/*.txt"""
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .gateway import Gateway


class Headlines:
    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway

    def headline(self, path: Path) -> str:
        return self.gateway.ask("A headline of at most eight words for:\n" + path.read_text(), max_output_tokens=40)

    def all(self, paths: list[Path]) -> list[str]:
        with ThreadPoolExecutor() as pool:
            return list(pool.map(self.headline, paths))


if __name__ == "__main__":
    for title in Headlines(Gateway()).all([Path(name) for name in sys.argv[1:]]):
        print(title)
