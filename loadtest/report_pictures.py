"""Which pictures a report has, and what they say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from loadtest import series
from loadtest.erlang_a import ErlangA
from loadtest.figures import Days, targets
from loadtest.forecast import needed_by_one_pool, needed_by_specialists
from loadtest.pictures import BLUE, GREEN, ORANGE, RED, Curve, fan_picture, in_days, just_below, line_picture
from loadtest.wait_theory import answered_within, law


class Picture(NamedTuple):
    """title, note: plain text. svg: ready to stand in a page."""

    title: str
    note: str
    svg: str


def day_pictures(days: Days, words: dict[str, str]) -> Iterator[Picture]:
    """By time of day, then the law of the wait."""
    yield _service_level(days, words)
    yield _wait(days, words)
    yield _staff(days, words)
    yield _occupancy(days, words)
    yield _queue(days, words)
    law_found = _law(days, words)
    if law_found is not None:
        yield law_found


def _moments(days: Days, words: dict[str, str]) -> str:
    """What the axis of time counts."""
    return words["day" if in_days(days.scenario.horizon_h) else "by time"]


def _service_level(days: Days, words: dict[str, str]) -> Picture:
    x, level, lost = series.middle_h(days), series.level_band(days), series.abandoned_band(days)
    shares = sorted({target.share for _, _, target in targets(days.scenario)})
    svg = line_picture(
        "level",
        [
            Curve(words["in time offered"], x, level.mean, BLUE, "-", level),
            Curve(words["abandoned offered"], x, lost.mean, RED, "--", lost),
        ],
        x=_moments(days, words),
        y="",
        percent=True,
        clock=True,
        levels=[(words["target share"].format(share=f"{100 * one:g} %"), one) for one in shares],
    )
    return Picture(words["service level"], words["service level note"], svg)


def _wait(days: Days, words: dict[str, str]) -> Picture:
    band = series.wait_band(days)
    curve = Curve(words["asa_s"], series.middle_h(days), band.mean, BLUE, "-", band)
    svg = line_picture("wait", [curve], x=_moments(days, words), y=words["wait axis"], clock=True)
    return Picture(words["wait"], words["wait note"], svg)


def _staff(days: Days, words: dict[str, str]) -> Picture:
    x = series.middle_h(days)
    apart, pooled = needed_by_specialists(days.scenario), needed_by_one_pool(days.scenario)
    curves = [Curve(words["present"], x, series.present(days), BLUE, "-", steps=True)]
    if np.array_equal(apart, pooled, equal_nan=True):
        curves.append(Curve(words["needed"], x, apart, ORANGE, "--", steps=True))
    else:
        curves.append(Curve(words["needed apart"], x, apart, ORANGE, "--", steps=True))
        curves.append(Curve(words["needed pooled"], x, pooled, GREEN, ":", steps=True))
    svg = line_picture("staff", curves, x=_moments(days, words), y=words["operators"], clock=True)
    return Picture(words["staff"], words["staff note"], svg)


def _occupancy(days: Days, words: dict[str, str]) -> Picture:
    band = series.occupancy_band(days)
    curve = Curve(words["occupancy"], series.middle_h(days), band.mean, BLUE, "-", band)
    svg = line_picture("occupancy", [curve], x=_moments(days, words), y="", percent=True, clock=True)
    return Picture(words["occupancy"].capitalize(), words["occupancy note"], svg)


def _queue(days: Days, words: dict[str, str]) -> Picture:
    hours, quantiles = series.queue_fan(days)
    labels = [words["queue outer"], words["queue inner"], words["queue middle"]]
    svg = fan_picture("queue", hours, quantiles, labels, x=_moments(days, words), y=words["callers"])
    return Picture(words["queue"], words["queue note"], svg)


def _law(days: Days, words: dict[str, str]) -> Picture | None:
    found = series.wait_law(days)
    if found is None:
        return None
    waits, band = found
    curves = [Curve(words["simulated"], waits, band.mean, BLUE, "-", band)]
    queue, note = law(days.scenario), words["law none"]
    if queue is not None:
        kind = "A" if isinstance(queue, ErlangA) else "C"
        theory = np.array([answered_within(queue, float(wait)) for wait in waits])
        curves.append(Curve(f"Erlang {kind}", waits, theory, RED, "--"))
        note = words[f"law {kind}"]
    bottom = just_below(band.low)
    svg = line_picture("law", curves, x=words["law axis"], y=words["law share"], percent=True, bottom=bottom)
    return Picture(words["law"], note, svg)
