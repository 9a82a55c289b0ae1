"""Logs of others: OpenTelemetry, LiteLLM, Langfuse."""

from __future__ import annotations

import json
from typing import Any

import pytest

from llm_lint.usage.formats import Foreign, records
from llm_lint.usage.records import Record, seconds

T = 1_790_000_000


def _only(document: Any) -> Record:
    found = list(records(json.loads(json.dumps(document))))
    assert len(found) == 1
    return found[0]


def _otlp(attributes: dict[str, Any], **span: Any) -> dict[str, Any]:
    def typed(value: Any) -> dict[str, Any]:
        return {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}

    listed = [{"key": key, "value": typed(value)} for key, value in attributes.items()]
    times = {"startTimeUnixNano": str(T * 10**9), "endTimeUnixNano": str(T * 10**9 + 1_500_000_000)}
    return {
        "resourceSpans": [
            {"scopeSpans": [{"spans": [{"name": "chat", **times, "attributes": listed, **span}]}]}
        ]
    }


GENAI = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-4o",
    "gen_ai.response.model": "gpt-4o-2024-08-06",
    "gen_ai.usage.input_tokens": 120,
    "gen_ai.usage.output_tokens": 30,
    "gen_ai.usage.cache_read.input_tokens": 100,
    "code.file.path": "/srv/app/llm.py",
    "code.function.name": "app.llm.label",
    "code.line.number": 7,
}


def test_an_otlp_span_of_the_current_conventions() -> None:
    found = _only(_otlp(GENAI))
    assert found == Record(
        T,
        "gpt-4o-2024-08-06",
        "openai",
        "/srv/app/llm.py:app.llm.label:7",
        120,
        30,
        latency_ms=1500.0,
        cached=100,
    )


def test_older_spellings_and_the_console_form() -> None:
    old = {
        "gen_ai.system": "anthropic",
        "gen_ai.request.model": "claude-sonnet-4-6",
        "gen_ai.usage.prompt_tokens": 50,
        "gen_ai.usage.completion_tokens": 5,
        "gen_ai.usage.cache_creation_input_tokens": 40,
    }
    console = {
        "name": "chat",
        "start_time": "2026-10-01T00:00:00.000000Z",
        "end_time": "2026-10-01T00:00:02.000000Z",
        "attributes": old,
        "status": {"status_code": "UNSET"},
    }
    for found in (_only(_otlp(old)), _only(console)):
        assert (found.provider, found.tokens_input, found.tokens_output, found.written) == (
            "anthropic",
            50,
            5,
            40,
        )


def test_spans_that_are_no_request_yield_nothing() -> None:
    agent = {**GENAI, "gen_ai.operation.name": "invoke_agent"}
    for document in (_otlp({"http.method": "GET"}), _otlp(agent), {"resourceSpans": []}):
        assert list(records(document)) == []


def test_a_failed_span_is_a_failed_request() -> None:
    failed = {key: value for key, value in GENAI.items() if "usage" not in key}
    assert _only(_otlp(failed, status={"code": 2})).failed


def test_a_litellm_payload_and_a_row_of_its_spend_log() -> None:
    payload = {
        "id": "x",
        "call_type": "acompletion",
        "startTime": T + 0.5,
        "endTime": T + 2.5,
        "model": "gpt-4o",
        "custom_llm_provider": "openai",
        "prompt_tokens": 90,
        "completion_tokens": 9,
        "response_cost": 0.00031,
        "cache_hit": None,
        "status": "success",
        "messages": [{"role": "user", "content": "hello"}],
        "metadata": {
            "usage_object": {"prompt_tokens_details": {"cached_tokens": 64}},
            "site": "app/llm.py:label:7",
        },
    }
    found = _only(payload)
    assert (found.tokens_input, found.cached, found.latency_ms, found.cost) == (90, 64, 2000.0, 310_000_000)
    assert found.site == "app/llm.py:label:7"
    assert found.request_hash == _only({**payload, "id": "y", "startTime": T + 9}).request_hash
    assert found.request_hash != _only({**payload, "messages": []}).request_hash
    spend = {
        "request_id": "z",
        "startTime": "2026-10-01 00:00:00+00:00",
        "endTime": "2026-10-01 00:00:01+00:00",
        "model": "gpt-4o",
        "prompt_tokens": 5,
        "completion_tokens": 1,
        "spend": 0.0,
        "cache_hit": "True",
        "cache_key": "abc",
    }
    assert (_only(spend).hit, _only(spend).request_hash) == (True, "abc")


def test_a_langfuse_observation_in_both_spellings() -> None:
    camel = {
        "id": "o",
        "type": "GENERATION",
        "startTime": "2026-10-01T00:00:00.000Z",
        "endTime": "2026-10-01T00:00:01.000Z",
        "model": "gpt-4o",
        "usageDetails": {"input": 20, "input_cached_tokens": 80, "output": 10, "total": 110},
        "costDetails": {"total": 0.00025},
        "input": [{"role": "user", "content": "hello"}],
        "level": "DEFAULT",
    }
    snake = {
        "type": "GENERATION",
        "start_time": "2026-10-01 00:00:00.000",
        "end_time": "2026-10-01 00:00:01.000",
        "provided_model_name": "gpt-4o",
        "usage_details": json.dumps(camel["usageDetails"]),
        "total_cost": "0.00025",
        "input": camel["input"],
    }
    for found in (_only(camel), _only(snake)):
        assert (found.model, found.tokens_input, found.cached, found.tokens_output) == ("gpt-4o", 100, 80, 10)
        assert (found.cost, found.latency_ms) == (250_000_000, 1000.0)
    assert _only(camel).request_hash == _only(snake).request_hash
    assert list(records({**camel, "type": "SPAN"})) == []
    assert len(list(records({"data": [camel, camel], "meta": {}}))) == 2


@pytest.mark.parametrize("document", [{}, {"a": 1}, 7, None, "text", {"message": "hello", "level": "info"}])
def test_what_nobody_knows_is_foreign(document: Any) -> None:
    with pytest.raises(Foreign):
        list(records(document))


@pytest.mark.parametrize(
    "value",
    [
        "2026-09-21T14:13:20Z",
        "2026-09-21T16:13:20+02:00",
        "2026-09-21T14:13:20",
        T,
        T * 1000,
        T * 10**6,
        str(T * 10**9),
    ],
)
def test_times_in_every_unit(value: Any) -> None:
    assert seconds(value) == T
