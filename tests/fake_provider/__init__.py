"""A provider on this machine: real HTTP, real SDKs, deterministic answers, a ledger to the cent.

It speaks the shapes of OpenAI (chat, responses, embeddings, files and batches) and Anthropic (messages,
token counts, message batches), streams, fails on demand, caches prompt prefixes, and bills like they do::

    with FakeProvider() as provider:
        client = OpenAI(**provider.openai())          # or: environment=provider.environment()
        client.chat.completions.create(model="gpt-4o-mini", messages=[…])
        provider.ledger.total                         # Decimal, USD
        provider.fail(Failure(status=429), times=2)   # the next two requests
        provider.clock.advance(600)                   # prefixes are forgotten, batches are done

Programs in other processes reach the same switches over HTTP: ``POST /_control/fail`` with
``{"failure": {"status": 429}, "times": 1}``, and ``GET /_control/ledger`` , ``/_control/count``,
``/_control/advance?SECONDS``.

``python -m tests.fake_provider`` runs one by itself and prints what to export.
"""

from tests.fake_provider.answers import Answer, Answers, compose
from tests.fake_provider.clock import Clock
from tests.fake_provider.failures import Failure
from tests.fake_provider.ledger import Entry, Ledger
from tests.fake_provider.server import FakeProvider
from tests.fake_provider.tokens import o200k, words

__all__ = [
    "Answer",
    "Answers",
    "Clock",
    "Entry",
    "Failure",
    "FakeProvider",
    "Ledger",
    "compose",
    "o200k",
    "words",
]
