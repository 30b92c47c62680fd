"""A sweep as one page: a picture and a table of what the moved value does."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np

from loadtest.distribution import Numbers
from loadtest.pictures import BLUE, GREEN, GREY, ORANGE, RED, Curve, just_below, line_picture
from loadtest.report_page import labelled, page, section, shown, table, verdict_word
from loadtest.report_words import WORDS, Language
from loadtest.series import Band

_COLOURS, _STYLES = (BLUE, RED, GREEN, ORANGE, GREY), ("-", "--", ":", "-.")
_LOOKS = [(_COLOURS[n % 5], _STYLES[n % 4]) for n in range(20)]
MOST_BANDS = 3
"""More would hide one another."""

_COLUMNS: list[tuple[str, tuple[str, ...], bool]] = [
    ("level offered", ("service_level", "of_offered"), True),
    ("p_abandon", ("p_abandon",), True),
    ("asa_s", ("asa_s",), False),
    ("occupancy", ("occupancy",), True),
    ("p_block", ("p_block",), True),
]


def sweep_page(told: dict[str, Any], language: Language = "en") -> str:
    """told: {scenario, seed, key, points: [{value, report}]}."""
    words, key = WORDS[language], told["key"]
    title = words["sweep title"].format(name=told["scenario"], key=key)
    means = words["sweep means"].format(points=len(told["points"]), key=key, seed=told["seed"])
    parts = [f"<h1>{escape(title)}</h1>", f"<p>{escape(means)}</p>"]
    whole = [
        _curve(told, words[label], path, look)
        for (label, path, percent), look in zip(_COLUMNS, _LOOKS, strict=False)
        if percent and label != "p_block"
    ]
    picture = line_picture("whole", whole, x=key, y="", percent=True)
    parts.append(section(words["figures"], labelled(words["figures"], picture) + _table(told, words)))
    judged = told["points"][0]["report"]["verdict"]["by_target"]
    if len(judged) > 1:
        paths = [("verdict", "by_target", topic, "service_level") for topic in judged]
        looks = [_LOOKS[n % len(_LOOKS)] for n in range(len(paths))]
        curves = [_curve(told, path[2], path, look) for path, look in zip(paths, looks, strict=True)]
        if len(curves) > MOST_BANDS:
            curves = [curve._replace(band=None) for curve in curves]
        shares = sorted({one["target"]["share"] for one in judged.values()})
        levels = [(words["target share"].format(share=f"{100 * one:g} %"), one) for one in shares]
        bottom = just_below(np.array([*(one.y.min() for one in curves), *shares]))
        svg = line_picture("targets", curves, x=key, y="", percent=True, levels=levels, bottom=bottom)
        parts.append(section(words["targets"], labelled(words["targets"], svg)))
    waits = _curve(told, words["asa_s"], ("asa_s",), _LOOKS[0])
    picture = line_picture("wait", [waits], x=key, y=words["wait axis"])
    parts.append(section(words["wait"], labelled(words["wait"], picture)))
    return page(title, parts, language)


def _values(told: dict[str, Any]) -> Numbers:
    return np.array([point["value"] for point in told["points"]], float)


def _at(report: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any] | None:
    found: Any = report
    for step in path:
        found = found[step]
    return found


def _curve(told: dict[str, Any], label: str, path: tuple[str, ...], look: tuple[str, str]) -> Curve:
    nothing = {"mean": np.nan, "ci95": [np.nan, np.nan]}
    figures = [_at(point["report"], path) or nothing for point in told["points"]]
    middle = np.array([one["mean"] for one in figures])
    low, high = np.array([one["ci95"] for one in figures]).T
    return Curve(label, _values(told), middle, *look, Band(middle, low, high))


def _table(told: dict[str, Any], words: dict[str, str]) -> str:
    head = [told["key"], words["days"], *(words[label] for label, _, _ in _COLUMNS), words["overall"]]
    rows = [
        [
            f"{point['value']:g}",
            str(point["report"]["replications"]),
            *(shown(_at(point["report"], path), words, percent=percent) for _, path, percent in _COLUMNS),
            verdict_word(point["report"]["verdict"]["overall"], words)
            if point["report"]["verdict"]["by_target"]
            else "–",
        ]
        for point in told["points"]
    ]
    return table(head, rows)
