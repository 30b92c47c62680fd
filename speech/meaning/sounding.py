"""Which phrases sound alike, by a rough way from letters to sounds and a distance between sounds.

The stress is not known, so every Russian "о" is taken for "а" and every "е" and "я" for "и", as unstressed ones
are said: the key errs on the side of a warning. English spelling is only brought nearer to its sounds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from speech.meaning.spoken_words import written_out

ALIKE = 0.25
"""At or below this distance two phrases are warned of: a quarter of the longer one's sounds."""

_RU_CLUSTERS = (
    (r"ться\b|тся\b", "ца"), (r"([ое])го\b", r"\1во"), (r"[сзж]ч", "щ"), (r"стн", "сн"), (r"здн", "зн"),
    (r"вств", "ств"), (r"лнц", "нц"), (r"[тд]ц", "ц"), (r"[ъь]", ""),
)  # fmt: skip
_RU_VOWELS = str.maketrans("оеяэёюы", "аиииоуи")
_VOICELESS = dict(zip("бвгджз", "пфктшс", strict=True))
_VOICED = {voiceless: voiced for voiced, voiceless in _VOICELESS.items() if voiced != "в"}
_EN_SPELLING = (
    (r"\bkn", "n"), (r"\bwr", "r"), (r"ph", "f"), (r"ght", "t"), (r"gh", ""), (r"tion|sion", "shn"), (r"ck", "k"),
    (r"sh|ch", "S"), (r"th", "T"), (r"c(?=[eiy])", "s"), (r"[cq]", "k"), (r"x", "ks"), (r"z", "s"),
    (r"(?<=[a-zST]{2})e\b", ""), (r"ee|ea|ie|y", "i"), (r"oo|ou|ow|w", "u"), (r"ai|ay|ei", "e"),
)  # fmt: skip
_NEAR = ("пбфв", "тд", "кгх", "сзц", "шжщч", "мн", "лр", "pbfv", "tdT", "kg", "sS", "mn", "lr")
_VOWELS = frozenset("аиоуaeiou")
_NEAR_COST, _VOWEL_COST = 0.5, 0.6


class Alike(NamedTuple):
    """distance: 0 (the same sounds) .. `ALIKE`."""

    choice: str
    phrase: str
    other_choice: str
    other_phrase: str
    distance: float


def sound_alike(
    phrases_by_choice: Mapping[str, Sequence[str]], language: str, limit: float = ALIKE
) -> list[Alike]:
    """Pairs of phrases of different choices no further apart than `limit`, nearest first."""
    said = [
        (choice, one, sounds(one, language)) for choice, many in phrases_by_choice.items() for one in many
    ]
    found = [
        Alike(choice, phrase, other, other_phrase, round(far, 3))
        for (choice, phrase, key), (other, other_phrase, other_key) in combinations(said, 2)
        if choice != other and (far := distance(key, other_key, limit)) <= limit
    ]
    return sorted(found, key=lambda one: one.distance)


@lru_cache(4096)
def sounds(phrase: str, language: str) -> str:
    """A letter for each sound, words joined as they are in speech. Same key: told apart by nobody."""
    words = written_out(phrase, language)
    return "".join(_russian(word) if language == "ru" else _english(word) for word in words)


def distance(one: str, other: str, limit: float = 1.0) -> float:
    """Weighted edits between two keys for each sound of the longer: 0 the same, 1 nothing in common.

    Beyond `limit` it is 1: nobody asks how far apart they are.
    """
    longest, most = max(len(one), len(other)), limit * max(len(one), len(other))
    if abs(len(one) - len(other)) > most:
        return 1.0
    row = [float(at) for at in range(len(other) + 1)]
    for place, sound in enumerate(one, start=1):
        before, row = row, [float(place)]
        for at, against in enumerate(other):
            row.append(min(before[at + 1] + 1, row[at] + 1, before[at] + _cost(sound, against)))
        if min(row) > most:
            return 1.0
    return row[-1] / longest if longest else 0.0


@lru_cache(4096)
def _cost(one: str, other: str) -> float:
    if one == other:
        return 0.0
    if one in _VOWELS and other in _VOWELS:
        return _VOWEL_COST
    return _NEAR_COST if any(one in group and other in group for group in _NEAR) else 1.0


def _russian(word: str) -> str:
    for pattern, instead in _RU_CLUSTERS:
        word = re.sub(pattern, instead, word)
    return _once(_assimilated(word.translate(_RU_VOWELS)))


def _assimilated(word: str) -> str:
    """A consonant takes its voice from the next one; at the end it has none: "год" is "гот"."""
    out: list[str] = []
    after = " "
    for written in reversed(word):
        letter = written
        if letter in _VOICELESS and (after == " " or after in "пфктшсхцчщ"):
            letter = _VOICELESS[letter]
        elif letter in _VOICED and after in _VOICELESS and after != "в":
            letter = _VOICED[letter]
        out.append(letter)
        after = letter
    return "".join(reversed(out))


def _english(word: str) -> str:
    for pattern, instead in _EN_SPELLING:
        word = re.sub(pattern, instead, word)
    return _once(word)


def _once(word: str) -> str:
    return re.sub(r"(.)\1", r"\1", word)
