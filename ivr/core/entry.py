"""A value typed key by key: when it is complete, when it is wrong, and how it is kept."""

from __future__ import annotations

from datetime import date
from enum import Enum

from ivr.core.flow import CollectNode

YES_KEY, NO_KEY = "1", "2"


class Verdict(Enum):
    """What the keys so far amount to."""

    MORE = "more may come"
    DONE = "complete"
    WRONG = "cannot become an entry"
    NOTHING = "nothing was typed"


def lengths(node: CollectNode) -> tuple[int, int]:
    """The least and the most keys of an entry, its end key apart."""
    match node.what:
        case "digits":
            return node.digits.min, node.digits.max
        case "number":
            return 1, len(str(node.max))
        case "date":
            return 4, 8
        case "yes_no":
            return 1, 1


def add_key(node: CollectNode, entered: str, key: str) -> tuple[str, Verdict]:
    """The entry with one more key, and what it amounts to."""
    least, most = lengths(node)
    if key == node.digits.end:
        return entered, Verdict.DONE if len(entered) >= least else Verdict.WRONG
    if key not in "0123456789":
        return entered, Verdict.WRONG
    entered += key
    return entered, Verdict.DONE if len(entered) >= most else Verdict.MORE


def at_silence(node: CollectNode, entered: str) -> Verdict:
    """No further key came: whoever has typed enough and waits means "that is all"."""
    if not entered:
        return Verdict.NOTHING
    return Verdict.DONE if len(entered) >= lengths(node)[0] else Verdict.WRONG


def typed_value(node: CollectNode, entered: str, today: date) -> str | None:
    """A complete entry as it is kept; None when it means nothing. today: the local date of the call."""
    match node.what:
        case "digits":
            return entered
        case "number":
            return checked(node, str(int(entered)), today)
        case "date":
            day = _date(node, entered, today)
            return None if day is None else checked(node, day.isoformat(), today)
        case "yes_no":
            return {YES_KEY: "yes", NO_KEY: "no"}.get(entered)


def checked(node: CollectNode, value: str, today: date) -> str | None:
    """A number, a date, "yes" or "no" as it is kept, None if it is none or the node does not take it."""
    match node.what:
        case "number":
            good = value.isascii() and value.isdigit() and node.min <= int(value) <= node.max
            return str(int(value)) if good else None
        case "date":
            return value if _within(node, value, today) else None
        case "yes_no":
            return value if value in ("yes", "no") else None
        case "digits":
            return value if value.isascii() and value.isdigit() else None


def _within(node: CollectNode, value: str, today: date) -> bool:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return False
    return not (node.limit == "past" and day > today) and not (node.limit == "future" and day < today)


def _date(node: CollectNode, entered: str, today: date) -> date | None:
    """DDMMYYYY; DDMM is the last such day if the node asks for the past, else the next."""
    day, month, year = entered[:2], entered[2:4], entered[4:]
    if year:
        return _day(year, month, day)
    years = range(today.year, today.year + 5)
    if node.limit == "past":
        years = range(today.year, today.year - 5, -1)
    # Five years: 29 February.
    near = (_day(str(one), month, day) for one in years)
    return next((one for one in near if one is not None and _on_that_side(node, one, today)), None)


def _on_that_side(node: CollectNode, day: date, today: date) -> bool:
    return day <= today if node.limit == "past" else day >= today


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
