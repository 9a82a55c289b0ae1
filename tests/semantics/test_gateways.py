"""In-house gateways that the configuration names are requests, outside the project and inside it."""

from __future__ import annotations

from pathlib import Path

from tests.semantics.marked import requests_of, rows

SETTINGS = """
    [project]
    name = "app"

    [[tool.llm-lint.calls]]
    name = "acme.llm.ask"
    provider = "openai"
    model = "gpt-4o"
    args = { messages = 0, max_tokens = "limit", model = "model" }

    [[tool.llm-lint.calls]]
    name = "acme.vectors.Embedder.embed"
    kind = "embedding"
    provider = "mistral"
"""
APP = """
    from acme import vectors
    from acme.llm import ask

    def label(texts):
        return [ask(f"Is this spam? {text}", limit=5) for text in texts]

    ask("hi", model="gpt-4.1")
    embedder = vectors.Embedder()
    embedder.embed("x")
    vectors.Embedder.search("x")
"""
EXPECTED = {
    ("app.py", 5, "chat", "openai", "gpt-4o"),
    ("app.py", 7, "chat", "openai", "gpt-4.1"),
    ("app.py", 9, "embedding", "mistral", "?"),
}


def test_gateways_of_another_package(tmp_path: Path) -> None:
    found = requests_of(tmp_path, {"pyproject.toml": SETTINGS, "app.py": APP})
    assert rows(found) == EXPECTED
    assert str(found[0].parameters["max_tokens"]) == "Known(value=5, source='literal')"
    assert found[0].loops[0].kind == "data"


def test_gateways_of_the_project_itself(tmp_path: Path) -> None:
    gateway = """
        import grpc

        def ask(text, limit=None, model=None):
            return grpc.call(text)
    """
    vectors = """
        class Embedder:
            def embed(self, text):
                return wire(text)
    """
    files = {"acme/__init__.py": "", "acme/llm.py": gateway, "acme/vectors.py": vectors}
    found = requests_of(tmp_path, {"pyproject.toml": SETTINGS, "app.py": APP, **files})
    assert rows(found) == EXPECTED
