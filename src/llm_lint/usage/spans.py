"""OpenTelemetry GenAI spans as JSON: OTLP (also the collector's file exporter) and the SDK's console form.

The ``gen_ai.*`` attributes are not stable; older spellings are read as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from llm_lint.usage.records import Record, milliseconds, seconds, tokens

_MODEL = ("gen_ai.response.model", "gen_ai.request.model", "llm.model_name", "llm.request.model")
_PROVIDER = ("gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system")
_INPUT = (
    "gen_ai.usage.input_tokens",
    "gen_ai.usage.prompt_tokens",
    "llm.usage.prompt_tokens",
    "llm.token_count.prompt",
)
_OUTPUT = (
    "gen_ai.usage.output_tokens",
    "gen_ai.usage.completion_tokens",
    "llm.usage.completion_tokens",
    "llm.token_count.completion",
)
_CACHED = (
    "gen_ai.usage.cache_read.input_tokens",
    "gen_ai.usage.cache_read_input_tokens",
    "gen_ai.usage.input_tokens.cached",
    "llm.usage.cache_read_input_tokens",
    "llm.token_count.prompt_details.cache_read",
)
_WRITTEN = (
    "gen_ai.usage.cache_creation.input_tokens",
    "gen_ai.usage.cache_creation_input_tokens",
    "llm.usage.cache_creation_input_tokens",
    "llm.token_count.prompt_details.cache_write",
)
_PATH = ("code.file.path", "code.filepath")
_FUNCTION = ("code.function.name", "code.function")
_LINE = ("code.line.number", "code.lineno")


def records(document: Mapping[str, Any]) -> Iterator[Record]:
    """The GenAI requests among the spans of a document; other spans are no requests and yield nothing."""
    resources = document.get("resourceSpans") or document.get("resource_spans")
    if resources is None:
        yield from _span(document)
        return
    for resource in resources:
        scopes = resource.get("scopeSpans") or resource.get("scope_spans") or ()
        for scope in scopes or resource.get("instrumentationLibrarySpans") or ():
            for span in scope.get("spans") or ():
                yield from _span(span)


def _span(span: Mapping[str, Any]) -> Iterator[Record]:
    attributes = _attributes(span.get("attributes"))
    incoming = _first(attributes, _INPUT)
    outgoing = _first(attributes, _OUTPUT)
    model = _first(attributes, _MODEL)
    if model is None or (incoming is None and outgoing is None and not _failed(span)):
        return
    if attributes.get("gen_ai.operation.name") in ("invoke_agent", "create_agent", "execute_tool"):
        return  # their requests are spans of their own
    begun = seconds(_one_of(span, "startTimeUnixNano", "start_time_unix_nano", "start_time", "startTime"))
    ended = _one_of(span, "endTimeUnixNano", "end_time_unix_nano", "end_time", "endTime")
    yield Record(
        begun,
        str(model),
        str(_first(attributes, _PROVIDER) or ""),
        _site(attributes),
        tokens(incoming),
        tokens(outgoing),
        latency_ms=milliseconds((seconds(ended) - begun) * 1000) if ended is not None else None,
        cached=tokens(_first(attributes, _CACHED)),
        written=tokens(_first(attributes, _WRITTEN)),
        failed=_failed(span),
    )


def _attributes(value: Any) -> Mapping[str, Any]:
    """A span's attributes as a mapping: plain, or OTLP's list of typed values."""
    if isinstance(value, dict):
        return value
    return {entry["key"]: _plain(entry.get("value")) for entry in value or ()}


def _plain(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return next(iter(value.values()), None)  # {"intValue": "7"}: numbers of 64 bits are text


def _first(attributes: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return next((attributes[name] for name in names if attributes.get(name) is not None), None)


def _one_of(span: Mapping[str, Any], *names: str) -> Any:
    return _first(span, names)


def _failed(span: Mapping[str, Any]) -> bool:
    status = span.get("status") or {}
    code = status.get("code", status.get("status_code"))
    return code in (2, "STATUS_CODE_ERROR", "ERROR")


def _site(attributes: Mapping[str, Any]) -> str:
    path = _first(attributes, _PATH)
    if path is None:
        return ""
    function = _first(attributes, _FUNCTION) or ""
    line = _first(attributes, _LINE) or 0
    return f"{path}:{function}:{line}"
