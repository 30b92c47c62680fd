"""Two scenarios on the same days: what is compared, what cannot be, and how sure the difference is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from loadtest.figures import Days
from loadtest.intervals import ratio, student_quantile
from loadtest.paired import CannotPair, comparison, difference, what_is_paired
from loadtest.replications import simulate
from loadtest.scenario import Scenario
from tests.loadtest.small_scenarios import everything, exponential, one_pool


def pool(operators: int, **topic: Any) -> Scenario:
    given = {"patience_s": exponential(90)} | topic
    return one_pool(100, 180, operators, 10, topic=given, horizon_h=3)


def days(scenario: Scenario) -> Days:
    return simulate(scenario)


def test_the_difference_of_two_means_is_students_interval_of_the_differences():
    ones = np.ones(4)
    one, other = np.array([1.0, 2, 3, 4]), np.array([2.0, 4, 4, 7])
    found = difference((one, ones), (other, ones))
    assert found is not None
    assert found[0] == pytest.approx(1.75)
    spread = np.std([1, 2, 1, 3], ddof=1) / 2
    assert found[1] == pytest.approx(student_quantile(3) * spread)


def test_what_is_the_same_on_both_differs_by_nothing():
    part, whole = np.array([3.0, 4, 5]), np.array([10.0, 11, 12])
    assert difference((part, whole), (part, whole)) == (0, 0)
    assert difference((part, whole), (part, whole * 0)) is None


def test_pairing_makes_the_interval_narrower_than_two_apart():
    few, many = days(pool(6)), days(pool(7))
    both = [(one.column(0, "answered_in_time"), one.offered(0)) for one in (few, many)]
    found = difference(*both)
    apart = [ratio(*one) for one in both]
    assert found is not None
    assert apart[0] is not None
    assert apart[1] is not None
    assert found[0] == pytest.approx(apart[1][0] - apart[0][0])
    assert found[1] < 0.6 * np.hypot(apart[0][1], apart[1][1])


def test_more_staff_is_better_where_more_is_and_worse_the_other_way_round():
    few, many = days(pool(6)), days(pool(8))
    up, down, same = comparison(few, many), comparison(many, few), comparison(few, few)
    for name in ("service_level", "p_abandon", "asa_s", "p_wait"):
        assert [told["figures"][name]["verdict"] for told in (up, down, same)] == [
            "better",
            "worse",
            "no difference seen",
        ]
    assert up["figures"]["occupancy"]["verdict"] is None
    target = up["by_target"]["calls"]
    assert target["service_level"]["verdict"] == "better"
    assert target["p_abandon"]["verdict"] == "better"
    assert target["service_level"]["other"] > target["service_level"]["one"]
    low, high = target["service_level"]["difference"]["ci95"]
    assert 0 < low < high


def test_the_same_calls_need_no_remark_and_other_staff_changes_nothing_about_that():
    assert what_is_paired(pool(6), pool(9)) == []
    assert what_is_paired(everything(), everything(first=3)) == []


def test_what_differs_between_the_callers_is_said():
    said = what_is_paired(pool(6), pool(6, handling_s=exponential(170), contained=0.1))
    assert said == ["'calls' has another contained, handling_s: drawn by the same chance, caller by caller"]
    sooner = what_is_paired(pool(6), pool(6, arrivals={"per_hour": 110}))
    assert sooner == ["'calls' has other arrivals: the same callers come sooner or later"]
    traces = [pool(6, arrivals={"times_s": times}) for times in ([1, 2], [1, 3])]
    assert what_is_paired(*traces) == [
        "'calls' has other arrivals: the n-th call of one trace meets that of the other"
    ]
    whole, topics = everything(), everything().topics
    fewer = whole.model_copy(update={"topics": topics[:1], "busyness": None})
    assert [sentence.split(":")[0] for sentence in what_is_paired(whole, fewer)] == [
        "'general' is in one of the two only",
        "busyness differs",
    ]


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (one_pool(100, 180, 6, 10, horizon_h=4), "same horizon_h"),
        (one_pool(100, 180, 6, 10, topic={"name": "others"}, horizon_h=3), "no topic in common"),
        (pool(6, arrivals={"per_hour": 100, "process": "erlang(2)"}), "the same arrivals"),
        (pool(6, arrivals={"times_s": [1]}), "the same arrivals"),
    ],
)
def test_what_has_no_common_days_is_refused(other: Scenario, said: str):
    with pytest.raises(CannotPair, match=said):
        what_is_paired(pool(6), other)
