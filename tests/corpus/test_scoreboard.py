"""The scoreboard counts what it says: a perfect answer scores one, each fault lowers its own measure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from . import loader, score
from .tool import Answer, Found, Reported, Spot

PROGRAM = loader.load(loader.PROGRAMS / "twilio_reminders")
INDEXER = loader.load(loader.PROGRAMS / "rag_index_openai")
LEAK = loader.load(loader.PROGRAMS / "leaked_keys_notebook")


def spot(place: loader.Place) -> Spot:
    return Spot(place.file, place.cell, place.line)


def perfect(program: loader.Program) -> Answer:
    answer = Answer()
    for number, expected in enumerate(program.requests):
        values: dict[str, object] = {"independent": "unknown", "task": "unknown"}
        values |= {name: accepted[0] for name, accepted in expected.values.items()}
        answer.requests.append(Reported(str(number), spot(expected.place), values))
        answer.findings += [
            Found(code, str(number), spot(expected.place), ()) for code in sorted(expected.findings)
        ]
    answer.findings += [Found("LLM801", None, spot(secret.place), ()) for secret in program.secrets]
    return answer


def board_of(program: loader.Program, answer: Answer) -> score.Board:
    board = score.Board()
    score.compare(program, answer, board)
    return board


@pytest.mark.parametrize("program", loader.load_all(), ids=lambda program: program.name)
def test_a_perfect_answer_scores_one(program: loader.Program) -> None:
    board = board_of(program, perfect(program))
    assert board.mismatches == []
    assert {tally.share for tally in board.tallies.values()} <= {1.0}


def test_an_empty_answer_has_no_recall_and_no_field() -> None:
    board = board_of(INDEXER, Answer())
    assert board.tallies["requests.recall"].share == 0
    assert board.tallies["LLM402.recall"].share == 0
    assert not any(measure.startswith("field.") for measure in board.tallies)


def test_a_look_alike_lowers_precision_and_is_explained() -> None:
    answer = perfect(PROGRAM)
    twilio = next(item for item in PROGRAM.silent if item.why == "Twilio")
    answer.requests.append(replace(answer.requests[0], key="twilio", spot=spot(twilio.place)))
    board = board_of(PROGRAM, answer)
    assert board.tallies["requests.precision"] == score.Tally(1, 2)
    assert "Twilio" in board.wrong("requests.precision")[0]


def test_a_wrong_field_counts_against_that_field_only() -> None:
    answer = perfect(PROGRAM)
    answer.requests[0].values["loop"] = "retry"
    board = board_of(PROGRAM, answer)
    assert {measure for measure, tally in board.tallies.items() if tally.share < 1} == {"field.loop"}


def test_a_row_on_the_line_below_is_the_same_request() -> None:
    answer = perfect(PROGRAM)
    place = answer.requests[0].spot
    answer.requests[0] = replace(answer.requests[0], spot=replace(place, row=place.row + 1))
    assert board_of(PROGRAM, answer).tallies["requests.recall"].share == 1


def test_a_finding_about_another_request_is_wrong() -> None:
    answer = perfect(INDEXER)
    chat = answer.requests[1]
    answer.findings.append(Found("LLM402", chat.key, chat.spot, ()))
    board = board_of(INDEXER, answer)
    assert board.tallies["LLM402.precision"] == score.Tally(1, 2)
    assert board.tallies["LLM402.recall"].share == 1


def test_one_tracking_finding_covers_the_requests_it_lists() -> None:
    answer = perfect(INDEXER)
    spots = tuple(row.spot for row in answer.requests)
    answer.findings = [finding for finding in answer.findings if finding.code != "LLM701"]
    answer.findings.append(Found("LLM701", None, Spot("index.py", None, 8), spots))
    assert board_of(INDEXER, answer).tallies["LLM701.recall"] == score.Tally(2, 2)


def test_a_key_in_an_output_may_stand_anywhere_in_its_cell() -> None:
    answer = perfect(LEAK)
    printed = next(secret.place for secret in LEAK.secrets if secret.place.output)
    answer.findings = [f for f in answer.findings if (f.code, f.spot.cell) != ("LLM801", printed.cell)]
    answer.findings.append(Found("LLM801", None, Spot(printed.file, printed.cell, 9), ()))
    assert board_of(LEAK, answer).tallies["LLM801.recall"].share == 1
