"""Sound as numbers: int16 mono arrays, made fit for a telephone line.

Levels are dBFS with 0 dB = an RMS of 32768, so a full-scale sine is -3 dB. Rates are Hz.
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil, gcd

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.int16]
Floats = npt.NDArray[np.float64]

TELEPHONE_RATE = 8000
SPEECH_LEVEL = -20.0  # where G.711 leaves 17 dB for speech's peaks and its own noise is far below
PEAK_LIMIT = -3.0
SILENCE = -90.0  # what `rms_dbfs` says of digital silence, instead of minus infinity
_FRAME = 0.02
_TAPS_EACH_SIDE = 24  # of the lower rate's periods: passes 3.4 kHz, is 70 dB down above 4.6 kHz, at 8 kHz


def rms_dbfs(samples: Samples) -> float:
    """RMS level of all samples; -90 for silence or nothing."""
    if not samples.size:
        return SILENCE
    power = float(np.mean(np.square(samples.astype(np.float64)))) / 32768.0**2
    return max(SILENCE, 10 * float(np.log10(power))) if power > 0 else SILENCE


def peak_dbfs(samples: Samples) -> float:
    """Level of the largest sample; -90 for silence or nothing."""
    top = float(np.max(np.abs(samples.astype(np.float64)))) / 32768.0 if samples.size else 0.0
    return max(SILENCE, 20 * float(np.log10(top))) if top > 0 else SILENCE


def active_level(samples: Samples, rate: int) -> float:
    """RMS level of the parts where somebody speaks, dBFS: pauses do not make a prompt count as quiet.

    A part is a frame of 20 ms within 30 dB of the loudest one; a short cut to ITU-T P.56, within 1 dB on
    prompts. Returns -90 for silence.
    """
    power = _frame_power(samples, rate)
    if not power.size or power.max() <= 0:
        return SILENCE
    speaking = power[power > power.max() * 1e-3]
    return max(SILENCE, 10 * float(np.log10(speaking.mean())))


def resample(samples: Samples, rate: int, to: int) -> Samples:
    """The same sound at another rate, without images or aliases: a polyphase windowed-sinc filter.

    rate, to: Hz, > 0. The result has ceil(len * to / rate) samples and is not delayed.
    Raises ValueError for a rate that is not positive.
    """
    if rate <= 0 or to <= 0:
        raise ValueError(f"a sampling rate must be positive, not {rate} -> {to}")
    if rate == to or not samples.size:
        return samples
    up, down = to // gcd(rate, to), rate // gcd(rate, to)
    phases = _phases(up, down)
    half = phases.shape[1] // 2
    padded = np.pad(samples.astype(np.float64), (half, half + down))
    windows = np.lib.stride_tricks.sliding_window_view(padded, phases.shape[1])
    out = np.empty(ceil(samples.size * up / down))
    for first in range(min(up, out.size)):
        start, phase = divmod(first * down, up)
        mine = out[first::up]
        mine[:] = windows[start::down][: mine.size] @ phases[phase]
    return _to_int16(out)


@lru_cache(maxsize=16)
def _phases(up: int, down: int) -> Floats:
    """One row of filter taps per output phase; row p is centred p/up input samples late."""
    wide = max(1.0, down / up)  # input samples per period of the lower rate
    half = ceil(_TAPS_EACH_SIDE * wide)
    offset = np.arange(-half, half + 1)[None, :] - (np.arange(up) / up)[:, None]
    cut = 0.96 / wide
    taps = np.sinc(offset * cut) * np.i0(7.0 * np.sqrt(np.clip(1 - (offset / (half + 1)) ** 2, 0, None)))
    return taps / taps.sum(axis=1, keepdims=True)


def levelled(samples: Samples, rate: int, *, to: float = SPEECH_LEVEL, peak: float = PEAK_LIMIT) -> Samples:
    """Speech brought to the active level `to`, its peaks held below `peak`, both dBFS. Silence stays.

    The limiter turns the gain down around a peak and up again within 5 ms each, so nothing is clipped.
    """
    now = active_level(samples, rate)
    if now <= SILENCE:
        return samples
    loud = samples.astype(np.float64) * 10 ** ((to - now) / 20)
    return _to_int16(_limited(loud, 32768 * 10 ** (peak / 20) - 1, max(1, rate // 200)))


def _limited(sound: Floats, ceiling: float, reach: int) -> Floats:
    gain = np.minimum(1.0, ceiling / np.maximum(np.abs(sound), 1.0))
    if gain.min() >= 1.0:
        return sound
    width = 2 * reach + 1
    lowest = np.lib.stride_tricks.sliding_window_view(np.pad(gain, 2 * reach, constant_values=1.0), width)
    window = np.hanning(width + 2)[1:-1]
    return sound * np.convolve(lowest.min(axis=1), window / window.sum(), mode="valid")


def trimmed(samples: Samples, rate: int, *, before: float = 0.05, after: float = 0.15) -> Samples:
    """Without the silence around the speech, but for `before` and `after` seconds of it (added if missing).

    Silence is 45 dB below the loudest frame of 20 ms. A sound that is all silence becomes empty.
    """
    power = _frame_power(samples, rate)
    if not power.size or power.max() <= 0:
        return samples[:0]
    frame = round(rate * _FRAME)
    heard = np.flatnonzero(power > power.max() * 10**-4.5)
    start, end = (
        int(heard[0]) * frame - round(before * rate),
        (int(heard[-1]) + 1) * frame + round(after * rate),
    )
    lead, trail = max(0, -start), max(0, end - samples.size)
    return np.pad(samples[max(0, start) : max(0, end)], (lead, trail))


def faded(samples: Samples, rate: int, *, seconds: float = 0.01) -> Samples:
    """Rising from and falling to zero, so that neither end clicks."""
    n = min(round(rate * seconds), samples.size // 2)
    if not n:
        return samples
    ramp = np.sin(np.linspace(0, np.pi / 2, n)) ** 2
    out = samples.astype(np.float64)
    out[:n] *= ramp
    out[-n:] *= ramp[::-1]
    return _to_int16(out)


def without_rumble(samples: Samples, rate: int) -> Samples:
    """Without what lies below 50 Hz (offset, mains hum), fading in to all that is above 100 Hz.

    Taking the mean away instead would shift the pauses of a voice whose waves are lopsided.
    """
    if not samples.size:
        return samples
    margin = rate // 10
    padded = np.pad(samples.astype(np.float64), margin, mode="edge")
    spectrum = np.fft.rfft(padded)
    above = np.clip((np.fft.rfftfreq(padded.size, 1 / rate) - 50) / 50, 0, 1)
    heard = np.fft.irfft(spectrum * np.sin(above * np.pi / 2) ** 2, padded.size)
    return _to_int16(heard[margin:-margin])


def for_telephone(samples: Samples, rate: int) -> Samples:
    """A prompt as a telephone line wants it: 8 kHz, speech at -20 dBFS, peaks below -3, no silent ends."""
    sound = resample(samples, rate, TELEPHONE_RATE)
    sound = trimmed(without_rumble(sound, TELEPHONE_RATE), TELEPHONE_RATE)
    return faded(levelled(sound, TELEPHONE_RATE), TELEPHONE_RATE)


def fits_telephone(samples: Samples, rate: int) -> bool:
    """Already so that a recording may be played as its maker left it (within 3 dB of our level)."""
    near = abs(active_level(samples, rate) - SPEECH_LEVEL) <= 3
    return rate == TELEPHONE_RATE and near and peak_dbfs(samples) <= PEAK_LIMIT + 2


def _frame_power(samples: Samples, rate: int) -> Floats:
    """Mean power of each frame of 20 ms, 1.0 = full scale; the rest at the end is filled with zeros."""
    frame = max(1, round(rate * _FRAME))
    padded = np.pad(samples.astype(np.float64) / 32768.0, (0, -samples.size % frame))
    return np.square(padded.reshape(-1, frame)).mean(axis=1)


def _to_int16(sound: Floats) -> Samples:
    return np.clip(np.rint(sound), -32768, 32767).astype(np.int16)
