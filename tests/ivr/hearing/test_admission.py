"""Whether one more ear is taken: from costs, lateness and calm; no worker runs here."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.hearing.admission import UNLIMITED, Admission, AdmissionSettings


def taken(admission: Admission, now: float = 0.0) -> int:
    """How many ears are taken one after the other, each speaking at once."""
    ears = 0
    while ears < 5000 and admission.accepts(ears, ears, 0.0, now):
        ears += 1
    return ears


def test_ears_are_taken_until_their_expected_cost_fills_what_may_be_planned():
    settings = AdmissionSettings(room=0.75, speaking_cost=0.05, idle_cost=0.01)
    assert taken(Admission(2, settings)) == 25  # all of whom speak: 2 threads * 0.75 / 0.06


def test_silent_callers_leave_room_for_more_but_not_for_all_at_once():
    settings = AdmissionSettings(room=0.75, share=0.4, speaking_cost=0.05, idle_cost=0.01)
    admission, ears = Admission(2, settings), 0
    while admission.accepts(ears, 0, 0.0, 0.0):
        ears += 1
    assert 25 < ears < 1.5 / (0.4 * 0.05 + 0.01)


def test_twice_the_threads_take_at_least_twice_the_ears():
    assert taken(Admission(4)) >= 2 * taken(Admission(2))


def test_a_machine_that_turns_out_slow_takes_fewer():
    fast, slow = Admission(2), Admission(2)
    for _ in range(600):
        slow.heard(1.0, 0.2, speaking=True)
    assert slow.speaking_cost == pytest.approx(0.2, rel=0.01)
    assert slow.idle_cost == fast.idle_cost
    assert taken(slow) * 3 < taken(fast)


def test_sound_that_waits_too_long_closes_the_door_whatever_the_costs():
    admission = Admission(8)
    assert not admission.accepts(1, 0, 0.31, 0.0)


def test_after_a_refusal_it_stays_closed_until_it_has_been_calm():
    admission = Admission(2, AdmissionSettings(calm=2.0))
    assert not admission.accepts(1, 0, 0.5, now=10.0)
    assert not admission.accepts(1, 0, 0.0, now=11.9)
    assert admission.accepts(1, 0, 0.0, now=12.0)


def test_calm_begins_anew_while_it_is_still_nearly_full():
    admission = Admission(2, AdmissionSettings(calm=2.0, late=0.3))
    assert not admission.accepts(1, 0, 0.5, now=10.0)
    assert not admission.accepts(1, 0, 0.2, now=11.5)  # within the limit, but not by half
    assert not admission.accepts(1, 0, 0.0, now=12.5)
    assert admission.accepts(1, 0, 0.0, now=13.5)


def test_nearly_full_does_not_close_an_open_door():
    admission = Admission(2, AdmissionSettings(late=0.3))
    assert admission.accepts(1, 0, 0.2, now=10.0)


def test_without_limits_everybody_is_taken():
    assert taken(Admission(1, UNLIMITED)) == 5000
    assert Admission(1, UNLIMITED).accepts(10, 10, 60.0, 0.0)


@given(st.integers(0, 400), st.integers(0, 400))
def test_demand_grows_with_every_ear_and_every_speaker(ears, speaking):
    admission = Admission(2)
    speaking = min(speaking, ears)
    assert admission.demand(ears + 1, speaking) >= admission.demand(ears, speaking)
    assert admission.demand(ears + 1, speaking + 1) >= admission.demand(ears + 1, speaking)
    each = admission.speaking_cost + admission.idle_cost
    assert admission.demand(ears, speaking) <= ears * each + 1e-9
