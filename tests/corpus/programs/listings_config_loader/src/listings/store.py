from abc import ABC, abstractmethod


class Store(ABC):
    @abstractmethod
    def get(self, key): ...

    @abstractmethod
    def put(self, key, value): ...


class FileStore(Store):
    def __init__(self, folder):
        self.folder = folder

    def get(self, key):
        path = self.folder / key
        return path.read_text() if path.exists() else None

    def put(self, key, value):
        (self.folder / key).write_text(value)
