"""`./hotline flow draw FILE`: a menu as an SVG picture, by our own means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from ivr.core.flow import Flow, ways_out
from ivr.core.flow_prompts import prompts
from ivr.drawing.cards import Card, card
from ivr.drawing.columns import Link, forward
from ivr.drawing.layout import lay_out
from ivr.drawing.svg import Drawn, picture
from ivr.drawing.words import Words
from ivr.finding import Finding
from ivr.flow_file import load_flow

_NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def draw(flow: Flow, language: str | None = None) -> str:
    """The SVG text. language: of the texts and the words around them; None is the first that the menu has.

    A way that leads nowhere, or into another menu, is named but has no line.
    """
    words = Words(language or next((one for _, texts in prompts(flow) for one in texts), "en"))
    names = [flow.start, *(name for name in flow.nodes if name != flow.start)]
    told = {name: card(name, flow.nodes[name], words) for name in names if name in flow.nodes}
    ahead = _ahead(told)
    cards = {name: Drawn(one, ahead[name]) for name, one in told.items()}
    links = [link for drawn in cards.values() for _, link in drawn.links() if link.target in drawn.ahead]
    layout = lay_out([drawn.box() for drawn in cards.values()], links)
    svg = picture(flow.name, cards, layout, words, unreachable=cards.keys() - _reached(flow))
    return _NOT_IN_XML.sub("", svg)


def run_draw(path: Path, to: Path | None = None, language: str | None = None) -> int:
    """The command: tells where the picture is, or, with exit code 1, what keeps the menu from being drawn."""
    made, findings = draw_file(path, to, language)
    for finding in findings:
        print(finding)
    if made is None:
        return 1
    print(f"{made} shows the menu; any browser opens it.")
    return 0


def draw_file(
    path: Path, to: Path | None = None, language: str | None = None
) -> tuple[Path | None, list[Finding]]:
    """Draw a menu file into `to`, or beside it with the ending .svg. Returns the picture's path and the findings.

    The path is None, and nothing is written, when the menu cannot be read.
    """
    flow, findings = load_flow(path)
    if flow is None:
        return None, findings
    to = to or path.with_suffix(".svg")
    to.write_text(draw(flow, language), encoding="utf-8")
    return to, findings


def _ahead(cards: Mapping[str, Card]) -> dict[str, set[str]]:
    """The boxes that each card's lines lead to: neither back, nor where there is no box."""
    ways = ((name, way.target) for name, one in cards.items() for way in one.ways)
    lines = forward(list(cards), [Link(name, target, 0.0) for name, target in ways if target in cards])
    ahead: dict[str, set[str]] = {name: set() for name in cards}
    for line in lines:
        ahead[line.source].add(line.target)
    return ahead


def _reached(flow: Flow) -> set[str]:
    reached: set[str] = set()
    ahead = [flow.start]
    while ahead:
        name = ahead.pop()
        if name in flow.nodes and name not in reached:
            reached.add(name)
            ahead += [target for _, target in ways_out(flow.nodes[name])]
    return reached
