"""The input of a request: static text, holes, images, and how much of it could be followed."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from llm_lint.model import Prompt
from llm_lint.semantics import folding
from llm_lint.semantics.values import (
    Abstract,
    Client,
    Const,
    External,
    Hole,
    Items,
    Mapping_,
    Ref,
    Text,
    UnknownValue,
    Values,
)

if TYPE_CHECKING:
    from llm_lint.semantics.arguments import Arguments
    from llm_lint.semantics.index import CallSite
    from llm_lint.semantics.resolve import Resolver

INPUT_ROLES = ("system", "messages", "input", "prompt", "questions", "body")
_MAX_DEPTH = 12
_IMAGE_KEYS = frozenset(
    {"image_url", "image", "inline_data", "input_image", "images", "input_audio", "file_data"}
)
_SKIPPED_KEYS = frozenset({"role", "type", "name", "id", "tool_call_id", "cache_control", "detail", "model"})
_TEMPLATE_CALLS = ("Template", "from_template", "from_messages", "from_examples", "PromptTemplate")
_MESSAGE_NAMES = (
    "Message",
    "Content",
    "Part",
    "from_text",
    "from_uri",
    "ChatMessage",
    "TextPart",
    "Document",
)


@dataclass(slots=True)
class Gathered:
    """What was found while following an input."""

    parts: list[str | Hole] = field(default_factory=list)
    images: bool = False
    complete: bool = True
    messages: int = 0


def gather(arguments: Arguments) -> Gathered:
    """Follow every input role of a request, and the prompt objects inside a pipe or chain."""
    reader = _Reader(arguments.r)
    seen = False
    for role in INPUT_ROLES:
        values, hidden = arguments.values(role)
        if values:
            seen = True
            reader.read(values, _node(arguments, role), 0)
        elif hidden and role in ("messages", "input", "prompt"):
            reader.found.complete = False
    for client in arguments.makers():
        seen = reader.read_parts(client) or seen
    if not seen:
        reader.found.complete = False
    return reader.found


def summarise(found: Gathered) -> Prompt:
    """The plain-data form of what was gathered."""
    text = "".join(part if isinstance(part, str) else "\x00" for part in found.parts)
    holes = tuple(part.text for part in found.parts if isinstance(part, Hole))
    return Prompt(text.replace("\x00", ""), holes, found.complete, found.messages)


def _node(arguments: Arguments, role: str) -> ast.expr:
    ref = next(iter(arguments.nodes(role)), None)
    return ref.node if ref is not None else arguments.issue.site.node


class _Reader:
    """Collects text from message lists, dicts, message objects and templates."""

    def __init__(self, r: Resolver) -> None:
        self.r = r
        self.found = Gathered()
        self._seen: set[object] = set()

    def read(self, values: Values, node: ast.expr, depth: int) -> None:
        """Read the first alternative that says something; the rest are other requests."""
        telling = [value for value in values if not isinstance(value, UnknownValue) and value != Const(None)]
        if not telling or depth > _MAX_DEPTH:
            self.found.parts.append(Hole(ast.unparse(node)[:80]))
            if isinstance(node, (ast.Name, ast.Attribute)) and depth == 0:
                self.found.complete = False
            return
        self._one(telling[0], node, depth)
        if len(telling) < len(values) or any(value != telling[0] for value in telling[1:]):
            self.found.parts.append(Hole(ast.unparse(node)[:80]))

    def _one(self, value: Abstract, node: ast.expr, depth: int) -> None:
        match value:
            case Const(value=str() as text):
                self._text((text,))
            case Text(parts=parts):
                self._text(parts)
            case Items(elements=elements, open=is_open):
                self.found.messages = (
                    max(self.found.messages, len(elements)) if depth == 0 else self.found.messages
                )
                for element in elements:
                    self._element(element, depth)
                self.found.complete = self.found.complete and not (is_open and depth == 0 and not elements)
            case Mapping_():
                self._mapping(value, depth)
            case External(call=call) if call is not None:
                self._call(value, call, node, depth)
            case _:
                self.found.parts.append(Hole(ast.unparse(node)[:80]))

    def _text(self, parts: tuple[str | Hole, ...]) -> None:
        self.found.parts += [*parts, "\n"]

    def _element(self, ref: Ref, depth: int) -> None:
        if ref in self._seen:
            return
        self._seen.add(ref)
        values = self.r.read(ref)
        pair = next((value for value in values if isinstance(value, Items) and _is_pair(value)), None)
        if pair is not None:
            self._template(self.r.read(pair.elements[1]), pair.elements[1].node)
            return
        self.read(values, ref.node, depth + 1)

    def _mapping(self, mapping: Mapping_, depth: int) -> None:
        for key, ref in mapping.entries:
            if key in _IMAGE_KEYS:
                self.found.images = True
            elif key not in _SKIPPED_KEYS:
                self._element(ref, depth + 1)

    def _call(self, value: External, call: CallSite, node: ast.expr, depth: int) -> None:
        name = value.dotted.rsplit(".", 1)[-1]
        if "image" in name.lower() or "Image" in value.dotted:
            self.found.images = True
            self.found.parts.append(Hole(ast.unparse(node)[:80]))
            return
        is_template = any(mark in name or value.dotted.endswith(mark) for mark in _TEMPLATE_CALLS)
        if not is_template and not any(mark in name for mark in _MESSAGE_NAMES):
            self.found.parts.append(Hole(ast.unparse(node)[:80]))
            return
        inputs = [Ref(argument, call.scope) for argument in call.node.args]
        inputs += [
            Ref(keyword.value, call.scope)
            for keyword in call.node.keywords
            if keyword.arg
            in ("template", "content", "messages", "text", "parts", "prefix", "suffix", "prompt")
        ]
        for ref in inputs:
            values = self.r.read(ref)
            if is_template and not any(isinstance(v, Items) for v in values):
                self._template(values, ref.node)
            else:
                self.read(values, ref.node, depth + 1)

    def _template(self, values: Values, node: ast.expr) -> None:
        """A LangChain-style template: ``{name}`` are holes filled at run time."""
        for value in values:
            if isinstance(value, Const) and isinstance(value.value, str):
                self._text(folding.template_parts(value.value))
                return
        self._text(folding.text_parts(values, node))

    def read_parts(self, client: Client) -> bool:
        """The prompts inside a pipe or given to a chain's constructor."""
        seen = False
        for part in client.parts:
            if isinstance(part, Ref):
                for value in self.r.read(part):
                    if isinstance(value, External) and value.call is not None and "rompt" in value.dotted:
                        self._one(value, part.node, 1)
                        seen = True
        site = client.site
        if site is not None and client.constructor is not None and "prompt" in client.constructor.args:
            for keyword in site.node.keywords:
                if keyword.arg == "prompt":
                    self.read(self.r.evaluate(keyword.value, site.scope), keyword.value, 1)
                    seen = True
        return seen


def _is_pair(value: Items) -> bool:
    """``("system", "You are …")``."""
    if len(value.elements) != 2 or not isinstance(value.node, ast.Tuple):
        return False
    first = value.elements[0].node
    return isinstance(first, ast.Constant) and first.value in (
        "system",
        "human",
        "user",
        "ai",
        "assistant",
        "placeholder",
        "developer",
    )
