"""What a menu says of its own accord while it listens: asking back, and going over to keys.

Prompt names begin with "hotline.", as no menu can be called by chance.
"""

from __future__ import annotations

from ivr.core.flow import Texts

CHOICE: Texts = {"ru": "Вы сказали: {}. Верно?", "en": "Did you say: {}?"}
VALUE: Texts = {"ru": "Вы назвали: {}. Верно?", "en": "I heard: {}. Is that right?"}

USE_KEYS = "hotline.use_keys"
MISHEARD = "hotline.misheard"
YES_OR_NO = "hotline.yes_or_no"
MEANT = {command: f"hotline.meant_{command}" for command in ("person", "repeat", "back")}

FIXED: dict[str, Texts] = {
    USE_KEYS: {"ru": "Пожалуйста, выберите клавишами.", "en": "Please use the keys."},
    MISHEARD: {"ru": "Извините, мы ослышались. Ещё раз.", "en": "Sorry, we misheard you. Once more."},
    YES_OR_NO: {
        "ru": "Скажите «да» или нажмите один. Если нет — скажите «нет» или нажмите два.",
        "en": "Say yes or press one. If not, say no or press two.",
    },
    MEANT["person"]: {"ru": "Соединить вас с человеком?", "en": "Would you like to speak to a person?"},
    MEANT["repeat"]: {"ru": "Повторить вопрос?", "en": "Shall I repeat the question?"},
    MEANT["back"]: {"ru": "Вернуться назад?", "en": "Shall we go back?"},
}
