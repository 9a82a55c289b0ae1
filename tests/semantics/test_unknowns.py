"""Every unknown stays unknown: what the code does not show leads to no claim."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.semantics.marked import requests_of

from llm_lint.model import UNKNOWN, Known
from llm_lint.semantics.requests import ROLES

# How the OpenAI SDK spells each role at a call.
KEYWORDS = {
    "max_tokens": "max_tokens",
    "temperature": "temperature",
    "top_p": "top_p",
    "n": "n",
    "tools": "tools",
    "response_format": "response_format",
    "reasoning": "reasoning_effort",
    "stream": "stream",
    "seed": "seed",
    "service_tier": "service_tier",
    "logprobs": "logprobs",
    "cache": "prompt_cache_key",
}
SOURCES = {
    "an argument of a function that nobody calls": "value",
    "an item of an unknown mapping": "settings['x']",
    "an attribute of an unknown object": "settings.x",
    "a variable of the environment": "os.environ['X']",
    "the answer of an unknown function": "settings.read('x')",
    "arithmetic over unknowns": "settings.x * 2",
}


@pytest.mark.parametrize("role", KEYWORDS)
@pytest.mark.parametrize("source", SOURCES)
def test_an_unresolvable_parameter_is_unknown(role: str, source: str, tmp_path: Path) -> None:
    (request,) = requests_of(tmp_path, {"app.py": _program(f"{KEYWORDS[role]}={SOURCES[source]}")})
    assert request.parameters[role] == UNKNOWN


@pytest.mark.parametrize("role", [role for role in ROLES if role in KEYWORDS])
def test_a_parameter_that_an_unknown_dict_may_hold_is_unknown(role: str, tmp_path: Path) -> None:
    (request,) = requests_of(tmp_path, {"app.py": _program("**settings")})
    assert request.parameters[role] == UNKNOWN


@pytest.mark.parametrize("source", SOURCES)
def test_an_unresolvable_model_has_no_name(source: str, tmp_path: Path) -> None:
    (request,) = requests_of(tmp_path, {"app.py": _program(f"model={SOURCES[source]}", model="")})
    assert not isinstance(request.model, Known)


@pytest.mark.parametrize("model", ["f'gpt-{settings.x}'", "'gpt-' + settings.x", "'gpt-%s' % settings.x"])
def test_a_model_that_is_known_in_part_has_no_name(model: str, tmp_path: Path) -> None:
    (request,) = requests_of(tmp_path, {"app.py": _program(f"model={model}", model="")})
    assert not isinstance(request.model, Known)


def test_an_empty_default_names_no_model(tmp_path: Path) -> None:
    program = """
        from openai import OpenAI

        def ask(text, model=""):
            return OpenAI().responses.create(model=model, input=text)
    """
    (request,) = requests_of(tmp_path, {"app.py": program})
    assert not isinstance(request.model, Known)


def test_a_chat_model_is_no_embedding_model(tmp_path: Path) -> None:
    program = """
        from openai import OpenAI

        def embed(text, model):
            return OpenAI().embeddings.create(model=model, input=text)

        embed("x", "gpt-4o")
    """
    (request,) = requests_of(tmp_path, {"app.py": program})
    assert not isinstance(request.model, Known)


def test_secrets_are_not_read_from_settings_files(tmp_path: Path) -> None:
    program = """
        import os
        from dotenv import load_dotenv
        from openai import OpenAI

        load_dotenv()
        OpenAI().responses.create(model=os.environ["MODEL_TOKEN"], input="x")
    """
    (request,) = requests_of(tmp_path, {"app.py": program, ".env": "MODEL_TOKEN=gpt-4o\n"})
    assert not isinstance(request.model, Known)


def _program(argument: str, model: str = "model='gpt-4o', ") -> str:
    return (
        "import os\nfrom openai import OpenAI\n\nclient = OpenAI()\n\n"
        "def ask(settings, value, messages):\n"
        f"    return client.chat.completions.create({model}messages=messages, {argument})\n"
    )


def test_what_only_a_test_gives_in_keywords_is_no_model(tmp_path: Path) -> None:
    gateway = (
        "from openai import OpenAI\n\nclient = OpenAI()\n\n\n"
        "def ask(text, **options):\n"
        "    return client.chat.completions.create(messages=[{'role': 'user', 'content': text}], **options)\n"
    )
    test = "from llm import ask\n\n\ndef test_ask():\n    assert ask('hi', model='gpt-3.5-turbo')\n"
    (request,) = requests_of(tmp_path, {"llm.py": gateway, "tests/test_llm.py": test})
    assert not isinstance(request.model, Known)
