"""The scenario: what the planner's YAML file says, as values. Times in seconds, the horizon in hours.

The file is read, and its mistakes are placed by line, by the command line (`ivr/scenario_file.py`); what a
mistake is stands here and in `scenario_check`.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, field_validator, model_validator

from loadtest.distribution import Distribution, Part, erlang_phases, wrong

SHORT_ABANDONS = re.compile(r"offered_less_short_abandons\(([0-9]+(?:\.[0-9]+)?)\)")
_SHIFT = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])")

Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]
Probability = Annotated[float, Field(ge=0, le=1)]
Name = Annotated[str, Field(min_length=1, max_length=60)]
Needs = dict[Name, Annotated[int, Field(ge=1, le=10)]]


def _list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _none(value: Any) -> Any:
    return None if value == "none" else value


Rates = Annotated[list[NotNegative], BeforeValidator(_list), Field(min_length=1)]
Patience = Annotated[Distribution | None, BeforeValidator(_none)]


class Replications(Part):
    """As many days as it takes: at least min, until `half_width` of the 95 % interval is reached, at most max."""

    min: Annotated[int, Field(ge=2, le=100_000)] = 20
    max: Annotated[int, Field(ge=2, le=100_000)] = 1000
    half_width: Annotated[float, Field(gt=0, lt=1)] = 0.005

    @model_validator(mode="after")
    def _ordered(self) -> Replications:
        if self.max < self.min:
            raise wrong("min-above-max", f"max {self.max} is less than min {self.min}; raise max")
        return self


class Arrivals(Part):
    """per_hour: a rate, or one for each of as many equal intervals of the horizon."""

    per_hour: Rates
    process: str = "poisson"

    @field_validator("process")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in ("poisson", "deterministic") and not erlang_phases(value):
            raise wrong(
                "unknown-process", f"'{value}' is no process here; poisson, erlang(k) or deterministic"
            )
        return value


class Retry(Part):
    probability: Probability
    after_s: Distribution


class Transfer(Part):
    """After the talk a share of the callers is handed on to another line, where the same skills are needed."""

    to_line: Name
    probability: Probability
    handling_s: Distribution


class Target(Part):
    """of: offered, answered, or offered_less_short_abandons(SECONDS)."""

    answered_within_s: NotNegative = 20.0
    share: Annotated[float, Field(gt=0, lt=1)] = 0.8
    of: str = "offered"

    @field_validator("of")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in ("offered", "answered") and not SHORT_ABANDONS.fullmatch(value):
            known = "offered, answered or offered_less_short_abandons(5)"
            raise wrong("unknown-convention", f"'{value}' is no convention here; {known}")
        return value

    @property
    def short_abandon_s(self) -> float:
        """Who gives up within so many seconds is left out where short abandons are."""
        found = SHORT_ABANDONS.fullmatch(self.of)
        return float(found[1]) if found else self.answered_within_s


class RingEntry(Part):
    """needs: skill to lowest level, from `after` seconds of waiting on; {} is anybody on the line."""

    after: NotNegative = 0.0
    needs: Needs


class TopicEntry(Part):
    """What a kind of call asks for. wrap_up_s missing: none. patience_s missing or none: they wait for ever."""

    name: Name
    arrivals: Arrivals
    handling_s: Distribution
    line: Name = "first"
    ivr_s: Distribution | None = None
    contained: Probability = 0.0
    queue_limit: Annotated[int, Field(ge=0)] | None = None
    wrap_up_s: Distribution | None = None
    patience_s: Patience = None
    retry: Retry | None = None
    transfer: Transfer | None = None
    needs: Needs | None = None
    rings: Annotated[list[RingEntry], Field(min_length=1)] | None = None
    priority: int = 0
    target: Target | None = None

    @model_validator(mode="after")
    def _one_demand(self) -> TopicEntry:
        if self.needs is not None and self.rings is not None:
            raise wrong("needs-and-rings", "needs is short for one ring; keep either needs or rings")
        afters = [ring.after for ring in self.rings or ()]
        if afters and (afters[0] != 0 or any(b <= a for a, b in pairwise(afters))):
            raise wrong(
                "rings-out-of-order", "rings begin at 0 seconds, and each later one after the one before"
            )
        return self

    @property
    def demand(self) -> list[RingEntry]:
        return self.rings or [RingEntry(needs=self.needs or {})]

    @property
    def judged_by(self) -> Target:
        """Its target, or the usual one for the figures of a topic that has none."""
        return self.target or Target()


class Break(Part):
    """A pause of each shift, `after_h` hours from its start; one who talks then takes it after the talk."""

    after_h: NotNegative
    length_min: Positive


class OperatorGroup(Part):
    """count people of one kind. shift: times of day, past midnight allowed; missing: the whole horizon.

    shrinkage: the share of them who are absent; the number present is rounded down.
    """

    count: Annotated[int, Field(ge=1, le=100_000)]
    skills: Needs = {}  # noqa: RUF012 - pydantic gives each object a copy
    line: Name = "first"
    shift: str | None = None
    breaks: list[Break] = []  # noqa: RUF012
    shrinkage: Annotated[float, Field(ge=0, lt=1)] = 0.0

    @field_validator("shift")
    @classmethod
    def _times(cls, value: str | None) -> str | None:
        if value is not None and not _SHIFT.fullmatch(value):
            raise wrong("wrong-shift", f"shift '{value}' is not like 08:00-20:00")
        return value

    @property
    def present(self) -> int:
        return int(self.count * (1 - self.shrinkage) + 1e-9)

    @property
    def shift_s(self) -> tuple[float, float] | None:
        """(start, end) in seconds from midnight, end after start; None for the whole horizon."""
        found = _SHIFT.fullmatch(self.shift or "")
        if not found:
            return None
        hours = [int(part) for part in found.groups()]
        start, end = hours[0] * 3600 + hours[1] * 60, hours[2] * 3600 + hours[3] * 60
        return float(start), float(end if end > start else end + 86_400)


class Scenario(Part):
    """One kind of day. The clock starts at 00:00; calls that arrive before the horizon's end are served to the end.

    trunks: calls at once (menu, waiting, talking); None is no limit. busyness: a factor on all rates, drawn
    once a day. answer_s: seconds an operator's phone rings; missing: he answers at once.
    ageing_s: seconds of waiting that outweigh one step of priority; missing: priority is strict.
    """

    name: Name
    seed: Annotated[int, Field(ge=0)] = 1
    horizon_h: Annotated[float, Field(gt=0, le=24 * 31)] = 24.0
    replications: Replications = Replications()
    trunks: Annotated[int, Field(ge=1)] | None = None
    busyness: Distribution | None = None
    answer_s: Distribution | None = None
    ageing_s: Positive | None = None
    topics: Annotated[list[TopicEntry], Field(min_length=1)]
    operators: Annotated[list[OperatorGroup], Field(min_length=1)]

    @property
    def horizon_s(self) -> float:
        return self.horizon_h * 3600
