"""Yes and no, as callers say them."""

from __future__ import annotations

from collections.abc import Sequence

_YES = {
    "ru": "да|ага|угу|верно|правильно|точно|конечно|согласен|согласна|подтверждаю|именно|так точно|все верно|все правильно|да верно|да правильно|хорошо|ладно|хочу|да конечно|да пожалуйста",
    "en": "yes|yeah|yep|yup|right|correct|that's right|sure|of course|okay|ok|yes please|true|certainly|absolutely|exactly",
}
_NO = {
    "ru": "нет|не|неверно|неправильно|не верно|не правильно|не надо|не нужно|не так|не то|не хочу|не согласен|не согласна|нет спасибо|нет неверно|нет неправильно|ошибка|отмена|ни в коем случае|конечно нет",
    "en": "no|nope|nah|wrong|incorrect|not right|that's wrong|not correct|no thanks|no thank you|of course not|cancel|never|don't|not",
}  # fmt: skip


def yes_no_phrases(language: str) -> Sequence[str]:
    """What is put into the grammar of a yes/no question."""
    return [*_YES[language].split("|"), *_NO[language].split("|")]


def yes_or_no(words: Sequence[str], language: str) -> tuple[str, float] | None:
    """("yes" or "no", share of the words it explains, 0..1); None if neither or both ("да нет") was said.

    words: folded.
    """
    text = " ".join(words)
    for name, said in (("yes", _YES), ("no", _NO)):
        if text in said[language].replace("'", "").split("|"):
            return name, 1.0
    yes, no = "да" in words or "yes" in words, "нет" in words or "no" in words
    if yes != no:
        return ("yes" if yes else "no"), 1 / len(words)
    return None
