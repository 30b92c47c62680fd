"""Telephone sound raised piece by piece."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from speech.pcm import resample
from speech.recognition.upsampling import Upsampler

SOUND = (np.random.default_rng(4).normal(0, 5000, 1600)).clip(-32768, 32767).astype(np.int16)


def raised(pieces: list[np.ndarray], to: int) -> np.ndarray:
    upsampler = Upsampler(to)
    return np.concatenate([*(upsampler.feed(piece) for piece in pieces), upsampler.rest()])


@given(st.lists(st.integers(0, 1600), max_size=40), st.sampled_from([8000, 16000, 24000]))
def test_pieces_of_any_length_give_the_sound_of_the_whole(cuts, to):
    pieces = np.split(SOUND, sorted(cuts))
    assert np.array_equal(raised(pieces, to), resample(SOUND, 8000, to))


@pytest.mark.parametrize("rate", [0, -16000, 11025, 44100])
def test_a_rate_that_is_no_multiple_is_refused(rate):
    with pytest.raises(ValueError, match="multiple"):
        Upsampler(rate)
