"""What the model says: text of a requested length that depends on nothing but the request."""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.fake_provider.tokens import Tokenize, passages

# Each is one token of o200k with its leading space.
VOCABULARY = (
    "river stone cloud garden window market paper silver bridge letter coffee music winter summer"
    " orange forest island number city water"
).split()
ENDING = re.compile(r"\[\[(refusal|content_filter)\]\]")
LENGTH = re.compile(r"\[\[tokens=(\d+)\]\]")


@dataclass(frozen=True)
class Answer:
    """What comes back: text, or the arguments of one tool call.

    ``stop`` is ``stop``, ``length`` (cut off at the cap), ``refusal`` or ``content_filter``; a prompt asks
    for the last two with ``[[refusal]]`` and ``[[content_filter]]``.
    """

    text: str
    tool: str | None = None
    stop: str = "stop"


Answers = Callable[[Mapping[str, Any]], str]


def seed_of(body: Mapping[str, Any]) -> int:
    """A number that any change of what the model sees or how it samples changes."""
    said = {key: body[key] for key in body if key not in ("stream", "stream_options", "user", "metadata")}
    return int.from_bytes(hashlib.sha256(json.dumps(said, sort_keys=True).encode()).digest()[:8], "big")


def compose(seed: int, tokens: int) -> str:
    """Text of exactly so many o200k tokens."""
    chosen = random.Random(seed).choices(VOCABULARY, k=tokens)
    return "".join(f" {word}" for word in chosen)[1:] if tokens else ""


def wanted_tokens(body: Mapping[str, Any], default: int) -> int:
    """How long the answer should be: ``[[tokens=50]]`` anywhere in the prompt, else the default."""
    found = LENGTH.search("\n".join(passages(body)))
    return int(found.group(1)) if found else default


def limit_of(body: Mapping[str, Any]) -> int | None:
    """The cap on output tokens that the request sets."""
    for key in ("max_completion_tokens", "max_tokens", "max_output_tokens"):
        if body.get(key) is not None:
            return int(body[key])
    return None


def answer(
    body: Mapping[str, Any], seed: int, default_tokens: int, own: Answers | None, tokenize: Tokenize
) -> Answer:
    """The answer to a body: the caller's own text, arguments that fit a schema, or composed words."""
    tool = _forced_tool(body)
    if tool is not None:
        return Answer(json.dumps(example(tool[1], seed)), tool[0])
    ending = ENDING.search("\n".join(passages(body)))
    if ending is not None:
        return Answer("I cannot help with that.", stop=ending.group(1))
    schema = _schema(body)
    if own is not None:
        text = own(body)
    elif schema is not None:
        text = json.dumps(example(schema, seed))
    else:
        text = compose(seed, wanted_tokens(body, default_tokens))
    limit = limit_of(body)
    if limit is not None and len(tokenize(text)) > limit:
        return Answer(" ".join(text.split(" ")[:limit]), stop="length")
    return Answer(text)


def example(schema: Mapping[str, Any], seed: int) -> Any:
    """A value that a JSON schema allows."""
    if "enum" in schema:
        return schema["enum"][seed % len(schema["enum"])]
    if "const" in schema:
        return schema["const"]
    kind = schema.get("type", "object" if "properties" in schema else "string")
    match kind[0] if isinstance(kind, list) else kind:
        case "object":
            fields = schema.get("properties", {}).items()
            return {name: example(inner, seed + place) for place, (name, inner) in enumerate(fields)}
        case "array":
            return [example(schema.get("items", {}), seed)]
        case "integer":
            return seed % 100
        case "number":
            return seed % 100 / 2
        case "boolean":
            return seed % 2 == 0
        case "null":
            return None
        case _:
            return compose(seed, 3)


def _schema(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The JSON schema that the answer must follow."""
    wanted = body.get("response_format") or (body.get("text") or {}).get("format") or {}
    if not isinstance(wanted, Mapping):
        return None
    if wanted.get("type") == "json_object":
        return {"type": "object", "properties": {"answer": {"type": "string"}}}
    found: Mapping[str, Any] | None = wanted.get("json_schema", wanted).get("schema")
    return found


def _forced_tool(body: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]] | None:
    """Name and parameters of the tool that must be called."""
    choice, tools = body.get("tool_choice"), body.get("tools") or ()
    if not tools or choice in (None, "auto", "none") or choice == {"type": "auto"}:
        return None
    functions = [tool.get("function", tool) for tool in tools]
    named = choice.get("function", choice).get("name") if isinstance(choice, Mapping) else None
    found = next((each for each in functions if each.get("name") == named), functions[0])
    return found["name"], found.get("parameters") or found.get("input_schema") or {}
