"""A text as it is to be read aloud: abbreviations that engines spell out or swallow, spaces, signs."""

from __future__ import annotations

import re
import unicodedata

# Only those that mean one thing in a hotline's sentences and that an engine reads badly.
_ABBREVIATIONS = {
    "ru": {
        r"ул\.(?=\s*[А-ЯЁ])": "улица",
        r"пр\.(?=\s*[А-ЯЁ])": "проспект",
        r"пр-т\b\.?": "проспект",
        r"(?<!\d )(?<!\d)г\.(?=\s*[А-ЯЁ])": "город",  # after a number it is a year
        r"д\.(?=\s*\d)": "дом",
        r"тел\.": "телефон",
        r"доб\.(?=\s*\d)": "добавочный",
        r"т\.\s?е\.": "то есть",
        r"т\.\s?д\.": "так далее",
        r"№\s*": "номер ",
    },
    "en": {r"ext\.(?=\s*\d)": "extension", r"e\.g\.": "for example", r"i\.e\.": "that is"},
}


def as_spoken(text: str, language: str) -> str:
    """The text with abbreviations written out, in one line, without signs that are not for reading.

    Accents and "ё" are kept: engines use them. The same meaning gives the same result, so that a text
    broken into lines differently is not synthesised again.
    """
    plain = unicodedata.normalize("NFC", text)
    plain = "".join(
        " " if unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp", "Cs", "Co"} else c for c in plain
    )
    plain = re.sub(r"\s+", " ", plain)
    for pattern, word in _ABBREVIATIONS.get(language, {}).items():
        plain = re.sub(rf"(?<!\w)(?:{pattern})", word, plain)
    return re.sub(r"\s+", " ", plain).strip()
