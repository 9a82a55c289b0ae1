"""Loops around requests: their kind, whether iterations are independent, and the calls between."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.semantics.programs import ASK, OPENAI, analysed, main_loop, only_request

KINDS = {
    "a list": ("data", "for text in texts:\n    ask(text)"),
    "a generator of pairs": (
        "data",
        "def pairs():\n    for row in open('rows'):\n        yield row, row.split()\n"
        "for name, words in pairs():\n    ask(name)",
    ),
    "what an answer lists": (
        "data",
        "topics = ask('Name topics, one a line.').choices[0].message.content.splitlines()\n"
        "for topic in topics:\n    ask(topic)",
    ),
    "claims, which are no queue": ("data", "for claim in claims:\n    ask(claim)"),
    "chunks by position": (
        "data",
        "start = 0\nwhile start < len(text):\n    ask(text[start : start + 900])\n    start += 900",
    ),
    "a queue that is emptied": ("data", "while pending:\n    ask(pending.pop())"),
    "a stream": ("none", "for chunk in ask('Tell.', stream=True):\n    print(chunk)"),
    "tries": (
        "retry",
        "for attempt in range(5):\n    try:\n        answer = ask('x')\n        break\n"
        "    except Exception:\n        continue",
    ),
    "providers until one answers, chosen by branch": (
        "retry",
        "def first(providers):\n"
        "    for provider in providers:\n"
        "        try:\n"
        "            if provider.fast:\n"
        "                result = ask(provider.name)\n"
        "            else:\n"
        "                result = ask(provider.long_name)\n"
        "            return result\n"
        "        except Exception:\n"
        "            pass\n"
        "first(load())",
    ),
    "iterations of an agent": (
        "agent",
        "class Agent:\n"
        "    def run(self):\n"
        "        count = 0\n"
        "        while not self.done and count < self.limit:\n"
        "            count += 1\n"
        "            self.absorb(ask(self.conversation.render()))\n"
        "Agent().run()",
    ),
    "turns up to a limit": (
        "agent",
        "turn = 0\nwhile turn < limit:\n    turn += 1\n    show(ask(state.render()))",
    ),
    "pings by the clock": (
        "poll",
        "import time\nclass Warmer:\n"
        "    def run(self):\n"
        "        while self.wanted:\n"
        "            time.sleep(1)\n"
        "            self.left -= 1\n"
        "            ask('ping')\n"
        "Warmer().run()",
    ),
    "a conversation": ("chat", "while True:\n    ask(input('> '))"),
    "messages of a broker": ("poll", "for message in consumer:\n    ask(message.value)"),
}


@pytest.mark.parametrize(("kind", "code"), KINDS.values(), ids=KINDS.keys())
def test_kind_of_a_loop(kind: str, code: str, tmp_path: Path) -> None:
    loop = only_request(tmp_path, OPENAI + ASK + code + "\n").loop
    assert (loop.kind if loop else "none") == kind


DEPENDENT = {
    "it stops at the first fit": "for page in pages:\n    if 'yes' in str(ask(page)):\n        break",
    "the answer is put into the next prompt": "text = ''\nfor page in pages:\n    text = ask(text + page)",
    "an object keeps the conversation": (
        "for question in questions:\n"
        "    history.add_turn(question)\n"
        "    answer = ask(history.render())\n"
        "    history.add_turn(answer)"
    ),
    "later elements come from earlier answers": (
        "queue = [start]\nwhile queue:\n    queue.extend(ask(queue.pop(0)).choices)"
    ),
}


@pytest.mark.parametrize("code", DEPENDENT.values(), ids=DEPENDENT.keys())
def test_an_iteration_that_needs_an_earlier_answer(code: str, tmp_path: Path) -> None:
    assert main_loop(tmp_path, OPENAI + ASK + code + "\n").independent is False


INDEPENDENT = {
    "answers are collected": "found = []\nfor page in pages:\n    found.append(ask(page))",
    "a total is kept": "used = 0\nfor page in pages:\n    used += ask(page).usage.total_tokens",
    "it stops when the service fails": (
        "for page in pages:\n    answer = ask(page)\n    if answer.status_code != 200:\n        break"
    ),
    "answers are stored": "for page in pages:\n    db.save(ask(page))",
}


@pytest.mark.parametrize("code", INDEPENDENT.values(), ids=INDEPENDENT.keys())
def test_an_iteration_that_stands_alone(code: str, tmp_path: Path) -> None:
    assert main_loop(tmp_path, OPENAI + ASK + code + "\n").is_batch_candidate


NO_BATCH = {
    "models": ("models", "for model in models:\n    ask(f'{model}: hello')"),
    "samples": ("samples", "for _ in range(20):\n    answers.append(ask('A fact about geese.'))"),
    "samples, counted down": (
        "samples",
        "left = 40\nwhile left > 0:\n    left -= 5\n    ask('A fact.', n=5)",
    ),
    "steps": (
        "steps",
        "def refine(pages):\n"
        "    summary = ''\n"
        "    for page in pages:\n"
        "        summary = ask(summary + page)\n"
        "    return summary\n"
        "for book in books:\n    refine(book)",
    ),
}


@pytest.mark.parametrize(("note", "code"), NO_BATCH.values(), ids=NO_BATCH.keys())
def test_loops_that_are_no_batch_say_why(note: str, code: str, tmp_path: Path) -> None:
    request = only_request(tmp_path, OPENAI + ASK + code + "\n")
    assert note in {loop.note for loop in request.loops}
    assert request.loop is not None
    assert not request.loop.is_batch_candidate


def test_the_first_request_of_an_agent_belongs_to_its_steps(tmp_path: Path) -> None:
    agent = (
        "def work(task):\n"
        "    messages = [{'role': 'user', 'content': task}]\n"
        "    answer = client.chat.completions.create(model='gpt-4o', messages=messages)\n"
        "    while answer.choices[0].finish_reason == 'tool_calls':\n"
        "        messages.append(answer.choices[0].message)\n"
        "        answer = client.chat.completions.create(model='gpt-4o', messages=messages)\n"
        "    return answer\n"
        "for task in tasks:\n    work(task)\n"
    )
    requests, findings = analysed(tmp_path, {"app.py": OPENAI + agent})
    assert len(requests) == 2
    assert [finding for finding in findings if finding.code == "LLM401"] == []


def test_the_loop_that_could_be_batched_is_chosen_with_the_calls_from_it(tmp_path: Path) -> None:
    files = {
        "llm.py": OPENAI + ASK,
        "refine.py": (
            "from llm import ask\n"
            "def refine(pages):\n"
            "    text = ''\n"
            "    for page in pages:\n"
            "        text = ask(text + page)\n"
            "    return text\n"
        ),
        "label.py": "from llm import ask\ndef label(row):\n    return ask(row['text'])\n",
        "main.py": (
            "from refine import refine\n"
            "from label import label\n"
            "refine(open('book').readlines())\n"
            "labels = [label(row) for row in load()]\n"
        ),
    }
    (request,), findings = analysed(tmp_path, files)
    assert request.loop is not None
    assert (request.loop.span.filename, request.loop.span.start.row) == ("main.py", 4)
    assert [step.function for step in request.chain] == ["<module>", "label", "ask"]
    assert [finding.code for finding in findings if finding.code == "LLM401"] == ["LLM401"]


TRIPS = {
    "a literal": (3, "for word in ['a', 'b', 'c']:\n    ask(word)"),
    "a constant": (2, "WORDS = ('a', 'b')\nfor number, word in enumerate(WORDS):\n    ask(word)"),
    "a range": (12, "for page in range(12):\n    ask(pages[page])"),
    "a function's result": (None, "def pairs():\n    yield 'a', 'b'\nfor one, two in pairs():\n    ask(one)"),
}


@pytest.mark.parametrize(("trips", "code"), TRIPS.values(), ids=TRIPS.keys())
def test_literal_trip_counts(trips: int | None, code: str, tmp_path: Path) -> None:
    assert main_loop(tmp_path, OPENAI + ASK + code + "\n").trips == trips
