"""What was heard, ready to be compared, and how far a reading explains it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from speech.hypothesis import UNKNOWN, Hypothesis, Word
from speech.meaning.spoken_words import fold

DOUBT = 0.69
"""Most that a reading may get which leaves something unexplained: below sure, it is asked back."""
_LEAST_DOUBT = 0.42  # what it gets when it explains next to nothing of the utterance
_UNTIMED = 6  # letters that an unknown stretch counts for, where the engine gives no times


@dataclass(frozen=True)
class HeardWords:
    """words: folded, without `UNKNOWN`. confidences, weights: of each; weight is its length.

    unknown: weight of the speech outside the grammar.
    """

    words: tuple[str, ...]
    confidences: tuple[float, ...]
    weights: tuple[float, ...]
    unknown: float

    def confidence(self, meant: Collection[int], strange: Collection[int]) -> float:
        """0..1 for a reading. meant: places of the words it rests on. strange: of those it cannot explain.

        The words' mean and least confidence count alike: one word misheard may be the one that matters.
        """
        sure = [self.confidences[place] for place in meant]
        if not sure:
            return 0.0
        quality = (sum(sure) / len(sure) + min(sure)) / 2
        left = self.unknown + sum(self.weights[place] for place in strange)
        if not left:
            return quality
        explained = 1 - left / (self.unknown + sum(self.weights))
        return quality * (_LEAST_DOUBT + (DOUBT - _LEAST_DOUBT) * max(0.0, explained))


def heard_words(hypothesis: Hypothesis) -> HeardWords:
    known = [
        (part, word.confidence, weight)
        for word in hypothesis.words
        if word.text != UNKNOWN
        for part, weight in _parts(word)
    ]
    unknown = sum(_weight(word) for word in hypothesis.words if word.text == UNKNOWN)
    return HeardWords(
        tuple(one[0] for one in known),
        tuple(one[1] for one in known),
        tuple(one[2] for one in known),
        unknown,
    )


def _parts(word: Word) -> Iterator[tuple[str, float]]:
    """ "twenty-six" is two words, "don't" one."""
    parts = fold(word.text).replace("'", "").replace("-", " ").split()
    for part in parts:
        yield part, _weight(word) / len(parts)


def _weight(word: Word) -> float:
    if word.end > word.begin:
        return word.end - word.begin
    return (_UNTIMED if word.text == UNKNOWN else len(word.text)) / 12
