"""The words that the picture of a menu adds to those of its author."""

from __future__ import annotations

_WORDS = {
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
    "by hours": {"ru": "по часам работы", "en": "by opening hours"},
    "by language": {"ru": "по языку", "en": "by language"},
    "by data": {"ru": "по данным: {key}", "en": "by data: {key}"},
    "digits": {"ru": "цифр: {count}", "en": "digits: {count}"},
    "number": {"ru": "число", "en": "number"},
    "date": {"ru": "дата", "en": "date"},
    "yes_no": {"ru": "да или нет", "en": "yes or no"},
    "ended by": {"ru": "конец — {key}", "en": "ended by {key}"},
    "personal": {"ru": "личное", "en": "personal"},
    "topic": {"ru": "тема: {topic}", "en": "topic: {topic}"},
    "line": {"ru": "линия: {line}", "en": "line: {line}"},
    "unreachable": {"ru": "сюда никто не попадёт", "en": "nobody gets here"},
}


class Words:
    """The words of one language; English where there are no others."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, which: str, **values: object) -> str:
        words = _WORDS[which]
        return words.get(self.language, words["en"]).format(**values)
