"""What is known around a request: histories, lists of texts, repetition, the class of its task."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.semantics.programs import OPENAI, analysed, only_request

SEND = "client.chat.completions.create(model='gpt-4o', messages="
ANSWER = "{'role': 'assistant', 'content': answer.choices[0].message.content}"
HISTORIES = {
    "one question": ("none", f"{SEND}[{{'role': 'user', 'content': text}}])"),
    "an attribute that grows": (
        "growing",
        "class Bot:\n    def __init__(self):\n        self.turns = []\n"
        f"    def say(self, text):\n        self.turns.append({{'role': 'user', 'content': text}})\n"
        f"        answer = {SEND}self.turns)\n        self.turns.append({ANSWER})\n",
    ),
    "kept under a key of another object": (
        "growing",
        "def say(user, text):\n    turns = talks.history[user]\n"
        f"    answer = {SEND}[{{'role': 'system', 'content': 'Hi'}}, *turns])\n    turns.append({ANSWER})\n",
    ),
    "kept with a greatest length": (
        "bounded",
        "from collections import defaultdict, deque\n"
        "history = defaultdict(lambda: deque(maxlen=12))\n"
        "def say(user, text):\n    turns = history[user]\n"
        f"    answer = {SEND}list(turns))\n    turns.append({ANSWER})\n",
    ),
    "only the last ones are sent": (
        "bounded",
        f"turns = []\nwhile True:\n    answer = {SEND}turns[-6:])\n    turns.append({ANSWER})\n",
    ),
    "handed out and in again": (
        "growing",
        "def turn(text, msg_history=None):\n    if msg_history is None:\n        msg_history = []\n"
        "    sent = msg_history + [{'role': 'user', 'content': text}]\n"
        f"    answer = {SEND}[{{'role': 'system', 'content': 'Hi'}}, *sent])\n"
        f"    return answer, sent + [{ANSWER}]\n"
        "reply, past = turn('a')\nreply, past = turn('b', msg_history=past)\n",
    ),
    "messages of a caller that is not shown": (
        "unknown",
        f"def complete(messages):\n    return {SEND}messages)",
    ),
    "a text of a caller that is not shown": ("none", f"def one(prompt: str):\n    return {SEND}prompt)"),
}


@pytest.mark.parametrize(("history", "code"), HISTORIES.values(), ids=HISTORIES.keys())
def test_history(history: str, code: str, tmp_path: Path) -> None:
    assert only_request(tmp_path, OPENAI + code + "\n").history == history


EMBED = "client.embeddings.create(model='text-embedding-3-small', input={})"
INPUTS = {
    "an element": ("single", "for text in texts:\n    " + EMBED.format("text")),
    "a list of one": ("single", "for text in texts:\n    " + EMBED.format("[text]")),
    "a slice with a step": (
        "list",
        "for i in range(0, len(texts), 100):\n    chunk = texts[i : i + 100]\n    " + EMBED.format("chunk"),
    ),
    "a cleaned slice": (
        "list",
        "for i in range(0, len(texts), 9):\n    part = [t.strip() for t in texts[i : i + 9]]\n    "
        + EMBED.format("part"),
    ),
    "the start of one text": ("single", "def one(text):\n    return " + EMBED.format("text[:8000]")),
    "a batch": ("list", "for batch in chunked(texts, 64):\n    " + EMBED.format("batch")),
    "an annotated parameter": ("list", "def all_of(parts: list[str]):\n    return " + EMBED.format("parts")),
    "not known": ("unknown", "def vectors(it):\n    return " + EMBED.format("it")),
}


@pytest.mark.parametrize(("shape", "code"), INPUTS.values(), ids=INPUTS.keys())
def test_one_text_or_many(shape: str, code: str, tmp_path: Path) -> None:
    assert only_request(tmp_path, OPENAI + code + "\n").list_input == shape


@pytest.mark.parametrize(("shape", "code"), INPUTS.values(), ids=INPUTS.keys())
def test_only_single_texts_are_reported(shape: str, code: str, tmp_path: Path) -> None:
    requests, findings = analysed(tmp_path, {"app.py": OPENAI + code + "\n"})
    in_loop = any(loop.is_batch_candidate for loop in requests[0].loops)
    reported = [finding.code for finding in findings if finding.code in ("LLM401", "LLM402")]
    assert reported == (["LLM402"] if shape == "single" and in_loop else [])


def test_a_store_that_is_searched_in_a_loop_takes_no_lists(tmp_path: Path) -> None:
    code = (
        "from langchain_openai import OpenAIEmbeddings\nfrom langchain_community.vectorstores import FAISS\n"
        "store = FAISS.from_texts(load(), OpenAIEmbeddings())\n"
        "for question in questions:\n    store.similarity_search(question)\n"
    )
    _, findings = analysed(tmp_path, {"app.py": code})
    assert [finding.code for finding in findings if finding.code in ("LLM401", "LLM402")] == []


CONSTANT = {
    "a literal": (True, "def joke():\n    return ASKED('Name the planets.')"),
    "a parameter with one known value": (
        False,
        "def label(ticket):\n    return ASKED('Label: {t}'.format(t=ticket))\nlabel('It is broken.')",
    ),
    "a slot that is replaced": (
        False,
        "def label(ticket):\n    return ASKED('Label: TICKET'.replace('TICKET', ticket))",
    ),
}


@pytest.mark.parametrize(("constant", "code"), CONSTANT.values(), ids=CONSTANT.keys())
def test_constant_input(constant: bool, code: str, tmp_path: Path) -> None:
    text = OPENAI + _direct(code) + "\nfor _ in range(30):\n    " + _call(code) + "\n"
    assert (only_request(tmp_path, text).repetition == "constant") is constant


def _direct(code: str) -> str:
    head, _, rest = code.partition("return ASKED(")
    argument, _, tail = rest.partition("\n")
    message = "[{'role': 'user', 'content': " + argument[:-1] + "}]"
    return f"{head}return {SEND}{message})\n{tail}"


def _call(code: str) -> str:
    return "joke()" if "joke" in code else "label('It is broken.')"


TASKS = {
    "labels": ("simple", "'Classify the mail as spam or ham. One word.\\n' + mail, max_tokens=3"),
    "summary": ("medium", "'Summarise the mail in two sentences.\\n' + mail"),
    "an instruction of another kind": ("medium", "'Tell the sender when the shop opens.\\n' + mail"),
    "code": ("complex", "'Write a function that sorts what the mail asks for.\\n' + mail"),
    "whatever the caller wants": ("unknown", "mail"),
}


@pytest.mark.parametrize(("task", "arguments"), TASKS.values(), ids=TASKS.keys())
def test_task(task: str, arguments: str, tmp_path: Path) -> None:
    prompt, _, options = arguments.partition(", ")
    code = f"def work(mail):\n    return {SEND}[{{'role': 'user', 'content': {prompt}}}], {options})\n"
    assert only_request(tmp_path, OPENAI + code).task == task


@pytest.mark.parametrize("name", ["evaluate_answer", "warm_cache", "benchmark"])
def test_evaluations_and_warm_ups_are_no_simple_tasks(name: str, tmp_path: Path) -> None:
    code = (
        f"def {name}(text):\n    return {SEND}[{{'role': 'user', 'content': 'yes or no?\\n' + text}}], "
        "max_tokens=1, temperature=0)\n"
    )
    _, findings = analysed(tmp_path, {"app.py": OPENAI + code})
    assert "LLM301" not in {finding.code for finding in findings}


def test_a_model_class_that_reads_usage_tracks_the_modules_of_its_framework(tmp_path: Path) -> None:
    files = {
        "lm.py": (
            "import dspy\nclass CountingLM(dspy.LM):\n    def forward(self, *args, **kwargs):\n"
            "        answer = super().forward(*args, **kwargs)\n"
            "        self.spent += answer.usage.total_tokens\n"
            "        return answer\n"
        ),
        "app.py": (
            "import dspy\nfrom lm import CountingLM\ndspy.configure(lm=CountingLM('openai/gpt-4o'))\n"
            "answer = dspy.Predict('question -> answer')\nprint(answer(question='Why?'))\n"
        ),
    }
    requests, _ = analysed(tmp_path, files)
    tracked = {request.span.filename: request.tracked.by for request in requests}
    assert tracked["app.py"] == "CountingLM"


TRACKED = {
    "nothing": (False, "    return answer.choices[0].message.content"),
    "usage as an attribute": (True, "    print(answer.usage.total_tokens)\n    return answer"),
    "usage by name": (True, "    used = answer.get('usage', {})\n    return used"),
    "usage by getattr": (True, "    note(getattr(answer, 'usage', None))\n    return answer"),
    "a function that counts cost": (True, "    add_cost(answer)\n    return answer"),
}


@pytest.mark.parametrize(("tracked", "code"), TRACKED.values(), ids=TRACKED.keys())
def test_trackers(tracked: bool, code: str, tmp_path: Path) -> None:
    text = f"def one(text):\n    answer = {SEND}[{{'role': 'user', 'content': text}}])\n{code}\n"
    requests, findings = analysed(tmp_path, {"app.py": OPENAI + text})
    assert requests[0].tracked.present is tracked
    assert ("LLM701" in {finding.code for finding in findings}) is not tracked
