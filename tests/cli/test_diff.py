"""``llm-lint diff`` on real repositories."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.project.test_revision import git

LLM = """\
from fastapi import FastAPI
from openai import OpenAI

app = FastAPI()
client = OpenAI()


@app.post("/ask")
def ask(question: str):
    return client.responses.create(model="gpt-4o-mini", input=f"Answer briefly: {question}")
"""
ADDED = """

@app.post("/summary")
def summary(text: str):
    return client.responses.create(model="gpt-4o", input=f"Summarise in one sentence: {text}")
"""


@pytest.fixture
def repository(clean: Path) -> Path:
    """A committed project with one request in ``app/llm.py``; the current folder is its root."""
    git(clean, "init", "-q", "-b", "main")
    (clean / "app" / "llm.py").write_text(LLM)
    git(clean, "add", "-A")
    git(clean, "commit", "-qm", "one")
    return clean


def _lines(text: str) -> list[str]:
    """The output without alignment, with short ids in place of commits and N in place of amounts.

    What a request costs is tested elsewhere.
    """
    text = re.sub(r"\b[0-9a-f]{7}\b", "1234567", text)
    text = re.sub(r"\$[\d.,]*\d", "$N", re.sub(r"\d+ %", "N %", text))
    return [" ".join(line.split()) for line in text.splitlines()]


def test_nothing_changed(repository: Path, run: Run) -> None:
    (repository / "app" / "llm.py").write_text("# moved down\n\n" + LLM)
    ran = run("diff")
    assert (ran.code, _lines(ran.out)) == (0, ["The bill is the same as at HEAD (1234567)."])
    assert run("diff", "--output-format", "markdown").out == ""
    assert json.loads(run("diff", "--output-format", "json").out)["changes"] == []


def test_a_dirty_tree_with_a_new_and_a_changed_request(repository: Path, run: Run) -> None:
    (repository / "app" / "llm.py").write_text(LLM.replace("gpt-4o-mini", "gpt-4o"))
    (repository / "app" / "more.py").write_text(LLM.replace("def ask", "def more").replace("Answer", "Reply"))
    ran = run("diff")
    assert ran.code == 0
    assert _lines(ran.out) == [
        "where request model what $/1k requests/month $/month",
        "app/llm.py:10:12 OpenAI.responses.create gpt-4o model gpt-4o-mini → gpt-4o +$N 10,000 assumed +$N",
        "app/more.py:10:12 OpenAI.responses.create gpt-4o-mini added +$N 10,000 assumed +$N",
        "",
        "1 request added, 1 changed since HEAD (1234567): +$N/month [LOW +$N – HIGH +$N], +N % of the bill.",
        "Both sides at the prices of 2026-11-23 from genai-prices 0.2.3 (MIT), "
        "LiteLLM price map 1.109.1 (MIT).",
    ]


def test_the_comment_for_a_pull_request(repository: Path, run: Run) -> None:
    git(repository, "checkout", "-qb", "feature")
    (repository / "app" / "llm.py").write_text(LLM + ADDED)
    git(repository, "commit", "-qam", "two")
    ran = run("diff", "main", "--output-format", "markdown", "--max-increase-usd", "5")
    assert ran.code == 1
    assert _lines(ran.out) == [
        "### llm-lint: +\\$N/month \\[LOW +\\$N – HIGH +\\$N\\], +N % of the bill",
        "",
        "1 request added since `main`.",
        "",
        "| where | model | what | per 1,000 requests | requests a month | a month |",
        "|---|---|---|--:|--:|--:|",
        "| `app/llm.py:15:12` | `gpt-4o` | added | +\\$N | 10,000 assumed | **+\\$N** |",
        "",
        "- **max-increase-usd \\$N/month: BROKEN (\\$N/month)**",
        "",
        "<sub>Both sides at the prices of 2026-11-23 from genai-prices 0.2.3 (MIT), LiteLLM price map "
        "1.109.1 (MIT).</sub><br>",
    ]


def test_a_branch_is_compared_from_where_it_was_left(repository: Path, run: Run) -> None:
    git(repository, "checkout", "-qb", "feature")
    git(repository, "checkout", "-q", "main")
    (repository / "app" / "llm.py").write_text(LLM + ADDED)
    git(repository, "commit", "-qam", "on main only")
    git(repository, "checkout", "-q", "feature")
    assert _lines(run("diff", "main").out) == ["The bill is the same as at main (1234567)."]


def test_a_renamed_file_is_no_change(repository: Path, run: Run) -> None:
    git(repository, "mv", "app/llm.py", "app/gateway.py")
    assert json.loads(run("diff", "--output-format", "json").out)["changes"] == []


def test_a_file_that_one_side_cannot_read_claims_nothing(repository: Path, run: Run) -> None:
    (repository / "app" / "llm.py").write_text(LLM + "def broken(:\n")
    ran = run("diff", "--output-format", "json")
    assert json.loads(ran.out)["changes"] == []
    assert "app/llm.py: not analysed" in ran.err
    git(repository, "commit", "-qam", "broken")
    (repository / "app" / "llm.py").write_text(LLM)
    ran = run("diff", "--output-format", "json")
    assert json.loads(ran.out)["changes"] == []
    assert "warning: app/llm.py at HEAD (" in ran.err
    assert "was not analysed" in ran.err


def test_a_removed_request_saves(repository: Path, run: Run) -> None:
    (repository / "app" / "llm.py").write_text("")
    document = json.loads(run("diff", "--output-format", "json").out)
    (change,) = document["changes"]
    assert (change["kind"], change["after"]) == ("removed", None)
    assert change["usd_per_month"]["expected"].startswith("-")
    assert document["usd_per_month"]["percent"] == "-100"
    assert document["base"]["commit"] == git(repository, "rev-parse", "HEAD")


def test_only_the_given_paths_count(repository: Path, run: Run) -> None:
    (repository / "app" / "llm.py").write_text(LLM + ADDED)
    (repository / "other").mkdir()
    assert "The bill is the same" in run("diff", "HEAD", "other").out
    assert "added" in run("diff", "HEAD", "app").out


def test_limits_come_from_the_configuration(repository: Path, run: Run) -> None:
    (repository / "pyproject.toml").write_text("[tool.llm-lint.diff]\nmax-increase-percent = 10\n")
    (repository / "app" / "llm.py").write_text(LLM + ADDED)
    ran = run("diff")
    assert ran.code == 1
    assert _lines(ran.out)[-1] == "max-increase-percent N %: BROKEN (N %)"
    assert run("diff", "--max-increase-percent", "5000").code == 0
    (repository / "pyproject.toml").write_text("[tool.llm-lint.diff]\nmax-increase = 10\n")
    ran = run("diff")
    assert ran.code == 2
    assert "unknown key `diff.max-increase`" in ran.err


def test_a_model_without_a_price_can_be_blocked(repository: Path, run: Run) -> None:
    (repository / "app" / "llm.py").write_text(LLM + ADDED.replace("gpt-4o", "our-deployment"))
    assert run("diff").code == 0
    ran = run("diff", "--block-unknown-models")
    assert ran.code == 1
    assert "no amount is known" in ran.out
    assert "block-unknown-models none: BROKEN (app/llm.py::summary#0)" in ran.out


def test_volumes_in_the_code_and_in_the_configuration_are_named(repository: Path, run: Run) -> None:
    (repository / "app" / "llm.py").write_text(
        LLM.replace("    return client", "    # llm-lint: volume=500/month\n    return client")
    )
    (change,) = json.loads(run("diff", "--output-format", "json").out)["changes"]
    assert change["differences"] == [
        {"what": "requests a month", "before": "10,000 assumed", "after": "500 configured"}
    ]
    (repository / "pyproject.toml").write_text('[tool.llm-lint.usage]\n"app/llm.py::ask" = 500\n')
    assert json.loads(run("diff", "--output-format", "json").out)["changes"] == []


def test_volumes_of_a_log(repository: Path, run: Run) -> None:
    record = {
        "timestamp": "2026-11-01T00:00:00Z",
        "endpoint": "/v1/responses",
        "model": "gpt-4o-mini",
        "tokens_input": 500,
        "tokens_output": 100,
        "cost_usd": 0.000135,
        "latency_ms": 900,
        "cache_hit": False,
        "call_site": "app/llm.py::ask#0",
    }
    log = repository / "usage.jsonl"
    days = (f"2026-11-{day:02}T12:00:00Z" for day in range(1, 21))
    log.write_text("".join(f"{json.dumps({**record, 'timestamp': day})}\n" for day in days))
    (repository / "app" / "llm.py").write_text(LLM.replace("gpt-4o-mini", "gpt-4o"))
    (change,) = json.loads(run("diff", "--usage", str(log), "--output-format", "json").out)["changes"]
    assert change["before"]["volume"]["source"] == change["after"]["volume"]["source"] == "log"


def test_a_key_in_a_model_name_is_not_shown(repository: Path, run: Run) -> None:
    key = "sk-proj-" + "Ab1Cd2Ef3Gh4" * 4
    (repository / "app" / "llm.py").write_text(LLM + ADDED.replace("gpt-4o", key))
    for output_format in ("table", "json", "markdown"):
        assert key not in run("diff", "--output-format", output_format).out


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (("nowhere",), "git knows no revision `nowhere`", "git branch --all"),
        (("app",), "git knows no revision `app`", "for a path: `llm-lint diff HEAD app`"),
        (("main..HEAD",), "git knows no revision `main..HEAD`", "name one revision"),
        (("HEAD", "--max-increase-usd", "x"), "`x` is not a number", ""),
    ],
)
def test_wrong_questions(
    repository: Path, run: Run, arguments: tuple[str, ...], message: str, hint: str
) -> None:
    ran = run("diff", *arguments)
    assert ran.code == 2
    assert message in ran.err
    assert hint in ran.err


def test_a_shallow_clone(repository: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(repository, "commit", "-qm", "two", "--allow-empty")
    git(tmp_path, "clone", "-q", "--depth=1", repository.as_uri(), "shallow")
    monkeypatch.chdir(tmp_path / "shallow")
    assert run("diff").code == 0
    ran = run("diff", "HEAD~1")
    assert ran.code == 2
    assert "this is a shallow clone, which lacks the history" in ran.err
    assert "`git fetch --unshallow`" in ran.err


def test_outside_a_repository(clean: Path, run: Run) -> None:
    ran = run("diff")
    assert ran.code == 2
    assert "is not in a git repository" in ran.err
