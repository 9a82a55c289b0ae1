"""In-process event bus."""
import collections


class Bus:
    def __init__(self):
        self._handlers = collections.defaultdict(list)

    def on(self, name):
        def register(fn):
            self._handlers[name].append(fn)
            return fn

        return register

    def invoke(self, name, **payload):
        return [handler(**payload) for handler in self._handlers[name]]


bus = Bus()
