"""The site file: one YAML file that says everything a hotline is. `./hotline check` proves it.

The descriptions are the source of docs/site-file.md and of the editor's schema.
"""

# ruff: noqa: RUF012 - pydantic gives each object a copy of a default

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, PrivateAttr

from ivr.site_speech import Speech
from ivr.site_telephony import Prompts, Telephony
from ivr.site_words import (
    Code,
    Day,
    Intervals,
    LanguageCode,
    Level,
    Number,
    Part,
    PauseCode,
    Seconds,
    Texts,
    Timezone,
    Weekdays,
    Word,
)


class NumberEntry(Part):
    number: Annotated[
        Number, Field(description="as dialled: +74951234567, or a short internal one like 1000")
    ]
    menu: Annotated[Word, Field(description="the menu its callers hear: a file, beside the site file")]
    language: Annotated[LanguageCode | None, Field(description="its own first language")] = None


class OpeningHours(Part):
    weekly: Annotated[
        dict[Weekdays, Intervals],
        Field(
            description="days (mon-fri; mon,wed) to times (08:00-20:00, a list, 22:00-06:00 past midnight)"
        ),
    ]
    holidays: Annotated[
        Word | None, Field(description="country code of the public holidays it is closed on: RU; DE-BY")
    ] = None
    closed: Annotated[list[Day], Field(description="dates it is closed on besides")] = []
    open: Annotated[
        dict[Day, Intervals], Field(description="dates with times of their own, even on holidays")
    ] = {}


class LineEntry(Part):
    title: Annotated[Texts, Field(description="what people call it, by language")]
    ring_timeout: Annotated[
        Seconds, Field(le=300, description="seconds an operator's phone rings before the next one's does")
    ] = 15.0
    wrap_up: Annotated[float, Field(ge=0, le=3600, description="seconds to write up after a talk")] = 0.0
    regional: Annotated[bool, Field(description="operators of the caller's region come first")] = False
    widen_after: Annotated[
        float, Field(ge=0, description="seconds after which other regions' operators may take the call")
    ] = 0.0
    transfer_code: Annotated[
        Code | None, Field(description="an operator transfers his caller to this line with it")
    ] = None


class TargetEntry(Part):
    answered_within: Annotated[Seconds, Field(description="seconds")] = 20.0
    share: Annotated[float, Field(gt=0, le=1, description="of the calls offered, 0 to 1")] = 0.8


class RingEntry(Part):
    after: Annotated[float, Field(ge=0, description="seconds waited from which it holds")] = 0.0
    needs: Annotated[
        dict[Word, Level], Field(description="skill to lowest level, 1 to 10; {} is anybody on the line")
    ]


class TopicEntry(Part):
    title: Annotated[Texts, Field(description="what the call is about, by language")]
    line: Annotated[str, Field(description="the line that takes it")]
    needs: Annotated[
        dict[Word, Level] | None, Field(description="skill to lowest level; short for one ring")
    ] = None
    rings: Annotated[
        list[RingEntry] | None,
        Field(min_length=1, description="who may take the call, relaxing while it waits"),
    ] = None
    priority: Annotated[int, Field(ge=-1000, le=1000, description="larger is served first")] = 0
    target: Annotated[TargetEntry, Field(description="what was promised")] = TargetEntry()
    queue_limit: Annotated[
        int | None, Field(ge=0, description="calls waiting beyond it are turned away; left out: none are")
    ] = None
    transfer_code: Annotated[
        Code | None, Field(description="an operator transfers his caller to this topic with it")
    ] = None


class OperatorEntry(Part):
    id: Annotated[
        Word, Field(description="his name in reports, and his phone's account unless `phone` is given")
    ]
    name: Annotated[Word, Field(description="as people say it")]
    lines: Annotated[list[str], Field(min_length=1, description="the lines he works on")]
    skills: Annotated[dict[Word, Level], Field(description="skill to level, 1 to 10")] = {}
    languages: Annotated[list[str], Field(description="he speaks; left out: all of the site's")] = []
    region: Annotated[Word | None, Field(description="his region, for regional lines")] = None
    phone: Annotated[
        Word | None, Field(description="his phone's account: a Latin letter, then letters, digits, _ and -")
    ] = None

    @property
    def endpoint(self) -> str:
        """The account his phone registers with."""
        return self.phone if self.phone is not None else self.id


class PauseEntry(Part):
    code: Annotated[PauseCode, Field(description="digits dialled after the pause code")]
    title: Annotated[Texts, Field(description="the reason, by language")]


class Codes(Part):
    sign_in: Annotated[Code | None, Field(description="begin to take calls")] = None
    sign_out: Annotated[Code | None, Field(description="take no more calls")] = None
    ready: Annotated[Code | None, Field(description="back from a pause, or from not answering")] = None
    pause: Annotated[Code | None, Field(description="dialled with a pause's digits after it")] = None


class Routing(Part):
    ageing: Annotated[
        Seconds | None,
        Field(description="seconds of waiting that outweigh one step of priority; left out: never"),
    ] = None
    wanted_operator_for: Annotated[
        float, Field(ge=0, description="seconds a call waits for the operator it asked for")
    ] = 60.0


Database = Annotated[
    str, Field(description="sqlite (a file of the instance), or postgresql://user@host/name")
]


class Site(Part):
    """A whole site file. `path`, `folder` and `version` say where it came from."""

    name: Annotated[Texts, Field(description="the hotline's name, by language")]
    languages: Annotated[
        list[LanguageCode],
        Field(json_schema_extra={"minItems": 1}, description="the first is heard unless the caller chooses"),
    ]
    timezone: Annotated[Timezone, Field(description="of opening hours and reports: Europe/Moscow")] = "UTC"
    numbers: Annotated[
        list[NumberEntry], Field(json_schema_extra={"minItems": 1}, description="what callers dial")
    ]
    hours: Annotated[dict[Word, OpeningHours], Field(description="opening hours that menus ask for")] = {}
    lines: Annotated[
        dict[Word, LineEntry],
        Field(json_schema_extra={"minProperties": 1}, description="groups of operators"),
    ]
    topics: Annotated[
        dict[Word, TopicEntry],
        Field(json_schema_extra={"minProperties": 1}, description="what calls are about"),
    ]
    operators: Annotated[
        list[OperatorEntry], Field(json_schema_extra={"minItems": 1}, description="who takes calls")
    ]
    pauses: Annotated[dict[Word, PauseEntry], Field(description="reasons to take no calls for a while")] = {}
    codes: Annotated[Codes, Field(description="what operators dial on their phones")] = Codes()
    routing: Annotated[Routing, Field(description="rules for the whole hotline")] = Routing()
    telephony: Annotated[Telephony, Field(description="the way to phones and networks")] = Telephony()
    database: Database = "sqlite"
    speech: Annotated[Speech, Field(description="callers who say what they need")] = Speech()
    prompts: Annotated[Prompts, Field(description="how texts become sound")] = Prompts()

    _path: Path = PrivateAttr(default=Path())
    _version: str = PrivateAttr(default="")

    @property
    def path(self) -> Path:
        return self._path

    @property
    def folder(self) -> Path:
        """Files named in the site file stand relative to it."""
        return self._path.parent

    @property
    def version(self) -> str:
        """Changes with the file's content."""
        return self._version

    def came_from(self, path: Path, version: str) -> Site:
        """The same site, knowing its file."""
        self._path, self._version = path, version
        return self

    def menu_file(self, entry: NumberEntry) -> Path:
        return self.folder / entry.menu

    def menus(self) -> dict[str, str]:
        """Number as dialled -> name of its menu (the file's stem)."""
        return {entry.number: Path(entry.menu).stem for entry in self.numbers}

    def feature_codes(self) -> dict[str, str]:
        """Code as dialled -> meaning, e.g. {"*10": "sign_in", "*21": "pause:lunch"}."""
        names: tuple[Literal["sign_in", "sign_out", "ready"], ...] = ("sign_in", "sign_out", "ready")
        found = {code: name for name in names if (code := getattr(self.codes, name)) is not None}
        if self.codes.pause is not None:
            found |= {self.codes.pause + pause.code: f"pause:{name}" for name, pause in self.pauses.items()}
        return found

    def transfer_codes(self) -> dict[str, str]:
        """Code as dialled -> where to, e.g. {"*72": "line:second", "*81": "topic:medical"}."""
        lines = {one.transfer_code: f"line:{name}" for name, one in self.lines.items() if one.transfer_code}
        topics = {
            one.transfer_code: f"topic:{name}" for name, one in self.topics.items() if one.transfer_code
        }
        return lines | topics

    def endpoints(self) -> dict[str, str]:
        """Operator's id -> the account his phone registers with."""
        return {one.id: one.endpoint for one in self.operators}

    def kept_utterances(self) -> Path | None:
        """Where callers' answers are kept as sound; None, the default, keeps none."""
        kept = self.speech.keep_utterances
        return None if kept is False else (self.folder / kept).resolve()

    def recorded_folder(self) -> Path:
        """Where recordings that replace synthetic prompts are looked for; it need not exist."""
        return self.folder / self.prompts.recorded
