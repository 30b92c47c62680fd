"""The word that was meant: for every sentence that says a name is not known."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_SHOWN = 8


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known name that was probably meant, None if none is near. Case does not count."""
    names = sorted(set(known))
    near = get_close_matches(word.casefold(), [name.casefold() for name in names], n=1, cutoff=0.6)
    return next((name for name in names if near and name.casefold() == near[0]), None)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """ "did you mean 'medical'?" when a known name is near, else a list of what is known."""
    names = sorted(set(known))
    meant = nearest(word, names)
    if meant is not None:
        return f"did you mean '{meant}'?"
    if not names:
        return "there is none yet"
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"known: {', '.join(names[:_SHOWN])}{more}"
