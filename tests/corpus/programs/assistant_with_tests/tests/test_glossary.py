import os
from types import SimpleNamespace

import pytest
from openai import OpenAI

from glossary import Glossary


class FakeCompletions:
    def __init__(self):
        self.calls = []

    def create(self, **kwargs):
        self.calls.append(kwargs)
        message = SimpleNamespace(content="fake")
        return SimpleNamespace(choices=[SimpleNamespace(message=message)])


class FakeClient:
    def __init__(self):
        self.chat = SimpleNamespace(completions=FakeCompletions())


def test_explain(client):
    assert Glossary(client, "joiner").explain("rabbet") == "A tool."
    client.chat.completions.create.assert_called_once()


def test_table_asks_once_a_term():
    fake = FakeClient()
    Glossary(fake, "joiner").table(["rabbet", "dado", "tenon"])
    assert len(fake.chat.completions.calls) == 3


def test_mock_directly(client):
    for term in ("rabbet", "dado"):
        client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": term}])
    assert client.chat.completions.create.call_count == 2


@pytest.mark.skipif("OPENAI_API_KEY" not in os.environ, reason="needs the network")
def test_live():
    live = OpenAI()
    reply = live.chat.completions.create(
        model="gpt-4o", messages=[{"role": "user", "content": "Reply with the word pong."}], max_tokens=3
    )
    assert "pong" in reply.choices[0].message.content
