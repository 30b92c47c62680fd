"""The pictures of a report, as SVG. matplotlib is used here only.

Legends stand above the axes and the page has the title, so that nothing lies over a curve. Lines differ by their
pattern as well as by colour: the page is read in print too. Letters are drawn as outlines, so that the picture
looks the same wherever it is opened.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from loadtest.distribution import Numbers
from loadtest.series import Band

BLUE, RED, GREEN, ORANGE, GREY = "#0b5394", "#b3261e", "#2e7d32", "#b85c00", "#555555"
WIDE_IN, HIGH_IN = 7.4, 2.7
LETTER_IN, ROW_IN, LONGEST_LABEL = 0.075, 0.16, 52
"""A wide letter and a row of the legend, inches; longer names are cut."""
_RC: Any = {
    "svg.fonttype": "path",
    "svg.hashsalt": "hotline",
    "font.family": "DejaVu Sans",
    "font.size": 8.5,
    "text.parse_math": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#dddddd",
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
}


class Curve(NamedTuple):
    """A line of a picture. band: its interval, shaded. style: matplotlib's. steps: it holds until the next value."""

    label: str
    x: Numbers
    y: Numbers
    colour: str = BLUE
    style: str = "-"
    band: Band | None = None
    steps: bool = False


def line_picture(
    name: str,
    curves: Sequence[Curve],
    *,
    x: str,
    y: str,
    percent: bool = False,
    clock: bool = False,
    levels: Sequence[tuple[str, float]] = (),
    bottom: float = 0.0,
) -> str:
    """Curves over one axis. name: begins the picture's own ids. x, y: what the axes show. clock: x is hours of a
    day. levels: (label, height) of horizontal lines. bottom: where the upward axis begins."""
    with style():
        return _svg(name, lines_drawn(curves, x, y, percent, clock, levels, bottom))


def lines_drawn(
    curves: Sequence[Curve],
    x: str,
    y: str,
    percent: bool = False,
    clock: bool = False,
    levels: Sequence[tuple[str, float]] = (),
    bottom: float = 0.0,
) -> Figure:
    """What `line_picture` writes."""
    figure, axes = _axes(x, y, [curve.label for curve in curves] + [label for label, _ in levels])
    for curve in curves:
        _draw(axes, curve)
    for label, height in levels:
        axes.axhline(height, color=GREY, linestyle=(0, (1, 1.2)), linewidth=1.2, label=_short(label))
    _finish(axes, percent=percent, bottom=bottom)
    if clock:
        _clock(axes, curves[0].x)
    return figure


def fan_picture(
    name: str, hours: Numbers, quantiles: Numbers, labels: Sequence[str], *, x: str, y: str
) -> str:
    """A fan of five quantiles, lowest first. labels: of the outer, of the inner part, of the middle."""
    with style():
        figure, axes = _axes(x, y, labels)
        axes.fill_between(
            hours, quantiles[0], quantiles[4], color=BLUE, alpha=0.18, linewidth=0, label=labels[0]
        )
        axes.fill_between(
            hours, quantiles[1], quantiles[3], color=BLUE, alpha=0.38, linewidth=0, label=labels[1]
        )
        axes.plot(hours, quantiles[2], color=BLUE, linewidth=1.4, label=labels[2])
        _finish(axes, percent=False, bottom=0.0)
        axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
        _clock(axes, hours)
        return _svg(name, figure)


def just_below(lowest: Numbers) -> float:
    """A round share below all of these, where an axis of shares may begin: most of them may be near 1."""
    return max(0.0, math.floor(10 * float(np.nanmin(lowest)) - 0.5) / 10)


def style() -> AbstractContextManager[Any]:
    """How everything looks while a picture is drawn."""
    return mpl.rc_context(_RC)


def _short(label: str) -> str:
    """A name that fits into a legend; matplotlib hides those that begin with an underscore."""
    cut = label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"
    return f" {cut}" if cut.startswith("_") else cut


def _columns(labels: Sequence[str]) -> int:
    """As many columns of the legend as the longest name leaves room for."""
    longest = max(len(_short(label)) for label in labels)
    return max(1, min(3, len(labels), int(WIDE_IN / (0.55 + LETTER_IN * longest))))


def _axes(x: str, y: str, labels: Sequence[str]) -> tuple[Figure, Axes]:
    """A legend of many names makes the picture higher, and not the axes lower."""
    rows = math.ceil(len(labels) / _columns(labels))
    figure = Figure(figsize=(WIDE_IN, HIGH_IN + ROW_IN * (rows - 1)), layout="constrained")
    axes = figure.add_subplot()
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    return figure, axes


def _draw(axes: Axes, curve: Curve) -> None:
    few = "o" if np.isfinite(curve.y).sum() < 4 else None
    how: dict[str, Any] = {
        "color": curve.colour,
        "linestyle": curve.style,
        "linewidth": 1.4,
        "label": _short(curve.label),
    }
    if curve.steps:
        axes.step(curve.x, curve.y, where="mid", marker=few, **how)
    else:
        axes.plot(curve.x, curve.y, marker=few, markersize=4, **how)
    if curve.band is not None:
        axes.fill_between(
            curve.x, curve.band.low, curve.band.high, color=curve.colour, alpha=0.2, linewidth=0
        )


def _finish(axes: Axes, *, percent: bool, bottom: float) -> None:
    axes.set_ylim(bottom, axes.get_ylim()[1] * (1 if percent else 1.05))
    axes.margins(x=0.01)
    if percent:
        axes.set_ylim(bottom, min(1.0 + 0.02 * (1 - bottom), axes.get_ylim()[1]))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:g} %"))
    labels = axes.get_legend_handles_labels()[1]
    axes.legend(
        loc="lower left", bbox_to_anchor=(0, 1.0), ncols=_columns(labels), frameon=False, fontsize=8, borderaxespad=0.2,
        handlelength=2.4,
    )  # fmt: skip


def in_days(last_h: float) -> bool:
    """Whether an axis until so many hours counts days and not hours."""
    return _tick_h(last_h) >= 24


def _tick_h(last_h: float) -> float:
    return next((one for one in (0.25, 0.5, 1, 2, 3, 6, 12, 24, 48) if last_h / one <= 13), 72)


def _clock(axes: Axes, hours: Numbers) -> None:
    """Hours of the day; whole days when there are many."""
    last = math.ceil(2 * float(hours[-1])) / 2
    step = _tick_h(last)
    axes.set_xticks(np.arange(0, last + 1e-9, step))
    axes.set_xlim(0, last * 1.005)
    axes.xaxis.set_major_formatter(
        FuncFormatter(_moment if step < 24 else lambda value, _: f"{value / 24:g}")
    )


def _moment(hour: float, _: object) -> str:
    minutes = round(hour * 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _svg(name: str, figure: Figure) -> str:
    """The picture without prolog and dates, its ids beginning with the name: one page holds several."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'\bid="', f'id="{name}-', text)
    text = re.sub(r'href="#', f'href="#{name}-', text)
    return re.sub(r"url\(#", f"url(#{name}-", text)
