"""The pages on prices and costs show what the commands really print."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from llm_lint.pricing.prices import OWN_PRICES
from tests.cli.conftest import Run
from tests.project.test_revision import git

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = {name: (DOCS / name).read_text(encoding="utf-8") for name in ("prices.md", "cost-diff.md")}
SESSION = re.compile(r"^```console\n\$ llm-lint (.+)\n((?:(?!```|\$ ).*\n)+)```$", re.M)
EXAMPLES = [
    (page, command, output) for page, text in PAGES.items() for command, output in SESSION.findall(text)
]


def test_there_are_examples() -> None:
    assert len(EXAMPLES) == 5


@pytest.mark.parametrize(("page", "command", "output"), EXAMPLES, ids=lambda value: value[:20])
def test_an_example_prints_what_the_page_shows(
    project: Path, run: Run, page: str, command: str, output: str
) -> None:
    if command.startswith("diff"):
        _commit(project)
    shown = run(*shlex.split(command)).out
    assert _without_commits(shown) == _without_commits(output)


def _commit(folder: Path) -> None:
    """``main`` as the page shows it, and the branch that it describes."""
    before, added = re.findall(r"```python\n(.*?)```", PAGES["cost-diff.md"], re.S)
    for path in (folder / "app").iterdir():
        path.unlink()
    git(folder, "init", "-q", "-b", "main")
    (folder / "support.py").write_text(before)
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "one")
    git(folder, "checkout", "-qb", "branch")
    (folder / "support.py").write_text(f"{before.replace('gpt-4o-mini', 'gpt-4o')}\n\n{added}")


def _without_commits(text: str) -> str:
    return re.sub(r"\([0-9a-f]{7}\)", "(1234567)", text)


def test_every_key_of_a_price_is_explained() -> None:
    table = PAGES["prices.md"].partition("| key of a price |")[2]
    assert set(re.findall(r"`([a-z0-9-]+)`", table.partition("\n\n")[0])) == set(OWN_PRICES)
