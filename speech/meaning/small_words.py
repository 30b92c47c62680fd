"""Words that stand around what is meant: "мне нужен ... пожалуйста", "I'd like to ... please"."""

# ruff: noqa: SIM905 - lists of words are read and kept as text

from __future__ import annotations

SMALL = {
    "ru": frozenset(
        "в во на по с со к ко о об обо от до для из за у и а но или же ли бы вот ну э эм мм так там то"
        " я мне меня мой моя мое моему моей мою мы нам нас вы вас вам ваш вашу это этот эту"
        " здравствуйте алло пожалуйста спасибо девушка будьте добры добрый день можно можете"
        " нужен нужна нужно нужны надо хочу хотел хотела бы хотелось поговорить связаться"
        " соедините соедини соединить свяжите переключите переведите дайте позовите вызовите"
        " вопрос вопросу поводу насчет касательно узнать спросить подскажите скажите интересует"
        " сказать помогите получить да нет просто очень срочно сейчас".split()
    ),
    "en": frozenset(
        "a an the to of for about on in with and or my me i im id we us you your it its is am are please hello hi"
        " want need like would could can may speak talk connect put through transfer give get have question"
        " regarding concerning know tell ask help yes no just now well um uh thanks thank".split()
    ),
}
NOT = {"ru": frozenset({"не", "ни", "кроме"}), "en": frozenset({"not", "dont", "never", "no"})}


def is_small(word: str, language: str) -> bool:
    """word: folded."""
    return word in SMALL.get(language, ())


def is_not(word: str, language: str) -> bool:
    return word in NOT.get(language, ())
