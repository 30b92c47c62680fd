"""Menus for the tests, small and with every way out."""

from __future__ import annotations

from ivr.core.flow import (
    BranchNode,
    Choice,
    CollectNode,
    Digits,
    EnqueueNode,
    Flow,
    GotoNode,
    HangupNode,
    Ladder,
    LanguageNode,
    MenuNode,
    Node,
    SayNode,
    Texts,
)
from ivr.core.hours import Hours, interval

ALWAYS = Hours(weekly=((interval("00:00-24:00"),),) * 7)
NEVER = Hours(weekly=((),) * 7)


def said(ru: str, en: str | None = None) -> Texts:
    return {"ru": ru} if en is None else {"ru": ru, "en": en}


def flow(nodes: dict[str, Node], *, name: str = "main", start: str | None = None) -> Flow:
    return Flow(name=name, version="1", start=start or next(iter(nodes)), nodes=nodes)


HELPLINE = flow(
    {
        "greeting": SayNode(said("Здравствуйте!", "Hello!"), next="hours"),
        "hours": BranchNode(on="hours", cases={"reception": "topic"}, otherwise="closed"),
        "topic": MenuNode(
            ask=said("Врач — 1, карта — 2, оператор — 0.", "A doctor, 1. Your card, 2. A person, 0."),
            choices=(
                Choice("medical", key="1", next="to_medical"),
                Choice("card", key="2", next="card"),
                Choice("person", key="0", next="to_general"),
                Choice("again", key="*", next="topic"),
                Choice("english", key="9", next="english"),
                Choice("spoken only", next="to_general", phrases={"ru": ("оператор",)}),
            ),
            no_input=Ladder(then="to_general", say=(said("Не слышно."), said("Всё ещё не слышно."))),
            no_match=Ladder(then="to_general", say=(said("Такого нет."), said("И такого нет."))),
            wait=5,
            store="topic",
        ),
        "card": CollectNode(
            ask=said("Номер карты: шесть цифр. Нет карты — решётка."),
            store="card",
            digits=Digits(min=0, max=6, end="#"),
            wait=6,
            no_input=Ladder(then="to_general"),
            no_match=Ladder(then="to_general", say=(said("Только цифры."),), repeat=True),
            next="to_general",
        ),
        "english": LanguageNode("en", next="topic"),
        "to_medical": EnqueueNode("medical"),
        "to_general": EnqueueNode(
            "general", say=said("Соединяем.", "Connecting."), when_full="all_busy", next="goodbye"
        ),
        "all_busy": SayNode(said("Все заняты."), next="end"),
        "closed": SayNode(said("Мы закрыты."), next="end"),
        "goodbye": SayNode(said("До свидания."), next="end"),
        "end": HangupNode(),
    }
)

DEPARTMENTS = flow(
    {
        "which": GotoNode("main.topic"),
        "loop": GotoNode("round"),
        "round": GotoNode("loop"),
        "lost": GotoNode("nowhere.topic"),
    },
    name="departments",
)
