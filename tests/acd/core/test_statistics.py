"""The figures and their conventions, on a day small enough to count by hand."""

from __future__ import annotations

import pytest

from acd.core import statistics
from acd.core.statistics import Tally, occupancy


def day() -> Tally:
    """Ten offered: six answered in time, one late; one gives up in time, two late; threshold 20 s."""
    tally = Tally(20)
    for waited in (0, 0, 0, 5, 10, 20, 45):
        tally.add_answered(waited)
    for waited in (3, 30, 60):
        tally.add_abandoned(waited)
    return tally


def test_one_day_has_four_service_levels():
    assert day().service_levels() == {
        statistics.OF_OFFERED: pytest.approx(6 / 10),
        statistics.WITHOUT_SHORT_ABANDONS: pytest.approx(6 / 9),
        statistics.OF_ANSWERED: pytest.approx(6 / 7),
        statistics.EITHER_IN_TIME: pytest.approx(7 / 10),
    }


def test_the_convention_without_a_name_is_the_strictest():
    assert day().service_level() == min(
        level for level in day().service_levels().values() if level is not None
    )


def test_a_convention_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="no such convention: 'ours'"):
        day().service_level("ours")


def test_speed_of_answer_is_the_mean_over_the_answered_only():
    assert day().average_speed_of_answer() == pytest.approx(80 / 7)
    assert day().average_wait() == pytest.approx((80 + 93) / 10)


def test_abandonment_with_and_without_those_who_hardly_waited():
    assert day().abandonment() == pytest.approx(3 / 10)
    assert day().abandonment_without_short() == pytest.approx(2 / 9)


def test_an_empty_interval_has_no_figures():
    empty = Tally()
    assert set(empty.service_levels().values()) == {None}
    assert empty.average_speed_of_answer() is None
    assert empty.abandonment() is None


def test_intervals_add_up_as_sums():
    two = day() + day()
    assert (two.offered, two.answered, two.abandoned) == (20, 14, 6)
    assert two.service_level() == day().service_level()


def test_intervals_with_different_thresholds_do_not_add_up():
    with pytest.raises(ValueError, match="in time is 20 s here and 15 s there"):
        day() + Tally(15)


def test_occupancy_leaves_out_pauses():
    seconds = {"talking": 60.0, "wrapping up": 20.0, "ringing": 5.0, "ready": 15.0, "paused": 500.0}
    assert occupancy(seconds) == pytest.approx(0.8)
    assert occupancy({"paused": 500.0}) is None
