from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from ivr.core.hours import Hours, Interval, interval, is_open, local

MOSCOW = ZoneInfo("Europe/Moscow")
OFFICE = (interval("08:00-20:00"),)
WEEKEND = (interval("09:00-18:00"),)
RECEPTION = Hours(
    weekly=(OFFICE,) * 5 + (WEEKEND,) * 2,
    closed=frozenset({date(2026, 12, 31)}),
    holidays=frozenset({date(2027, 1, 1), date(2027, 1, 4)}),
    open={date(2027, 1, 4): (interval("10:00-15:00"),)},
)
NIGHT = Hours(weekly=((), (), (), (), (interval("22:00-06:00"),), (), ()))  # from Friday evening


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-03-02 07:59", False),  # a Monday
        ("2026-03-02 08:00", True),
        ("2026-03-02 19:59", True),
        ("2026-03-02 20:00", False),
        ("2026-03-07 08:30", False),  # a Saturday
        ("2026-03-07 09:00", True),
    ],
)
def test_the_first_minute_is_open_and_the_closing_minute_is_not(at: str, expected: bool):
    assert is_open(RECEPTION, datetime.fromisoformat(at)) is expected


def test_a_closed_date_and_a_holiday_are_closed_all_day():
    assert not is_open(RECEPTION, datetime(2026, 12, 31, 12))
    assert not is_open(RECEPTION, datetime(2027, 1, 1, 12))


def test_a_date_opened_by_name_has_its_own_hours_although_it_is_a_holiday():
    assert not is_open(RECEPTION, datetime(2027, 1, 4, 9, 59))
    assert is_open(RECEPTION, datetime(2027, 1, 4, 10))
    assert not is_open(RECEPTION, datetime(2027, 1, 4, 15))


def test_a_shift_past_midnight_belongs_to_the_day_it_began_on():
    assert not is_open(NIGHT, datetime(2026, 3, 6, 5))  # Friday before dawn: Thursday has no shift
    assert is_open(NIGHT, datetime(2026, 3, 6, 22))
    assert is_open(NIGHT, datetime(2026, 3, 7, 5, 59))
    assert not is_open(NIGHT, datetime(2026, 3, 7, 6))


def test_a_night_shift_runs_to_its_end_into_a_closed_day_and_none_begins_on_one():
    saturday_off = Hours(weekly=NIGHT.weekly, closed=frozenset({date(2026, 3, 7)}))
    friday_off = Hours(weekly=NIGHT.weekly, holidays=frozenset({date(2026, 3, 6)}))
    assert is_open(saturday_off, datetime(2026, 3, 7, 3))
    assert not is_open(friday_off, datetime(2026, 3, 7, 3))


def test_round_the_clock_has_no_hole_at_midnight():
    always = Hours(weekly=((interval("00:00-24:00"),),) * 7)
    assert is_open(always, datetime(2026, 3, 2, 23, 59))
    assert is_open(always, datetime(2026, 3, 3, 0, 0))


def test_the_site_s_clock_counts_and_not_the_machine_s():
    moment = datetime(2026, 3, 2, 5, 30, tzinfo=UTC)
    assert is_open(RECEPTION, local(moment, MOSCOW))  # 08:30 in Moscow
    assert not is_open(RECEPTION, local(moment, ZoneInfo("Europe/London")))


def test_the_hour_that_a_spring_night_skips_does_not_close_a_night_shift():
    berlin = ZoneInfo("Europe/Berlin")  # 29 March 2026: 02:00 becomes 03:00
    always = Hours(weekly=((interval("20:00-04:00"),),) * 7)
    assert is_open(always, local(datetime(2026, 3, 29, 0, 59, tzinfo=UTC), berlin))
    assert is_open(always, local(datetime(2026, 3, 29, 1, 0, tzinfo=UTC), berlin))
    assert not is_open(always, local(datetime(2026, 3, 29, 2, 0, tzinfo=UTC), berlin))


def test_a_time_without_a_timezone_is_refused():
    with pytest.raises(ValueError, match="no timezone"):
        local(datetime(2026, 3, 2, 8), MOSCOW)


@pytest.mark.parametrize(
    ("text", "opens", "closes"),
    [
        ("08:00-20:00", 480, 1200),
        (" 9:30 – 18:00 ", 570, 1080),
        ("22:00-06:00", 1320, 1800),
        ("18:00-00:00", 1080, 1440),
    ],
)
def test_intervals_are_read_as_minutes_of_the_day(text: str, opens: int, closes: int):
    assert interval(text) == Interval(opens, closes)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("morning", "not an interval"),
        ("8-20", "not an interval"),
        ("08:60-20:00", "no clock shows"),
        ("08:00-25:00", "no clock shows"),
        ("24:00-25:00", "no clock shows"),
        ("24:00-06:00", "no clock shows"),
        ("08:00-20:75", "no clock shows"),
        ("10:00-10:00", "empty"),
    ],
)
def test_a_bad_interval_is_refused_with_the_reason(text: str, reason: str):
    with pytest.raises(ValueError, match=reason):
        interval(text)
