"""`./hotline load speech`: the search, the figures, and a short trial of the real worker."""

from __future__ import annotations

import json
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.cli import EXAMPLE
from ivr.load_command import run_load_speech
from ivr.speech_load.clips import question
from ivr.speech_load.figures import Answer, Trial, cores_for, quantile, told
from ivr.speech_load.search import MOST, search


def found(limit: int) -> tuple[int, list[int]]:
    """What the search says of a worker that holds `limit` streams, and what it tried."""
    tried: list[int] = []
    searching = search()
    trying = next(searching)
    while True:
        tried.append(trying)
        try:
            trying = searching.send(trying <= limit)
        except StopIteration as over:
            return over.value, tried


@given(st.integers(0, 2 * MOST))
def test_the_search_is_short_and_never_claims_what_did_not_hold(limit):
    most, tried = found(limit)
    assert len(tried) <= 9
    assert len(set(tried)) == len(tried)
    assert most <= limit
    assert most in (0, *tried)


def test_the_search_comes_near():
    assert found(50)[0] in range(44, 51)
    assert found(3)[0] in (1, 2, 3)
    assert found(0)[0] == 0
    assert found(10_000)[0] == MOST


def trial(delays: list[float], refused: int = 0) -> Trial:
    return Trial(
        streams=10,
        refused=refused,
        threads=2,
        seconds=20.0,
        speaking=0.06,
        idle=0.01,
        voiced=0.4,
        memory=5 * 2**20,
        resting=80 * 2**20,
        answers=tuple(Answer(delay < inf, delay) for delay in delays),
        began=(0.15,),
        busy=0.3,
        behind=0.05,
    )


def test_a_phrase_that_was_never_decided_counts_as_the_slowest():
    assert trial([0.3] * 19 + [inf]).delay(0.95) == 0.3
    assert trial([0.3] * 18 + [inf] * 2).delay(0.95) == inf


def test_a_trial_holds_when_all_are_heard_and_nineteen_of_twenty_in_time():
    assert trial([0.3] * 19 + [0.9]).holds
    assert not trial([0.3] * 18 + [0.9] * 2).holds
    assert not trial([0.3] * 20, refused=1).holds
    assert not trial([]).holds


def test_the_planner_gets_cores_for_those_who_speak_and_for_those_who_mostly_listen():
    answer = told(trial([0.3]), room=0.75, speaks=0.2)
    assert answer["planner"] == {
        "room": 0.75,
        "cores_per_100_speaking": 8.0,  # 100 * 0.06 / 0.75
        "speaks": 0.2,
        "cores_per_100_in_menus": 2.67,  # 100 * (0.2 * 0.06 + 0.8 * 0.01) / 0.75
    }
    assert cores_for(0, 0.06, 0.75) == 0


def test_never_is_no_number_in_json():
    answer = told(trial([inf]), room=0.75, speaks=0.2)
    assert answer["delay_ms"] == {"p50": None, "p95": None}
    assert "Infinity" not in json.dumps(answer)


@given(st.lists(st.floats(0, 10), min_size=1), st.floats(0.01, 1.0))
def test_a_quantile_is_a_value_that_enough_do_not_exceed(values, share):
    value = quantile(values, share)
    assert value in values
    assert sum(one <= value for one in values) >= share * len(values) - 1e-9


def test_the_example_has_a_menu_to_test_with():
    asked = question(EXAMPLE, "ru")
    assert asked.kind == "menu"
    assert "врач" in {phrase for phrases in asked.phrases.values() for phrase in phrases}
    with pytest.raises(ValueError, match="no menu lists phrases"):
        question(EXAMPLE, "de")


def test_two_callers_are_heard_and_the_figures_written(tmp_path, capsys):
    file = tmp_path / "figures.json"
    assert run_load_speech(EXAMPLE, streams=2, seconds=6.0, json=file) == 0
    answer = json.loads(file.read_text())
    assert answer["streams"] == 2
    assert answer["refused"] == 0
    assert answer["phrases"]["right"] >= 1
    assert 0 < answer["real_time_factor"]["idle"] < answer["real_time_factor"]["speaking"] < 1
    assert answer["planner"]["cores_per_100_speaking"] > answer["planner"]["cores_per_100_in_menus"] > 0
    said = capsys.readouterr().out
    assert "cores for 100 speaking callers" in said


def test_nonsense_is_refused_before_anything_is_started(capsys):
    assert run_load_speech(EXAMPLE, streams=0) == 1
    assert run_load_speech(EXAMPLE, streams=5, seconds=1e9) == 1
    assert "1 to 500 streams" in capsys.readouterr().err
