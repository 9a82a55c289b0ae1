"""Requests known only by their shape: the receiver is not resolved, the call can hardly be another.

A method name alone never suffices (``twilio``'s ``messages.create``): the path and the keywords must
both be those of the API.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from llm_lint.semantics.modules import is_test
from llm_lint.semantics.values import ClassValue, External, Function, Instance

if TYPE_CHECKING:
    from llm_lint.semantics.index import CallSite
    from llm_lint.semantics.resolve import Resolver
    from llm_lint.semantics.surfaces import CallSpec

# path → (table, receiver, keywords that must all be given)
_SHAPES: dict[str, tuple[str, str, frozenset[str]]] = {
    "chat.completions.create": ("openai", "client", frozenset({"messages"})),
    "chat.completions.parse": ("openai", "client", frozenset({"messages"})),
    "responses.create": ("openai", "client", frozenset({"input"})),
    "responses.parse": ("openai", "client", frozenset({"model", "input"})),
    "completions.create": ("openai", "client", frozenset({"prompt"})),
    "embeddings.create": ("openai", "client", frozenset({"model", "input"})),
    "images.generate": ("openai", "client", frozenset({"prompt"})),
    "audio.transcriptions.create": ("openai", "client", frozenset({"model", "file"})),
    "messages.create": ("anthropic", "client", frozenset({"model", "max_tokens", "messages"})),
    "messages.stream": ("anthropic", "client", frozenset({"model", "max_tokens", "messages"})),
    "models.generate_content": ("google-genai", "client", frozenset({"model", "contents"})),
    "generate_content": ("google-generativeai", "model", frozenset()),
}
_SPREADABLE = frozenset({"chat.completions.create", "chat.completions.parse"})
# Methods that only LangChain has, and ones that mean a request on an object named like a model or chain.
_LANGCHAIN: dict[str, str] = {
    "embed_documents": "embeddings",
    "embed_query": "embeddings",
    "aembed_documents": "embeddings",
    "aembed_query": "embeddings",
    "similarity_search": "vector_store",
    "similarity_search_with_score": "vector_store",
    "similarity_search_with_relevance_scores": "vector_store",
    "max_marginal_relevance_search": "vector_store",
}
_ON_MODELS: dict[str, str] = {
    "invoke": "chat",
    "ainvoke": "chat",
    "stream": "chat",
    "astream": "chat",
    "predict": "chat",
    "apredict": "chat",
    "abatch": "chat",
}
# The last names of all that may be known by its shape.
NAMES = frozenset(path.rsplit(".", 1)[-1] for path in (*_SHAPES, *_LANGCHAIN, *_ON_MODELS))
_MODEL_NAMES = re.compile(
    r"(^|_)(llm|llms|chat_?model|chat_?llm|language_model|llm_chain)(_\w+)?$|_chain$", re.I
)
_FAKES = ("unittest.mock.", "mock.", "pytest_mock.", "builtins.")


def by_shape(r: Resolver, site: CallSite, unresolved: bool = True) -> tuple[CallSpec, str] | None:
    """The table entry that a call matches by path and keywords, with its spelling.

    Not ``unresolved`` is an object of a package that no table knows: many copy the shape of OpenAI's.
    """
    path = _path(site.node.func)
    for shape, (provider, receiver, keywords) in _SHAPES.items():
        if path != shape and not path.endswith(f".{shape}"):
            continue
        given = {keyword.arg for keyword in site.node.keywords}
        if not keywords <= given and not (None in given and shape in _SPREADABLE):
            return None
        if _is_something_else(r, site) or _is_fixture(site):
            return None
        if not keywords and not site.node.args:
            return None
        spec = r.surfaces.method(provider, receiver, shape)
        return (spec, path) if spec is not None else None
    return _langchain(r, site, path) if unresolved else None


def _langchain(r: Resolver, site: CallSite, path: str) -> tuple[CallSpec, str] | None:
    """``llm.invoke(…)`` where the file uses LangChain and nobody shows what ``llm`` is."""
    names = path.rsplit(".", 2)
    func = site.node.func
    if not isinstance(func, ast.Attribute) or not _imports_langchain(site):
        return None
    receiver = _LANGCHAIN.get(names[-1])
    if receiver is None and _MODEL_NAMES.search(_tail(func.value)):
        receiver = _ON_MODELS.get(names[-1])
    if receiver is None or _is_something_else(r, site) or _is_fixture(site):
        return None
    spec = r.surfaces.method("langchain", receiver, names[-1])
    return (spec, ast.unparse(func)[:60]) if spec is not None else None


def _imports_langchain(site: CallSite) -> bool:
    return any(name.startswith(("langchain", "langgraph")) for name in site.module.imported)


def _tail(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _is_something_else(r: Resolver, site: CallSite) -> bool:
    """Whether the object at the root of the path is known not to be a client."""
    node: ast.expr = site.node.func
    while isinstance(node, ast.Attribute):
        node = node.value
        for value in r.evaluate(node, site.scope):
            if isinstance(value, (ClassValue, Function)):
                return True
            if (
                isinstance(value, Instance)
                and not (isinstance(node, ast.Name) and node.id in ("self", "cls"))
                and not _extends_unknown(r, value)
            ):
                return True
            if isinstance(value, External) and value.dotted.startswith(_FAKES):
                return True
    return False


def _is_fixture(site: CallSite) -> bool:
    """Whether the root is a parameter of a test: what a test is given and nobody resolves is a fake."""
    node: ast.expr = site.node.func
    while isinstance(node, ast.Attribute):
        node = node.value
    return (
        is_test(site.module.filename)
        and isinstance(node, ast.Name)
        and site.scope.function.parameter(node.id) is not None
    )


def _extends_unknown(r: Resolver, value: Instance) -> bool:
    """Whether a class of the project inherits from one outside it."""
    return any(
        isinstance(base, External) and not base.dotted.startswith(("builtins.", "abc.", "typing."))
        for cls in r.lineage(value.scope)
        for node in getattr(cls.node, "bases", [])
        for base in r.evaluate(node, cls.parent or cls)
    )


def _path(node: ast.expr) -> str:
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        if node.attr not in ("with_raw_response", "beta", "aio"):
            names.append(node.attr)
        node = node.value
    return ".".join(reversed(names))
