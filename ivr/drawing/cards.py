"""What stands in the box of each node: its kind, name, a few lines, and its ways out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ivr.core.flow import (
    BranchNode,
    CollectNode,
    Digits,
    EnqueueNode,
    GotoNode,
    HangupNode,
    LanguageNode,
    MenuNode,
    Node,
    SayNode,
    Texts,
)

WORDS = {
    "say": {"ru": "сказать", "en": "say"},
    "menu": {"ru": "меню", "en": "menu"},
    "collect": {"ru": "ввод", "en": "entry"},
    "branch": {"ru": "развилка", "en": "branch"},
    "language": {"ru": "язык", "en": "language"},
    "enqueue": {"ru": "очередь", "en": "queue"},
    "goto": {"ru": "переход", "en": "go to"},
    "hangup": {"ru": "конец", "en": "end"},
    "no input": {"ru": "молчание", "en": "silence"},
    "no match": {"ru": "не то", "en": "wrong key"},
    "entered": {"ru": "введено", "en": "entered"},
    "otherwise": {"ru": "иначе", "en": "otherwise"},
    "empty": {"ru": "пусто", "en": "empty"},
    "full": {"ru": "мест нет", "en": "full"},
    "after the talk": {"ru": "после разговора", "en": "after the talk"},
    "on hours": {"ru": "по часам работы", "en": "by opening hours"},
    "on language": {"ru": "по языку", "en": "by language"},
    "on data": {"ru": "по данным: {key}", "en": "by data: {key}"},
    "digits": {"ru": "цифр: {count}", "en": "digits: {count}"},
    "then": {"ru": ", затем {end}", "en": ", then {end}"},
    "personal": {"ru": "личные данные", "en": "personal"},
}


@dataclass(frozen=True)
class Way:
    """One way out. target: as written in the file. key: pressed for it; label: in words; both may be ""."""

    target: str
    key: str = ""
    label: str = ""


@dataclass(frozen=True)
class Card:
    """kind: the word of the file ("menu"); title: the kind in the reader's language. text: what is said, or ""."""

    kind: str
    title: str
    name: str
    text: str
    facts: tuple[str, ...]
    ways: tuple[Way, ...]


def card(name: str, node: Node, language: str) -> Card:
    """language: of the texts and of the words around them (English if we have no others)."""

    def word(which: str, **values: str) -> str:
        words = WORDS[which]
        return words.get(language, words["en"]).format(**values)

    kind = _KINDS[type(node)]
    return Card(
        kind,
        word(kind),
        name,
        _text(node, language),
        tuple(_facts(node, word)),
        tuple(_ways(node, word)),
    )
