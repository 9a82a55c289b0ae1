"""The proof accepts what the edits say and nothing else."""

from __future__ import annotations

import pytest

from llm_lint.fixes.edits import Change, apply, collide
from llm_lint.fixes.proof import objection
from llm_lint.syntax.source import source_from_bytes


def judged(text: str, *changes: Change, result: str | None = None) -> str | None:
    """What the proof says of a text after changes."""
    new = apply(text, changes) if result is None else result
    old = source_from_bytes(text.encode(), "a.py")
    return objection(old, source_from_bytes(new.encode(), "a.py"), changes)


def inserted(text: str, mark: str, content: str) -> Change:
    """An insertion before a mark."""
    return Change(text.index(mark), text.index(mark), content)


def wrapped(text: str, part: str) -> tuple[Change, Change]:
    """A call around a part of the text."""
    start = text.index(part)
    return Change(start, start, "track("), Change(start + len(part), start + len(part), ")")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("x = f(1)\n", "f(1)"),
        ("x = (f)(1)\n", "(f)(1)"),
        ("with f() as g, h(): pass\n", "f()"),
        ("x = [f(y) for y in z] + f(2)\n", "f(y)"),
        ("x = a | f(1) | b\n", "f(1)"),
        ("async def g():\n\treturn await f(é=1)\n", "f(é=1)"),
        ('x = f"{f(1)}"\n', "f(1)"),
        ("@f(1)\ndef g(): ...\n", "f(1)"),
        ("f(1).b.c(2)\n", "f(1)"),
    ],
)
def test_wrapping_an_expression_is_accepted(text: str, part: str) -> None:
    assert judged(text, *wrapped(text, part)) is None


def test_new_statements_decorators_and_names_are_accepted() -> None:
    text = "from a import b\nimport c\n\ndef f():\n    return 1\n"
    assert judged(text, inserted(text, "import c", "import os\n")) is None
    assert judged(text, inserted(text, "def f", "@cached(ttl=1)\n")) is None
    assert judged(text, inserted(text, "b\n", "a, ")) is None


def test_a_replaced_expression_is_accepted() -> None:
    text = 'f(key="secret", other=1)\n'
    start = text.index('"secret"')
    assert judged(text, Change(start, start + 8, 'os.environ["KEY"]')) is None


def test_an_edit_that_binds_differently_is_refused() -> None:
    text = "x = a + b * c\n"
    assert judged(text, *wrapped(text, "a + b")) is not None


def test_an_edit_inside_a_string_is_refused() -> None:
    text = 'x = "f(1)"\n'
    assert judged(text, *wrapped(text, "f(1)")) is not None


def test_a_result_that_does_not_parse_is_refused() -> None:
    text = "x = f(1)\n"
    assert "does not parse" in str(judged(text, Change(4, 4, "track(")))


def test_a_change_elsewhere_is_refused() -> None:
    text = "x = f(1)\ny = 2\n"
    assert judged(text, *wrapped(text, "f(1)"), result="x = track(f(1))\ny = 3\n") is not None
    assert judged(text, *wrapped(text, "f(1)"), result="x = track(f(2))\ny = 2\n") is not None


def test_a_deleted_statement_outside_the_edit_is_refused() -> None:
    text = "x = 1\ny = 2\n"
    assert judged(text, result="x = 1\n") is not None


def test_insertions_at_one_place_collide_unless_they_are_equal() -> None:
    one, other = Change(3, 3, "a"), Change(3, 3, "b")
    assert collide([one], [other])
    assert not collide([one], [Change(3, 3, "a")])
    assert apply("xxxx", [one, Change(3, 3, "a")]) == "xxxax"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Change(2, 5, ""), Change(4, 6, ""), True),
        (Change(2, 5, ""), Change(3, 3, "x"), True),
        (Change(2, 5, ""), Change(2, 2, "x"), False),
        (Change(2, 5, ""), Change(5, 5, "x"), False),
        (Change(2, 5, ""), Change(5, 7, ""), False),
    ],
)
def test_ranges_collide_where_they_overlap(one: Change, other: Change, expected: bool) -> None:
    assert collide([one], [other]) is collide([other], [one]) is expected
