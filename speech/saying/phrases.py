"""What the hotline says of its own accord, in every language it speaks: the queue, the operators' codes.

Sentences are kept apart, one sound each: "третий" with "две минуты" and with "три минуты" need three
sounds, not two long ones, and all of them are soon in the cache.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from speech.saying import numbers
from speech.saying.prompt_text import PromptText

# name -> language -> text. Prompt names begin with "hotline." so that no menu can be called so by chance.
FIXED: dict[str, dict[str, str]] = {
    "hotline.signed_in": {
        "ru": "Вы на смене. Ждите звонков.",
        "en": "You are signed in. Please wait for calls.",
    },
    "hotline.signed_out": {"ru": "Смена окончена. До свидания!", "en": "You are signed out. Goodbye!"},
    "hotline.ready": {"ru": "Вы снова принимаете звонки.", "en": "You are taking calls again."},
    "hotline.paused": {"ru": "Перерыв. Звонков не будет.", "en": "You are paused. No calls will come."},
    "hotline.unknown_code": {
        "ru": "Такого кода нет. Проверьте номер и наберите ещё раз.",
        "en": "There is no such code. Please check the number and dial again.",
    },
    "hotline.not_signed_in": {
        "ru": "Вы не на смене. Сначала наберите код входа.",
        "en": "You are not signed in. Please dial the sign-in code first.",
    },
    "hotline.please_wait": {
        "ru": "Пожалуйста, оставайтесь на линии. Вам ответит первый освободившийся специалист.",
        "en": "Please hold the line. The next free person will answer you.",
    },
    "hotline.all_busy": {
        "ru": "Сейчас все операторы заняты. Пожалуйста, перезвоните позже.",
        "en": "All operators are busy now. Please call again later.",
    },
    "hotline.fault": {
        "ru": "Извините, произошла техническая ошибка. Пожалуйста, перезвоните позже.",
        "en": "We are sorry, there is a technical fault. Please call again later.",
    },
    "hotline.next_in_queue": {"ru": "Ваш звонок следующий.", "en": "Your call is next."},
}
_SLOTTED = {
    "paused": {"ru": "Перерыв: {0}. Звонков не будет.", "en": "You are paused: {0}. No calls will come."},
    "topic_call": {"ru": "Звонок по теме: {0}.", "en": "A call about: {0}."},
    "place": {"ru": "Ваш звонок {0} в очереди.", "en": "Your call is {0} in the queue."},
    "wait": {"ru": "Время ожидания — примерно {0}.", "en": "The wait is about {0}."},
    "wait_short": {"ru": "Время ожидания — меньше минуты.", "en": "The wait is less than a minute."},
    "wait_long": {"ru": "Время ожидания — больше часа.", "en": "The wait is more than an hour."},
}
_FAR = 100  # a place further back than this helps nobody; only the wait is said


def fixed_prompts(languages: Sequence[str]) -> list[PromptText]:
    """The sentences without slots, to be prepared with the menu's. Raises ValueError: strange language."""
    return [
        PromptText(name, language, _in(texts, language))
        for name, texts in FIXED.items()
        for language in languages
    ]


def paused(reason: str, language: str) -> str:
    """Confirms a pause. reason: the pause's title in this language, "" says none."""
    if not reason:
        return _in(FIXED["hotline.paused"], language)
    return _in(_SLOTTED["paused"], language).format(_plain(reason))


def topic_call(title: str, language: str) -> str:
    """Tells the operator, before he is connected, what the call is about. title: in this language."""
    return _in(_SLOTTED["topic_call"], language).format(_plain(title))


def queue_place(position: int, wait: float | None, language: str) -> tuple[str, ...]:
    """The sentences that tell a caller his place and the forecast, to be said one after the other.

    position: 1 is next. wait: seconds, None when unknown. Minutes are rounded up: a caller forgives an
    answer that comes early. Raises ValueError for a position below 1 or a negative wait.
    """
    if position < 1:
        raise ValueError(f"a place in a queue begins at 1, not {position}")
    said: list[str] = []
    if position == 1:
        said.append(_in(FIXED["hotline.next_in_queue"], language))
    elif position <= _FAR:
        said.append(_in(_SLOTTED["place"], language).format(numbers.ordinal(position, language)))
    if wait is not None:
        said.append(forecast(wait, language))
    return tuple(said)


def forecast(wait: float, language: str) -> str:
    """One sentence: less than a minute, whole minutes up to ten, then fives, more than an hour."""
    if wait < 0:
        raise ValueError(f"a wait is not negative: {wait}")
    if wait < 60:
        return _in(_SLOTTED["wait_short"], language)
    step = 60 if wait <= 600 else 300
    rounded = ceil(wait / step) * step // 60
    if rounded > 60:
        return _in(_SLOTTED["wait_long"], language)
    return _in(_SLOTTED["wait"], language).format(numbers.minutes(rounded, language))


def likely_sentences(
    languages: Sequence[str], topics: Sequence[dict[str, str]], pauses: Sequence[dict[str, str]]
) -> list[tuple[str, str]]:
    """(text, language) of what is said most, for `PromptStore.warm`: nobody then waits for an engine.

    topics, pauses: their titles, language -> title. The first ten places and the first ten minutes.
    """
    said: list[tuple[str, str]] = []
    for language in languages:
        said += [(topic_call(title[language], language), language) for title in topics if language in title]
        said += [(paused(title[language], language), language) for title in pauses if language in title]
        for n in range(1, 11):
            said += [(sentence, language) for sentence in queue_place(n, n * 60.0, language)]
        said.append((forecast(0, language), language))
    return list(dict.fromkeys(said))


def _in(texts: dict[str, str], language: str) -> str:
    if language not in texts:
        raise ValueError(
            f"the hotline's own sentences are not written in {language!r}, only in {', '.join(texts)}"
        )
    return texts[language]


def _plain(title: str) -> str:
    """A title within a sentence: its own full stop would end the sentence too early."""
    return title.strip().rstrip(".!?")
