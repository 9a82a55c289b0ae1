"""The shapes of OpenAI's API: chat completions, responses, embeddings."""

from __future__ import annotations

import base64
import random
import struct
from collections.abc import Mapping, Sequence
from typing import Any

from tests.fake_provider.answers import Answer, seed_of
from tests.fake_provider.desk import Desk, Turn
from tests.fake_provider.ledger import Entry
from tests.fake_provider.tokens import tokens_of

DIMENSIONS = 8


def chat(desk: Desk, account: str, body: Mapping[str, Any]) -> Turn:
    """``POST /v1/chat/completions``."""
    answers = [desk.answer(body, place) for place in range(body.get("n") or 1)]
    entry = _entry(desk, account, body, "chat.completions", sum(desk.count(each.text) for each in answers))
    usage = {
        "prompt_tokens": entry.input,
        "completion_tokens": entry.output,
        "total_tokens": entry.input + entry.output,
        "prompt_tokens_details": {"cached_tokens": entry.cached, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
    }
    frame = {
        "id": f"chatcmpl-{desk.number():08d}",
        "created": int(desk.clock.now()),
        "model": body["model"],
        "system_fingerprint": "fp_fake",
    }
    choices = [
        {"index": place, "message": _message(each), "logprobs": None, "finish_reason": _finish(each)}
        for place, each in enumerate(answers)
    ]
    whole = {**frame, "object": "chat.completion", "choices": choices, "usage": usage}
    return Turn(entry, whole, _chat_events(frame, answers, usage, body))


def _chat_events(
    frame: Mapping[str, Any], answers: Sequence[Answer], usage: Mapping[str, Any], body: Mapping[str, Any]
) -> list[tuple[str | None, Any]]:
    with_usage = bool((body.get("stream_options") or {}).get("include_usage"))
    chunk: dict[str, Any] = {**frame, "object": "chat.completion.chunk"}
    events: list[tuple[str | None, Any]] = []

    def send(choices: list[dict[str, Any]], **more: Any) -> None:
        events.append(
            (None, {**chunk, "choices": choices, **({"usage": None} if with_usage else {}), **more})
        )

    for place, each in enumerate(answers):
        send([_piece(place, {"role": "assistant", "content": "" if each.tool is None else None})])
        for delta in _deltas(each):
            send([_piece(place, delta)])
        send([_piece(place, {}, _finish(each))])
    if with_usage:
        send([], usage=usage)
    return [*events, (None, "[DONE]")]


def _piece(index: int, delta: Mapping[str, Any], finish: str | None = None) -> dict[str, Any]:
    return {"index": index, "delta": delta, "logprobs": None, "finish_reason": finish}


def _deltas(answer: Answer) -> list[dict[str, Any]]:
    pieces = _pieces(answer.text)
    if answer.tool is None:
        return [{"refusal" if answer.stop == "refusal" else "content": piece} for piece in pieces]
    head = {
        "index": 0,
        "id": "call_1",
        "type": "function",
        "function": {"name": answer.tool, "arguments": ""},
    }
    return [
        {"tool_calls": [head]},
        *({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]} for piece in pieces),
    ]


def _pieces(text: str) -> list[str]:
    first, *rest = text.split(" ")
    return [first, *(f" {word}" for word in rest)]


def _message(answer: Answer) -> dict[str, Any]:
    if answer.tool is None:
        refused = answer.stop == "refusal"
        return {
            "role": "assistant",
            "content": None if refused else answer.text,
            "refusal": answer.text if refused else None,
            "annotations": [],
        }
    call = {"id": "call_1", "type": "function", "function": {"name": answer.tool, "arguments": answer.text}}
    return {"role": "assistant", "content": None, "refusal": None, "tool_calls": [call]}


def _finish(answer: Answer) -> str:
    if answer.tool is not None:
        return "tool_calls"
    return "stop" if answer.stop == "refusal" else answer.stop


def responses(desk: Desk, account: str, body: Mapping[str, Any]) -> Turn:
    """``POST /v1/responses``."""
    said = desk.answer(body)
    entry = _entry(desk, account, body, "responses", desk.count(said.text))
    number = desk.number()
    usage = {
        "input_tokens": entry.input,
        "input_tokens_details": {"cached_tokens": entry.cached},
        "output_tokens": entry.output,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": entry.input + entry.output,
    }
    item = _item(said, number)
    cut = said.stop in ("length", "content_filter")
    reasons = {"length": "max_output_tokens", "content_filter": "content_filter"}
    whole = {
        "id": f"resp_{number:08d}",
        "object": "response",
        "created_at": int(desk.clock.now()),
        "status": "incomplete" if cut else "completed",
        "error": None,
        "incomplete_details": {"reason": reasons[said.stop]} if cut else None,
        "instructions": body.get("instructions"),
        "max_output_tokens": body.get("max_output_tokens"),
        "model": body["model"],
        "output": [item],
        "parallel_tool_calls": True,
        "previous_response_id": body.get("previous_response_id"),
        "store": body.get("store", True),
        "temperature": body.get("temperature", 1.0),
        "text": body.get("text") or {"format": {"type": "text"}},
        "tool_choice": body.get("tool_choice") or "auto",
        "tools": body.get("tools") or [],
        "top_p": 1.0,
        "truncation": "disabled",
        "usage": usage,
        "metadata": body.get("metadata") or {},
    }
    return Turn(entry, whole, _response_events(whole, item, said))


def _item(said: Answer, number: int) -> dict[str, Any]:
    if said.tool is not None:
        call = {"name": said.tool, "arguments": said.text, "call_id": "call_1", "status": "completed"}
        return {"id": f"fc_{number:08d}", "type": "function_call", **call}
    if said.stop == "refusal":
        part: dict[str, Any] = {"type": "refusal", "refusal": said.text}
    else:
        part = {"type": "output_text", "text": said.text, "annotations": [], "logprobs": []}
    head = {"id": f"msg_{number:08d}", "type": "message", "role": "assistant", "status": "completed"}
    return {**head, "content": [part]}


def _response_events(
    whole: Mapping[str, Any], item: Mapping[str, Any], said: Answer
) -> list[tuple[str | None, Any]]:
    started = {**whole, "status": "in_progress", "output": [], "usage": None, "incomplete_details": None}
    at = {"item_id": item["id"], "output_index": 0}
    inner: list[dict[str, Any]]
    if said.tool is not None:
        name, done = "response.function_call_arguments", {"arguments": said.text, "name": said.tool}
        empty: dict[str, Any] = {**item, "arguments": "", "status": "in_progress"}
        inner = [{"type": f"{name}.delta", **at, "delta": piece} for piece in _pieces(said.text)]
        inner.append({"type": f"{name}.done", **at, **done})
    else:
        empty = {**item, "content": [], "status": "in_progress"}
        part = item["content"][0]
        key = "refusal" if part["type"] == "refusal" else "text"
        name = "response.refusal" if key == "refusal" else "response.output_text"
        where = {**at, "content_index": 0}
        logprobs: dict[str, Any] = {"logprobs": []} if key == "text" else {}
        inner = [{"type": "response.content_part.added", **where, "part": {**part, key: ""}}]
        for piece in _pieces(said.text):
            inner.append({"type": f"{name}.delta", **where, "delta": piece, **logprobs})
        inner.append({"type": f"{name}.done", **where, key: said.text, **logprobs})
        inner.append({"type": "response.content_part.done", **where, "part": part})
    last = "response.completed" if whole["status"] == "completed" else "response.incomplete"
    data: list[dict[str, Any]] = [
        {"type": "response.created", "response": started},
        {"type": "response.in_progress", "response": started},
        {"type": "response.output_item.added", "output_index": 0, "item": empty},
        *inner,
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": last, "response": whole},
    ]
    return [(each["type"], {**each, "sequence_number": place}) for place, each in enumerate(data)]


def embeddings(desk: Desk, account: str, body: Mapping[str, Any]) -> Turn:
    """``POST /v1/embeddings``: a vector depends on its text, not on its neighbours."""
    given = body["input"]
    texts = [given] if isinstance(given, str) or (given and isinstance(given[0], int)) else given
    sizes = [len(text) if isinstance(text, list) else desk.count(text) for text in texts]
    entry = desk.bill(Entry("embeddings", "openai", body["model"], sum(sizes), account=account))
    size = body.get("dimensions") or DIMENSIONS
    vectors = [_vector(body["model"], text, size) for text in texts]
    data = [
        {"object": "embedding", "index": place, "embedding": _encoded(vector, body)}
        for place, vector in enumerate(vectors)
    ]
    usage = {"prompt_tokens": entry.input, "total_tokens": entry.input}
    return Turn(entry, {"object": "list", "data": data, "model": body["model"], "usage": usage})


def _vector(model: str, text: Any, size: int) -> list[float]:
    numbers = random.Random(seed_of({"model": model, "input": text}))
    return [round(numbers.uniform(-1, 1), 6) for _ in range(size)]


def _encoded(vector: list[float], body: Mapping[str, Any]) -> Any:
    if body.get("encoding_format") == "base64":
        return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
    return vector


def _entry(desk: Desk, account: str, body: Mapping[str, Any], endpoint: str, output: int) -> Entry:
    tokens = tokens_of(body, desk.tokenize)
    use = desk.prefixes.automatic(account, body["model"], tokens)
    return desk.bill(
        Entry(endpoint, "openai", body["model"], len(tokens), output, cached=use.cached, account=account)
    )


ENDPOINTS = {"/chat/completions": chat, "/responses": responses, "/embeddings": embeddings}
