"""The programs of the benchmark: each as it is, and with some of its wastes fixed.

They are ordinary code with the real SDKs; what varies is the provider, the model and the instruction.
"""

from __future__ import annotations

from dataclasses import dataclass

CACHE, DOWNGRADE, BATCH, ABREAST = "LLM101", "LLM301", "LLM401", "abreast"
_DAY = 86_400
_TASKS = (
    ("label", "Classify the ticket as one of: bug, question, praise."),
    ("route", "Classify the message as one of: sales, support, billing."),
    ("sentiment", "Classify the review as one of: positive, negative, neutral."),
    ("language", "Classify the language of the text as one of: en, de, fr, es."),
)
_QUESTIONS = (
    "You answer questions about the product.",
    "You explain terms of the handbook in plain words.",
    "You summarise the paragraph for a newsletter.",
    "You translate the text into English.",
)


@dataclass(frozen=True)
class Program:
    """One program: ``entry`` is ``web`` (calls one by one) or ``job`` (a list a day)."""

    name: str
    kind: str
    number: int
    provider: str
    model: str
    finding: str

    @property
    def is_held_out(self) -> bool:
        """Whether the targets are judged on it."""
        return self.number % 2 == 1

    @property
    def fixes(self) -> tuple[str, ...]:
        """The rules whose findings are fixed, one by one and together."""
        return tuple(self.finding.split("+")) if self.finding else ()

    @property
    def entry(self) -> str:
        """How it is called."""
        if self.kind == "no-money":
            return "list"
        return "job" if BATCH in self.fixes else "constant" if self.kind == "cache-constant" else "web"

    @property
    def is_label(self) -> bool:
        """Whether the answer is a label."""
        return DOWNGRADE in self.fixes or self.kind == "no-money"

    def source(self, fixed: tuple[str, ...] = (), target: str = "", constant: str = "") -> str:
        """The code, with some findings fixed; ``target`` is a cheaper model, ``constant`` a whole prompt."""
        function, instruction = self._task()
        parts = [
            _imports(self.provider, self.entry, fixed),
            self._function(function, instruction, fixed, target, constant),
        ]
        if self.entry == "job":
            parts.append(_job(self.provider, function, fixed))
        if self.entry == "list":
            parts.append(_LIST_FIXED if ABREAST in fixed else _LIST)
        return "\n\n".join(parts).replace("FUNCTION", function)

    def _task(self) -> tuple[str, str]:
        if self.is_label:
            return _TASKS[self.number % len(_TASKS)]
        if self.kind == "cache-embedding":
            return "embed", ""
        return "answer", _QUESTIONS[self.number % len(_QUESTIONS)]

    def _function(
        self, function: str, instruction: str, fixed: tuple[str, ...], target: str, constant: str
    ) -> str:
        model = f'"{self.model}"'
        if DOWNGRADE in fixed:
            model = f'pick("{target}", "{self.model}", text)'
        head = []
        if self.entry in ("web", "constant"):
            head.append('@app.post("/FUNCTION")')
        if CACHE in fixed:
            head.append(f"@ttl_cache({_DAY})")
        head.append("def FUNCTION() -> str:" if self.entry == "constant" else "def FUNCTION(text: str):")
        content = repr(constant) if self.entry == "constant" else "text"
        return "\n".join((*head, self._call(model, instruction, content)))

    def _call(self, model: str, instruction: str, content: str) -> str:
        if self.kind == "cache-embedding":
            return _EMBEDDING.format(model=model)
        cap = 5 if self.is_label else 1024
        if self.provider == "anthropic":
            return _ANTHROPIC.format(model=model, instruction=instruction, content=content, cap=cap)
        limit = f" max_tokens={cap}," if self.is_label else ""
        return _OPENAI.format(model=model, instruction=instruction, content=content, limit=limit)


def _imports(provider: str, entry: str, fixed: tuple[str, ...]) -> str:
    lines = ["import csv", "import json", "import sys"] if entry == "job" else []
    lines += ["from concurrent.futures import ThreadPoolExecutor"] if ABREAST in fixed else []
    lines.append("from openai import OpenAI" if provider == "openai" else "from anthropic import Anthropic")
    if entry in ("web", "constant", "list"):
        lines.append("from fastapi import FastAPI")
    used = {CACHE: "ttl_cache", DOWNGRADE: "pick", BATCH: "split"}
    names = sorted(used[fix] for fix in fixed if fix in used)
    if names:
        lines.append(f"from fixes import {', '.join(names)}")
    client = "client = OpenAI()" if provider == "openai" else "client = Anthropic()"
    app = ["app = FastAPI()"] if entry in ("web", "constant", "list") else []
    return "\n".join((*lines, "", *app, client))


_OPENAI = """\
    reply = client.chat.completions.create(
        model={model},
        temperature=0,{limit}
        messages=[
            {{"role": "system", "content": "{instruction}"}},
            {{"role": "user", "content": {content}}},
        ],
    )
    return reply.choices[0].message.content"""
_ANTHROPIC = """\
    reply = client.messages.create(
        model={model},
        temperature=0,
        max_tokens={cap},
        system="{instruction}",
        messages=[{{"role": "user", "content": {content}}}],
    )
    return reply.content[0].text"""
_EMBEDDING = """\
    reply = client.embeddings.create(model={model}, input=text)
    return reply.data[0].embedding"""
_LIST = """\
@app.post("/all")
def all_labels(texts: list[str]):
    return [FUNCTION(text) for text in texts]"""
_LIST_FIXED = """\
@app.post("/all")
def all_labels(texts: list[str]):
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(FUNCTION, texts))"""
_JOB = """\
def main() -> None:
    with open(sys.argv[1]) as file:
        for row in csv.DictReader(file):
            print(FUNCTION(row["text"]))


if __name__ == "__main__":
    main()"""
# A batch of the same bodies: the function's own request is recorded instead of sent.
_BATCHED = """\
def submit(texts: list[str]) -> None:
    bodies = []
    {create} = {create}
    {owner}.create = lambda **body: bodies.append(body) or NOTHING
    try:
        for text in texts:
            FUNCTION(text)
    finally:
        del {owner}.create
    send(bodies)"""
_NOTHING = """\
class Nothing:
    def __getattr__(self, name):
        return self

    def __getitem__(self, index):
        return self


NOTHING = Nothing()"""
_SEND_OPENAI = """\
def send(bodies):
    lines = [
        {"custom_id": str(number), "method": "POST", "url": "/v1/chat/completions", "body": body}
        for number, body in enumerate(bodies)
    ]
    content = "".join(json.dumps(line) + "\\n" for line in lines).encode()
    file = client.files.create(file=("jobs.jsonl", content), purpose="batch")
    job = client.batches.create(
        input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h"
    )
    done = client.batches.retrieve(job.id)
    assert done.status == "completed", done.status"""
_SEND_ANTHROPIC = """\
def send(bodies):
    requests = [{"custom_id": str(number), "params": body} for number, body in enumerate(bodies)]
    job = client.messages.batches.create(requests=requests)
    done = client.messages.batches.retrieve(job.id)
    assert done.processing_status == "ended", done.processing_status"""
_JOB_FIXED = """\
def main() -> None:
    with open(sys.argv[1]) as file:
        waiting, urgent = split(row["text"] for row in csv.DictReader(file))
    if waiting:
        submit(waiting)
    for text in urgent:
        print(FUNCTION(text))


if __name__ == "__main__":
    main()"""


def _job(provider: str, function: str, fixed: tuple[str, ...]) -> str:
    if BATCH not in fixed:
        return _JOB
    owner = "client.chat.completions" if provider == "openai" else "client.messages"
    submit = _BATCHED.replace("    {create} = {create}\n", "").replace("{owner}", owner)
    send = _SEND_OPENAI if provider == "openai" else _SEND_ANTHROPIC
    return "\n\n\n".join((_NOTHING, send, submit, _JOB_FIXED))


# --------------------------------------------------------------------------- where nothing is to be found

CONTROLS = (
    # an answer that is meant to differ, by a model that is already small
    """\
from openai import OpenAI

client = OpenAI()


def poem(topic: str) -> str:
    reply = client.chat.completions.create(
        model="gpt-4o-mini",
        temperature=1.0,
        messages=[{"role": "user", "content": f"Write a poem about {topic}"}],
    )
    print(reply.usage.total_tokens)
    return reply.choices[0].message.content
""",
    # a cache is there already
    """\
import functools

from openai import OpenAI
from fastapi import FastAPI

app = FastAPI()
client = OpenAI()


@app.get("/translate")
@functools.lru_cache(maxsize=10_000)
def translate(text: str) -> str:
    reply = client.chat.completions.create(
        model="gpt-4o-mini", temperature=0, messages=[{"role": "user", "content": f"Translate: {text}"}]
    )
    print(reply.usage.total_tokens)
    return reply.choices[0].message.content
""",
    # a conversation
    """\
from anthropic import Anthropic

client = Anthropic()


def talk() -> None:
    history = []
    while True:
        history.append({"role": "user", "content": input("> ")})
        reply = client.messages.create(model="claude-sonnet-4-6", max_tokens=1024, messages=history[-20:])
        print(reply.content[0].text, reply.usage.output_tokens)
        history.append({"role": "assistant", "content": reply.content[0].text})
""",
    # texts embedded as a list
    """\
from openai import OpenAI

client = OpenAI()


def index(texts: list[str]) -> list[list[float]]:
    reply = client.embeddings.create(model="text-embedding-3-small", input=texts)
    print(reply.usage.total_tokens)
    return [row.embedding for row in reply.data]
""",
    # each step needs the one before
    """\
import sys

from anthropic import Anthropic

client = Anthropic()


def refine(text: str) -> str:
    for _ in range(10):
        reply = client.messages.create(
            model="claude-sonnet-4-6",
            max_tokens=1024,
            messages=[{"role": "user", "content": f"Improve this essay:\\n{text}"}],
        )
        text = reply.content[0].text
        print(reply.usage.output_tokens)
    return text


if __name__ == "__main__":
    print(refine(open(sys.argv[1]).read()))
""",
    # a small model labels, in a batch, and its tokens are counted
    """\
import json
import sys

from openai import OpenAI

client = OpenAI()


def main() -> None:
    lines = [
        {"custom_id": str(n), "method": "POST", "url": "/v1/chat/completions", "body": json.loads(line)}
        for n, line in enumerate(open(sys.argv[1]))
    ]
    content = "\\n".join(map(json.dumps, lines)).encode()
    file = client.files.create(file=("jobs.jsonl", content), purpose="batch")
    client.batches.create(
        input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h"
    )


if __name__ == "__main__":
    main()
""",
    # a model on this machine
    """\
from openai import OpenAI

client = OpenAI(base_url="http://localhost:11434/v1", api_key="ollama")


def label(text: str) -> str:
    reply = client.chat.completions.create(
        model="llama3.1",
        temperature=0,
        max_tokens=5,
        messages=[{"role": "user", "content": f"Classify as spam or not spam: {text}"}],
    )
    return reply.choices[0].message.content
""",
    # something else whose method has the same name
    """\
import sys

from twilio.rest import Client

client = Client()


def main() -> None:
    for number in open(sys.argv[1]):
        client.messages.create(to=number, from_="+100", body="hello")


if __name__ == "__main__":
    main()
""",
    # the input holds the time
    """\
import datetime

from anthropic import Anthropic
from fastapi import FastAPI

app = FastAPI()
client = Anthropic()


@app.get("/greeting")
def greeting(name: str) -> str:
    moment = datetime.datetime.now()
    reply = client.messages.create(
        model="claude-haiku-4-5",
        max_tokens=100,
        temperature=0.8,
        messages=[{"role": "user", "content": f"It is {moment}. Greet {name}."}],
    )
    print(reply.usage.output_tokens)
    return reply.content[0].text
""",
    # a retry is no loop over data
    """\
import time

from openai import OpenAI

client = OpenAI(max_retries=0)


def ask(question: str, style: str) -> str:
    for attempt in range(3):
        try:
            reply = client.chat.completions.create(
                model="gpt-4o-mini",
                temperature=0.7,
                messages=[{"role": "user", "content": f"In the style of {style}: {question}"}],
            )
            print(reply.usage.total_tokens)
            return reply.choices[0].message.content
        except OSError:
            time.sleep(2**attempt)
    raise RuntimeError
""",
)
