"""``cached``: which requests share an answer, and which never do."""

from __future__ import annotations

import asyncio
import functools
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import openai
import pytest

from llm_lint.runtime import cached, clear, configure, track
from tests.fake_provider import Failure, FakeProvider
from tests.runtime.conftest import Ask, Record


def text(found: Any) -> str:
    said: str = found.choices[0].message.content
    return said


def test_equal_requests_share_an_answer_inside_the_scope_only(
    ask: Ask, provider: FakeProvider, store: Any
) -> None:
    with cached(60, store=store):
        first, second = ask(), ask()
        third = ask("another")
    assert text(first) == text(second) != text(third)
    assert first is not second
    ask()
    assert len(provider.ledger) == 3


def test_hits_cost_nothing_and_tell_what_they_saved(ask: Ask, records: list[Record], store: Any) -> None:
    with cached(60, store=store):
        ask()
        ask()
    miss, hit = records
    assert (miss["cache_hit"], hit["cache_hit"]) == (False, True)
    assert hit["cost_usd"] == 0 < miss["cost_usd"]
    assert (hit["tokens_input"], hit["tokens_output"]) == (miss["tokens_input"], miss["tokens_output"])
    assert hit["request_hash"] == miss["request_hash"]


def test_answers_are_forgotten_after_their_time(ask: Ask, provider: FakeProvider, store: Any) -> None:
    with cached(0.15, store=store):
        ask()
        time.sleep(0.3)
        ask()
    assert len(provider.ledger) == 2


def test_versions_and_accounts_do_not_share(
    ask: Ask, provider: FakeProvider, store: Any, records: list[Record]
) -> None:
    other = track(openai.OpenAI(**provider.openai("sk-fake-of-somebody-else")))
    for version in ("", "2"):
        with cached(60, store=store, version=version):
            ask()
    with cached(60, store=store):
        ask(client=other)
    assert len(provider.ledger) == 3


@pytest.mark.parametrize(
    "change",
    [{"max_tokens": 9}, {"seed": 1}, {"top_p": 0.5}, {"stop": ["x"]}, {"extra_body": {"unheard_of": 1}}],
)
def test_every_parameter_counts_known_or_not(
    ask: Ask, provider: FakeProvider, change: dict[str, Any]
) -> None:
    with cached(60):
        ask()
        ask(**change)
    assert len(provider.ledger) == 2


@pytest.mark.parametrize("change", [{"user": "u2"}, {"metadata": {"a": "b"}}, {"prompt_cache_key": "k"}])
def test_what_providers_ignore_does_not_count(
    ask: Ask, provider: FakeProvider, change: dict[str, Any]
) -> None:
    with cached(60):
        ask()
        ask(**change)
    assert len(provider.ledger) == 1


@pytest.mark.parametrize(
    "more",
    [
        {"temperature": openai.NOT_GIVEN},
        {"temperature": 0.2},
        {"store": True},
        {"extra_body": {"previous_response_id": "r"}},
        {"tools": [{"type": "web_search"}]},
        {"web_search_options": {}, "extra_body": {"web_search_options": {"user_location": None}}},
    ],
)
def test_sampled_and_stateful_requests_are_never_shared(
    ask: Ask, provider: FakeProvider, more: dict[str, Any]
) -> None:
    with cached(60):
        ask(**more)
        ask(**more)
    assert len(provider.ledger) == 2


def test_sampling_shares_any_temperature_on_request(ask: Ask, provider: FakeProvider) -> None:
    with cached(60, sampling=True):
        assert text(ask(temperature=1)) == text(ask(temperature=1))
    assert len(provider.ledger) == 1


@pytest.mark.parametrize("prompt", ["[[refusal]]", "[[content_filter]]", "[[tokens=50]]"])
@pytest.mark.parametrize("stream", [False, True])
def test_refusals_and_cut_answers_are_never_kept(
    ask: Ask, provider: FakeProvider, prompt: str, stream: bool
) -> None:
    with cached(60):
        for _ in range(2):
            found = ask(prompt, max_tokens=20, stream=stream)
            if stream:
                list(found)
    assert len(provider.ledger) == 2


@pytest.mark.parametrize("prompt", ["[[refusal]]", "[[tokens=50]]"])
def test_refused_and_incomplete_responses_are_never_kept(
    gpt: openai.OpenAI, provider: FakeProvider, prompt: str
) -> None:
    with cached(60):
        for stream in (False, False, True, True):
            found: Any = gpt.responses.create(
                model="gpt-4o-mini", input=prompt, temperature=0, max_output_tokens=20, stream=stream
            )
            if stream:
                list(found)
    assert len(provider.ledger) == 4


def test_errors_are_never_kept(ask: Ask, provider: FakeProvider, records: list[Record], store: Any) -> None:
    provider.fail(Failure(status=429))
    with cached(60, store=store):
        with pytest.raises(openai.RateLimitError):
            ask()
        ask()
    assert [record["status"] for record in records] == [429, 200]
    assert records[0]["cost_usd"] == 0


def test_streams_are_replayed_when_they_were_read_to_the_end(
    ask: Ask, provider: FakeProvider, store: Any
) -> None:
    def chunks() -> list[Any]:
        return [chunk.model_dump() for chunk in ask(stream=True)]

    with cached(60, store=store):
        with ask("left", stream=True) as stream:
            next(iter(stream))
        first, second = chunks(), chunks()
    assert first == second
    assert len(provider.ledger) == 2
    with cached(60, store=store):
        provider.fail(Failure(after_events=3))
        with pytest.raises(Exception, match=r"(?i)peer closed|incomplete|connection"):
            list(ask("broken", stream=True))
        list(ask("broken", stream=True))
    assert len(provider.ledger) == 4


def test_a_stream_kept_by_a_thread_is_replayed_to_a_task(
    ask: Ask, provider: FakeProvider, store: Any
) -> None:
    with cached(60, store=store):
        first = [chunk.choices[0].delta.content for chunk in ask(stream=True)]

    async def again() -> list[Any]:
        async with track(openai.AsyncOpenAI(**provider.openai())) as client:
            stream = await ask(client=client, stream=True)
            return [chunk.choices[0].delta.content async for chunk in stream]

    with cached(60, store=store):
        assert asyncio.run(again()) == first
    assert len(provider.ledger) == 1


# --------------------------------------------------------------------------- single flight


def in_threads(count: int, work: Callable[[], Any]) -> list[Any]:
    barrier = threading.Barrier(count)

    def together() -> Any:
        barrier.wait()
        try:
            return work()
        except Exception as error:
            return error

    with ThreadPoolExecutor(count) as pool:
        return [future.result() for future in [pool.submit(together) for _ in range(count)]]


def test_of_32_threads_one_asks(ask: Ask, provider: FakeProvider, store: Any) -> None:
    @cached(60, store=store)
    def work() -> str:
        return text(ask())

    provider.fail(Failure(delay=0.2))
    assert len(set(in_threads(32, work))) == 1
    assert len(provider.ledger) == 1


def test_of_32_tasks_one_asks(ask: Ask, provider: FakeProvider, store: Any) -> None:
    async def main() -> set[str]:
        async with track(openai.AsyncOpenAI(**provider.openai())) as client:

            @cached(60, store=store)
            async def work() -> str:
                return text(await ask(client=client))

            return set(await asyncio.gather(*(work() for _ in range(32))))

    provider.fail(Failure(delay=0.2))
    assert len(asyncio.run(main())) == 1
    assert len(provider.ledger) == 1


def test_a_cancelled_leader_hands_over(ask: Ask, provider: FakeProvider, store: Any) -> None:
    async def main() -> Any:
        async with track(openai.AsyncOpenAI(**provider.openai())) as client:
            with cached(60, store=store):
                leader = asyncio.create_task(ask(client=client))
                await asyncio.sleep(0.1)
                followers = [asyncio.create_task(ask(client=client)) for _ in range(8)]
                await asyncio.sleep(0.1)
                leader.cancel()
                return await asyncio.gather(leader, *followers, return_exceptions=True)

    provider.fail(Failure(delay=0.5))
    leader, *followers = asyncio.run(main())
    assert isinstance(leader, asyncio.CancelledError)
    assert len({text(found) for found in followers}) == 1


def test_a_failing_leader_lets_the_others_ask(ask: Ask, provider: FakeProvider, store: Any) -> None:
    @cached(60, store=store)
    def work() -> str:
        return text(ask())

    provider.fail(Failure(status=500, delay=0.3))
    found = in_threads(6, work)
    assert sum(isinstance(each, openai.InternalServerError) for each in found) == 1
    assert sum(isinstance(each, str) for each in found) == 5


def test_a_sync_request_on_the_loop_does_not_wait_for_a_task_of_that_loop(
    ask: Ask, provider: FakeProvider
) -> None:
    async def main() -> Any:
        async with track(openai.AsyncOpenAI(**provider.openai())) as client:
            with cached(60):
                task = asyncio.create_task(ask(client=client))
                await asyncio.sleep(0.05)
                ask()  # blocks the loop; the task's answer cannot come while it waits
                return await task

    provider.fail(Failure(delay=0.3))
    assert asyncio.run(asyncio.wait_for(main(), 20)).choices


# --------------------------------------------------------------------------- the decorator


def test_functions_methods_and_their_kinds_are_decorated(ask: Ask, provider: FakeProvider) -> None:
    class Bot:
        tone = "kind"

        @cached(ttl=60)
        def method(self) -> str:
            """Say it."""
            return text(ask(f"{self.tone} method"))

        @cached(ttl=60)
        @classmethod
        def of_class(cls) -> str:
            return text(ask("class"))

        @cached(ttl=60)
        @staticmethod
        def static() -> str:
            return text(ask("static"))

        @property
        @cached(ttl=60)
        def prop(self) -> str:
            return text(ask("property"))

    bot = Bot()
    assert bot.method() == bot.method()
    assert (Bot.method.__name__, Bot.method.__doc__) == ("method", "Say it.")
    assert bot.of_class() == Bot.of_class()
    assert bot.static() == Bot.static()
    assert bot.prop == bot.prop
    assert len(provider.ledger) == 4
    bot.tone = "stern"  # state that the prompt shows is another request
    bot.method()
    assert len(provider.ledger) == 5


def test_without_arguments_and_around_partials(ask: Ask, provider: FakeProvider) -> None:
    @cached
    def bare() -> str:
        return text(ask())

    assert bare() == cached(60)(functools.partial(ask))().choices[0].message.content
    assert len(provider.ledger) == 1


def test_a_plain_function_that_returns_a_coroutine_is_awaited_inside(
    ask: Ask, provider: FakeProvider
) -> None:
    async def main() -> set[str]:
        async with track(openai.AsyncOpenAI(**provider.openai())) as client:
            work = cached(60)(lambda: ask(client=client))
            return {text(await work()) for _ in range(3)}

    assert len(asyncio.run(main())) == 1


def test_generators_are_refused() -> None:
    def plain() -> Iterator[int]:
        yield 1

    async def asynchronous() -> AsyncIterator[int]:
        yield 1

    for function in (plain, asynchronous):
        with pytest.raises(TypeError, match="generator"):
            cached(60)(function)


@pytest.mark.parametrize("ttl", [0, -1, True])
def test_a_ttl_is_positive(ttl: Any) -> None:
    with pytest.raises(ValueError, match="ttl"):
        cached(ttl)


def test_scopes_nest_and_end_with_an_exception(ask: Ask, provider: FakeProvider) -> None:
    def work() -> None:
        with cached(60, version="outer"):
            with cached(60, version="inner"):
                ask()
            ask()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()
    ask()
    assert len(provider.ledger) == 3


def test_threads_started_inside_are_outside(ask: Ask, provider: FakeProvider) -> None:
    with cached(60):
        in_threads(3, ask)
    assert len(provider.ledger) == 3


def test_untracked_clients_are_cached_but_not_recorded(
    ask: Ask, provider: FakeProvider, records: list[Record]
) -> None:
    plain = openai.OpenAI(**provider.openai())
    with cached(60):
        ask(client=plain)
        ask(client=plain)
    assert (len(provider.ledger), records) == (1, [])


def test_a_client_may_be_cached_as_a_whole(ask: Ask, provider: FakeProvider, records: list[Record]) -> None:
    client = track(openai.OpenAI(**provider.openai()), cache=60)
    ask(client=client)
    ask(client=client)
    ask()
    assert len(provider.ledger) == 2


def test_clear_forgets_a_model_or_all(ask: Ask, provider: FakeProvider, store: Any) -> None:
    configure(cache=store)
    with cached(60):
        ask()
        assert clear("gpt-4o") == 0
        assert clear("gpt-4o-mini") == 1
        ask()
        assert clear() == 1
        ask()
    assert len(provider.ledger) == 3
