"""What comes over a telephone line and is no word to us: made from seeds, each the same every time.

All at 8 kHz, int16 mono, at the level asked for (dBFS, of the parts that sound), within the telephone's band.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from speech.pcm import Floats, Samples, active_level
from speech.telephone.line import in_band
from speech.wav import read_wav

RATE = 8000
CLIPS = Path(__file__).resolve().parents[1] / "sounds" / "speech"
Maker = Callable[[np.random.Generator, float], Floats]


def sound(kind: str, seconds: float, level: float, seed: int = 1) -> Samples:
    """One kind of `KINDS`."""
    made = KINDS[kind](np.random.default_rng(seed), seconds)
    return at_level(made[: round(seconds * RATE)], level)


def at_level(made: Floats | Samples, level: float) -> Samples:
    """Within the band, and its sounding parts as loud as that."""
    top = float(np.abs(made).max(initial=0.0)) or 1.0
    line = in_band(np.rint(made / top * 20000.0).astype(np.int16))
    now = active_level(np.rint(line).astype(np.int16), RATE)
    return np.clip(np.rint(line * 10 ** ((level - now) / 20)), -32768, 32767).astype(np.int16)


def clip(name: str) -> Samples:
    """A test clip of a synthetic voice, e.g. "002-aleksandr-clean"."""
    rate, samples = read_wav(CLIPS / f"{name}.wav")
    assert rate == RATE
    return samples


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE), np.int16)


def quiet_line(seconds: float, level: float = -62.0, seed: int = 9) -> Samples:
    """A line on which nobody speaks: never digital silence, but for a few gateways."""
    return sound("pink noise", seconds, level, seed)


def mixed(*parts: Samples) -> Samples:
    """All at once, as long as the longest."""
    total = np.zeros(max(part.size for part in parts))
    for part in parts:
        total[: part.size] += part
    return np.clip(np.rint(total), -32768, 32767).astype(np.int16)


@lru_cache(maxsize=4)
def prompt(voice: str = "anna", seconds: float = 12.0) -> Samples:
    """A machine's voice that talks without a stop, at -20 dBFS, as our prompts are."""
    parts: list[Samples] = []
    for path in sorted(CLIPS.glob(f"*-{voice}-clean.wav"), key=lambda p: -p.stat().st_size):
        parts += [clip(path.stem), silence(0.05)]
        if sum(part.size for part in parts) > seconds * RATE:
            break
    return at_level(np.concatenate(parts), -20.0)


def echo(of: Samples, loss: float, delay: float) -> Samples:
    """It comes back: weaker by `loss` dB, `delay` seconds late, smeared by the hybrid or the handset."""
    path = np.random.default_rng(3).standard_normal(24) * np.exp(-np.arange(24) / 6.0)
    back = np.convolve(of.astype(np.float64), path)[: of.size]
    level = active_level(of, RATE) - loss
    return np.concatenate((silence(delay), at_level(back, level)))


def babble(seconds: float, level: float, voices: Sequence[str] = ("anna", "elena", "irina")) -> Samples:
    """Several people talking at once, none of them to us."""
    size = round(seconds * RATE)
    people = [np.resize(prompt(voice, seconds), size) for voice in voices]
    return at_level(mixed(*[np.roll(one // 2, 3001 * n) for n, one in enumerate(people)]), level)


def _time(seconds: float) -> Floats:
    return np.arange(round(seconds * RATE)) / RATE


def _coloured(power: float) -> Maker:
    def make(rng: np.random.Generator, seconds: float) -> Floats:
        spectrum = np.fft.rfft(rng.standard_normal(round(seconds * RATE)))
        hz = np.fft.rfftfreq(round(seconds * RATE), 1 / RATE)
        return np.fft.irfft(spectrum / np.maximum(hz, 20) ** power, round(seconds * RATE))

    return make


def _hum(rng: np.random.Generator, seconds: float) -> Floats:
    """Mains: 50 Hz and its harmonics, of which the band leaves the upper ones, and some hiss."""
    t = _time(seconds)
    tones = sum(np.sin(2 * np.pi * 50 * n * t + rng.uniform(0, 6)) / n for n in range(1, 30))
    return np.asarray(tones) + 0.03 * rng.standard_normal(t.size)


def _crackle(rng: np.random.Generator, seconds: float) -> Floats:
    """A bad contact: hiss with bursts of ticks."""
    out = 0.004 * rng.standard_normal(round(seconds * RATE))
    for at in rng.integers(0, out.size - 80, round(seconds * 30)):
        out[at : at + 40] += rng.standard_normal(40) * np.exp(-np.arange(40) / 8) * rng.uniform(0.2, 1)
    return out


def _every(gap: float, one: Maker) -> Maker:
    """It again and again, at least `gap` seconds from beginning to beginning."""

    def make(rng: np.random.Generator, seconds: float) -> Floats:
        out = np.zeros(round(seconds * RATE))
        at = 0.3
        while at < seconds:
            part = one(rng, seconds) * rng.uniform(0.7, 1.0)
            start = round(at * RATE)
            end = min(out.size, start + part.size)
            out[start:end] += part[: end - start]
            at += gap * rng.uniform(1.0, 1.4)
        return out

    return make


def _formants(source: Floats, *peaks: tuple[float, float]) -> Floats:
    """source through resonances (Hz, bandwidth in Hz), side by side."""
    hz = np.fft.rfftfreq(source.size, 1 / RATE)
    gain = sum(1 / (1 + ((hz - at) / wide) ** 2) for at, wide in peaks)
    return np.fft.irfft(np.fft.rfft(source) * gain, source.size)


def _cough(rng: np.random.Generator, _: float) -> Floats:
    """A burst of 30-60 ms, 150-250 ms of noise from the open throat, sometimes a hoarse voice at its end."""
    burst, throat = rng.uniform(0.03, 0.06), rng.uniform(0.15, 0.25)
    t = _time(burst + throat)
    shape = np.where(t < burst, 1.0, 0.45 * np.exp(-(t - burst) / (throat / 2.2)))
    noise = _formants(
        rng.standard_normal(t.size), (rng.uniform(450, 700), 250), (rng.uniform(1200, 1700), 500)
    )
    if rng.random() < 0.5:
        hoarse = np.sign(np.sin(2 * np.pi * np.cumsum(rng.uniform(120, 220) * (1 - 0.8 * t)) / RATE))
        late = np.clip((t - burst - 0.05) / 0.05, 0, 1)
        noise = noise + 0.35 * noise.std() * late * _formants(hoarse, (600, 250), (1300, 400))
    return noise * shape * np.minimum(1, t / 0.004)


def _click(rng: np.random.Generator, _: float) -> Floats:
    t = _time(0.02)
    return np.sin(2 * np.pi * rng.uniform(900, 3000) * t) * np.exp(-t / rng.uniform(0.0005, 0.004))


def _bang(rng: np.random.Generator, _: float) -> Floats:
    """A door: low resonances of its leaf and the room's echo."""
    t = _time(0.6)
    leaf = sum(
        np.sin(2 * np.pi * rng.uniform(60, 500) * t + rng.uniform(0, 6))
        * np.exp(-t / rng.uniform(0.03, 0.12))
        for _ in range(9)
    )
    return np.asarray(leaf) + 0.8 * rng.standard_normal(t.size) * np.exp(-t / 0.05)


def _knock(rng: np.random.Generator, seconds: float) -> Floats:
    return np.concatenate([_bang(rng, seconds)[:1400] * np.exp(-np.arange(1400) / 250) for _ in range(3)])


def _breath(rng: np.random.Generator, _: float) -> Floats:
    """Into the microphone: in, then out, longer."""
    parts: list[Floats] = []
    for length, centre in ((rng.uniform(0.6, 0.9), 1500.0), (rng.uniform(0.9, 1.4), 800.0)):
        t = _time(length)
        parts += [
            _formants(rng.standard_normal(t.size), (centre, 500)) * np.sin(np.pi * t / length),
            np.zeros(1200),
        ]
    return np.concatenate(parts)


def _typing(rng: np.random.Generator, seconds: float) -> Floats:
    return np.concatenate((_click(rng, seconds), np.zeros(500), 0.5 * _click(rng, seconds)))


def _dtmf(rng: np.random.Generator, _: float) -> Floats:
    t = _time(rng.uniform(0.08, 0.4))
    low, high = rng.choice((697, 770, 852, 941)), rng.choice((1209, 1336, 1477))
    return np.sin(2 * np.pi * low * t) + np.sin(2 * np.pi * high * t)


def _tone(hz: float, on: float) -> Maker:
    return lambda _rng, _seconds: np.sin(2 * np.pi * hz * _time(on))


def _mobile_ring(rng: np.random.Generator, _: float) -> Floats:
    """Another telephone in the room."""
    notes = rng.permutation([1319, 1047, 1175, 1568, 1760, 1319])
    return np.concatenate(
        [np.sign(np.sin(2 * np.pi * hz * _time(0.12))) * np.exp(-_time(0.12) / 0.1) for hz in notes]
    )


def _note(hz: float, seconds: float, harmonics: int = 8, decay: float = 3.0, vibrato: float = 0.0) -> Floats:
    t = _time(seconds)
    phase = 2 * np.pi * hz * t + vibrato * np.sin(2 * np.pi * 5.5 * t)
    tone = sum(np.sin(n * phase) / n for n in range(1, harmonics + 1) if n * hz < 3800)
    ends = np.minimum(1, t / 0.01) * np.minimum(1, (seconds - t) / 0.02)
    return np.asarray(tone) * ends * np.exp(-t * decay / seconds)


_SCALE = (220.0, 246.9, 261.6, 293.7, 329.6, 349.2, 392.0, 440.0, 493.9, 523.3, 587.3, 659.3)


def _chords(rng: np.random.Generator, seconds: float) -> Floats:
    """Strings or an organ: four long voices, slightly trembling."""
    bars: list[Floats] = []
    while sum(bar.size for bar in bars) < seconds * RATE:
        root = int(rng.integers(0, 6))
        voices = [_SCALE[root], _SCALE[root + 2], _SCALE[root + 4], _SCALE[root] / 2]
        bars.append(np.sum([_note(hz, 1.6, 10, 0.5, vibrato=0.3) for hz in voices], axis=0))
    return np.concatenate(bars)


def _melody_with_drums(rng: np.random.Generator, seconds: float) -> Floats:
    out = np.zeros(round(seconds * RATE) + RATE)
    beat = 0.25
    for n in range(int(seconds / beat)):
        at = round(n * beat * RATE)
        parts = [_note(rng.choice(_SCALE), beat * rng.choice((1, 2)), 6, 2.0)]
        t = _time(0.12)
        if n % 4 == 0:
            parts.append(2.5 * np.sin(2 * np.pi * (60 + 90 * np.exp(-t / 0.02)) * t) * np.exp(-t / 0.05))
        if n % 4 == 2:
            parts.append(1.5 * rng.standard_normal(t.size) * np.exp(-t / 0.04))
        parts.append(0.4 * rng.standard_normal(400) * np.exp(-np.arange(400) / 60))
        if n % 2 == 0:
            parts.append(1.2 * _note(_SCALE[int(rng.integers(0, 5))] / 2, beat * 2, 5, 1.0))
        for part in parts:
            out[at : at + part.size] += part
    return out


def _plucked(rng: np.random.Generator, seconds: float) -> Floats:
    """A guitar: Karplus and Strong's string."""
    out = np.zeros(round(seconds * RATE) + 2 * RATE)
    at = 0.0
    while at < seconds:
        period = round(RATE / (float(rng.choice(_SCALE)) * rng.choice((0.5, 1.0))))
        ring = rng.uniform(-1, 1, period)
        string = np.empty(RATE)
        for start in range(0, RATE, period):
            end = min(RATE, start + period)
            string[start:end] = ring[: end - start]
            ring = 0.498 * (ring + np.roll(ring, 1))
        out[round(at * RATE) : round(at * RATE) + RATE] += string
        at += float(rng.choice((0.2, 0.2, 0.4)))
    return out


def _flute(rng: np.random.Generator, seconds: float) -> Floats:
    """One tune, in a voice's own range, with breath and vibrato: the nearest that music comes to a voice."""
    notes: list[Floats] = []
    while sum(note.size for note in notes) < seconds * RATE:
        length = float(rng.choice((0.25, 0.4, 0.6)))
        notes.append(_note(rng.choice(_SCALE), length, 4, 0.6, vibrato=0.8))
    tune = np.concatenate(notes)
    return tune + 0.03 * rng.standard_normal(tune.size)


def _bark(rng: np.random.Generator, _: float) -> Floats:
    t = _time(rng.uniform(0.12, 0.22))
    pitch = np.cumsum(rng.uniform(350, 500) * (1 + 0.5 * np.sin(np.pi * t / t[-1]))) / RATE
    source = sum(np.sin(2 * np.pi * n * pitch) for n in range(1, 8)) + rng.standard_normal(t.size)
    return _formants(np.asarray(source), (800, 300), (1600, 400)) * np.sqrt(np.abs(np.sin(np.pi * t / t[-1])))


KINDS: dict[str, Maker] = {
    "white noise": _coloured(0.0),
    "pink noise": _coloured(0.5),
    "brown noise": _coloured(1.0),
    "mains hum": _hum,
    "crackling line": _crackle,
    "cough": _every(1.2, _cough),
    "fit of coughing": _every(0.35, _cough),
    "click": _every(0.6, _click),
    "typing": _every(0.15, _typing),
    "door bang": _every(1.2, _bang),
    "knocking": _every(1.2, _knock),
    "breathing": _every(3.0, _breath),
    "dog": _every(0.4, _bark),
    "keys pressed": _every(0.5, _dtmf),
    "ringing tone": _every(2.0, _tone(425, 1.0)),
    "busy tone": _every(0.7, _tone(425, 0.35)),
    "fax": _every(3.0, _tone(1100, 0.5)),
    "another phone rings": _every(1.5, _mobile_ring),
    "music: chords": _chords,
    "music: melody with drums": _melody_with_drums,
    "music: plucked strings": _plucked,
    "music: flute": _flute,
}
