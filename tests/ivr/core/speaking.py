"""A menu that is spoken with, and calls that have come somewhere in it."""

from __future__ import annotations

from typing import Any

from ivr.core.events import SpeechStarted, Spoken, Started
from ivr.core.flow import (
    Choice,
    CollectNode,
    Digits,
    EnqueueNode,
    HangupNode,
    Ladder,
    LanguageNode,
    MenuNode,
    Speech,
)
from ivr.core.playbook import Playbook, listen, play, stop
from tests.ivr.core.menus import flow, said

AGAIN = Ladder(then="to_general", say=(said("Ещё раз."), said("И ещё раз.")), repeat=True)

CLINIC = flow(
    {
        "topic": MenuNode(
            ask=said("Врач — 1, карта — 2, другое — 3.", "Doctor, 1. Card, 2. Else, 3."),
            ask_spoken=said("Скажите, кто вам нужен."),
            choices=(
                Choice("doctor", "to_doctor", "1", {"ru": ("врач", "доктор")}, said("врач")),
                Choice("card", "card", "2", {"ru": ("моя карта",)}),
                Choice("more", "more", "3", {"ru": ("другое", "назад в будущее")}),
                Choice("keys only", "to_general", "7"),
                Choice("english", "english", "9", {"ru": ("английский",)}),
            ),
            no_input=AGAIN,
            no_match=Ladder(
                then="to_general",
                say=(said("Такого нет."),),
                say_spoken=(said("Не поняли."), said("Нажмите клавишу.")),
                repeat=True,
            ),
            store="topic",
        ),
        "more": MenuNode(
            ask=said("Психолог — 1, юрист — 2.", "Psychologist, 1. Lawyer, 2."),
            choices=(
                Choice("psychologist", "to_doctor", "1", {"ru": ("психолог", "оператор")}),
                Choice("lawyer", "to_general", "2", {"ru": ("юрист",)}),
            ),
            no_input=AGAIN,
            no_match=AGAIN,
            speech=Speech(sure=0.9, unsure=0.2),
        ),
        "card": CollectNode(
            ask=said("Номер карты.", "Your card."),
            store="card",
            digits=Digits(2, 6, "#"),
            none={"ru": ("нет карты",)},
            no_input=AGAIN,
            no_match=AGAIN,
            wait=6,
            next="to_general",
        ),
        "english": LanguageNode("en", "topic"),
        "to_doctor": EnqueueNode("medical"),
        "to_person": EnqueueNode("general", line="people"),
        "to_general": EnqueueNode("general", next="end"),
        "end": HangupNode(),
    },
)
CLINIC = type(CLINIC)(CLINIC.name, CLINIC.version, CLINIC.start, CLINIC.nodes, person="to_person")

HEARD = Started(hearing=True)


def choice(name: str, confidence: float = 0.9, **fields: Any) -> Spoken:
    return Spoken("choice", name, confidence, phrase=name, heard="personal words", **fields)


def command(name: str, confidence: float = 0.9) -> Spoken:
    return Spoken("command", name, confidence, phrase=name)


def value(name: str, confidence: float = 0.9) -> Spoken:
    return Spoken("value", name, confidence, heard="personal words")


NOTHING_SAID = Spoken("nothing")
NONSENSE = Spoken("unknown", heard="personal words")


def asked(start: str = "main.topic", **options: Any) -> Playbook:
    """The question is being asked, the caller can be understood."""
    node = start.partition(".")[2]
    asking = "topic.ask_spoken" if node == "topic" else f"{node}.ask"
    return Playbook(CLINIC, start, **options) >> HEARD << play(asking) << listen(6 if node == "card" else 5)


def speaking(book: Playbook) -> Playbook:
    """He speaks into the prompt."""
    return book >> SpeechStarted() << stop()


def in_doubt(name: str = "doctor") -> Playbook:
    """He is being asked back."""
    return speaking(asked()) >> choice(name, 0.5) << play(f"topic.confirm.{name}") << listen(5)
