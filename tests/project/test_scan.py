"""Which files a look at their bytes takes for ones with LLM code."""

import pytest

from llm_lint.project.scan import Scanner


@pytest.mark.parametrize(
    ("code", "is_seed"),
    [
        ("import openai\n", True),
        ("sdk = importlib.import_module('openai')\n", True),
        ("NAMES = ['openai', 'cohere']\nsdk = import_module(NAMES[0])\n", True),
        ("polys = import_module('numpy')\n", False),
        ("# openai\npolys = import_module(name)\n", False),
        ("url = 'https://api.openai.com/v1/models'\n", True),
        ("print('openai')\n", False),
        ("import json, openai\n", True),
        ("from openai import json, OpenAI\n", True),
        ("from polys import factor, cohere\n", False),
    ],
)
def test_a_file_with_a_trace_of_an_sdk_is_looked_into(code: str, is_seed: bool) -> None:
    scanner = Scanner(["openai", "cohere"], ["api.openai.com"])
    assert scanner.scan(code.encode()).is_seed is is_seed
