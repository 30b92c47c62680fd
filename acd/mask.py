"""Personal data in logs: masked where a field is known to be personal, caught where it slipped into text.

Put `masked` into structlog's processors before the renderer (and after `format_exc_info`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping
from typing import Any

NUMBERS = {
    "number",
    "caller",
    "caller_number",
    "caller_id",
    "callerid",
    "connected_number",
    "dialled",
    "phone",
}
DIGITS = {"digit", "digits", "entered", "key", "keys", "pin", "card"}
WORDS = {"transcript", "heard", "said", "utterance", "comment", "caller_name"}
"""Fields that are personal by their name, in any case of letters. The one list."""

FREE_TEXT = {"event", "error", "exception", "reason", "why", "cause"}
"""Fields that hold sentences, in which nothing that looks like a telephone number has any business."""

_PHONE = re.compile(
    r"""(?<![\w+])\+\d(?:[ ()-]{0,2}\d){6,14}  # +7 916 123-45-67: international, grouped in any way
      | (?<![\w.+-])\d{10,15}(?![\w/]|[.:]\d)  # 89161234567, also in PJSIP/…-00000001; no call id 1763832642.17
      | (?<![\w.:/+-])\(?\d{1,4}\)?(?:[ -]{1,2}\(?\d{2,4}\)?){2,5}(?![\w/]|[.:-]\d)  # 8 (916) 123-45-67
    """,
    re.VERBOSE,
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


class UnmaskedNumber(ValueError):
    """Ours: a log message with something like a telephone number in it."""


def mask_number(number: str) -> str:
    """ "+7 916 123-45-67" -> "…67". Short internal numbers and accounts stay, pseudonyms too.

    Two digits are enough to tell two callers apart while one looks for a fault, and too few to call back.
    """
    digits = [sign for sign in number if sign.isdigit()]
    if len(digits) < 7 or re.fullmatch(r"p-[a-z2-7]{16}", number):
        return number
    return "…" + "".join(digits[-2:])


def mask_digits(digits: str) -> str:
    """What a caller keyed in: neither the digits nor how many. A word without digits stays."""
    return "***" if any(sign in "0123456789*#" for sign in digits) else digits


def mask_words(words: str) -> str:
    """What a caller said: how many words."""
    return f"[{len(words.split())} words]" if words else ""


def mask_text(text: str) -> str:
    """A sentence with everything that looks like a telephone number masked. Dates and call ids stay."""
    return _PHONE.sub(lambda found: _masked_unless_date(found.group()), text)


def _masked_unless_date(found: str) -> str:
    return found if _DATE.match(found) else mask_number(found)


def masked(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The structlog processor: masks personal fields, also inside dicts and lists, and free text."""
    for name, value in event.items():
        event[name] = _field(name, value)
    return event


def refusing(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The same for tests and CI: a message with an unmasked number in it raises UnmaskedNumber."""
    message = str(event.get("event", ""))
    if mask_text(message) != message:
        raise UnmaskedNumber(f"a telephone number in a log message, use a field: {mask_text(message)!r}")
    return masked(logger, method, event)


def _field(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _field(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_field(name, inner) for inner in value]
    if value is None or isinstance(value, bool):
        return value
    mask = _mask_for(name.casefold())
    return value if mask is None else mask(str(value))


def _mask_for(name: str) -> Callable[[str], str] | None:
    for names, mask in ((NUMBERS, mask_number), (DIGITS, mask_digits), (WORDS, mask_words)):
        if name in names:
            return mask
    return mask_text if name in FREE_TEXT else None
