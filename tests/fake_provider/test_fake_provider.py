"""The fake provider answers the real SDKs, and its ledger is right."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import anthropic
import openai
import pytest
from pydantic import BaseModel

from llm_lint.pricing.prices import PriceTable
from tests.fake_provider import Failure, FakeProvider, compose, o200k, words

MINI = "gpt-4o-mini"
CLAUDE = "claude-3-5-haiku-latest"


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    with FakeProvider(tokenize=words) as running:
        yield running


@pytest.fixture
def gpt(provider: FakeProvider) -> openai.OpenAI:
    return openai.OpenAI(**provider.openai(max_retries=1))


@pytest.fixture
def claude(provider: FakeProvider) -> anthropic.Anthropic:
    return anthropic.Anthropic(**provider.anthropic(max_retries=0))


def ask(client: openai.OpenAI, text: str, **more: Any) -> Any:
    return client.chat.completions.create(model=MINI, messages=[{"role": "user", "content": text}], **more)


def tell(client: anthropic.Anthropic, text: str, **more: Any) -> Any:
    messages = [{"role": "user", "content": text}]
    return client.messages.create(model=CLAUDE, max_tokens=64, messages=messages, **more)


def test_composed_text_has_exactly_the_wanted_tokens() -> None:
    assert [len(o200k(compose(7, size))) for size in (0, 1, 2, 50)] == [0, 1, 2, 50]


def test_answers_depend_on_the_request_only(gpt: openai.OpenAI) -> None:
    first, again, other = ask(gpt, "one"), ask(gpt, "one"), ask(gpt, "two")
    text = first.choices[0].message.content
    assert text == again.choices[0].message.content != other.choices[0].message.content
    assert first.usage.completion_tokens == 12


def test_answers_differ_when_sampled_unless_the_temperature_is_zero() -> None:
    with FakeProvider(tokenize=words, sampled=True) as provider:
        gpt = openai.OpenAI(**provider.openai())
        assert ask(gpt, "one").choices[0].message.content != ask(gpt, "one").choices[0].message.content
        cold = [ask(gpt, "one", temperature=0).choices[0].message.content for _ in "ab"]
        assert cold[0] == cold[1]


def test_the_prompt_asks_for_a_length_and_the_cap_cuts_it(gpt: openai.OpenAI) -> None:
    assert ask(gpt, "[[tokens=40]]").usage.completion_tokens == 40
    cut = ask(gpt, "[[tokens=40]]", max_tokens=5)
    assert (cut.usage.completion_tokens, cut.choices[0].finish_reason) == (5, "length")


def test_streams_carry_the_same_text_and_usage_only_on_request(gpt: openai.OpenAI) -> None:
    whole = ask(gpt, "stream me")
    plain = list(ask(gpt, "stream me", stream=True))
    counted = list(ask(gpt, "stream me", stream=True, stream_options={"include_usage": True}))
    assert "".join(c.choices[0].delta.content or "" for c in plain) == whole.choices[0].message.content
    assert all(chunk.usage is None for chunk in plain)
    assert counted[-1].usage.prompt_tokens == whole.usage.prompt_tokens
    assert counted[-1].choices == []


def test_responses_and_their_streams(gpt: openai.OpenAI) -> None:
    whole = gpt.responses.create(model=MINI, input="hello")
    events = list(gpt.responses.create(model=MINI, input="hello", stream=True))
    assert whole.output_text
    assert events[-1].type == "response.completed"
    assert events[-1].response.output_text == whole.output_text


def test_structured_answers_fit_their_schema(gpt: openai.OpenAI) -> None:
    class City(BaseModel):
        name: str
        people: int

    parsed = gpt.chat.completions.parse(
        model=MINI, messages=[{"role": "user", "content": "a city"}], response_format=City
    )
    assert isinstance(parsed.choices[0].message.parsed, City)
    assert isinstance(gpt.responses.parse(model=MINI, input="a city", text_format=City).output_parsed, City)


def test_embeddings_depend_on_their_text_alone(gpt: openai.OpenAI) -> None:
    def embed(*texts: str) -> list[list[float]]:
        found = gpt.embeddings.create(model="text-embedding-3-small", input=list(texts))
        return [each.embedding for each in found.data]

    assert embed("a", "b") == embed("a") + embed("b")


def test_the_ledger_adds_up_by_the_price_list(provider: FakeProvider, gpt: openai.OpenAI) -> None:
    usage = ask(gpt, "how much?").usage
    price = PriceTable.load().find(MINI, "openai")
    assert price is not None
    assert provider.ledger.total == price.cost(usage.prompt_tokens, usage.completion_tokens) > 0


def test_long_prefixes_are_cached_per_key_until_time_passes(
    provider: FakeProvider, gpt: openai.OpenAI
) -> None:
    def cached(client: openai.OpenAI, ending: str) -> int:
        found: int = ask(client, "word " * 1500 + ending).usage.prompt_tokens_details.cached_tokens
        return found

    other = openai.OpenAI(**provider.openai("sk-fake-other"))
    assert cached(gpt, "first") == 0
    assert cached(gpt, "second") == 1408
    assert cached(other, "first") == 0
    provider.clock.advance(601)
    assert cached(gpt, "third") == 0


def test_marked_prefixes_are_written_then_read(provider: FakeProvider, claude: anthropic.Anthropic) -> None:
    system = [{"type": "text", "text": "word " * 1500, "cache_control": {"type": "ephemeral"}}]
    first = tell(claude, "one", system=system).usage
    second = tell(claude, "two", system=system).usage
    assert first.cache_creation_input_tokens == second.cache_read_input_tokens > 1500
    assert first.cache_read_input_tokens == second.cache_creation_input_tokens == 0
    written, read = provider.ledger
    assert written.usd is not None
    assert read.usd is not None
    assert written.usd / read.usd > 8


def test_messages_streams_tools_and_counts(claude: anthropic.Anthropic) -> None:
    whole = tell(claude, "hello")
    with claude.messages.stream(
        model=CLAUDE, max_tokens=64, messages=[{"role": "user", "content": "hello"}]
    ) as stream:
        final = stream.get_final_message()
    assert final.content[0].text == whole.content[0].text
    assert final.usage.output_tokens == whole.usage.output_tokens
    tool = {"name": "look", "input_schema": {"type": "object", "properties": {"at": {"type": "string"}}}}
    called = tell(claude, "hello", tools=[tool], tool_choice={"type": "tool", "name": "look"})
    assert called.stop_reason == "tool_use"
    assert set(called.content[0].input) == {"at"}
    counted = claude.messages.count_tokens(model=CLAUDE, messages=[{"role": "user", "content": "hello"}])
    assert counted.input_tokens == whole.usage.input_tokens


def test_failures_come_in_order_and_are_not_billed(provider: FakeProvider, gpt: openai.OpenAI) -> None:
    provider.fail(Failure(status=429, headers={"retry-after-ms": "1"}))
    assert ask(gpt, "again").choices
    provider.fail(Failure(status=400), when=lambda body: "bad" in str(body))
    with pytest.raises(openai.BadRequestError):
        ask(gpt, "bad")
    provider.fail(Failure(drop=True), times=2)
    with pytest.raises(openai.APIConnectionError):
        ask(gpt, "gone")
    assert len(provider.ledger) == 1


def test_a_stream_breaks_off(provider: FakeProvider, gpt: openai.OpenAI) -> None:
    provider.fail(Failure(after_events=3))
    with pytest.raises(Exception, match=r"(?i)peer closed|incomplete|connection"):
        list(ask(gpt, "hello", stream=True))
    assert len(provider.ledger) == 1


def test_openai_batches_wait_for_the_clock_and_cost_half() -> None:
    with FakeProvider(tokenize=words, batch_seconds=60) as provider:
        gpt = openai.OpenAI(**provider.openai())
        body = {"model": MINI, "messages": [{"role": "user", "content": "hello"}]}
        line = {"custom_id": "a", "method": "POST", "url": "/v1/chat/completions", "body": body}
        file = gpt.files.create(file=("in.jsonl", json.dumps(line).encode()), purpose="batch")
        batch = gpt.batches.create(
            input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h"
        )
        assert gpt.batches.retrieve(batch.id).status == "in_progress"
        provider.clock.advance(60)
        done = gpt.batches.retrieve(batch.id)
        assert done.status == "completed"
        assert done.output_file_id is not None
        result = json.loads(gpt.files.content(done.output_file_id).text)
        assert [each.id for each in gpt.batches.list()] == [batch.id]
        online = ask(gpt, "hello")
        assert result["response"]["body"]["choices"][0]["message"]["content"] == (
            online.choices[0].message.content
        )
        batched, single = provider.ledger
        assert batched.usd is not None
        assert single.usd == batched.usd * 2


def test_anthropic_batches(provider: FakeProvider, claude: anthropic.Anthropic) -> None:
    params: Any = {"model": CLAUDE, "max_tokens": 64, "messages": [{"role": "user", "content": "hello"}]}
    batch = claude.messages.batches.create(requests=[{"custom_id": "a", "params": params}])
    assert claude.messages.batches.retrieve(batch.id).processing_status == "ended"
    (result,) = claude.messages.batches.results(batch.id)
    assert (result.custom_id, result.result.type) == ("a", "succeeded")
    assert [entry.batch for entry in provider.ledger] == [True]
    assert provider.ledger.total > Decimal(0)
