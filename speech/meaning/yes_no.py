"""Yes and no, as callers say them. "Да нет" and "yes, no, wait" are neither: they are asked again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

_YES = {
    "ru": "да ага угу верно правильно точно конечно согласен согласна подтверждаю именно хорошо ладно давайте",
    "en": "yes yeah yep yup right correct sure okay ok true certainly absolutely exactly",
}
_NO = {
    "ru": "нет неа неверно неправильно ошибка отмена никогда отказываюсь",
    "en": "no nope nah wrong incorrect cancel never",
}
_PLAIN_YES = {
    "ru": ("да", "ага", "угу", "верно", "правильно"),
    "en": ("yes", "yeah", "yep", "right", "correct"),
}
_ALSO_YES = {"ru": (), "en": ("course",)}
_NOT = {"ru": ("не", "ни"), "en": ("not", "isnt", "dont", "doesnt")}
# What "не" is said with when it means no; "не знаю" is no answer.
_DENIED = {
    "ru": "надо нужно так то хочу верно правильно согласен согласна точно подтверждаю это буду за что",
    "en": "right correct sure true okay want that it agree",
}
_AROUND = {
    "ru": "все это совершенно абсолютно так точно пожалуйста спасибо ну вот же в коем случае я вы сказали"
    " хочу надо нужно подходит можно",
    "en": "that thats is it i said please thanks thank you of course well oh quite all the do want just",
}
_IN_GRAMMAR = {
    "ru": ("не верно", "не правильно", "не надо", "не нужно", "не так", "не то", "не хочу", "не согласен",
           "все верно", "все правильно", "так точно", "ни в коем случае"),
    "en": ("not right", "not correct", "that's right", "that's wrong", "no thanks", "i don't want"),
}  # fmt: skip


def yes_no_phrases(language: str) -> Sequence[str]:
    """For the grammar of a yes/no question; () for a language that is not known.

    None begins with "да" or "нет", so that these words alone can be decided on at once.
    """
    if language not in _YES:
        return ()
    return [*_YES[language].split(), *_NO[language].split(), *_IN_GRAMMAR[language]]


def yes_or_no(words: Sequence[str], language: str) -> tuple[Literal["yes", "no"], tuple[int, ...]] | None:
    """The answer and the places of words that have no part in it; None for neither, and for both.

    words: folded.
    """
    if language not in _YES:
        return None
    yes, no, used = _signs(words, language)
    if no and yes and all(word not in words for word in _PLAIN_YES[language]):
        yes = 0  # "конечно нет"
    if bool(yes) == bool(no):
        return None
    around = _AROUND[language].split()
    strange = tuple(place for place, word in enumerate(words) if place not in used and word not in around)
    return ("yes" if yes else "no"), strange


def _signs(words: Sequence[str], language: str) -> tuple[int, int, set[int]]:
    """How many words say yes, how many say no, and their places."""
    yes, no, used = 0, 0, set[int]()
    positive, negative = (*_YES[language].split(), *_ALSO_YES[language]), _NO[language].split()
    for place, word in enumerate(words):
        if place in used:
            continue
        after = words[place + 1] if place + 1 < len(words) else ""
        if word in _NOT[language] and after in (*_DENIED[language].split(), "в"):
            no, used = no + 1, used | {place, place + 1}
        elif word in negative:
            no, used = no + 1, used | {place}
        elif word in positive:
            yes, used = yes + 1, used | {place}
    return yes, no, used
