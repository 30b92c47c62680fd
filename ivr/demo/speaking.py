"""How callers speak with a menu: what they say first, and how they answer to what they are told. Pure.

A caller of the demonstration understands what he is asked as people do, by hearing it (`softphone_sim.sentences`):
he says yes when his own topic is read back to him, and no to any other. So whoever confirms, confirms what he heard.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from random import Random

from ivr.core.entry import NO_KEY, YES_KEY
from ivr.core.own_sentences import MEANT, USE_KEYS, YES_OR_NO
from ivr.core.said_value import read_back
from ivr.demo.menu_book import Entry, Item, MenuBook
from softphone_sim.person import Press, Reply, Say

YES = {"ru": "да", "en": "yes"}
NO = {"ru": "нет", "en": "no"}
MUMBLED = {
    "ru": ("сегодня на улице хорошая погода", "подождите я возьму очки", "это вы мне звонили вчера вечером"),
    "en": ("what nice weather we have today", "wait i will get my glasses", "did you ring me up last night"),
}
"""Sentences that no menu lists."""


class Manner(StrEnum):
    """What a caller who speaks does."""

    WAITS = "when asked"
    INTERRUPTS = "over the prompt"
    MUMBLES = "mumbles first"
    WANTS_PERSON = "wants a person"
    WANTS_REPEAT = "asks to repeat"
    ENDS_BY_KEY = "ends by key"


MANNERS = {
    Manner.INTERRUPTS: 0.4,
    Manner.WAITS: 0.25,
    Manner.MUMBLES: 0.1,
    Manner.WANTS_PERSON: 0.1,
    Manner.WANTS_REPEAT: 0.08,
    Manner.ENDS_BY_KEY: 0.07,
}

CONDITIONS = {"clean": 0.5, "quiet8": 0.15, "gsm": 0.15, "noise15": 0.2}
"""Words of `speech.telephone.line`: as spoken, 8 dB quieter, through a mobile phone's codec, pink noise 15 dB below."""

Told = Callable[[str], Path]
"""The sound of a text in this caller's voice."""


@dataclass(frozen=True)
class Part:
    """What a caller is given to do in the menu. meant: the menu choice he is after; "" for one who asks for a
    person in a menu without such a choice. card: digits that he says on the way.
    """

    manner: Manner
    meant: str
    does: tuple[Press | Say, ...]
    replies: tuple[Reply, ...]
    card: str = ""


def can_speak(book: MenuBook) -> bool:
    """Whether there is something to be said in this menu, and we know the language."""
    return book.language in YES and any(item.phrases for item in book.items)


def value_sentence(digits: str) -> str:
    """The name under which callers know the sentence that reads these digits back."""
    return f"value.{digits}"


def part(
    rng: Random, book: MenuBook, item: Item, manner: Manner, told: Told, over: tuple[float, float]
) -> Part:
    """over: seconds after the answer between which one who interrupts begins."""
    wanted, again = _wishes(rng, book, item, manner)
    key = item.key
    first: list[Press | Say] = []
    if manner in (Manner.MUMBLES, Manner.ENDS_BY_KEY):
        first = [_say(rng, told(rng.choice(MUMBLED[book.language])))]
    elif manner is Manner.WANTS_REPEAT:
        first = [_say(rng, told(book.repeat[0]))]
    topic: list[Press | Say] = [_say(rng, told(wanted)), _say(rng, told(again)), *_keys(rng, key)]
    answers = first + (_keys(rng, key) if manner is Manner.ENDS_BY_KEY else topic)
    does: tuple[Press | Say, ...] = ()
    if manner is Manner.INTERRUPTS or (manner is not Manner.WAITS and rng.random() < 0.5):
        does = tuple(Say(rng.uniform(*over), act.wav) for act in answers[:1] if isinstance(act, Say))
        answers = answers[1:]
    meant = book.person_choice if manner is Manner.WANTS_PERSON else item.choice
    replies = [
        *_menu_replies(rng, book, answers, key),
        *_yes_and_no(rng, book, manner, meant, told),
        Reply((YES_OR_NO,), (_say(rng, told(wanted)), *_keys(rng, key))),
    ]
    card = ""
    if item.entry and manner is not Manner.WANTS_PERSON:
        card, more = _entry_replies(rng, book, item.entry, told)
        replies += more
    return Part(manner, meant, does, tuple(replies), card)


def _wishes(rng: Random, book: MenuBook, item: Item, manner: Manner) -> tuple[str, str]:
    """Two ways to say what he wants."""
    phrases = book.person[:2] if manner is Manner.WANTS_PERSON else item.phrases
    chosen = rng.sample(phrases, min(2, len(phrases)))
    return chosen[0], chosen[-1]


def _menu_replies(rng: Random, book: MenuBook, answers: Sequence[Press | Say], key: str) -> list[Reply]:
    """Asked to say it, he says it; told which keys to press, he presses."""
    turns = [f"{book.node}.{ladder}.{time}" for ladder in ("no_input", "no_match") for time in (1, 2)]
    spoken = [f"{book.node}.{ladder}_spoken.{time}" for ladder in ("no_input", "no_match") for time in (1, 2)]
    return [
        Reply((f"{book.node}.ask_spoken", *spoken), tuple(answers)),
        Reply((f"{book.node}.ask", *turns, USE_KEYS), tuple(_keys(rng, key) * 2)),
    ]


def _yes_and_no(rng: Random, book: MenuBook, manner: Manner, meant: str, told: Told) -> list[Reply]:
    """He confirms what he meant."""
    asked = {f"{book.node}.confirm.{name}": name == meant for name in book.choices}
    asked |= {MEANT["person"]: manner is Manner.WANTS_PERSON, MEANT["back"]: False}
    asked |= {MEANT["repeat"]: manner is Manner.WANTS_REPEAT}
    right = tuple(name for name, yes in asked.items() if yes)
    wrong = tuple(name for name, yes in asked.items() if not yes)
    yes, no = _say(rng, told(YES[book.language])), _say(rng, told(NO[book.language]))
    return [
        Reply(right, (yes, Press(1.0, YES_KEY), Press(1.0, YES_KEY))),
        Reply(wrong, (no, Press(1.0, NO_KEY), no, Press(1.0, NO_KEY))),
    ]


def _entry_replies(rng: Random, book: MenuBook, entry: Entry, told: Told) -> tuple[str, list[Reply]]:
    """He says his number, or that he has none; the second time he uses the keys."""
    card = "".join(rng.choice("0123456789") for _ in range(entry.digits))
    asked = tuple(f"{entry.node}.{part}" for part in ("ask_spoken", "no_match.1", "no_match_spoken.1"))
    by_key: tuple[Press | Say, ...] = (Press(1.0, card), Press(1.0, entry.end or card))
    if entry.none and rng.random() < 0.4:
        none = _say(rng, told(entry.none[0]))
        by_key = (Press(1.0, entry.end or card),) * 2
        yes = Reply(
            (f"{entry.node}.confirm.none",), (_say(rng, told(YES[book.language])), Press(1.0, YES_KEY))
        )
        return "", [Reply(asked, (none, *by_key)), Reply((f"{entry.node}.ask",), by_key), yes]
    say = _say(rng, told(read_back("digits", card, book.language)))
    yes = Reply((value_sentence(card),), (_say(rng, told(YES[book.language])), Press(1.0, YES_KEY)))
    return card, [Reply(asked, (say, *by_key)), Reply((f"{entry.node}.ask",), by_key), yes]


def _say(rng: Random, wav: Path) -> Say:
    return Say(rng.uniform(0.6, 1.2), wav)


def _keys(rng: Random, key: str) -> list[Press | Say]:
    return [Press(rng.uniform(0.6, 1.2), key)]
