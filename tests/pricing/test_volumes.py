"""Requests a month: who wins, and what is assumed when nobody says."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llm_lint.model import Volume
from llm_lint.pricing.volumes import Volumes
from tests.pricing.builders import data_loop, request

BOOKED = (
    ("entry:web", Decimal(4)),
    ("app/**", Decimal(3)),
    ("app/agent.py", Decimal(2)),
    ("app.agent:answer", Decimal(1)),
)


@pytest.mark.parametrize("left_out", range(4))
def test_function_before_longest_path_before_entry_point(left_out: int) -> None:
    volumes = Volumes(BOOKED[: 4 - left_out])
    expected = Volume(Decimal(1 + left_out), "configured")
    if left_out == 3:
        assert volumes.of(request(filename="lib/agent.py")) == Volume(Decimal(4), "configured")
    else:
        assert volumes.of(request()) == expected


def test_nothing_configured_is_the_profile_and_says_assumed() -> None:
    assert Volumes().of(request()) == Volume(Decimal(10_000), "assumed")
    assert Volumes(profile="small").of(request()) == Volume(Decimal(1_000), "assumed")
    assert Volumes(profile="large").of(request(entry_point="library")) == Volume(Decimal(100_000), "assumed")


@pytest.mark.parametrize(
    ("entry_point", "loops", "expected"),
    [
        ("web", (), 10_000),
        ("bot", (), 10_000),
        ("ui", (), 10_000),
        ("worker", (), 10_000),
        ("library", (), 10_000),
        ("cli", (), 100),
        ("cli", (data_loop(),), 3_000),
        ("cli", (data_loop(trips=7),), 210),
        ("cron", (), 30),
        ("cron", (data_loop(),), 3_000),
    ],
)
def test_assumptions_by_entry_point(entry_point: str, loops: tuple[object, ...], expected: int) -> None:
    volume = Volumes().of(request(entry_point=entry_point, loops=loops))
    assert volume == Volume(Decimal(expected), "assumed")


@pytest.mark.parametrize(
    "fields",
    [{"entry_point": "test"}, {"entry_point": "notebook"}, {"excluded": "test"}, {"excluded": "example"}],
)
def test_nobody_guesses_how_often_a_test_runs(fields: dict[str, str]) -> None:
    assert Volumes().of(request(**fields)) is None
    booked = Volumes((("app/agent.py", Decimal(5)),))
    assert booked.of(request(**fields)) == Volume(Decimal(5), "configured")


@pytest.mark.parametrize(
    ("selector", "applies"),
    [
        ("app.agent:answer", True),
        ("agent:answer", True),
        ("other.agent:answer", False),
        ("app.agent:other", False),
        ("app/agent.py::answer", True),
        ("app/agent.py::answer#1", True),
        ("app/agent.py::answer#2", False),
        ("entry:web", True),
        ("entry:cli", False),
        ("app", True),
        ("app/", True),
        ("ap", False),
        ("app/*.py", True),
        ("*.py", False),
        ("**/*.py", True),
        ("**", True),
        ("app/agent.?y", True),
        ("src/**", False),
    ],
)
def test_selectors(selector: str, applies: bool) -> None:
    volume = Volumes(((selector, Decimal(5)),)).of(request())
    assert volume is not None
    assert (volume.source == "configured") is applies


def test_a_package_is_named_by_its_folder() -> None:
    volumes = Volumes((("app.agents:answer", Decimal(5)),))
    assert volumes.of(request(filename="src/app/agents/__init__.py")) == Volume(Decimal(5), "configured")


def test_a_star_does_not_cross_folders() -> None:
    volumes = Volumes((("app/*.py", Decimal(5)),))
    deep = volumes.of(request(filename="app/jobs/agent.py"))
    assert deep is not None
    assert deep.source == "assumed"
