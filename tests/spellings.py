"""The same program through another SDK: examples are written for openai and respelled for the others."""

from __future__ import annotations

import ast
from dataclasses import dataclass


@dataclass(frozen=True)
class Spelling:
    """How one SDK says what the examples say."""

    setup: str
    call: str
    large: str
    small: str
    names: dict[str, str]


SPELLINGS = {
    "anthropic": Spelling(
        "import anthropic\nclient = anthropic.Anthropic()",
        'client.messages.create(model="{model}", messages=[{{"role": "user", "content": {prompt}}}]{extra})',
        "claude-opus-4-5",
        "claude-haiku-4-5",
        {"max_tokens": "max_tokens", "temperature": "temperature", "stream": "stream", "tools": "tools"},
    ),
    "litellm": Spelling(
        "import litellm\nclient = None",
        'litellm.completion(model="{model}", messages=[{{"role": "user", "content": {prompt}}}]{extra})',
        "gpt-4o",
        "gpt-4o-mini",
        {"max_tokens": "max_tokens", "temperature": "temperature", "stream": "stream", "tools": "tools"},
    ),
    "google-genai": Spelling(
        "from google import genai\nclient = genai.Client()",
        'client.models.generate_content(model="{model}", contents={prompt}, config={{{extra}}})',
        "gemini-2.5-pro",
        "gemini-2.5-flash-lite",
        {"max_tokens": '"max_output_tokens"', "temperature": '"temperature"', "tools": '"tools"'},
    ),
    "mistral": Spelling(
        "from mistralai import Mistral\nclient = Mistral()",
        'client.chat.complete(model="{model}", messages=[{{"role": "user", "content": {prompt}}}]{extra})',
        "mistral-medium-latest",
        "mistral-small-latest",
        {"max_tokens": "max_tokens", "temperature": "temperature", "stream": "stream", "tools": "tools"},
    ),
}
_SETUP = "from openai import OpenAI"
_CLIENT = "client = OpenAI()"


def respell(source: str, provider: str) -> str:
    """``source`` with its openai client and chat calls spelled through ``provider``; lines are kept."""
    spelling = SPELLINGS[provider]
    first, second = spelling.setup.split("\n")
    text = source.replace(_SETUP, first).replace(_CLIENT, second)
    lines = text.split("\n")
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call) and _is_chat(node)]
    for node in sorted(calls, key=lambda call: (call.lineno, call.col_offset), reverse=True):
        _replace(lines, node, _spelled(node, text, spelling, provider))
    return "\n".join(lines)


def _is_chat(node: ast.Call) -> bool:
    return ast.unparse(node.func).endswith("client.chat.completions.create")


def _spelled(node: ast.Call, text: str, spelling: Spelling, provider: str) -> str:
    given = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
    model = ast.literal_eval(given["model"])
    messages = given["messages"]
    assert isinstance(messages, ast.List)
    assert isinstance(messages.elts[-1], ast.Dict)
    prompt = ast.unparse(messages.elts[-1].values[1])
    extras = {name: ast.unparse(value) for name, value in given.items() if name in spelling.names}
    if provider == "anthropic":
        extras.setdefault("max_tokens", "800")
    if provider == "google-genai":
        extra = ", ".join(f"{spelling.names[name]}: {value}" for name, value in extras.items())
    else:
        extra = "".join(f", {spelling.names[name]}={value}" for name, value in extras.items())
    chosen = spelling.small if "mini" in model else spelling.large
    return spelling.call.format(model=chosen, prompt=prompt, extra=extra)


def _replace(lines: list[str], node: ast.Call, call: str) -> None:
    """Put a call in place of another; the lines it no longer needs stay, empty."""
    first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
    tail = lines[last][node.end_col_offset :]
    comment = lines[first].partition("  #")[2] if last > first else ""
    lines[first] = lines[first][: node.col_offset] + call + tail + (f"  #{comment}" if comment else "")
    lines[first + 1 : last + 1] = [""] * (last - first)
