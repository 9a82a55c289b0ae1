from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Message:
    author: str
    text: str
    at: datetime = field(default_factory=datetime.now)


class MessageManager:
    def __init__(self):
        self._items = []

    def create(self, **fields):
        message = Message(**fields)
        self._items.append(message)
        return message

    def stream(self):
        yield from self._items


class Room:
    def __init__(self, name):
        self.name = name
        self.messages = MessageManager()


class Chat:
    """Looks like an SDK, is a list of rooms."""

    class completions:
        @staticmethod
        def create(prefix, rooms):
            return [room.name for room in rooms if room.name.startswith(prefix)]
