"""Cron: adds opening hours and a short text to every place that changed."""
import hashlib
import json
import os
from pathlib import Path

import httpx

from .conf import CONF
from .store import FileStore, Store


class Enricher:
    def __init__(self, store: Store, conf=CONF):
        self.store = store
        self.conf = conf
        self.http = httpx.Client(headers={"Authorization": f"Bearer {os.environ['PPLX_API_KEY']}"})

    def hours(self, place):
        key = hashlib.sha256(place["address"].encode()).hexdigest()
        known = self.store.get(key)
        if known is not None:
            return known
        response = self.http.post(
            self.conf.endpoint,
            json={
                "model": self.conf.model,
                "messages": [{"role": "user", "content": f"Opening hours of {place['name']}, {place['address']}?"}],
            },
            timeout=self.conf.timeout,
        )
        text = response.json()["choices"][0]["message"]["content"]
        self.store.put(key, text)
        return text

    def publish(self, place):
        self.http.post("https://places.example.org/api/update", json=place)


def main():
    enricher = Enricher(FileStore(Path("/var/cache/listings")))
    for place in json.loads(Path("changed.json").read_text()):
        enricher.publish({**place, "hours": enricher.hours(place)})


if __name__ == "__main__":
    main()
