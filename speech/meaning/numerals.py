"""One word of a number, in any language, and how such words join into numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

_ANY = 1 << 60


@dataclass(frozen=True)
class Numeral:
    """value: what the word is worth; 1.5 is "полтора".

    role: "figure" adds to what stands before it and is smaller ("twenty" + "six"); "times" multiplies it
    ("thousand"; in English "hundred"). ordinal: ends the number ("шестого"). counted: a digit as a noun
    after a count ("два ноля", "three fives").
    """

    value: float
    role: Literal["figure", "times"] = "figure"
    ordinal: bool = False
    counted: bool = False


@dataclass(frozen=True)
class Number:
    """value: >= 0. ordinal: said as one. parts: the figures it was put together from, as values."""

    value: int
    ordinal: bool = False
    parts: tuple[int, ...] = ()


@dataclass
class _Open:
    """A number still growing. group: what a coming "thousand" multiplies. room: what still may be added is
    smaller than this. scale: of the last "thousand"."""

    total: float = 0
    group: float = 0
    room: float = _ANY
    scale: float = _ANY
    begun: bool = False
    parts: list[float] = field(default_factory=lambda: [])

    def takes(self, one: Numeral) -> bool:
        if not self.begun:
            return True
        if one.role == "times":
            if one.value == 100:
                return 0 < self.group < 100 and self.room <= 100
            return one.value < self.scale and (self.group > 0 or self.total > one.value)
        return 0 < one.value < self.room

    def add(self, one: Numeral) -> None:
        self.begun = True
        self.parts.append(one.value)
        if one.role == "times":
            self._multiply(one.value)
        else:
            self.group += one.value
            self.room = _room_after(one.value)

    def _multiply(self, by: float) -> None:
        grown = (self.group or 1) * by
        if by == 100:
            self.group, self.room = grown, 100
        else:
            self.total, self.group, self.room, self.scale = self.total + grown, 0, min(by, 1000), by

    def number(self, *, ordinal: bool) -> Number | None:
        value = self.total + self.group
        whole = value == int(value)
        return Number(int(value), ordinal, tuple(int(part) for part in self.parts)) if whole else None


def _room_after(value: float) -> float:
    """What may follow: units after tens, tens after hundreds, nothing after units, teens and nought."""
    for step in (100, 10):
        if value >= 2 * step or value == 100:
            return step if value % step == 0 else 0
    return 0


def numbers_in(numerals: Iterable[Numeral]) -> Iterator[Number | None]:
    """The numbers said one after the other: as long as a word fits what stands before, it belongs to it.

    "двадцать пять" is 25, "двенадцать тридцать четыре" 12 and 34, "ноль пять" 0 and 5. None for what is no
    whole number ("полтора").
    """
    open_ = _Open()
    for one in numerals:
        if not open_.takes(one):
            yield open_.number(ordinal=False)
            open_ = _Open()
        open_.add(one)
        if one.ordinal:
            yield open_.number(ordinal=True)
            open_ = _Open()
    if open_.begun:
        yield open_.number(ordinal=False)
