"""The scenario: what the planner's YAML file says, as values. Times in seconds, the horizon in hours.

The file is read, and its mistakes are placed by line, by the command line (`ivr/scenario_file.py`); what a
mistake is stands here and in `scenario_check`.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from loadtest.distribution import Distribution, Part, erlang_phases, files_of, wrong
from loadtest.measured import Unreadable

SHORT_ABANDONS = re.compile(r"offered_less_short_abandons\(([0-9]+(?:\.[0-9]+)?)\)")
_START = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_SHIFT = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])")

Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]
Probability = Annotated[float, Field(ge=0, le=1)]
Name = Annotated[str, Field(min_length=1, max_length=60)]
Needs = dict[Name, Annotated[int, Field(ge=1, le=10)]]
Regions = dict[Name, Positive]
"""Where callers call from: region to its weight."""


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
    """per_hour: a rate, or one for each of as many equal intervals of the horizon.

    trace instead: a file of moments, the same calls every day; times_s: its content, if it is read already,
    seconds, rising.
    """

    per_hour: Rates | None = None
    trace: str | None = None
    times_s: tuple[NotNegative, ...] = ()
    process: str = "poisson"

    @model_validator(mode="before")
    @classmethod
    def _moments(cls, value: Any, info: ValidationInfo) -> Any:
        if not isinstance(value, dict):
            return value
        value = {key: one for key, one in value.items() if one is not None and one != ()}
        recorded = "trace" in value or "times_s" in value
        if not recorded and "per_hour" not in value:
            raise wrong("missing-key", "'per_hour' is missing here; add it, or trace: FILE")
        if recorded and ("per_hour" in value or value.get("process", "poisson") != "poisson"):
            raise wrong(
                "rate-and-trace", "calls come at a rate (per_hour, process) or from a trace; keep one"
            )
        if "trace" not in value or "times_s" in value:
            return value
        files, name = files_of(info), str(value["trace"])
        if files is None:
            raise wrong("no-folder", f"{name} is read only for a scenario that comes from a file")
        try:
            return value | {"times_s": files.calls(name)}
        except Unreadable as why:
            raise wrong("measured-file", str(why)) from why

    @field_validator("times_s")
    @classmethod
    def _rising(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        return tuple(sorted(value))

    def mean_calls(self, hours: float) -> float:
        """Calls expected within the horizon of so many hours, of a day that is as busy as forecast."""
        return sum(self.per_hour) / len(self.per_hour) * hours if self.per_hour else float(len(self.times_s))

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


class Callback(Part):
    """Who has waited so long is offered to be called back: he hangs up, and keeps his place."""

    offer_after_s: NotNegative
    accept: Probability


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
    callback: Callback | None = None
    transfer: Transfer | None = None
    needs: Needs | None = None
    rings: Annotated[list[RingEntry], Field(min_length=1)] | None = None
    priority: int = 0
    regions: Regions | None = None
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


class LineEntry(Part):
    """regional: a call is for operators of its own region until it has waited `widen_after_s`."""

    regional: bool = False
    widen_after_s: NotNegative = 0.0


class Break(Part):
    """A pause of each shift, `after_h` hours from its start; one who talks then takes it after the talk."""

    after_h: NotNegative
    length_min: Positive


class OperatorGroup(Part):
    """count people of one kind. shift: times of day, past midnight allowed; missing: the whole horizon.

    shrinkage: the share of them who are absent; the number present is rounded down.
    lines instead of line: they serve several, and their time counts on the first.
    """

    count: Annotated[int, Field(ge=1, le=100_000)]
    skills: Needs = {}  # noqa: RUF012 - pydantic gives each object a copy
    line: Name = "first"
    lines: Annotated[list[Name], Field(min_length=1)] | None = None
    region: Name | None = None
    shift: str | None = None
    breaks: list[Break] = []  # noqa: RUF012
    shrinkage: Annotated[float, Field(ge=0, lt=1)] = 0.0

    @model_validator(mode="before")
    @classmethod
    def _first_line(cls, value: Any) -> Any:
        if not isinstance(value, dict) or not isinstance(lines := value.get("lines"), list) or not lines:
            return value
        if "line" in value and value["line"] != lines[0]:
            raise wrong("line-and-lines", "line is short for one of lines; keep either line or lines")
        return value | {"line": lines[0]}

    @property
    def on_lines(self) -> list[str]:
        return self.lines or [self.line]

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


class ShiftPattern(Part):
    """Shifts that may be worked: `length_h` hours from each of the starts, which are times of day."""

    starts: Annotated[list[str], BeforeValidator(_list), Field(min_length=1)]
    length_h: Annotated[float, Field(gt=0, le=24)]
    breaks: list[Break] = []  # noqa: RUF012

    @field_validator("starts")
    @classmethod
    def _times(cls, value: list[str]) -> list[str]:
        for start in value:
            if not _START.fullmatch(start):
                raise wrong("wrong-start", f"start '{start}' is not like 08:00")
        return value


class Hire(Part):
    """A kind of people who can be hired. least, most: how many of them, over all shifts. shifts: theirs alone."""

    skills: Needs = {}  # noqa: RUF012
    line: Name = "first"
    lines: Annotated[list[Name], Field(min_length=1)] | None = None
    region: Name | None = None
    cost_per_hour: Positive | None = None
    shrinkage: Annotated[float, Field(ge=0, lt=1)] = 0.0
    least: Annotated[int, Field(ge=0)] = 0
    most: Annotated[int, Field(ge=0, le=100_000)] = 100_000
    shifts: Annotated[list[ShiftPattern], Field(min_length=1)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _first_line(cls, value: Any) -> Any:
        return OperatorGroup._first_line(value)

    @property
    def on_lines(self) -> list[str]:
        return self.lines or [self.line]

    @model_validator(mode="after")
    def _ordered(self) -> Hire:
        if self.most < self.least:
            raise wrong("most-below-least", f"most {self.most} is less than least {self.least}; raise most")
        return self


class Staffing(Part):
    """What `staff` may do. hire missing: the kinds of `operators`. shifts missing: the shifts of `operators`.

    each_hour: share of all calls to be answered in time in every hour, on the average over days; a target is the day's.
    """

    cost_per_hour: Positive = 1.0
    max_people: Annotated[int, Field(ge=1, le=100_000)] | None = None
    each_hour: Annotated[float, Field(gt=0, lt=1)] | None = None
    hire: Annotated[list[Hire], Field(min_length=1)] | None = None
    shifts: Annotated[list[ShiftPattern], Field(min_length=1)] | None = None


class Scenario(Part):
    """One kind of day. The clock starts at 00:00; calls that arrive before the horizon's end are served to the end.

    trunks: calls at once (menu, waiting, talking); None is no limit. busyness: a factor on all rates, drawn
    once a day. answer_s: seconds an operator's phone rings; missing: he answers at once.
    ageing_s: seconds of waiting that outweigh one step of priority; missing: priority is strict.
    regions: where callers call from, unless their topic says otherwise. site: the site file that rules came from.
    """

    name: Name
    seed: Annotated[int, Field(ge=0)] = 1
    horizon_h: Annotated[float, Field(gt=0, le=24 * 31)] = 24.0
    replications: Replications = Replications()
    trunks: Annotated[int, Field(ge=1)] | None = None
    busyness: Distribution | None = None
    answer_s: Distribution | None = None
    ageing_s: Positive | None = None
    site: str | None = None
    lines: dict[Name, LineEntry] = {}  # noqa: RUF012
    regions: Regions = {}  # noqa: RUF012
    topics: Annotated[list[TopicEntry], Field(min_length=1)]
    operators: Annotated[list[OperatorGroup], Field(min_length=1)]
    staffing: Staffing | None = None

    @property
    def regional(self) -> bool:
        """Whether it matters where a caller calls from."""
        return any(line.regional for line in self.lines.values())

    @property
    def horizon_s(self) -> float:
        return self.horizon_h * 3600
