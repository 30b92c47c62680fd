"""How wide a text is, without a font at hand, and how it breaks into lines."""

from __future__ import annotations

_SHARES = {
    0.35: "'ijlIJ .,:;/f",
    0.46: '-t()!r"',
    0.54: "–_*szгз?сэc",
    0.62: "LтkFвухчьvxyкяРPаоГТУaoTY«»беёe",
    0.72: "рЕЁbdghnpquESлЗ0123456789ийнпKцАAVдБВХЧЬЯBRXZСЭCъКU",
    0.80: "мИЙЛНПHNDGДЦыОOQ",
    0.92: "wЪю#→↩фМФMЫжшщ",
}
_WIDEST = 1.1
BOLD = 1.1
"""How much wider bold letters are."""

_SHARE = {letter: share for share, letters in _SHARES.items() for letter in letters}


def width(text: str, size: float) -> float:
    """Pixels at this font size, rather too many than too few. Measured on DejaVu Sans, wider than most fonts."""
    return size * sum(_SHARE.get(letter, _WIDEST) for letter in text)


def shortened(text: str, size: float, room: float) -> str:
    """The text, or as much of it as has room, with three dots."""
    if width(text, size) <= room:
        return text
    while text and width(text + "…", size) > room:
        text = text[:-1]
    return text.rstrip() + "…"


def wrapped(text: str, size: float, room: float, lines: int) -> list[str]:
    """At most so many lines; the last ends in three dots if there was more to come."""
    made: list[str] = []
    rest = text.split()
    while rest and len(made) < lines - 1:
        line = rest.pop(0)
        while rest and width(f"{line} {rest[0]}", size) <= room:
            line += f" {rest.pop(0)}"
        made.append(shortened(line, size, room))
    return [*made, shortened(" ".join(rest), size, room)] if rest else made
