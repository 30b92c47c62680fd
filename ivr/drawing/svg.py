"""Cards and lines as SVG. Colours say the kind of node; so do words, for readers who see no colours."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from xml.sax.saxutils import escape

from ivr.drawing.cards import Card, Way
from ivr.drawing.columns import Link
from ivr.drawing.layout import Box, Layout, Point
from ivr.drawing.words import Words
from ivr.drawing.writing import BOLD, shortened, width, wrapped

CARD_WIDTH, PAD = 250.0, 12.0
HEAD, LINE, ROW = 26.0, 16.0, 22.0
TEXT_SIZE, SMALL = 11.5, 10.5
TEXT_LINES = 3
FONT = "'DejaVu Sans', Verdana, 'Segoe UI', Arial, sans-serif"
INK, PALE_INK, RULE = "#1f2933", "#616e7c", "#9aa5b1"
COLOURS = {
    "say": "#3e6fb0",
    "menu": "#5b4fb3",
    "collect": "#0f7f86",
    "branch": "#b7791f",
    "language": "#93479c",
    "enqueue": "#2d7d46",
    "goto": "#616e7c",
    "hangup": "#b23b3b",
}


class Drawn:
    """A card with its measures; what lies inside counts from its top left corner.

    ahead: the boxes its lines lead to; other ways out are told in a row, by name.
    """

    def __init__(self, card: Card, ahead: Collection[str]) -> None:
        self.card = card
        self.ahead = ahead
        self.text = wrapped(card.text, TEXT_SIZE, CARD_WIDTH - 2 * PAD, TEXT_LINES)
        self.single = len(card.ways) == 1 and not card.ways[0].label and card.ways[0].target in ahead
        body = len(self.text) + bool(card.fact)
        self.rows_top = HEAD + (body * LINE + 10 if body else 0)
        rows = 0 if self.single else len(card.ways)
        self.height = self.rows_top + (rows * ROW + 4 if rows else 0)

    def box(self) -> Box:
        return Box(self.card.name, CARD_WIDTH, self.height, HEAD / 2)

    def links(self) -> list[tuple[Way, Link]]:
        """Each way out as the line it would be; a single one leaves beside the name."""
        return [
            (
                way,
                Link(
                    self.card.name, way.target, HEAD / 2 if self.single else self.rows_top + ROW * (row + 0.5)
                ),
            )
            for row, way in enumerate(self.card.ways)
        ]


def picture(
    title: str, cards: Mapping[str, Drawn], layout: Layout, words: Words, unreachable: Collection[str] = ()
) -> str:
    """The SVG document. cards: by the names that the layout places."""
    margin, head = 28.0, 44.0
    size = layout.width + 2 * margin, layout.height + 2 * margin + head
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]:.0f}" height="{size[1]:.0f}" '
        f'viewBox="0 0 {size[0]:.0f} {size[1]:.0f}" font-family="{FONT}" role="img">',
        f"<title>{escape(title)}</title>",
        '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" '
        f'orient="auto"><path d="M0 0.5 L8 4 L0 7.5 z" fill="{PALE_INK}"/></marker></defs>',
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        _text(margin, margin + 12, title, 16, INK, bold=True),
        f'<g transform="translate({margin:g} {margin + head:g})">',
        *(_line(points) for points in layout.lines.values()),
    ]
    for name, drawn in cards.items():
        x, y = layout.places[name]
        parts.append(f'<g transform="translate({x:.1f} {y:.1f})">')
        parts += _card(drawn, words, unreachable=name in unreachable)
        parts.append("</g>")
    return "\n".join([*parts, "</g>", "</svg>", ""])


def _card(drawn: Drawn, words: Words, *, unreachable: bool) -> Iterator[str]:
    card, colour = drawn.card, COLOURS[drawn.card.kind]
    dashes = ' stroke-dasharray="5 4"' if unreachable else ""
    kind = words("unreachable") if unreachable else words(card.kind)
    room = CARD_WIDTH - 3 * PAD - width(kind, SMALL)
    name = shortened(card.name, 13 * BOLD, room)
    yield f"<title>{escape(card.text or card.name)}</title>"
    yield (
        f'<rect width="{CARD_WIDTH:g}" height="{drawn.height:g}" rx="7" fill="#ffffff" stroke="{colour}" '
        f'stroke-width="1.4"{dashes}/>'
    )
    rounding = f"v{HEAD - 7:g} h-{CARD_WIDTH:g} v-{HEAD - 7:g} q0 -7 7 -7 z"
    if drawn.height == HEAD:
        rounding = f"v{HEAD - 14:g} q0 7 -7 7 h-{CARD_WIDTH - 14:g} q-7 0 -7 -7 v-{HEAD - 14:g} q0 -7 7 -7 z"
    yield f'<path d="M7 0 h{CARD_WIDTH - 14:g} q7 0 7 7 {rounding}" fill="{colour}"/>'
    yield _text(PAD, 17.5, name, 13, "#ffffff", bold=True)
    yield _text(CARD_WIDTH - PAD, 17, kind, SMALL, "#ffffff", anchor="end")
    for row, line in enumerate(drawn.text):
        yield _text(PAD, HEAD + 17 + row * LINE, line, TEXT_SIZE, INK)
    if card.fact:
        fact = shortened(card.fact, TEXT_SIZE, CARD_WIDTH - 2 * PAD)
        yield _text(PAD, HEAD + 17 + len(drawn.text) * LINE, fact, TEXT_SIZE, colour)
    if not drawn.single:
        for way, link in drawn.links():
            yield from _way(way, link.exit, colour, goes=way.target in drawn.ahead)


def _way(way: Way, y: float, colour: str, *, goes: bool) -> Iterator[str]:
    """A row of the card, its label at the right edge where the line begins; without a line it names its end."""
    end = CARD_WIDTH - (20 if way.key else PAD)
    yield f'<path d="M{PAD:g} {y - ROW / 2:g} H{CARD_WIDTH - PAD:g}" stroke="#e4e7eb"/>'
    room = end - 2 * PAD
    if not goes:
        shown = shortened(f"↩ {way.target}", SMALL, room * 0.55 if way.label else room)
        yield _text(PAD, y + 4, shown, SMALL, PALE_INK)
        room -= width(shown, SMALL)
    yield _text(end, y + 4, shortened(way.label, TEXT_SIZE, room), TEXT_SIZE, INK, anchor="end")
    if way.key:
        yield (
            f'<rect x="{CARD_WIDTH - 11:g}" y="{y - 9:g}" width="22" height="18" rx="5" fill="#ffffff" '
            f'stroke="{colour}" stroke-width="1.4"/>'
        )
        yield _text(CARD_WIDTH, y + 4.5, way.key, 12, colour, bold=True, anchor="middle")


def _line(points: Sequence[Point]) -> str:
    """Level through the columns, bent between them."""
    (x, y), *rest = points
    path = f"M{x:.1f} {y:.1f}"
    for (from_x, from_y), (to_x, to_y) in zip(points, rest, strict=False):
        if from_y == to_y:
            path += f" H{to_x:.1f}"
        else:
            middle = (from_x + to_x) / 2
            path += f" C{middle:.1f} {from_y:.1f} {middle:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}"
    return f'<path d="{path}" fill="none" stroke="{RULE}" stroke-width="1.5" marker-end="url(#arrow)"/>'


def _text(
    x: float, y: float, text: str, size: float, colour: str, *, bold: bool = False, anchor: str = ""
) -> str:
    weight = ' font-weight="bold"' if bold else ""
    at = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{colour}"{weight}{at}>{escape(text)}</text>'
