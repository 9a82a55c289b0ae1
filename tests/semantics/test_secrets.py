"""Keys in files: which texts are found, what holds them, what stays silent, and what is shown of them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.specimens import key_formats, look_alikes, specimen, specimens, with_keys

from llm_lint.model import Confidence, Inventory
from llm_lint.pricing import Pricing
from llm_lint.rules import Context
from llm_lint.rules.hardcoded_api_key import rule
from llm_lint.semantics.secrets import KeyMatch, candidates, find_keys, redact
from llm_lint.syntax.source import SourceFile, source_from_bytes

UNFORMATTED = "q8Zr41LmXw09TbVn6KdE"  # what a company's own gateway may ask for
STRONG = {
    name: text
    for name, text in specimens().items()
    if key_formats()[name.split("#")[0]]["confidence"] != "low"
}
WEAK = {name: text for name, text in specimens().items() if name not in STRONG}


def source(code: str, name: str = "app.py") -> SourceFile:
    return source_from_bytes(with_keys(code).encode(), name)


def found(code: str, name: str = "app.py") -> list[KeyMatch]:
    return find_keys(source(code, name))


def rows(code: str) -> list[int]:
    return [match.span.start.row for match in found(code)]


def notebook(*cells: dict[str, Any]) -> SourceFile:
    data = json.dumps({"cells": list(cells), "nbformat": 4, "nbformat_minor": 5, "metadata": {}})
    return source_from_bytes(with_keys(data).encode(), "trial.ipynb")


def code_cell(text: str, *outputs: dict[str, Any]) -> dict[str, Any]:
    return {"cell_type": "code", "source": text.splitlines(keepends=True), "outputs": list(outputs)}


# --------------------------------------------------------------------------- formats


@pytest.mark.parametrize("name", STRONG)
def test_a_key_of_a_known_format_is_found_wherever_it_stands(name: str) -> None:
    key = STRONG[name]
    provider = key_formats()[name.split("#")[0]]["provider"]
    for code in (
        f'x = "{key}"',
        f"# {key}",
        f'"""Use {key} here."""',
        f'call(f"{{a}} {key}")',
        f'{{"a": b"{key}"}}',
    ):
        matches = found(code)
        assert [match.provider for match in matches] == [provider], code.replace(key, "KEY")


@pytest.mark.parametrize("name", STRONG)
def test_the_prefilter_lets_every_known_format_pass(name: str) -> None:
    if name.startswith("zhipu"):
        pytest.skip("has no public prefix: found in files that a name or an SDK makes worth reading")
    assert candidates(f"x = 1\ny = '{STRONG[name]}'\n".encode())
    assert candidates(f'{{"source": ["k = \\"{STRONG[name]}\\""]}}'.encode())


@pytest.mark.parametrize("name", WEAK)
def test_a_text_that_could_be_anything_is_a_key_only_where_the_code_says_so(name: str) -> None:
    key = WEAK[name]
    assert found(f'x = "{key}"') == []
    assert found(f"# {key}") == []
    variable = key_formats()[name.split("#")[0]]["env"][0]
    for code in (f'{variable} = "{key}"', f'import os\nos.environ["{variable}"] = "{key}"'):
        assert candidates(code.encode())
        assert [match.variable for match in found(code)] == [variable]


@pytest.mark.parametrize("name", look_alikes())
def test_a_look_alike_of_a_format_is_no_key(name: str) -> None:
    text = look_alikes()[name]
    assert found(f'x = "{text}"\n# {text}\n') == []


def test_every_key_of_a_line_is_found_once() -> None:
    matches = found('KEYS = ["{{key:groq}}", "{{key:xai}}"]  # {{key:replicate}}')
    assert [match.provider for match in matches] == ["groq", "xai", "replicate"]
    assert [match.place for match in matches] == ["code", "code", "comment"]


def test_the_place_of_a_key_is_its_own_line_and_column() -> None:
    (match,) = found('"""Setup.\n\n    export KEY={{key:groq}}\n"""\n')
    assert (match.span.start.row, match.span.start.column) == (3, 16)
    assert match.span.end.column - match.span.start.column == len(specimen("groq"))


def test_a_key_is_found_behind_letters_outside_ascii_and_in_crlf_files() -> None:
    (match,) = found('x = "ü"\r\ny = "größe {{key:groq}}"\r\n')
    assert (match.span.start.row, match.span.start.column) == (2, 12)


def test_a_key_is_found_in_a_file_that_is_no_python() -> None:
    (match,) = found('def broken(:\n    key = "{{key:groq}}"\n')
    assert (match.provider, match.place, match.span.start.row) == ("groq", "code", 2)


def test_a_key_that_is_a_key_of_a_dict_is_found_and_not_named() -> None:
    assert [
        (match.place, match.name) for match in found('{"{{key:groq}}": {"{{key:xai}}": "{{key:replicate}}"}}')
    ] == [("code", "")] * 3


def test_a_key_in_adjacent_pieces_is_one_literal() -> None:
    key = specimen("groq")
    (match,) = found(f'x = ("{key[:9]}"\n     "{key[9:]}")')
    assert (match.provider, match.span.start.row) == ("groq", 1)


def test_a_long_line_of_other_text_does_not_hide_a_key() -> None:
    assert len(found(f'x = "{"ab-cd " * 5000} {{{{key:groq}}}} {"ef_gh " * 5000}"')) == 1


# --------------------------------------------------------------------------- what holds a key

HELD = {
    "keyword": ('from openai import OpenAI\nOpenAI(api_key="@")', "api_key", "openai"),
    "renamed import": ('import openai as ai\nc = ai.AsyncOpenAI(api_key="@")', "api_key", "openai"),
    "import in a function": (
        'def f():\n    from groq import Groq\n    return Groq(api_key="@")',
        "api_key",
        "groq",
    ),
    "position": ('import cohere\nco = cohere.Client("@")', "", "cohere"),
    "module attribute": ('import openai\nopenai.api_key = "@"', "api_key", "openai"),
    "configure": (
        'import google.generativeai as genai\ngenai.configure(api_key="@")',
        "api_key",
        "google-gemini",
    ),
    "function": (
        'import litellm\nlitellm.completion(model="x", messages=[], api_key="@")',
        "api_key",
        "litellm",
    ),
    "environment": ('import os\nos.environ["GROQ_API_KEY"] = "@"', "GROQ_API_KEY", "groq"),
    "environment update": ('import os\nos.environ.update({"GROQ_API_KEY": "@"})', "GROQ_API_KEY", "groq"),
    "setdefault": ('import os\nos.environ.setdefault("GROQ_API_KEY", "@")', "GROQ_API_KEY", "groq"),
    "getenv default": ('import os\nx = os.getenv("GROQ_API_KEY", "@")', "GROQ_API_KEY", "groq"),
    "getenv default keyword": (
        'import os\nx = os.getenv("GROQ_API_KEY", default="@")',
        "GROQ_API_KEY",
        "groq",
    ),
    "or default": ('import os\ngroq_key = os.getenv("X") or "@"', "groq_key", "groq"),
    "conditional": ('groq_key = "@" if prod else None', "groq_key", "groq"),
    "tuple": ('model, groq_token = "m", "@"', "groq_token", "groq"),
    "annotated field": ('class Settings:\n    groq_api_key: str = "@"', "groq_api_key", "groq"),
    "field default": (
        'class S:\n    groq_api_key: str = Field(default="@", repr=False)',
        "groq_api_key",
        "groq",
    ),
    "camel case": ('groqApiKey = "@"', "groqApiKey", "groq"),
    "walrus": ('if (groq_key := "@"):\n    pass', "groq_key", "groq"),
    "list": ('GROQ_API_KEYS = ["@"]', "GROQ_API_KEYS", "groq"),
    "nested dict": ('s = {"groq": {"api_key": "@"}}', "api_key", "groq"),
    "parameter default": ('def ask(q, *, groq_key="@"):\n    pass', "groq_key", "groq"),
    "command line option": ('p.add_argument("--groq-api-key", default="@")', "groq_api_key", "groq"),
    "stripped": ('groq_key = "@".strip()', "groq_key", "groq"),
    "secret string": (
        'from langchain_groq import ChatGroq\nChatGroq(api_key=SecretStr("@"))',
        "api_key",
        "groq",
    ),
    "haystack secret": (
        "from haystack.components.generators import OpenAIGenerator\n"
        'OpenAIGenerator(api_key=Secret.from_token("@"))',
        "api_key",
        "openai",
    ),
    "azure credential": (
        "from azure.ai.inference import ChatCompletionsClient\n"
        'ChatCompletionsClient(endpoint="https://a.openai.azure.com", credential=AzureKeyCredential("@"))',
        "credential",
        "azure",
    ),
    "base url": (
        'from openai import OpenAI\nc = OpenAI(base_url="https://api.deepseek.com", api_key="@")',
        "api_key",
        "deepseek",
    ),
    "header": (
        'requests.post("https://api.mistral.ai/v1/x", headers={"Authorization": "Bearer @"})',
        "Authorization",
        "mistral",
    ),
    "header with the address in a constant": (
        'URL = "https://api.anthropic.com/v1/messages"\nrequests.post(URL, headers={"x-api-key": "@"})',
        "x-api-key",
        "anthropic",
    ),
    "headers in a variable": (
        'headers = {"Authorization": "Bearer @"}\nrequests.post("https://api.x.ai/v1/x", headers=headers)',
        "Authorization",
        "xai",
    ),
    "constant": ('from openai import OpenAI\nGATE = "@"\nOpenAI(api_key=GATE)', "GATE", "openai"),
    "constant in a template": (
        'GATE = "@"\nrequests.post("https://api.x.ai/v1/x", headers={"Authorization": f"Bearer {GATE}"})',
        "GATE",
        "xai",
    ),
    "keyword dict": (
        'from anthropic import Anthropic\noptions = {"api_key": "@"}\nAnthropic(**options)',
        "api_key",
        "anthropic",
    ),
    "config list": (
        'import autogen\nllm_config = {"config_list": [{"model": "gpt-4o", "api_key": "@"}]}',
        "api_key",
        "llm",
    ),
    "address": ('u = "https://generativelanguage.googleapis.com/v1/m:generate?key=@"', "u", "google-gemini"),
}


@pytest.mark.parametrize("shape", HELD)
def test_a_literal_of_no_known_format_is_a_key_where_a_provider_takes_it_for_one(shape: str) -> None:
    code, name, provider = HELD[shape]
    (match,) = found(code.replace("@", UNFORMATTED))
    assert (match.name, match.provider) == (name, provider)
    assert match.confidence is not Confidence.LOW


def test_the_variable_to_use_instead_is_the_one_that_the_sdk_reads() -> None:
    assert [match.variable for match in found('from groq import Groq\nGroq(api_key="{{key:groq}}")')] == [
        "GROQ_API_KEY"
    ]
    assert [match.variable for match in found('TEAM_OPENAI_KEY = "{{key:openai-legacy}}"')] == [
        "TEAM_OPENAI_KEY"
    ]
    code = f'import autogen\nx = {{"model": "gpt-4o", "api_key": "{UNFORMATTED}"}}'
    assert [(match.variable, match.title) for match in found(code)] == [("LLM_API_KEY", "LLM API key")]


def test_a_format_tells_the_provider_where_the_name_is_wrong() -> None:
    (match,) = found('OPENAI_API_KEY = "{{key:groq}}"')
    assert (match.provider, match.title) == ("groq", "Groq key")


def test_a_format_that_several_vendors_share_is_told_by_the_name() -> None:
    assert [match.title for match in found('MOONSHOT_API_KEY = "{{key:openai-like-sk48}}"')] == [
        "API key for `moonshot`"
    ]


# --------------------------------------------------------------------------- confidence


@pytest.mark.parametrize(
    ("code", "confidence"),
    [
        ('x = "{{key:groq}}"', Confidence.HIGH),
        ('x = "{{key:fireworks}}"', Confidence.MEDIUM),
        ('FIREWORKS_API_KEY = "{{key:fireworks}}"', Confidence.HIGH),
        ('x = "{{key:voyage}}"', Confidence.LOW),
        ('voyage_x = "{{key:voyage}}"', Confidence.MEDIUM),
        ('MISTRAL_API_KEY = "{{key:mistral}}"', Confidence.HIGH),
        ('secret = "{{key:mistral}}"  # for mistral', Confidence.MEDIUM),
        (f'OPENAI_API_KEY = "sk-{UNFORMATTED}"', Confidence.MEDIUM),
        (f'OPENAI_API_KEY = "{UNFORMATTED}"', Confidence.HIGH),
    ],
)
def test_confidence_follows_from_format_and_holder(code: str, confidence: Confidence) -> None:
    assert [match.confidence for match in found(code)] == [confidence]


def test_a_google_key_is_a_gemini_key_only_beside_gemini() -> None:
    assert [m.confidence for m in found('x = "{{key:google-api}}"')] == [Confidence.MEDIUM]
    assert [m.confidence for m in found('gemini = "{{key:google-api}}"')] == [Confidence.HIGH]
    assert found('MAPS = {"maps_key": "{{key:google-api}}"}') == []


# --------------------------------------------------------------------------- silence

PLACEHOLDERS = [
    "sk-...",
    "YOUR_API_KEY",
    "your-openai-key-2024-abcd",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "sk-proj-xxxxxxxxxxxxxxxxxxxxxxxx",
    "<OPENAI_API_KEY_GOES_1N_H3RE>",
    "${OPENAI_API_KEY_1_2_3_4_5_6}",
    "{{ openai_api_key_v1_x2_y3 }}",
    "EMPTY",
    "ollama",
    "changeme-a1b2c3d4e5f6g7h8",
    "1234567890abcdef1234567890abcdef",
    "abc123def456ghi789jkl012",
    "0123456789abcdefghijklmnop",
    "a1b2a1b2a1b2a1b2a1b2a1b2",
    "deadbeefdeadbeefdeadbeef",
    "sk-test-Zx81QwErTy56UiOp90As",
    "fake_Zx81QwErTy56UiOp90As",
    "not a key but a sentence of 9 words, 1 of which is k3y",
    "openai_api_key_from_vault_2",
    "my-company-token-for-2024-q3",
    "https://example.com/page?id=3a5f9c1e7b2d8f4a6c0e",
    "sk-abcd1234…",
    "AbCd12...Ef34Gh56Ij78Kl90",
]


@pytest.mark.parametrize("text", PLACEHOLDERS)
def test_a_text_that_stands_in_for_a_key_stays_silent(text: str) -> None:
    code = f'from openai import OpenAI\nOpenAI(api_key="{text}")\nOPENAI_API_KEY = "{text}"\n'
    assert found(code) == []


@pytest.mark.parametrize("word", ["EXAMPLE", "example", "Sample", "FAKE", "dummy"])
def test_a_filler_word_inside_a_complete_format_stays_silent(word: str) -> None:
    key = specimen("groq")
    assert found(f'x = "{key[:10]}{word}{key[10 + len(word) :]}"') == []


SILENT = {
    "local server": 'from openai import OpenAI\nOpenAI(base_url="http://localhost:8000/v1", api_key="@")',
    "local server in a constant": (
        'from openai import OpenAI\nU = "http://127.0.0.1/v1"\nOpenAI(base_url=U, api_key="@")'
    ),
    "another service's client": 'from twilio.rest import Client\nClient("AC", token="@")',
    "another service's header": (
        'import openai\nrequests.get("https://api.acme.com/x", headers={"Authorization": "Bearer @"})'
    ),
    "a header of nobody": 'requests.get(url, headers={"Authorization": "Bearer @"})',
    "a setting without a model": 'import openai\nsettings = {"name": "acme", "api_key": "@"}',
    "no key parameter": 'from openai import OpenAI\nOpenAI(organization="org-@")',
    "memory key": 'from langchain_openai import ChatOpenAI\nChatOpenAI(memory_key="@")',
    "cache key": 'openai_cache_key = "@"',
    "public key": 'LANGFUSE_PUBLIC_KEY = "pk-lf-@"',
    "telemetry": 'POSTHOG_API_KEY = "phc_@"',
    "git hash": 'cohere_commit = "9b74c9897bac770ffc029102a200c5de9b74c989"',
    "md5": 'openai_md5 = "d41d8cd98f00b204e9800998ecf8427e"',
    "css": 'BUTTON = "sk-folding-cube-animation-container-wide sk-Toggleable__content-wide"',
    "fixture by name": 'FAKE_KEY = "{{key:groq}}"\nmock_openai_key = "{{key:openai-legacy}}"',
    "fixture by comment": 'x = "{{key:groq}}"  # not a real key',
    "allowed": 'x = "{{key:groq}}"  # pragma: allowlist secret\ny = "{{key:groq}}"  # nosec',
    "noqa": 'x = "{{key:groq}}"  # noqa: S105',
    "firebase": 'cfg = {"apiKey": "{{key:google-api}}", "authDomain": "acme.firebaseapp.com"}',
    "compared": 'assert OPENAI_API_KEY != "@"',
    "environment": 'import os\nOpenAI(api_key=os.environ["OPENAI_API_KEY_1_FOR_A2_B3"])',
    "relative import": 'from .openai import OpenAI\nOpenAI(api_key="@")',
    "general cloud token": 'GITHUB_TOKEN = "@"',
}


@pytest.mark.parametrize("case", SILENT)
def test_a_look_alike_stays_silent(case: str) -> None:
    assert found(SILENT[case].replace("@", UNFORMATTED)) == []


@pytest.mark.parametrize(
    "path", ["tests/app.py", "test_app.py", "pkg/app_test.py", "conftest.py", "a/fixtures/x.py"]
)
def test_in_tests_only_known_formats_count(path: str) -> None:
    code = f'from openai import OpenAI\nOpenAI(api_key="{UNFORMATTED}")\nx = "{{{{key:groq}}}}"'
    assert [match.provider for match in found(code, path)] == ["groq"]
    assert found(f"# OPENAI_API_KEY={UNFORMATTED}", path) == []


# --------------------------------------------------------------------------- comments and notebooks


def test_an_assignment_in_a_comment_is_found() -> None:
    (match,) = found(f"x = 1\n# OPENAI_API_KEY={UNFORMATTED}\n")
    assert (match.place, match.name, match.span.start.row) == ("comment", "OPENAI_API_KEY", 2)
    assert found(f"OPENAI_API_KEY = settings.{UNFORMATTED}") == []


def test_keys_are_found_in_every_part_of_a_notebook() -> None:
    printed = {
        "output_type": "stream",
        "text": ["first\n", "token: {{key:huggingface}}\n", "{{key:huggingface}}"],
    }
    shown = {
        "output_type": "execute_result",
        "data": {"text/plain": ["'{{key:groq}}'"], "image/png": "{{key:xai}}"},
    }
    failed = {"output_type": "error", "traceback": ["KeyError: {{key:replicate}}"]}
    source = notebook(
        {"cell_type": "markdown", "source": "Use `{{key:openai-legacy}}`\n\nMISTRAL_API_KEY={{key:mistral}}"},
        code_cell('x = 1\n\nclient = Groq(api_key="{{key:groq}}")'),
        code_cell(f"%env OPENAI_API_KEY={UNFORMATTED}\n!export HF_TOKEN={{{{key:huggingface}}}}"),
        code_cell("print(key)", printed, shown, failed),
    )
    places = [(m.span.cell, m.span.start.row, m.place, m.provider) for m in find_keys(source)]
    assert sorted(places) == [
        (0, 1, "text", "openai"),
        (0, 3, "text", "mistral"),
        (1, 3, "code", "groq"),
        (2, 1, "code", "openai"),
        (2, 2, "code", "huggingface"),
        (3, 1, "output", "groq"),
        (3, 1, "output", "huggingface"),
        (3, 1, "output", "replicate"),
    ]


def test_notebooks_of_the_third_format_are_read() -> None:
    cell = {"cell_type": "code", "input": ['x = "{{key:groq}}"'], "outputs": []}
    data = with_keys(json.dumps({"worksheets": [{"cells": [cell]}], "nbformat": 3}))
    assert [match.provider for match in find_keys(source_from_bytes(data.encode(), "old.ipynb"))] == ["groq"]


# --------------------------------------------------------------------------- the rule


def findings(source: SourceFile) -> list[Any]:
    return list(rule.check(source, Context(Inventory((), (), ()), Pricing.load())))


@pytest.mark.parametrize("name", specimens())
def test_no_part_of_a_finding_holds_any_of_the_key(name: str) -> None:
    key = specimens()[name]
    variable = key_formats()[name.split("#")[0]]["env"][0]
    body = key[-20:]
    for code in (
        f'{variable} = "{key}"',
        f'{{"{key}": "{key}"}}',
        f'd["{key}"] = "{key}"',
        f'{variable} = {{"{key}": 1}}',
    ):
        for finding in findings(source_from_bytes(code.encode(), "app.py")):
            text = repr(finding)
            assert not any(body[start : start + 6] in text for start in range(len(body) - 6))


def test_a_finding_says_what_where_and_what_to_do() -> None:
    (finding,) = findings(source('from groq import Groq\nGroq(api_key="{{key:groq}}")'))
    assert finding.message == "A Groq key is written into the source as `api_key`"
    assert finding.advice.startswith('rotate the key, then read it from `os.environ["GROQ_API_KEY"]`')
    assert finding.severity.value == "error"
    assert finding.saving.usd_per_month.expected == 0
    assert "spend" in finding.saving.note


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ('x = "{{key:openai-legacy}}"', "An OpenAI user key (before 2024) is written into the source as `x`"),
        ('print("{{key:fireworks}}")', "What is probably a Fireworks key is written into the source"),
        ("# {{key:xai}}", "An xAI key is written into a comment"),
        ('print("{{key:nvidia}}")', "An NVIDIA API key is written into the source"),
        (
            f'GEMINI_API_KEY = "{UNFORMATTED}"',
            "An API key for `google` is written into the source as `GEMINI_API_KEY`",
        ),
    ],
)
def test_the_message_names_the_provider(code: str, message: str) -> None:
    assert [finding.message for finding in findings(source(code))] == [message]


def test_advice_about_an_output_is_to_clear_it() -> None:
    (finding,) = findings(notebook(code_cell("1", {"output_type": "stream", "text": "{{key:groq}}"})))
    assert finding.message == "A Groq key was printed into an output of this cell"
    assert "clear the output" in finding.advice


def test_the_identity_of_a_finding_does_not_depend_on_the_key_or_the_line() -> None:
    before = findings(source('groq_key = "{{key:groq}}"'))
    after = findings(
        source(f'\n\n\ngroq_key = "{specimen("groq")[::-1][:52].replace("_", "a").join(["gsk_", ""])}"')
    )
    assert [replace(f, span=before[0].span, statement=None) for f in after] == [
        replace(f, statement=None) for f in before
    ]


# --------------------------------------------------------------------------- masking

SURROUNDINGS = st.text(st.characters(codec="utf-8", exclude_characters="*"), max_size=40)


@given(st.sampled_from(sorted(STRONG)), SURROUNDINGS, SURROUNDINGS)
def test_a_known_format_is_masked_in_any_text(name: str, before: str, after: str) -> None:
    key = STRONG[name]
    shown = redact(before + key + after)
    assert len(shown) == len(before + key + after)
    assert not any(key[start : start + 12] in shown for start in range(len(key) - 11))


@pytest.mark.parametrize("name", specimens())
@pytest.mark.parametrize("cut", [20, 30, None])
def test_at_most_four_characters_of_a_public_prefix_remain(name: str, cut: int | None) -> None:
    without_secret_start = name in WEAK or name.startswith(("azure", "bedrock-short", "zhipu"))
    key = specimens()[name][: None if without_secret_start else cut]
    for text in (key, f'x = "{key}"', f"Bearer {key},", f"https://a.b/?key={key}&x=1"):
        shown = redact(text)
        kept = next(size for size in range(len(key), -1, -1) if key[:size] in shown)
        assert kept <= 4
        assert key[4:] not in shown


@pytest.mark.parametrize("shape", HELD)
def test_what_is_found_is_masked_on_its_line(shape: str) -> None:
    code, _, _ = HELD[shape]
    text = code.replace("@", UNFORMATTED)
    assert UNFORMATTED not in redact(text)
    assert redact(redact(text)) == redact(text)


@pytest.mark.parametrize(
    "text",
    [
        'client.chat.completions.create(model="gpt-4o-mini-2024-07-18", max_tokens=50)',
        "us.anthropic.claude-3-5-sonnet-20240620-v1:0",
        "deepseek-ai/DeepSeek-R1-0528-Qwen3-8B",
        "src/llm_lint/semantics/secrets.py::Search.by_format#0",
        'memory_key="chat_history", api_key=os.environ["OPENAI_API_KEY"]',
        'api_key="YOUR_API_KEY", token="sk-..."',
        "sk-fading-circle hf_hub_download fw_version_2 task-force-planning",
        'tokenizer = tiktoken.get_encoding("cl100k_base")',
        "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent",
    ],
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert redact(text) == text


@given(st.text())
def test_masking_keeps_length_and_lines(text: str) -> None:
    shown = redact(text)
    assert len(shown) == len(text)
    assert shown.count("\n") == text.count("\n")


# --------------------------------------------------------------------------- robustness


@given(st.text(st.sampled_from("sk-proj_AIza =\"'\n(){}:,[]#abcXYZ019\\"), max_size=80))
def test_no_text_makes_the_search_fail(text: str) -> None:
    for name in ("app.py", "app.ipynb"):
        data = text if name == "app.py" else json.dumps({"cells": [code_cell(text)]})
        for match in find_keys(source_from_bytes(data.encode(), name)):
            assert match.span.filename == name


def test_a_file_without_any_trace_is_no_candidate() -> None:
    assert not candidates(
        b"import os\n\nTOKEN_COUNT = 3\nkey = lambda item: item['sk']\nname = 'task-force'\n"
    )
    assert not candidates(b'api_key = os.environ["OPENAI_API_KEY"]\n')


def test_very_deep_expressions_are_searched() -> None:
    code = "x = " + " + ".join(["'a'"] * 900) + "\ny = '{{key:groq}}'"
    assert rows(code) == [2]
