"""What programs do with SDK clients, each as one function; run by any interpreter that has the SDKs.

``python sdk_scenarios.py URL LOG`` does everything bare first, then tracked, installed and both, each without
a cache, with a cold and with a warm one, and prints what was seen as JSON lines. No part of pytest or of the
linter is needed, so that it runs in environments with any SDK version.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import itertools
import json
import sys
import urllib.request
from collections.abc import Callable
from typing import Any, ClassVar

import openai

try:
    import anthropic
except ImportError:
    anthropic = None
try:
    from langchain_anthropic import ChatAnthropic
    from langchain_openai import ChatOpenAI
except ImportError:
    ChatOpenAI = ChatAnthropic = None

from pydantic import BaseModel

URL, LOG = sys.argv[1:3]
LOOP = asyncio.new_event_loop()
KEY = "sk-fake-0123456789abcdef"
GPT: dict[str, Any] = {"model": "gpt-4o-mini"}
CLAUDE: dict[str, Any] = {"model": "claude-3-5-haiku-latest", "max_tokens": 50}
SCENARIOS: dict[str, tuple[Callable[[Any], Any], int, bool]] = {}


class City(BaseModel):
    """What structured answers are parsed into."""

    name: str
    people: int


def scenario(records: int = 1, kept: bool = True, when: bool = True) -> Callable[[Any], Any]:
    """Register a scenario: how many records it makes, and whether a warm cache answers it."""

    def register(function: Any) -> Any:
        if when:
            SCENARIOS[function.__name__] = (function, records, kept)
        return function

    return register


def said(text: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": text}]


class Kit:
    """Makes clients, tracked or not, for one scenario; ``name`` keeps their prompts apart."""

    fresh = itertools.count()
    made: ClassVar[dict[str, Any]] = {}  # making an SDK's client takes longer than a request

    def __init__(self, name: str, track: Callable[[Any], Any], mode: str) -> None:
        self.messages = said(f"scenario {name}")
        self.text = f"scenario {name}"
        self._track = track
        self._mode = mode

    def new_messages(self) -> list[dict[str, str]]:
        """A prompt that was never asked before."""
        return said(f"{self.text} {next(self.fresh)}")

    def _make(self, kind: Any, **more: Any) -> Any:
        key = f"{self._mode} {kind} {more}"
        if key not in self.made:
            self.made[key] = self._track(kind(**{"api_key": KEY, "base_url": f"{URL}/v1", **more}))
        return self.made[key]

    def gpt(self, **more: Any) -> Any:
        return self._make(openai.OpenAI, **{"max_retries": 1, **more})

    def gpt_async(self) -> Any:
        return self._make(openai.AsyncOpenAI, max_retries=1)

    def claude(self, **more: Any) -> Any:
        return self._make(anthropic.Anthropic, **{"base_url": URL, "max_retries": 1, **more})

    def claude_async(self) -> Any:
        return self._make(anthropic.AsyncAnthropic, base_url=URL, max_retries=1)

    def chain(self, **more: Any) -> Any:
        return self._make(ChatOpenAI, temperature=0, **GPT, **more)

    def chain_claude(self) -> Any:
        return self._make(ChatAnthropic, **{"base_url": URL, "temperature": 0, **CLAUDE})


def fail(times: int = 1, **failure: Any) -> None:
    body = json.dumps({"failure": failure, "times": times}).encode()
    urllib.request.urlopen(urllib.request.Request(f"{URL}/_control/fail", body)).read()


def billed() -> int:
    return int(json.load(urllib.request.urlopen(f"{URL}/_control/count"))["count"])


def joined(chunks: Any) -> str:
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)


# --------------------------------------------------------------------------- openai


@scenario()
def chat(kit: Kit) -> Any:
    found = kit.gpt().chat.completions.create(messages=kit.messages, **GPT)
    return [type(found).__name__, found.choices[0].message.content, found.usage.total_tokens]


@scenario()
def chat_async(kit: Kit) -> Any:
    async def main() -> Any:
        client = kit.gpt_async()
        found = await client.chat.completions.create(messages=kit.messages, **GPT)
        return found.choices[0].message.content

    return LOOP.run_until_complete(main())


@scenario()
def stream_without_usage(kit: Kit) -> Any:
    return joined(kit.gpt().chat.completions.create(messages=kit.messages, stream=True, **GPT))


@scenario()
def stream_with_usage(kit: Kit) -> Any:
    chunks = list(
        kit.gpt().chat.completions.create(
            messages=kit.messages, stream=True, stream_options={"include_usage": True}, **GPT
        )
    )
    return [joined(chunks), chunks[-1].usage.total_tokens, len(chunks)]


@scenario(kept=False)
def stream_left_early(kit: Kit) -> Any:
    with kit.gpt().chat.completions.create(messages=kit.messages, stream=True, **GPT) as stream:
        return next(iter(stream)).choices[0].delta.role


@scenario(kept=False)
def stream_broken(kit: Kit) -> Any:
    fail(after_events=4)
    try:
        list(kit.gpt().chat.completions.create(messages=kit.new_messages(), stream=True, **GPT))
    except Exception as error:
        return type(error).__name__


@scenario()
def stream_async(kit: Kit) -> Any:
    async def main() -> Any:
        client = kit.gpt_async()
        stream = await client.chat.completions.create(messages=kit.messages, stream=True, **GPT)
        return joined([chunk async for chunk in stream])

    return LOOP.run_until_complete(main())


@scenario(kept=False)
def stream_cancelled(kit: Kit) -> Any:
    async def main() -> Any:
        client = kit.gpt_async()

        async def read() -> None:
            stream = await client.chat.completions.create(messages=kit.messages, stream=True, **GPT)
            async for _ in stream:
                task.cancel()
                await asyncio.sleep(0)

        task = asyncio.ensure_future(read())
        try:
            await task
        except asyncio.CancelledError:
            return "cancelled"

    outcome = LOOP.run_until_complete(main())
    gc.collect()  # old SDKs leave the stream to the collector
    return outcome


@scenario(when=hasattr(openai.OpenAI(api_key=KEY).chat.completions, "stream"))
def stream_helper(kit: Kit) -> Any:
    with kit.gpt().chat.completions.stream(messages=kit.messages, **GPT) as stream:
        kinds = {event.type for event in stream}
        final = stream.get_final_completion()
    return [sorted(kinds), final.choices[0].message.content]


@scenario(when=hasattr(openai.OpenAI(api_key=KEY).chat.completions, "parse"))
def parse(kit: Kit) -> Any:
    found = kit.gpt().chat.completions.parse(messages=kit.messages, response_format=City, **GPT)
    return found.choices[0].message.parsed.model_dump()


@scenario()
def raw_response(kit: Kit) -> Any:
    raw = kit.gpt().chat.completions.with_raw_response.create(messages=kit.messages, **GPT)
    headers = [raw.headers["content-type"], raw.headers["x-request-id"][:4], raw.status_code]
    return [*headers, raw.parse().choices[0].message.content, raw.elapsed.total_seconds() >= 0]


@scenario()
def raw_response_stream(kit: Kit) -> Any:
    raw = kit.gpt().chat.completions.with_raw_response.create(messages=kit.messages, stream=True, **GPT)
    return joined(raw.parse())


@scenario()
def streaming_response(kit: Kit) -> Any:
    with kit.gpt().chat.completions.with_streaming_response.create(messages=kit.messages, **GPT) as response:
        body = json.loads(b"".join(response.iter_bytes()))
    return body["choices"][0]["message"]["content"]


@scenario()
def responses_create(kit: Kit) -> Any:
    found = kit.gpt().responses.create(input=kit.text, **GPT)
    return [found.output_text, found.usage.total_tokens]


@scenario()
def responses_stream(kit: Kit) -> Any:
    events = list(kit.gpt().responses.create(input=kit.text, stream=True, **GPT))
    return [[event.type for event in events], events[-1].response.output_text]


@scenario()
def responses_parse(kit: Kit) -> Any:
    return kit.gpt().responses.parse(input=kit.text, text_format=City, **GPT).output_parsed.model_dump()


@scenario()
def embeddings(kit: Kit) -> Any:
    found = kit.gpt().embeddings.create(model="text-embedding-3-small", input=[kit.text, "b"])
    return [each.embedding for each in found.data]


@scenario()
def embeddings_async(kit: Kit) -> Any:
    async def main() -> Any:
        client = kit.gpt_async()
        found = await client.embeddings.create(model="text-embedding-3-small", input=kit.text)
        return found.data[0].embedding

    return LOOP.run_until_complete(main())


@scenario()
def with_options(kit: Kit) -> Any:
    child = kit.gpt().with_options(timeout=20)
    return child.chat.completions.create(messages=kit.messages, **GPT).choices[0].message.content


@scenario()
def copied(kit: Kit) -> Any:
    child = kit.gpt().copy(max_retries=0)
    return child.chat.completions.create(messages=kit.messages, **GPT).choices[0].message.content


@scenario()
def context_manager(kit: Kit) -> Any:
    with kit.gpt(timeout=100 + next(kit.fresh)) as client:  # a new one: it gets closed
        return client.chat.completions.create(messages=kit.messages, **GPT).choices[0].message.content


@scenario(kept=False)
def bad_request(kit: Kit) -> Any:
    fail(status=400)
    try:
        kit.gpt().chat.completions.create(messages=kit.new_messages(), **GPT)
    except openai.BadRequestError as error:
        return [error.status_code, error.response.json()["error"]["message"]]


@scenario(records=2, kept=False)
def retried(kit: Kit) -> Any:
    fail(status=429, headers={"retry-after-ms": "1"})
    found = kit.gpt().chat.completions.create(messages=kit.new_messages(), **GPT)
    return bool(found.choices[0].message.content)


@scenario(kept=False)
def refused(kit: Kit) -> Any:
    try:
        client = kit.gpt(base_url="http://127.0.0.1:9/v1", max_retries=0)
        client.chat.completions.create(messages=kit.messages, **GPT)
    except openai.APIConnectionError as error:
        return type(error.__cause__).__name__


@scenario()
def raw_post(kit: Kit) -> Any:
    body = {"messages": kit.messages, **GPT}
    return kit.gpt().post("/chat/completions", body=body, cast_to=object)["choices"][0]["message"]["content"]


@scenario(records=0, kept=False)
def other_traffic(kit: Kit) -> Any:
    return kit.gpt().files.create(file=("a.jsonl", b"{}"), purpose="batch").purpose


@scenario(records=0, kept=False)
def identity(kit: Kit) -> Any:
    client = kit.gpt()
    return [isinstance(client, openai.OpenAI), type(client) is openai.OpenAI]


# --------------------------------------------------------------------------- anthropic


@scenario(when=anthropic is not None)
def messages(kit: Kit) -> Any:
    found = kit.claude().messages.create(messages=kit.messages, **CLAUDE)
    return [type(found).__name__, found.content[0].text, found.usage.output_tokens]


@scenario(when=anthropic is not None)
def messages_async(kit: Kit) -> Any:
    async def main() -> Any:
        client = kit.claude_async()
        return (await client.messages.create(messages=kit.messages, **CLAUDE)).content[0].text

    return LOOP.run_until_complete(main())


@scenario(when=anthropic is not None)
def messages_stream(kit: Kit) -> Any:
    events = kit.claude().messages.create(messages=kit.messages, stream=True, **CLAUDE)
    return [event.type for event in events]


@scenario(when=anthropic is not None)
def messages_helper(kit: Kit) -> Any:
    with kit.claude().messages.stream(messages=kit.messages, **CLAUDE) as stream:
        text = "".join(stream.text_stream)
        return [text, stream.get_final_message().usage.output_tokens]


@scenario(when=anthropic is not None)
def messages_raw(kit: Kit) -> Any:
    raw = kit.claude().messages.with_raw_response.create(messages=kit.messages, **CLAUDE)
    return [raw.headers["request-id"][:4], raw.parse().content[0].text]


@scenario(when=anthropic is not None)
def messages_with_options(kit: Kit) -> Any:
    return (
        kit.claude().with_options(timeout=9).messages.create(messages=kit.messages, **CLAUDE).content[0].text
    )


@scenario(kept=False, when=anthropic is not None)
def messages_overloaded(kit: Kit) -> Any:
    fail(status=500)
    try:
        kit.claude(max_retries=0).messages.create(messages=kit.new_messages(), **CLAUDE)
    except anthropic.InternalServerError as error:
        return error.status_code


@scenario(records=0, kept=False, when=anthropic is not None)
def token_count(kit: Kit) -> Any:
    return kit.claude().messages.count_tokens(model=CLAUDE["model"], messages=kit.messages).input_tokens


# --------------------------------------------------------------------------- langchain


@scenario(when=ChatOpenAI is not None)
def chain_invoke(kit: Kit) -> Any:
    found = kit.chain().invoke(kit.text)
    return [found.content, found.usage_metadata["total_tokens"]]


@scenario(when=ChatOpenAI is not None)
def chain_stream(kit: Kit) -> Any:
    return "".join(chunk.content for chunk in kit.chain().stream(kit.text))


@scenario(when=ChatOpenAI is not None)
def chain_ainvoke(kit: Kit) -> Any:
    async def main() -> Any:
        return (await kit.chain().ainvoke(kit.text)).content

    return LOOP.run_until_complete(main())


@scenario(when=ChatOpenAI is not None)
def chain_structured(kit: Kit) -> Any:
    return kit.chain().with_structured_output(City).invoke(kit.text).model_dump()


@scenario(when=ChatAnthropic is not None)
def chain_claude(kit: Kit) -> Any:
    return kit.chain_claude().invoke(kit.text).content


# --------------------------------------------------------------------------- the run


def run(name: str, track: Callable[[Any], Any], mode: str) -> Any:
    function = SCENARIOS[name][0]
    try:
        return function(Kit(name, track, mode))
    except Exception as error:
        return f"raised {type(error).__name__}: {error}"


def watch(
    name: str, mode: str, phase: str, track: Callable[[Any], Any], records: list[dict[str, Any]]
) -> dict[str, Any]:
    """One scenario with the runtime on, and all that it left behind."""
    from llm_lint.runtime import cached

    off = phase == "off"
    scope = contextlib.nullcontext() if off else cached(600, sampling=True, version=mode)
    before = billed()
    records.clear()
    with scope:
        result = run(name, track, mode)
    return {
        "mode": mode,
        "phase": phase,
        "result": result,
        "records": [*records],
        "billed": billed() - before,
    }


def main() -> None:
    bare = {name: run(name, lambda client: client, "bare") for name in SCENARIOS}
    from llm_lint import runtime

    records: list[dict[str, Any]] = []
    runtime.configure(log=LOG, on_record=records.append)
    for mode in ("track", "install", "both"):
        if mode == "install":
            runtime.install()
        track = (lambda client: client) if mode == "install" else runtime.track
        for phase in ("off", "cold", "warm"):
            for name, (_, expected, kept) in SCENARIOS.items():
                found = watch(name, mode, phase, track, records)
                line = {"name": name, "bare": bare[name], "expected": expected, "kept": kept, **found}
                print(json.dumps(line))


main()
