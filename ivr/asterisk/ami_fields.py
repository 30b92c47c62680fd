"""What may be written to Asterisk's manager."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

Fields = Mapping[str, str | Sequence[str]]

LONGEST_LINE = 1022
"""Bytes of one header line without its end, measured on Asterisk 22: a longer one spoils the whole action."""
MOST_HEADERS = 128
"""Headers of one action, Action and ActionID among them, measured on Asterisk 22."""
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_FORBIDDEN = re.compile(r"[\r\n\0]")


def checked(action: str, fields: Fields | None) -> dict[str, str | list[str]]:
    """A copy of `fields` that can be sent as they are.

    Raises ValueError, naming the header and never its value, for a name that is not one, a value with CR, LF
    or NUL (the rest would be an action of its own) or that is not text, too long a line, too many headers.
    """
    if not _NAME.fullmatch(action):
        raise ValueError(f"{action!r} is not the name of a manager action")
    clean: dict[str, str | list[str]] = {}
    lines = 1 if any(name.lower() == "actionid" for name in fields or ()) else 2
    for name, value in (fields or {}).items():
        if not _NAME.fullmatch(name) or name.lower() == "action":
            raise ValueError(f"{name!r} is not a header that {action} may have")
        values = [value] if isinstance(value, str) else list(value)
        for one in values:
            _check_value(action, name, one)
        lines += len(values)
        clean[name] = value if isinstance(value, str) else values
    if lines > MOST_HEADERS:
        raise ValueError(f"{action} has {lines} headers, Asterisk takes {MOST_HEADERS}")
    return clean


def _check_value(action: str, name: str, value: object) -> None:
    if not isinstance(value, str):
        raise ValueError(f"the header {name} of {action} must be text")
    if _FORBIDDEN.search(value):
        raise ValueError(f"the header {name} of {action} must not contain CR, LF or NUL")
    try:
        size = len(name) + 2 + len(value.encode())
    except UnicodeEncodeError:
        raise ValueError(f"the header {name} of {action} cannot be written as UTF-8") from None
    if size > LONGEST_LINE:
        raise ValueError(f"the header {name} of {action} has {size} bytes, Asterisk reads {LONGEST_LINE}")
