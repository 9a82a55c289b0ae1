"""The analysis is never worse on the labelled corpus than it was: see floors.toml."""

from __future__ import annotations

import pytest

from . import loader, score


@pytest.fixture(scope="module")
def boards() -> dict[str, score.Board]:
    return score.score(loader.load_all())


@pytest.mark.parametrize("measure", score.measures())
@pytest.mark.parametrize("split", loader.SPLITS)
def test_score_is_not_below_its_floor(boards: dict[str, score.Board], split: str, measure: str) -> None:
    floor = score.read_floors()[split].get(measure, 0.0)
    assert boards[split].tallies[measure].share >= floor, "\n".join(boards[split].wrong(measure))
