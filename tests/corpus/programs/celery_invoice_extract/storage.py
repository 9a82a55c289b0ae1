"""A tiny document store."""
import json
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Document:
    id: str
    text: str


class Store:
    def __init__(self, root):
        self.root = Path(root)

    def get(self, identifier):
        return Document(identifier, (self.root / identifier / "page.txt").read_text())

    def update(self, identifier, **fields):
        (self.root / identifier / "fields.json").write_text(json.dumps(fields))

    def pending(self):
        for folder in self.root.iterdir():
            if not (folder / "fields.json").exists():
                yield self.get(folder.name)


documents = Store("/srv/invoices")
