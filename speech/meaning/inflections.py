"""Other forms of a phrase that callers say: "врача", "с врачом", "по пенсии" for "врач", "пенсия".

The grammar must hold them, or the engine hears only "[unk]" in their place. Russian only; the phrase is taken
for a noun with its adjectives ("запись на приём": only "запись" changes).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from speech.meaning.lemmas import analyzer
from speech.meaning.said_numerals import words_of_numbers
from speech.meaning.sounding import sounds
from speech.meaning.spoken_words import written_out

_CASES = ("gent", "datv", "accs", "ablt")


@lru_cache(2048)
def inflections(phrase: str, language: str) -> tuple[str, ...]:
    """Forms that sound different from the phrase and from each other; () where there are none.

    Of two that sound the same an engine would share its confidence out between them and be sure of neither:
    "трудоустройство" and "трудоустройства" got 0.5 each.
    """
    words = written_out(phrase, language)
    if language != "ru" or not words or len(words) > 3 or words_of_numbers("ru").keys() & words:
        return ()
    found: list[str] = []
    for case in _CASES:
        form = _in_case(words, case)
        if form and all(_differ(form, other) for other in (" ".join(words), *found)):
            found.append(form)
    return tuple(found)


def _differ(one: str, other: str) -> bool:
    return sounds(one, "ru") != sounds(other, "ru")


def _in_case(words: Sequence[str], case: str) -> str | None:
    """None if the phrase does not begin with a noun or its adjectives in the nominative."""
    said: list[str] = []
    going = True
    for word in words:
        form = _form(word, case) if going else None
        if going and form is None:
            return None
        said.append(form[0] if form else word)
        going = word == "и" or (going and form is not None and form[1])
    return " ".join(said)


def _form(word: str, case: str) -> tuple[str, bool] | None:
    """(the word in the case, whether it is an adjective and the noun follows)."""
    if word == "и":
        return word, True
    named = [one for one in analyzer().parse(word) if "nomn" in one.tag and one.tag.POS in ("NOUN", "ADJF")]
    inflected = named[0].inflect({case}) if named else None
    return (str(inflected.word), named[0].tag.POS == "ADJF") if inflected else None
