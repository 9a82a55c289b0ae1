"""The table of volumes: added to, never changed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_lint.errors import LlmLintError
from llm_lint.project.volume_table import Entry, synced

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PYPROJECT = Path("pyproject.toml")
ONE = Entry("app/llm.py::label#0", 10_000, "gpt-4o, web")
TWO = Entry('app/my "own".py::<module>#0', 100, "unknown model, cli")
LINE = '# "app/llm.py::label#0" = 10000  # gpt-4o, web\n'


def test_a_new_table_comes_at_the_end() -> None:
    found = synced('[project]\nname = "x"', [ONE], PYPROJECT)
    assert found.added == 1
    assert (
        found.text
        == (
            '[project]\nname = "x"\n\n[tool.llm-lint.usage]\n'
            '# Requests of each call site: a number a month, or "2000/day", "5/hour". '
            "Uncomment what you know.\n"
        )
        + LINE
    )
    assert synced("", [ONE], Path("llm-lint.toml")).text.startswith("[usage]\n")


def test_a_second_run_changes_nothing() -> None:
    text = synced("", [ONE, TWO], PYPROJECT).text
    assert synced(text, [ONE, TWO], PYPROJECT) == synced(text, [TWO, ONE], PYPROJECT)
    assert synced(text, [ONE, TWO], PYPROJECT).text == text


def test_what_somebody_set_stays_and_new_call_sites_follow_it() -> None:
    text = (
        "# my settings\r\n[ tool . 'llm-lint' . usage ]  # volumes\r\n"
        "'app/llm.py::label#0' = '5/hour'   # measured by hand\r\n\r\n"
        "# about the next\r\n[tool.other]\r\na = 1\r\n"
    )
    found = synced(text, [ONE, TWO], PYPROJECT)
    before, _, after = text.partition("by hand\r\n")
    added = '# "app/my \\"own\\".py::<module>#0" = 100  # unknown model, cli\r\n'
    assert found.text == before + "by hand\r\n" + added + after


def test_set_keys_that_name_no_call_site_are_told() -> None:
    text = '[tool.llm-lint.usage]\n"app/gone.py::f#0" = 5\n"app/llm.py::label" = 5\n"jobs/" = 5\n'
    assert synced(text, [ONE], PYPROJECT).stale == ("app/gone.py::f#0",)


@pytest.mark.parametrize(
    "text", ['[tool.llm-lint]\nusage = {profile = "small"}\n', '[tool.llm-lint]\nusage.profile = "small"\n']
)
def test_volumes_outside_a_table_are_refused(text: str) -> None:
    with pytest.raises(LlmLintError, match="outside a table of their own"):
        synced(text, [ONE], PYPROJECT)


def test_invalid_toml_is_refused() -> None:
    with pytest.raises(LlmLintError, match="is not valid TOML"):
        synced("[tool", [ONE], PYPROJECT)


PIECES = st.sampled_from(
    [
        "\n",
        "# a note\n",
        "[tool.other]\nx = 1\n",
        "[project]\nname = 'p'\n",
        "[[tool.list]]\ny = '''\n[tool.llm-lint.usage]\n'''\n",
        '[tool.llm-lint.usage]\n"jobs/" = 3\n',
        "[tool.llm-lint]\nselect = ['ALL']\n",
    ]
)


@given(st.lists(PIECES, max_size=6, unique=True), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_the_meaning_and_every_line_of_a_file_survive(pieces: list[str], newline: str, ended: bool) -> None:
    text = "".join(pieces).replace("\n", newline)
    text = text if ended else text.rstrip()
    try:
        found = synced(text, [ONE, TWO], PYPROJECT)
    except LlmLintError:
        return
    assert tomllib.loads(found.text) == _with_table(tomllib.loads(text))
    left = iter(found.text.splitlines())
    assert all(line in left for line in text.splitlines())
    assert synced(found.text, [ONE, TWO], PYPROJECT).text == found.text


def _with_table(document: dict[str, object]) -> dict[str, object]:
    tool = dict(document.get("tool", {}))  # type: ignore[call-overload]
    ours = dict(tool.get("llm-lint", {}))
    ours.setdefault("usage", {})
    return {**document, "tool": {**tool, "llm-lint": ours}}
