"""The shapes of Anthropic's API: messages and token counts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.fake_provider.answers import Answer
from tests.fake_provider.desk import Desk, Turn
from tests.fake_provider.ledger import Entry
from tests.fake_provider.tokens import tokens_of

_STOPS = {"stop": "end_turn", "length": "max_tokens", "content_filter": "refusal", "refusal": "refusal"}


def messages(desk: Desk, account: str, body: Mapping[str, Any]) -> Turn:
    """``POST /v1/messages``."""
    said = desk.answer(body)
    use = desk.prefixes.marked(account, body, desk.tokenize)
    entry = desk.bill(
        Entry(
            "messages",
            "anthropic",
            body["model"],
            max(len(tokens_of(body, desk.tokenize)), use.cached + use.write + use.write_1h),
            desk.count(said.text),
            use.cached,
            use.write,
            use.write_1h,
            account=account,
        )
    )
    usage = {
        "input_tokens": entry.input - entry.cached - entry.write - entry.write_1h,
        "cache_creation_input_tokens": entry.write + entry.write_1h,
        "cache_read_input_tokens": entry.cached,
        "cache_creation": {
            "ephemeral_5m_input_tokens": entry.write,
            "ephemeral_1h_input_tokens": entry.write_1h,
        },
        "output_tokens": entry.output,
        "service_tier": "standard",
    }
    whole = {
        "id": f"msg_{desk.number():08d}",
        "type": "message",
        "role": "assistant",
        "model": body["model"],
        "content": [_block(said, said.text)],
        "stop_reason": "tool_use" if said.tool else _STOPS[said.stop],
        "stop_sequence": None,
        "usage": usage,
    }
    return Turn(entry, whole, _events(whole, said))


def _block(said: Answer, text: str) -> dict[str, Any]:
    if said.tool is None:
        return {"type": "text", "text": text}
    return {"type": "tool_use", "id": "toolu_1", "name": said.tool, "input": json.loads(text)}


def _events(whole: Mapping[str, Any], said: Answer) -> list[tuple[str | None, Any]]:
    usage = whole["usage"]
    started = {**whole, "content": [], "stop_reason": None, "usage": {**usage, "output_tokens": 1}}
    words = said.text.split(" ")
    pieces = [words[0], *(f" {word}" for word in words[1:])]
    if said.tool is None:
        deltas = [{"type": "text_delta", "text": piece} for piece in pieces]
        empty = _block(said, "")
    else:
        deltas = [{"type": "input_json_delta", "partial_json": piece} for piece in pieces]
        empty = _block(said, "{}")
    stop = {"stop_reason": whole["stop_reason"], "stop_sequence": None}
    data: list[dict[str, Any]] = [
        {"type": "message_start", "message": started},
        {"type": "content_block_start", "index": 0, "content_block": empty},
        {"type": "ping"},
        *({"type": "content_block_delta", "index": 0, "delta": delta} for delta in deltas),
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": stop, "usage": {"output_tokens": usage["output_tokens"]}},
        {"type": "message_stop"},
    ]
    return [(each["type"], each) for each in data]


def count_tokens(desk: Desk, body: Mapping[str, Any]) -> dict[str, Any]:
    """``POST /v1/messages/count_tokens``: free of charge."""
    return {"input_tokens": len(tokens_of(body, desk.tokenize))}
