"""The kinds of words a site file is made of: each says in one sentence what it must look like.

A value is looked at where it stands; what it means together with others is looked at by `site_check`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from ipaddress import ip_address, ip_network
from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from asterisk_conf.settings import CODE, CODEC, HOST, LANGUAGE, USER
from ivr.core.hours import interval
from ivr.core.suggestion import did_you_mean

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Part(BaseModel):
    """A mapping in a file: no other keys than these, and no value is turned into another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def wrong(code: str, sentence: str) -> PydanticCustomError:
    """An error whose sentence reaches the user as it is."""
    return PydanticCustomError(code, "{sentence}", {"sentence": sentence})  # type: ignore[arg-type]


def _shape(pattern: re.Pattern[str], code: str, meaning: str) -> Callable[[str], str]:
    def look(value: str) -> str:
        if not pattern.fullmatch(value):
            raise wrong(code, f"'{value}' is not {meaning}")
        return value

    return look


def _digits_as_text(value: Any) -> Any:
    """A plain 1000 in YAML is a number that lost nothing; with a sign or a leading zero it came as text."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _timezone(value: str) -> str:
    if value not in available_timezones():
        known = did_you_mean(value, available_timezones())
        hint = known if known.startswith("did") else "write it like Europe/Moscow"
        raise wrong("timezone", f"there is no timezone '{value}'; {hint}")
    return value


def _date(value: str) -> str:
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
            raise ValueError
        date.fromisoformat(value)
    except ValueError:
        raise wrong(
            "date", f"'{value}' is not a date of the calendar; write year-month-day: 2026-12-31"
        ) from None
    return value


def _interval(value: str) -> str:
    try:
        interval(value)
    except ValueError as why:
        raise wrong("interval", str(why).replace('"', "'")) from None
    return value


def days_of(text: str) -> list[int]:
    """The days, Monday 0, of "mon", "mon-fri" or "mon,wed,sat-sun". Raises ValueError."""
    days: list[int] = []
    for part in text.replace(" ", "").lower().split(","):
        first, dash, last = part.partition("-")
        if first not in DAYS or (dash and last not in DAYS):
            raise ValueError(text)
        begin, end = DAYS.index(first), DAYS.index(last or first)
        if end < begin:
            end += 7
        days += [day % 7 for day in range(begin, end + 1)]
    return days


def _days(value: str) -> str:
    try:
        days_of(value)
    except ValueError:
        raise wrong("days", f"'{value}' is not days of the week; write mon-fri, sat or mon,wed,fri") from None
    return value


def _address(value: str) -> str:
    try:
        ip_address(value)
    except ValueError:
        raise wrong(
            "address", f"'{value}' is not an IP address; write one like 127.0.0.1 or 0.0.0.0"
        ) from None
    return value


def _network(value: str) -> str:
    try:
        ip_network(value)
    except ValueError:
        try:
            meant = f"did you mean '{ip_network(value, strict=False)}'?"
        except ValueError:
            meant = "write one like 192.168.1.0/24, or one address"
        raise wrong("network", f"'{value}' is not a network; {meant}") from None
    return value


def _not_blank(value: str) -> str:
    if not value.strip():
        raise wrong("blank", "the text is blank; write it, or leave the key out")
    return value


Word = Annotated[str, AfterValidator(_not_blank)]
_language = _shape(LANGUAGE, "language", "a language code; write one like ru, en or pt_BR")
LanguageCode = Annotated[str, AfterValidator(_language)]
Texts = dict[LanguageCode, str]
_digits_schema = WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "integer", "minimum": 0}]})
Number = Annotated[str, BeforeValidator(_digits_as_text), _digits_schema]
_code = _shape(CODE, "feature-code", "a feature code; write 2 to 16 of * # and digits, not # first, like *10")
Code = Annotated[str, BeforeValidator(_digits_as_text), AfterValidator(_code), _digits_schema]
_pause_code = _shape(
    re.compile(r"[0-9]{1,4}"),
    "pause-code",
    "a pause's digits; write 1 to 4 digits, dialled after the pause code",
)
PauseCode = Annotated[str, BeforeValidator(_digits_as_text), AfterValidator(_pause_code), _digits_schema]
Timezone = Annotated[str, AfterValidator(_timezone)]
Day = Annotated[str, AfterValidator(_date)]
Weekdays = Annotated[str, AfterValidator(_days)]
Intervals = Annotated[
    list[Annotated[str, AfterValidator(_interval)]],
    BeforeValidator(_as_list),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]
Address = Annotated[str, AfterValidator(_address)]
Network = Annotated[str, AfterValidator(_network)]
Host = Annotated[
    str, AfterValidator(_shape(HOST, "host", "a host; write a name like sip.example.org or an address"))
]
User = Annotated[str, AfterValidator(_shape(USER, "user", "a user name of letters, digits and _ . + -"))]
Codec = Annotated[str, AfterValidator(_shape(CODEC, "codec", "a codec; write one like ulaw or alaw"))]
Seconds = Annotated[float, Field(gt=0)]
Port = Annotated[int, Field(ge=1, le=65535)]
Level = Annotated[int, Field(ge=1, le=10)]
