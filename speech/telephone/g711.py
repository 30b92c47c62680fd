"""ITU-T G.711: what a 64 kbit/s line leaves of a sample. Encoder and decoder in one step."""

from __future__ import annotations

import numpy as np

from speech.pcm import Samples

_BIAS, _CLIP = 132, 32635  # mu-law's own numbers on int16's scale


def through_alaw(samples: Samples) -> Samples:
    """int16 mono of any rate, each sample rounded to the nearest of A-law's 256 values. Europe's law."""
    wide = samples.astype(np.int32)
    size = np.where(wide < 0, ~wide, wide)  # the standard folds -1 onto 0
    step = 16 << np.maximum(0, _octave(size) - 8)
    value = size // step * step + step // 2
    return np.where(wide < 0, -value, value).astype(np.int16)


def through_mulaw(samples: Samples) -> Samples:
    """The same for mu-law, North America's and Japan's."""
    wide = samples.astype(np.int32)
    size = np.minimum(np.abs(wide), _CLIP) + _BIAS
    step = 1 << (_octave(size) - 4)
    value = size // step * step + step // 2 - _BIAS
    return np.where(wide < 0, -value, value).astype(np.int16)


def _octave(size: np.ndarray) -> np.ndarray:
    """Floor of the binary logarithm; 0 for 0."""
    return np.frexp(np.maximum(size, 1).astype(np.float64))[1] - 1
