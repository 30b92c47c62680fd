"""A sweep: the same scenario with one of its values moved from point to point."""

from __future__ import annotations

import math
from typing import Any

MOST_POINTS = 200
LOAD = "load"
TIMES = "*"


class CannotSweep(Exception):
    """The message says what is wrong with the key or its range, in a sentence."""


def points_of(told: str) -> tuple[str, list[float]]:
    """KEY=FROM:TO:STEP as (key, values); whole numbers stay whole. Raises CannotSweep."""
    key, equals, span = told.partition("=")
    parts = span.split(":")
    if not key or not equals or len(parts) != 3:
        raise CannotSweep(f"--sweep {told}: write it as KEY=FROM:TO:STEP, e.g. trunks=20:40:5")
    try:
        first, last, step = (int(one) if one.lstrip("-").isdigit() else float(one) for one in parts)
    except ValueError:
        raise CannotSweep(f"--sweep {told}: {span} are not three numbers FROM:TO:STEP") from None
    if not all(map(math.isfinite, (first, last, step))) or step <= 0 or last < first:
        raise CannotSweep(f"--sweep {told}: the step must be above zero, and TO not less than FROM")
    number = int((last - first) / step + 1e-9) + 1
    if number > MOST_POINTS:
        raise CannotSweep(
            f"--sweep {told}: {number:,} values are too many, {MOST_POINTS} are not; widen the step"
        )
    return key.strip(), [
        value if isinstance(value := first + n * step, int) else round(value, 10) for n in range(number)
    ]


def moved(plain: Any, key: str, value: float) -> None:
    """Set the key in the scenario's plain keys. Raises CannotSweep when there is no such place.

    key: a path; in `topics` the next step is a name or a number, in `operators` a number, both from 1. With a
    `*` at its end what stands there (a number or a list) is multiplied; `load` multiplies every topic's rates.
    """
    if key == LOAD:
        for topic in plain["topics"] if isinstance(plain, dict) else ():
            if "per_hour" not in (arrivals := topic.get("arrivals") or {}):
                raise CannotSweep(
                    f"load: the calls of '{topic.get('name')}' are a trace, which has no rate to multiply"
                )
            arrivals["per_hour"] = _times(arrivals["per_hour"], value, key)
        return
    *way, last = key.removesuffix(TIMES).split(".")
    here = plain
    for step in way:
        here = _into(here, step, key)
    if isinstance(here, list):
        place: Any = _number(here, last, key)
    elif isinstance(here, dict):
        place = last
    else:
        raise CannotSweep(f"{key}: there is nothing below '{'.'.join(way)}' in the scenario")
    if key.endswith(TIMES):
        if isinstance(here, dict) and last not in here:
            raise CannotSweep(
                f"{key}: the scenario has no '{last}' there to multiply; it has {', '.join(here)}"
            )
        here[place] = _times(here[place], value, key)
    else:
        here[place] = value


def _into(here: Any, step: str, key: str) -> Any:
    if isinstance(here, list):
        return here[_number(here, step, key)]
    if isinstance(here, dict) and step in here:
        return here[step]
    known = f"it has {', '.join(here)}" if isinstance(here, dict) else "there is nothing below it"
    raise CannotSweep(f"{key}: the scenario has no '{step}' there; {known}")


def _number(here: list[Any], step: str, key: str) -> int:
    """The place of the item with this name, or of this number from 1."""
    names = [one.get("name") for one in here if isinstance(one, dict)]
    if step in names:
        return names.index(step)
    if step.isdigit() and 1 <= int(step) <= len(here):
        return int(step) - 1
    known = ", ".join(name for name in names if name) or f"1 to {len(here)}"
    raise CannotSweep(f"{key}: there is no '{step}' there; there are {known}")


def _times(there: Any, factor: float, key: str) -> Any:
    if isinstance(there, list):
        return [_times(one, factor, key) for one in there]
    if isinstance(there, bool) or not isinstance(there, int | float):
        raise CannotSweep(f"{key}: what stands there is no number to multiply")
    product = there * factor
    return int(product) if isinstance(there, int) and float(product).is_integer() else product
