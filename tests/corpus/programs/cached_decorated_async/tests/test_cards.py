import asyncio
from unittest import mock

from cards import llm


def answer(text):
    reply = mock.Mock()
    reply.choices = [mock.Mock(message=mock.Mock(content=text))]
    return reply


def test_classify():
    fake = mock.Mock()
    fake.chat.completions.create = mock.AsyncMock(return_value=answer('{"pos": "noun", "level": "A1"}'))
    with mock.patch.object(llm, "client", fake):
        assert asyncio.run(llm.classify("house")) == {"pos": "noun", "level": "A1"}


def test_fake_answers_by_hand():
    fake = mock.Mock()
    fake.chat.completions.create.return_value = answer("a place to live")
    reply = fake.chat.completions.create(model="gpt-4o", messages=[])
    assert reply.choices[0].message.content == "a place to live"
