"""Every way in which code reaches a request, and what each request is found to be."""
# ruff: noqa: E501 (a mark ends the line that its request starts on)

from __future__ import annotations

from pathlib import Path

import pytest
from tests.semantics.marked import marked, requests_of, rows

SHAPES: dict[str, dict[str, str]] = {
    "callable kept in an attribute": {
        "app.py": """
            from langchain_openai import OpenAI

            class Bot:
                def __init__(self, llm=None):
                    self.llm = llm or OpenAI(model="gpt-3.5-turbo-instruct")

                def answer(self, text):
                    return self.llm(text)  #> completion openai gpt-3.5-turbo-instruct
        """
    },
    "module of dspy kept in an attribute": {
        "app.py": """
            import dspy

            dspy.configure(lm=dspy.LM("openai/gpt-4o-mini"))

            class Judge(dspy.Module):
                def __init__(self):
                    super().__init__()
                    self.decide = dspy.ChainOfThought("claim -> verdict")

                def forward(self, claim):
                    return self.decide(claim=claim).verdict  #> chat openai openai/gpt-4o-mini
        """
    },
    "object of a session state": {
        "app.py": """
            import streamlit as st
            from openai import OpenAI

            if "client" not in st.session_state:
                st.session_state.client = OpenAI()
            st.session_state["helper"] = OpenAI()

            def ask(text):
                st.session_state.client.responses.create(model="gpt-4o", input=text)  #> chat openai gpt-4o
                st.session_state["helper"].responses.create(model="gpt-4o", input=text)  #> chat openai gpt-4o
        """
    },
    "method references given to executors": {
        "app.py": """
            import asyncio
            from concurrent.futures import ThreadPoolExecutor

            import openai

            client = openai.OpenAI()
            send = client.responses.create

            async def one(text):
                return await asyncio.to_thread(client.responses.create, model="gpt-4o", input=text)  #> chat openai gpt-4o

            def many(texts):
                with ThreadPoolExecutor() as pool:
                    for text in texts:
                        pool.submit(send, model="gpt-4o-mini", input=text)  #> chat openai gpt-4o-mini
        """
    },
    "lambda over a data frame": {
        "app.py": """
            import pandas as pd
            from anthropic import Anthropic

            claude = Anthropic()

            def ask(text, model="claude-haiku-4-5"):
                return claude.messages.create(model=model, max_tokens=5, messages=[{"role": "user", "content": text}])  #> chat anthropic claude-haiku-4-5

            frame = pd.read_csv("rows.csv")
            frame["label"] = frame.apply(lambda row: ask(row.text), axis=1)
        """
    },
    "partial": {
        "app.py": """
            from functools import partial

            import litellm

            ask = partial(litellm.completion, model="groq/llama-3.3-70b-versatile", temperature=0)

            def label(text):
                return ask(messages=[{"role": "user", "content": text}])  #> chat groq groq/llama-3.3-70b-versatile
        """
    },
    "decorator that wraps a request": {
        "app.py": """
            import functools

            from openai import OpenAI

            client = OpenAI()

            def prompted(function):
                @functools.wraps(function)
                def inner(*args, **kwargs):
                    prompt = function(*args, **kwargs)
                    return client.responses.create(model="gpt-4.1", input=prompt)  #> chat openai gpt-4.1
                return inner

            @prompted
            def shorten(text):
                return f"Shorten: {text}"

            print(shorten("a long text"))
        """
    },
    "registry and dict dispatch": {
        "app.py": """
            from anthropic import Anthropic
            from openai import OpenAI

            CLIENTS = {"gpt": OpenAI(), "other": OpenAI(base_url="https://openrouter.ai/api/v1")}
            HANDLERS = {}

            def handler(name):
                def register(function):
                    HANDLERS[name] = function
                    return function
                return register

            @handler("claude")
            def claude(text):
                return Anthropic().messages.create(model="claude-sonnet-4-5", max_tokens=9, messages=text)  #> chat anthropic claude-sonnet-4-5

            def gpt(text):
                return CLIENTS["gpt"].responses.create(model="gpt-4o", input=text)  #> chat openai gpt-4o

            def routed(text):
                return CLIENTS["other"].responses.create(model="x/y", input=text)  #> chat openrouter x/y

            def run(name, text):
                return HANDLERS[name](text)
        """
    },
    "getattr with a constant": {
        "app.py": """
            import openai

            KIND = "responses"
            client = getattr(openai, "OpenAI")()

            def ask(text):
                return getattr(client, KIND).create(model="gpt-4o", input=text)  #> chat openai gpt-4o
        """
    },
    "inheritance and super()": {
        "base.py": """
            from openai import OpenAI

            class Base:
                model = "gpt-4o"

                def __init__(self, client=None):
                    self.client = client or OpenAI()

                def ask(self, text):
                    return self.client.responses.create(model=self.model, input=text)  #> chat openai gpt-4o
        """,
        "child.py": """
            from base import Base

            class Loud(Base):
                def __init__(self):
                    super().__init__()

                def ask(self, text):
                    return super().ask(text.upper())

                def both(self, text):
                    return self.client.embeddings.create(model="text-embedding-3-small", input=text)  #> embedding openai text-embedding-3-small
        """,
    },
    "SDK client that is extended": {
        "app.py": """
            from openai import OpenAI

            class Mine(OpenAI):
                def ask(self, text):
                    return self.responses.create(model="gpt-4o", input=text)  #> chat openai gpt-4o

            Mine().responses.create(model="gpt-4o-mini", input="hi")  #> chat openai gpt-4o-mini
        """
    },
    "protocol with several implementations": {
        "app.py": """
            from typing import Protocol

            from anthropic import Anthropic
            from openai import OpenAI

            class Gateway(Protocol):
                def ask(self, text: str) -> str: ...

            class ByOpenAI:
                def ask(self, text: str) -> str:
                    return OpenAI().responses.create(model="gpt-4o", input=text).output_text  #> chat openai gpt-4o

            class ByClaude:
                def ask(self, text: str) -> str:
                    return Anthropic().messages.create(model="claude-haiku-4-5", max_tokens=9, messages=text)  #> chat anthropic claude-haiku-4-5

            def summarise(gateway: Gateway, texts: list[str]):
                return [gateway.ask(text) for text in texts]
        """
    },
    "fields of dataclass and pydantic": {
        "app.py": """
            from dataclasses import dataclass, field

            from openai import OpenAI
            from pydantic import BaseModel, Field

            @dataclass
            class Service:
                client: OpenAI = field(default_factory=OpenAI)
                model: str = "gpt-4o-mini"

                def ask(self, text):
                    return self.client.responses.create(model=self.model, input=text)  #> chat openai gpt-4o-mini

            class Settings(BaseModel):
                model: str = Field(default="gpt-4.1")

            settings = Settings()

            def ask(text):
                return OpenAI().responses.create(model=settings.model, input=text)  #> chat openai gpt-4.1
        """
    },
    "property and cached_property": {
        "app.py": """
            from functools import cached_property

            from groq import Groq

            class Service:
                @cached_property
                def client(self):
                    return Groq()

                @property
                def model(self):
                    return "llama-3.1-8b-instant"

                def ask(self, messages):
                    return self.client.chat.completions.create(model=self.model, messages=messages)  #> chat groq llama-3.1-8b-instant
        """
    },
    "context managers": {
        "app.py": """
            from contextlib import asynccontextmanager, contextmanager

            from openai import AsyncOpenAI, OpenAI

            @contextmanager
            def opened():
                client = OpenAI()
                yield client
                client.close()

            def ask(text):
                with opened() as client:
                    return client.responses.create(model="gpt-4o", input=text)  #> chat openai gpt-4o

            async def later(text):
                async with AsyncOpenAI() as client:
                    return await client.responses.create(model="gpt-4o", input=text)  #> chat openai gpt-4o
        """
    },
    "walrus and tuples": {
        "app.py": """
            from openai import OpenAI

            client, model = OpenAI(), "gpt-4o"
            (small, *_rest) = ("gpt-4o-mini", 1, 2)

            def ask(text):
                if (answer := client.responses.create(model=model, input=text)).output_text:  #> chat openai gpt-4o
                    return answer
                return client.responses.create(model=small, input=text)  #> chat openai gpt-4o-mini
        """
    },
    "conditional imports": {
        "app.py": """
            try:
                from openai import OpenAI
            except ImportError:
                OpenAI = None

            def ask(text):
                if OpenAI is None:
                    raise RuntimeError
                import litellm as gateway
                gateway.completion(model="gpt-4o", messages=text)  #> chat openai gpt-4o
                return OpenAI().responses.create(model="gpt-4o", input=text)  #> chat openai gpt-4o
        """
    },
    "re-exports, relative imports, src layout": {
        "src/shop/__init__.py": "from .llm import ask, client\n",
        "src/shop/llm/__init__.py": "from .core import ask\nfrom ._client import client\n",
        "src/shop/llm/_client.py": "from openai import OpenAI\n\nclient = OpenAI()\n",
        "src/shop/llm/core.py": """
            from ..settings import MODEL
            from ._client import client

            def ask(text):
                return client.responses.create(model=MODEL, input=text)  #> chat openai gpt-4.1-mini
        """,
        "src/shop/settings.py": 'MODEL = "gpt-4.1-mini"\n',
        "scripts/run.py": """
            from shop import client

            client.responses.create(model="gpt-4o", input="hi")  #> chat openai gpt-4o
        """,
    },
    "namespace package": {
        "plugins/company/llm.py": "import openai\n\nclient = openai.OpenAI()\n",
        "plugins/company/app.py": """
            from company.llm import client

            client.responses.create(model="gpt-4o", input="hi")  #> chat openai gpt-4o
        """,
    },
    "several projects in one tree": {
        "one/pyproject.toml": "",
        "one/config.py": 'MODEL = "gpt-4o"\n',
        "one/app.py": """
            from config import MODEL
            from openai import OpenAI

            OpenAI().responses.create(model=MODEL, input="hi")  #> chat openai gpt-4o
        """,
        "two/pyproject.toml": "",
        "two/config.py": 'MODEL = "gpt-4.1"\n',
        "two/app.py": """
            from config import MODEL
            from openai import OpenAI

            OpenAI().responses.create(model=MODEL, input="hi")  #> chat openai gpt-4.1
        """,
    },
    "parameters inside **kwargs dicts": {
        "app.py": """
            from openai import OpenAI

            client = OpenAI()
            DEFAULTS = {"model": "gpt-4o", "temperature": 0}

            def ask(text, **options):
                return client.responses.create(**{**DEFAULTS, "input": text}, **options)  #> chat openai gpt-4o

            def build(text):
                request = dict(model="gpt-4.1-nano", input=text)
                request["max_output_tokens"] = 5
                return client.responses.create(**request)  #> chat openai gpt-4.1-nano
        """
    },
    "configuration classes": {
        "config.py": """
            import os

            class Config:
                MODEL = os.getenv("MODEL", "gpt-4o-mini")

            class Production(Config):
                pass
        """,
        "app.py": """
            from config import Production as Settings
            from openai import OpenAI

            def ask(text):
                return OpenAI().responses.create(model=Settings.MODEL, input=text)  #> chat openai gpt-4o-mini
        """,
    },
    "configuration files read at import": {
        "app.toml": '[llm]\nmodel = "gpt-4.1"\nlimit = 9\n',
        "app.yaml": "llm:\n  model: claude-haiku-4-5  # the cheap one\n  limit: 7\nother: [1, 2]\n",
        "app.json": '{"llm": {"model": "gpt-4o"}}',
        ".env": "EMBEDDER=text-embedding-3-small\n",
        "app.py": """
            import json
            import os
            import tomllib
            from pathlib import Path

            import anthropic
            import yaml
            from dotenv import load_dotenv
            from openai import OpenAI

            load_dotenv()
            HERE = Path(__file__).parent
            with open("app.toml", "rb") as file:
                BY_TOML = tomllib.load(file)
            BY_YAML = yaml.safe_load((HERE / "app.yaml").read_text())
            BY_JSON = json.loads(Path("app.json").read_text())
            client = OpenAI()

            def ask(text):
                client.responses.create(model=BY_TOML["llm"]["model"], input=text)  #> chat openai gpt-4.1
                anthropic.Anthropic().messages.create(**BY_YAML["llm"], max_tokens=5, messages=text)  #> chat anthropic claude-haiku-4-5
                client.responses.create(model=BY_JSON["llm"]["model"], input=text)  #> chat openai gpt-4o
                client.embeddings.create(model=os.environ["EMBEDDER"], input=text)  #> embedding openai text-embedding-3-small
        """,
    },
    "model put into place by the class itself": {
        "base.py": """
            class Config:
                def __init__(self, model=None):
                    self.model = model
        """,
        "one.py": """
            from base import Config
            from openai import OpenAI

            class One:
                def __init__(self, config: Config):
                    self.config = config
                    if not self.config.model:
                        self.config.model = "gpt-4o"
                    self.client = OpenAI()

                def ask(self, text):
                    return self.client.responses.create(model=self.config.model, input=text)  #> chat openai gpt-4o
        """,
        "two.py": """
            from base import Config
            from openai import OpenAI

            class Two:
                def __init__(self, config: Config):
                    self.config = config
                    self.config.model = self.config.model or "text-embedding-3-small"
                    self.client = OpenAI()

                def embed(self, text):
                    return self.client.embeddings.create(model=self.config.model, input=text)  #> embedding openai text-embedding-3-small
        """,
    },
    "sync and async alternatives of one name": {
        "app.py": """
            import openai

            def make(use_async=False):
                return openai.AsyncOpenAI() if use_async else openai.OpenAI()

            def ask(text):
                return make().responses.create(model="gpt-4o", input=text)  #> chat openai gpt-4o
        """
    },
    "vector stores embed behind the scenes": {
        "app.py": """
            from langchain_community.vectorstores import FAISS
            from langchain_chroma import Chroma
            from langchain_huggingface import HuggingFaceEmbeddings
            from langchain_openai import OpenAIEmbeddings

            hosted = OpenAIEmbeddings(model="text-embedding-3-small")
            store = FAISS.from_documents([], hosted)  #> embedding openai text-embedding-3-small
            kept = FAISS.load_local("kept", hosted)
            kept.similarity_search("x")  #> embedding openai text-embedding-3-small
            retriever = store.as_retriever()
            retriever.invoke("x")  #> embedding openai text-embedding-3-small
            store.embedding_function.embed_query("x")  #> embedding openai text-embedding-3-small
            Chroma(embedding_function=hosted).add_texts(["x"])  #> embedding openai text-embedding-3-small
            free = FAISS.from_texts(["x"], HuggingFaceEmbeddings())
            free.similarity_search("x")
        """
    },
    "indexes and the models a framework was told once": {
        "app.py": """
            from llama_index.core import Settings, SummaryIndex, VectorStoreIndex
            from llama_index.llms.anthropic import Anthropic

            Settings.llm = Anthropic(model="claude-sonnet-4-5")
            index = VectorStoreIndex.from_documents([])  #> embedding openai text-embedding-ada-002
            listed = SummaryIndex.from_documents([])
            engine = index.as_query_engine()
            engine.query("x")  #> chat anthropic claude-sonnet-4-5
            index.as_retriever().retrieve("x")  #> embedding openai text-embedding-ada-002
        """
    },
    "pipelines bill what they were given": {
        "app.py": """
            from haystack import Pipeline
            from haystack.components.builders import PromptBuilder
            from haystack.components.embedders import OpenAIDocumentEmbedder
            from haystack.components.generators import OpenAIGenerator
            from haystack.components.writers import DocumentWriter

            asking = Pipeline()
            asking.add_component("prompt", PromptBuilder(template="{{x}}"))
            asking.add_component("llm", OpenAIGenerator(model="gpt-4o"))
            asking.run({})  #> chat openai gpt-4o
            indexing = Pipeline()
            indexing.add_component(name="embedder", instance=OpenAIDocumentEmbedder(model="text-embedding-3-small"))
            indexing.run({})  #> embedding openai text-embedding-3-small
            writing = Pipeline()
            writing.add_component("writer", DocumentWriter())
            writing.run({})
        """
    },
    "pipe whose model nobody shows": {
        "app.py": """
            from langchain_core.prompts import ChatPromptTemplate

            def answer(llm, embedder, question):
                chain = ChatPromptTemplate.from_template("{q}") | llm
                embedder.embed_query(question)  #> embedding unknown ?
                llm.invoke(question)  #> chat unknown ?
                return chain.invoke({"q": question})  #> chat unknown ?
        """
    },
    "raw HTTP": {
        "app.py": """
            import json
            import urllib.request

            import aiohttp
            import httpx
            import requests

            BASE = "https://api.openai.com/v1"

            class Caller:
                url = f"{BASE}/chat/completions"

                def __init__(self, base="https://api.mistral.ai/v1"):
                    self.base = base
                    self.session = requests.Session()

                def ask(self, messages):
                    self.session.post(self.url, json={"model": "gpt-4o", "messages": messages})  #> chat openai gpt-4o
                    httpx.post(self.base + "/embeddings", json={"model": "mistral-embed", "input": "x"})  #> embedding mistral mistral-embed
                    request = urllib.request.Request(
                        "https://api.anthropic.com/v1/messages",
                        data=json.dumps({"model": "claude-haiku-4-5", "messages": messages}).encode(),
                    )
                    urllib.request.urlopen(request)  #> chat anthropic claude-haiku-4-5

                async def later(self, endpoint, messages):
                    async with aiohttp.ClientSession() as session:
                        async with session.post(endpoint, json={"model": "gpt-4o", "messages": messages}) as r:  #> chat unknown gpt-4o
                            return await r.json()

                def elsewhere(self, text):
                    requests.post("https://crm.example.net/v1/messages", json={"deal": 1, "text": text})
                    requests.post("https://shop.example.net/search", json={"query": text})
        """
    },
    "SDKs that copy the shape of OpenAI's": {
        "app.py": """
            from somewhere import Clone

            clone = Clone()

            def ask(messages):
                return clone.chat.completions.create(model="clone-1", messages=messages)  #> chat unknown clone-1
        """
    },
    "requests of tests on what they are given": {
        "tests/test_app.py": """
            def test_asks(client):
                client.chat.completions.create(model="gpt-4o", messages=[])
        """
    },
    "kinds by model names": {
        "app.py": """
            import json

            import boto3
            import replicate

            bedrock = boto3.client("bedrock-runtime")

            def embed(text):
                return bedrock.invoke_model(modelId="amazon.titan-embed-text-v2:0", body=json.dumps({"inputText": text}))  #> embedding aws-bedrock amazon.titan-embed-text-v2:0

            def draw(text):
                return replicate.run("black-forest-labs/flux-schnell", input={"prompt": text})  #> image replicate black-forest-labs/flux-schnell
        """
    },
}


@pytest.mark.parametrize("shape", SHAPES)
def test_requests_are_found_in_every_shape(shape: str, tmp_path: Path) -> None:
    files = SHAPES[shape]
    assert rows(requests_of(tmp_path, files)) == marked(files)
