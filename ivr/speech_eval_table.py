"""The figures of `./hotline speech eval` on the terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console

_SHOWN = 12  # confusions
_HEADS = ("", "menu right", "wrong", "rejected", "false accept", "digits", "number", "decided after")
_WIDTHS = (14, 20, 6, 9, 20, 20, 20, 14)


def print_figures(found: dict[str, Any], console: Console) -> None:
    """found: as `speech.trial.evaluation_figures.figures` makes it, with model and left_out."""
    limits = found["thresholds"]
    lines = [f"model {found['model']}; sure from {limits['sure']:g}, asked back from {limits['unsure']:g}"]
    lines.append(_line(_HEADS))
    lines += [
        _line([name, *_row(kinds), _wait(found["decide_s"][name])])
        for name, kinds in found["by_condition"].items()
    ]
    lines += [
        "right/of all, and +n: how many of the right ones (of the false accepts) would be asked back first.",
        "false accept: speech that is no answer, taken for one. decided after: median / 95th percentile from",
        "the end of speech, in time of the line.",
    ]
    if found["left_out"]:
        lines.append(f"{found['left_out']} times a clip was left out: it is no answer to this question")
    for line in (*lines, *_confusions(found["confusions"])):
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def _line(cells: list[str] | tuple[str, ...]) -> str:
    """Its first cell to the left, the others under the ends of their heads."""
    first, *rest = (text.rjust(width) for text, width in zip(cells, _WIDTHS, strict=True))
    return first.strip().ljust(_WIDTHS[0]) + "".join(rest)


def _row(kinds: dict[str, Any]) -> list[str]:
    menu, other = kinds.get("menu"), kinds.get("other")
    return [
        _right(menu),
        str(menu["wrong"]) if menu else "",
        str(menu["rejected"]) if menu else "",
        _cell(other["false_accept"], other["false_accepts"], other) if other else "",
        _right(kinds.get("digits")),
        _right(kinds.get("number")),
    ]


def _right(kind: dict[str, Any] | None) -> str:
    return _cell(kind["accuracy"], kind["right"], kind) if kind else ""


def _cell(share: float, part: int, kind: dict[str, Any]) -> str:
    asked = f" +{kind['confirmed']}" if kind["confirmed"] else ""
    return f"{100 * share:.1f} % {part}/{kind['n']}{asked}"


def _wait(waits: dict[str, Any]) -> str:
    return f"{waits['p50']:.2f}/{waits['p95']:.2f} s" if waits["n"] else ""


def _confusions(pairs: list[dict[str, Any]]) -> list[str]:
    lines = []
    for pair in pairs[:_SHOWN]:
        taken = f"taken for {pair['taken_for']!r}" if pair["taken_for"] else "not understood"
        times = f", {pair['times']} times" if pair["times"] > 1 else ""
        lines.append(f"  {pair['condition']}, {pair['kind']}: {pair['said']!r} {taken}{times}")
    if len(pairs) > _SHOWN:
        lines.append(f"  and {len(pairs) - _SHOWN} more: --json writes them all")
    return lines
