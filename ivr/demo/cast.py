"""Who takes part in the demonstration, and what they will do. Pure: the same seed gives the same play."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random

from ivr.site import OperatorEntry, Site
from softphone_sim.person import Caller, OperatorPhone, Press
from softphone_sim.tone import caller_tone, operator_tone

PATIENT = 600.0  # seconds somebody stays who wants to be served
SIGN_IN_AFTER = 0.3
UNPLUGGED_AFTER = 25.0
ITEMS = {
    "1": "medical",
    "2": "psychological",
    "3": "volunteers",
    "4": "employment",
    "5": "donors",
    "6": "general",
}
"""Keys of the example's menu, and the topic each leads to."""


class Kind(StrEnum):
    """What a caller will do."""

    KNOWS = "presses the right key"
    ERRS = "presses a wrong key first"
    SILENT = "presses nothing"
    LEAVES_MENU = "hangs up in the menu"
    LEAVES_RINGING = "hangs up as soon as it rings or waits"

    @property
    def stays(self) -> bool:
        return self in (Kind.KNOWS, Kind.ERRS, Kind.SILENT)


KINDS: Mapping[Kind, float] = {
    Kind.KNOWS: 0.68,
    Kind.ERRS: 0.12,
    Kind.SILENT: 0.06,
    Kind.LEAVES_MENU: 0.05,
    Kind.LEAVES_RINGING: 0.09,
}


@dataclass(frozen=True)
class Arrival:
    """One caller of the play. at: seconds after the first moment of calls. topic: what he wants."""

    at: float
    kind: Kind
    topic: str
    caller: Caller


@dataclass(frozen=True)
class Cast:
    """operators: their phones. absent: the one who never picks up; unplugged: the one whose phone vanishes."""

    operators: tuple[OperatorPhone, ...]
    arrivals: tuple[Arrival, ...]
    absent: str | None
    unplugged: str | None
    names: Mapping[str, str] = field(default_factory=dict)


def cast(site: Site, secrets: Mapping[str, str], *, seed: int, per_minute: float, seconds: float) -> Cast:
    """site: the demonstration's. per_minute: mean of a Poisson stream that lasts `seconds`."""
    rng = Random(seed)  # noqa: S311 - a play, not a secret
    spare = _spare(site)
    rng.shuffle(spare)
    absent = spare.pop() if spare else None
    unplugged = _second_spare(site, absent, spare)
    phones = tuple(
        _phone(entry, index, secrets, rng, absent=entry.id == absent, unplugged=entry.id == unplugged)
        for index, entry in enumerate(site.operators)
    )
    arrivals = tuple(_arrivals(rng, per_minute, seconds))
    return Cast(phones, arrivals, absent, unplugged, {one.id: one.name for one in site.operators})


def _spare(site: Site) -> list[str]:
    """Operators whose absence leaves every topic with somebody at once."""
    return [one.id for one in site.operators if _covered(site, [o for o in site.operators if o.id != one.id])]


def _second_spare(site: Site, first: str | None, spare: Sequence[str]) -> str | None:
    for one in spare:
        left = [entry for entry in site.operators if entry.id not in (one, first)]
        if _covered(site, left):
            return one
    return None


def _covered(site: Site, operators: Sequence[OperatorEntry]) -> bool:
    return all(any(able(site, topic, one) for one in operators) for topic in site.topics)


def able(site: Site, topic: str, operator: OperatorEntry) -> bool:
    """Whether he may take the topic's calls at last, when its demand has relaxed as far as it does."""
    entry = site.topics[topic]
    needs = entry.rings[-1].needs if entry.rings else (entry.needs or {})
    skilled = all(operator.skills.get(skill, 0) >= level for skill, level in needs.items())
    return skilled and entry.line in operator.lines


def _phone(
    entry: OperatorEntry,
    index: int,
    secrets: Mapping[str, str],
    rng: Random,
    *,
    absent: bool,
    unplugged: bool,
) -> OperatorPhone:
    return OperatorPhone(
        name=entry.endpoint,
        secret=secrets[entry.endpoint],
        tone=operator_tone(index),
        answers_after=None if absent else rng.uniform(0.6, 2.0),
        talk_for=rng.uniform(5.0, 9.0),
        unplugged_at=UNPLUGGED_AFTER if unplugged else None,
        dials=((SIGN_IN_AFTER, "*10"),),
    )


def _arrivals(rng: Random, per_minute: float, seconds: float) -> list[Arrival]:
    found: list[Arrival] = []
    at = 0.5
    others = [kind for kind in KINDS if kind is not Kind.KNOWS]
    early = [Kind.KNOWS, *rng.sample(others, len(others))]  # a short play shows every kind once, too
    while at < seconds:
        index = len(found)
        kind = early[index] if index < len(early) else rng.choices(list(KINDS), list(KINDS.values()))[0]
        found.append(_arrival(rng, index, at, kind))
        at += rng.expovariate(per_minute / 60.0)
    return found


def _arrival(rng: Random, index: int, at: float, kind: Kind) -> Arrival:
    key, topic = rng.choice(list(ITEMS.items()))
    if index == 0:  # the first one shows at once that it works
        key, topic = "6", "general"
    if kind is Kind.SILENT:
        topic = "general"  # where the menu leads those who say nothing
    caller = Caller(
        name=f"caller-{index + 1}",
        number="1000",
        tone=caller_tone(index),
        presses=(Press(1.0, key),) if index == 0 else _presses(rng, kind, key),
        hangs_up_after=PATIENT,
        talk_for=rng.uniform(4.0, 9.0),
    )
    if kind is Kind.LEAVES_MENU:
        caller = _leaving(caller, rng.uniform(1.0, 6.0))
    elif kind is Kind.LEAVES_RINGING:
        caller = _leaving(caller, sum(press.after for press in caller.presses) + rng.uniform(0.3, 0.9))
    return Arrival(at, kind, topic, caller)


def _presses(rng: Random, kind: Kind, key: str) -> tuple[Press, ...]:
    if kind in (Kind.SILENT, Kind.LEAVES_MENU):
        return ()
    presses = [Press(rng.uniform(1.5, 6.0), key)]
    if kind is Kind.ERRS:
        presses.insert(0, Press(rng.uniform(1.5, 5.0), "9"))
    if key == "5":  # donors are asked for their card; most have none at hand
        presses.append(Press(rng.uniform(1.0, 2.5), rng.choice(["#", "123456"])))
    return tuple(presses)


def _leaving(caller: Caller, after: float) -> Caller:
    return Caller(caller.name, caller.number, caller.tone, caller.presses, hangs_up_after=after)
