"""One call's story: the journal's entries of it as plain sentences, from ring to hang-up. Pure.

An entry that is not known, or not as it should be, is told as it stands: a story never leaves one out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import msgspec

from acd.ports import Entry
from acd.records import menu_words
from acd.records.why_words import because


class Line(msgspec.Struct, frozen=True):
    """at: aware UTC. since: seconds since the story began. because: a decision's reasons, in sentences."""

    at: datetime
    since: float
    kind: str
    text: str
    because: tuple[str, ...] = ()


class _Told(msgspec.Struct):
    """What earlier lines said that later ones refer to."""

    began: datetime | None = None
    queued: datetime | None = None
    talking: datetime | None = None
    operator: str | None = None
    ringing: dict[str, datetime] = {}
    offers: int = 0


def story(entries: Iterable[Entry]) -> list[Line]:
    """The lines, one for each entry, in order."""
    told = _Told()
    return [_line(entry, told) for entry in entries]


def _line(entry: Entry, told: _Told) -> Line:
    told.began = told.began or entry.at
    reasons: tuple[str, ...] = ()
    try:
        body: Any = entry.body
        text = _TELLERS[entry.name](entry, body, told)
        if entry.name == "RingOperator":
            reasons = because(body["why"])
    except (KeyError, TypeError, ValueError, AttributeError):
        text = _as_it_stands(entry)
    since = max(0.0, (entry.at - told.began).total_seconds())
    return Line(entry.at, since, entry.kind, printable(text), tuple(printable(one) for one in reasons))


def printable(text: str) -> str:
    """Without control characters: what a caller or a switch sent must not steer the reader's terminal."""
    return "".join(sign if sign.isprintable() else "�" for sign in text)


def _as_it_stands(entry: Entry) -> str:
    fields = ", ".join(f"{name} {value}" for name, value in entry.body.items())
    return f"{entry.name}{': ' if fields else '.'}{fields}"


def _call_started(entry: Entry, body: Any, told: _Told) -> str:
    who = body.get("caller") or "a caller who withheld his number"
    flow = f", menu version {body['flow']}" if body.get("flow") else ""
    return f"Call from {who} to {body['number']}{flow}."


def _prompt_played(entry: Entry, body: Any, told: _Told) -> str:
    return f'The caller hears "{body["prompt"]}".'


def _key_pressed(entry: Entry, body: Any, told: _Told) -> str:
    return (
        f'The caller pressed a key at "{body["node"]}".' if body.get("node") else "The caller pressed a key."
    )


def _keys_only(entry: Entry, body: Any, told: _Told) -> str:
    why = {"full": "the speech workers are full", "away": "no speech worker is there for it"}
    reason = why.get(body["why"], body["why"])
    return f"Nobody listens to the caller in {body['language']}: {reason}. The menu goes by key."


def _menu_step(entry: Entry, body: Any, told: _Told) -> str:
    return menu_words.sentence(body["step"], body.get("node", ""), body.get("detail") or {})


def _queued(entry: Entry, body: Any, told: _Told) -> str:
    told.queued = entry.at
    wishes = [f"{name.replace('_', ' ')} {body[name]}" for name in _WISHES if body.get(name) is not None]
    return f"Waits for {body['topic']}{' (' + ', '.join(wishes) + ')' if wishes else ''}."


_WISHES = ("line", "language", "region", "priority", "wanted_operator")


def _offered(entry: Entry, body: Any, told: _Told) -> str:
    told.offers += 1
    told.ringing[body["operator"]] = entry.at
    return f"{body['operator']}'s phone rings (offer {told.offers}): {body['why']['rule']}."


def _stopped(entry: Entry, body: Any, told: _Told) -> str:
    rang = _rang(entry, body, told)
    return f"{body['operator']}'s phone stops ringing{rang}: {body['why']}."


def _missed(entry: Entry, body: Any, told: _Told) -> str:
    return f"{body['operator']} did not pick up{_rang(entry, body, told)}."


def _declined(entry: Entry, body: Any, told: _Told) -> str:
    return f"{body['operator']} declined the call{_rang(entry, body, told)}."


def _unreachable(entry: Entry, body: Any, told: _Told) -> str:
    told.ringing.pop(body["operator"], None)
    return f"{body['operator']}'s phone could not be rung."


def _rang(entry: Entry, body: Any, told: _Told) -> str:
    since = told.ringing.pop(body["operator"], None)
    return "" if since is None else f" after {_seconds(since, entry.at)}"


def _answered(entry: Entry, body: Any, told: _Told) -> str:
    rang = told.ringing.pop(body["operator"], None)
    told.talking, told.operator = entry.at, body["operator"]
    parts = [f"{_seconds(rang, entry.at)} of ringing"] if rang else []
    parts += [f"{_seconds(told.queued, entry.at)} of waiting"] if told.queued else []
    return f"{body['operator']} answered{' after ' + ', '.join(parts) if parts else ''}."


def _talk_ended(entry: Entry, body: Any, told: _Told) -> str:
    return f"{body['operator']} hung up{_talked(entry, told)}; the caller is still there."


def _transferred(entry: Entry, body: Any, told: _Told) -> str:
    aims = [f"{name.replace('_', ' ')} {body[name]}" for name in _AIMS if body.get(name)]
    return (
        f"{body['operator']} hands the caller on to {', '.join(aims) or 'the queue'}{_talked(entry, told)}."
    )


_AIMS = ("line", "topic", "wanted_operator")


def _talked(entry: Entry, told: _Told) -> str:
    since, told.talking = told.talking, None
    return "" if since is None else f" after {_seconds(since, entry.at)} of talk"


def _announced(entry: Entry, body: Any, told: _Told) -> str:
    wait = body.get("wait")
    forecast = "the wait is not known" if wait is None else f"about {wait:.0f} s to wait"
    return f"The caller is told: place {body['position']}, {forecast}."


def _overflowed(entry: Entry, body: Any, told: _Told) -> str:
    return f"The queue for {body['topic']} does not take the call: {body['why']}."


def _released(entry: Entry, body: Any, told: _Told) -> str:
    return f"{body['operator']} is out of rotation: {body['why']}."


def _caller_left(entry: Entry, body: Any, told: _Told) -> str:
    if told.talking is not None:
        return f"The caller is gone{_talked(entry, told)}."
    if told.ringing:
        return f"The caller is gone while {', '.join(told.ringing)} was being rung."
    if told.queued is not None and told.operator is None:
        return f"The caller is gone after {_seconds(told.queued, entry.at)} of waiting."
    return "The caller is gone."


def _ended(entry: Entry, body: Any, told: _Told) -> str:
    by = body.get("by")
    who = {
        "caller": "the caller hung up",
        "operator": "the operator hung up",
        "hotline": "the hotline hung up",
    }
    trouble = "; the hotline failed him" if body.get("failed") else ""
    cause = f" ({body['cause']})" if body.get("cause") else ""
    return f"End of the call: {who.get(by, 'nobody saw who hung up')}{cause}{_talked(entry, told)}{trouble}."


def _adopted(entry: Entry, body: Any, told: _Told) -> str:
    operator = f" with {body['operator']}" if body.get("operator") else ""
    return f"A new controller took the call over: {body['state']}{operator}."


def _controller_started(entry: Entry, body: Any, told: _Told) -> str:
    return f"The controller started{', policy ' + body['policy'] if body.get('policy') else ''}."


def _controller_stopped(entry: Entry, body: Any, told: _Told) -> str:
    return f"The controller stopped{': ' + body['why'] if body.get('why') else ''}."


def _seconds(since: datetime, until: datetime) -> str:
    return f"{max(0.0, (until - since).total_seconds()):.1f} s"


_TELLERS: dict[str, Callable[[Entry, Any, _Told], str]] = {
    "CallStarted": _call_started,
    "PromptPlayed": _prompt_played,
    "KeyPressed": _key_pressed,
    "KeysOnly": _keys_only,
    "MenuStep": _menu_step,
    "CallQueued": _queued,
    "RingOperator": _offered,
    "StopRinging": _stopped,
    "OperatorMissed": _missed,
    "OperatorDeclined": _declined,
    "OperatorUnreachable": _unreachable,
    "OperatorAnswered": _answered,
    "TalkEnded": _talk_ended,
    "TransferAsked": _transferred,
    "Announce": _announced,
    "Overflow": _overflowed,
    "Release": _released,
    "CallerHungUp": _caller_left,
    "CallEnded": _ended,
    "CallAdopted": _adopted,
    "ControllerStarted": _controller_started,
    "ControllerStopped": _controller_stopped,
}
