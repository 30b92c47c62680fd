"""Who takes part in the demonstration, and what they will do. Pure: the same seed gives the same play."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from random import Random
from typing import TypeVar

from ivr.demo.menu_book import Item, MenuBook
from ivr.demo.speaking import CONDITIONS, MANNERS, Manner, Part, can_speak, part
from ivr.demo.voices import Speaker, Utterance
from ivr.site import OperatorEntry, Site
from softphone_sim.person import Caller, OperatorPhone, Press
from softphone_sim.tone import caller_tone, operator_tone

T = TypeVar("T", bound=StrEnum)

PATIENT = 600.0  # seconds somebody stays who wants to be served
SIGN_IN_AFTER = 0.3
UNPLUGGED_AFTER = 25.0


class Kind(StrEnum):
    """What a caller will do."""

    KNOWS = "presses the right key"
    ERRS = "presses a wrong key first"
    SILENT = "presses nothing"
    LEAVES_MENU = "hangs up in the menu"
    LEAVES_RINGING = "hangs up as soon as it rings or waits"
    SPEAKS = "speaks"

    @property
    def stays(self) -> bool:
        return self in (Kind.KNOWS, Kind.ERRS, Kind.SILENT, Kind.SPEAKS)


KINDS: Mapping[Kind, float] = {
    Kind.KNOWS: 0.68,
    Kind.ERRS: 0.12,
    Kind.SILENT: 0.06,
    Kind.LEAVES_MENU: 0.05,
    Kind.LEAVES_RINGING: 0.09,
}


@dataclass(frozen=True)
class Arrival:
    """One caller of the play. at: seconds after the first moment of calls. topic: what he wants.

    part, utterances: of one who speaks, and the condition in which he does.
    """

    at: float
    kind: Kind
    topic: str
    caller: Caller
    part: Part | None = None
    condition: str = ""
    utterances: tuple[Utterance, ...] = ()

    @property
    def behaviour(self) -> str:
        return self.part.manner.value if self.part else self.kind.value


@dataclass(frozen=True)
class Script:
    """What the callers know. place: where an utterance's sound is or will be. speakers: () when nobody can speak.

    speaking: share of callers who speak, 0..1. over: seconds after the answer between which a caller may speak
    over the question.
    """

    book: MenuBook
    speakers: Sequence[Speaker] = ()
    place: Callable[[Utterance], Path] = lambda said: Path(said.text)
    speaking: float = 0.0
    over: tuple[float, float] = (1.0, 4.0)


@dataclass(frozen=True)
class Cast:
    """operators: their phones. absent: the one who never picks up; unplugged: the one whose phone vanishes."""

    operators: tuple[OperatorPhone, ...]
    arrivals: tuple[Arrival, ...]
    absent: str | None
    unplugged: str | None
    names: Mapping[str, str] = field(default_factory=dict)


def cast(
    site: Site, secrets: Mapping[str, str], script: Script, *, seed: int, per_minute: float, seconds: float
) -> Cast:
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
    arrivals = tuple(_arrivals(rng, script, per_minute, seconds))
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


def _arrivals(rng: Random, script: Script, per_minute: float, seconds: float) -> list[Arrival]:
    found: list[Arrival] = []
    at = 0.5
    kinds, manners = _early(rng, Kind.KNOWS, KINDS), _early(rng, Manner.INTERRUPTS, MANNERS)
    can_speak_here = bool(script.speakers) and can_speak(script.book)
    heads = 0.0  # so that a share of 0.5 is every other one, and not by chance nobody in a short play
    while at < seconds:
        index = len(found)
        heads += script.speaking if index else 0.0  # the first one shows at once that it works, by key
        if can_speak_here and heads >= 1 - 1e-9:
            heads -= 1
            found.append(_speaker(rng, script, index, at, next(manners)))
        else:
            found.append(_presser(rng, script.book, index, at, next(kinds)))
        at += rng.expovariate(per_minute / 60.0)
    return found


def _early(rng: Random, first: T, shares: Mapping[T, float]) -> Iterator[T]:
    """A short play shows every kind once, too; then by their shares."""
    others = [kind for kind in shares if kind is not first]
    yield first
    yield from rng.sample(others, len(others))
    while True:
        yield rng.choices(list(shares), list(shares.values()))[0]


def _presser(rng: Random, book: MenuBook, index: int, at: float, kind: Kind) -> Arrival:
    item = book.items[-1] if index == 0 else rng.choice(book.items)
    caller = Caller(
        name=f"caller-{index + 1}",
        number="1000",
        tone=caller_tone(index),
        presses=(Press(1.0, item.key),) if index == 0 else _presses(rng, kind, item, book),
        hangs_up_after=PATIENT,
        talk_for=rng.uniform(4.0, 9.0),
        quiet_in_menu=True,
    )
    if kind is Kind.LEAVES_MENU:
        caller = _leaving(caller, rng.uniform(1.0, 6.0))
    elif kind is Kind.LEAVES_RINGING:
        caller = _leaving(caller, sum(press.after for press in caller.presses) + rng.uniform(0.3, 0.9))
    topic = book.nobody if kind is Kind.SILENT else item.topic
    return Arrival(at, kind, topic, caller)


def _speaker(rng: Random, script: Script, index: int, at: float, manner: Manner) -> Arrival:
    book = script.book
    speaker = rng.choice(script.speakers)
    condition = rng.choices(list(CONDITIONS), list(CONDITIONS.values()))[0]
    said: dict[str, Utterance] = {}

    def told(text: str) -> Path:
        utterance = said.setdefault(text, Utterance(text, book.language, speaker, condition))
        return script.place(utterance)

    item = rng.choice([one for one in book.items if one.phrases])
    his = part(rng, book, item, manner, told, script.over)
    caller = Caller(
        name=f"caller-{index + 1}",
        number="1000",
        tone=caller_tone(index),
        does=his.does,
        replies=his.replies,
        hangs_up_after=PATIENT,
        talk_for=rng.uniform(4.0, 9.0),
    )
    topic = book.person_topic if manner is Manner.WANTS_PERSON else item.topic
    return Arrival(at, Kind.SPEAKS, topic, caller, his, condition, tuple(said.values()))


def _presses(rng: Random, kind: Kind, item: Item, book: MenuBook) -> tuple[Press, ...]:
    if kind in (Kind.SILENT, Kind.LEAVES_MENU):
        return ()
    presses = [Press(rng.uniform(1.5, 6.0), item.key)]
    if kind is Kind.ERRS:
        presses.insert(0, Press(rng.uniform(1.5, 5.0), book.no_key))
    if item.entry:  # donors are asked for their card; most have none at hand
        digits = "".join(str(one % 10) for one in range(1, item.entry.digits + 1))
        presses.append(Press(rng.uniform(1.0, 2.5), rng.choice([item.entry.end or digits, digits])))
    return tuple(presses)


def _leaving(caller: Caller, after: float) -> Caller:
    return replace(caller, hangs_up_after=after, talk_for=None)
