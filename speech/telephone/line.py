"""What a telephone line does to a caller's voice, to measure how much of it recognition bears.

Everything is at 8 kHz, int16 mono, and the same for the same generator `rng`. The order is the call's: the
caller speaks so loud, in his room's noise; the band, the codec, the network's losses.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from speech.pcm import TELEPHONE_RATE, Floats, Samples, active_level, rms_dbfs
from speech.telephone.g711 import through_alaw, through_mulaw
from speech.telephone.gsm import through_gsm

PACKET = 160  # samples: the 20 ms that an RTP packet carries
_SKIRT = 100.0  # Hz over which the band fades
_FADE = 0.6  # what a repeated packet keeps of its loudness each time, where the far end conceals

Codec = Literal["none", "alaw", "mulaw", "gsm"]
Noise = Literal["none", "pink", "white", "babble"]


class ConditionUnknown(ValueError):
    """No such condition; the text lists what there is."""


@dataclass(frozen=True)
class Line:
    """One sort of line. Written as words joined by "+": see `WORDS`.

    quieter: dB taken off the voice. snr: dB between the active speech and the noise, both within the band.
    loss: share of packets lost. concealed: lost packets are the last one repeated and fading, as phones do
    it; else silence, which is what a spied-on Asterisk channel gives.
    """

    codec: Codec = "none"
    quieter: float = 0.0
    noise: Noise = "none"
    snr: float = 0.0
    loss: float = 0.0
    concealed: bool = False

    def carry(
        self,
        samples: Samples,
        rng: np.random.Generator,
        *,
        others: Sequence[Samples] = (),
        libraries: Sequence[Path] = (),
    ) -> Samples:
        """The sound at the far end, of the same length and not delayed.

        others: sound of other people, for babble. libraries: folders where libgsm may be.
        Raises GsmMissing; ValueError for babble without others.
        """
        if self == Line():
            return samples
        voice = in_band(samples) * 10 ** (-self.quieter / 20)
        if self.noise != "none":
            voice = voice + self._noise(voice, rng, others)
        sound = _to_int16(voice)
        if self.codec == "alaw":
            sound = through_alaw(sound)
        elif self.codec == "mulaw":
            sound = through_mulaw(sound)
        elif self.codec == "gsm":
            sound = through_gsm(sound, libraries)
        return with_loss(sound, self.loss, rng, concealed=self.concealed) if self.loss else sound

    def _noise(self, voice: Floats, rng: np.random.Generator, others: Sequence[Samples]) -> Floats:
        level = active_level(_to_int16(voice), TELEPHONE_RATE) - self.snr
        if self.noise == "babble":
            noise = in_band(_to_int16(babble(voice.size, others, rng)))
        else:
            noise = in_band(_to_int16(coloured(voice.size, self.noise, rng)))
        return noise * 10 ** ((level - rms_dbfs(_to_int16(noise))) / 20)


WORDS = {
    "clean": "as it is in the file",
    "g711": "300-3400 Hz, G.711 A-law",
    "mulaw": "300-3400 Hz, G.711 mu-law",
    "gsm": "300-3400 Hz, GSM full rate",
    "noiseN": "pink noise N dB below the speech, A-law",
    "whiteN": "white noise N dB below the speech, A-law",
    "babbleN": "other people talking, N dB below the speech, A-law",
    "lossN": "N % of the packets lost, silence instead, A-law",
    "fadeN": "N % of the packets lost, the last one repeated and fading, A-law",
    "quietN": "N dB quieter, A-law",
}
"""The words for a condition. Joined by +, as in gsm+noise10+loss3, they hold together."""


def line(name: str) -> Line:
    """The line that a condition's name describes. Raises ConditionUnknown."""
    made = Line()
    for word in name.split("+"):
        made = _with(made, word.strip(), name)
    if made != Line() and made.codec == "none":
        made = replace(made, codec="alaw")
    return made


def _with(made: Line, word: str, name: str) -> Line:
    codecs = {"clean": made.codec, "g711": "alaw", "mulaw": "mulaw", "gsm": "gsm"}
    if word in codecs:
        return replace(made, codec=codecs[word])
    parts = re.fullmatch(r"(noise|white|babble|loss|fade|quiet)(\d{1,2}(?:\.\d+)?)", word)
    if not parts:
        raise ConditionUnknown(
            f"no condition {name!r}; there are {', '.join(WORDS)}, and several joined by +"
        )
    number = float(parts[2])
    match parts[1]:
        case "loss" | "fade":
            return replace(made, loss=number / 100, concealed=parts[1] == "fade")
        case "quiet":
            return replace(made, quieter=number)
        case "white" | "babble" as noise:
            return replace(made, noise=noise, snr=number)
        case _:
            return replace(made, noise="pink", snr=number)


def in_band(samples: Samples) -> Floats:
    """300-3400 Hz of it, on int16's scale; half a second of edge on each side keeps the ends whole."""
    if not samples.size:
        return samples.astype(np.float64)
    margin = TELEPHONE_RATE // 2
    padded = np.pad(samples.astype(np.float64), margin)
    hz = np.fft.rfftfreq(padded.size, 1 / TELEPHONE_RATE)
    rise = np.clip((hz - 300 + _SKIRT) / _SKIRT, 0, 1)
    fall = np.clip((3400 + _SKIRT - hz) / _SKIRT, 0, 1)
    heard = np.fft.irfft(np.fft.rfft(padded) * np.sin(rise * fall * np.pi / 2) ** 2, padded.size)
    return heard[margin:-margin]


def coloured(size: int, colour: Noise, rng: np.random.Generator) -> Floats:
    """Noise at about -30 dBFS. "white": the same power at each frequency; else pink, in each octave."""
    spectrum = np.fft.rfft(rng.standard_normal(size + TELEPHONE_RATE))
    if colour != "white":
        spectrum[1:] /= np.sqrt(np.arange(1, spectrum.size))
        spectrum[0] = 0
    noise = np.fft.irfft(spectrum)[:size]
    power = float(np.sqrt(np.mean(np.square(noise)))) if size else 0.0
    return noise * (1000 / power) if power else noise


def babble(size: int, others: Sequence[Samples], rng: np.random.Generator, talkers: int = 3) -> Floats:
    """So many people talking on at once, each at the same loudness, picked and cut from `others`.

    Raises ValueError when there is nobody.
    """
    voices = [one for one in others if one.size and one.any()]
    if not voices:
        raise ValueError("babble needs the sound of other people: give the set more than one file")
    mixed = np.zeros(size)
    for _ in range(talkers):
        said = np.zeros(0)
        while said.size < size + PACKET:
            one = voices[int(rng.integers(len(voices)))].astype(np.float64)
            said = np.concatenate([said, one * (1000 / np.sqrt(np.mean(np.square(one))))])
        start = int(rng.integers(said.size - size))
        mixed += said[start : start + size]
    return mixed


def with_loss(
    samples: Samples, share: float, rng: np.random.Generator, *, concealed: bool = False
) -> Samples:
    """Packets of 20 ms lost independently of each other, `share` of them, 0..1."""
    out = samples.copy()
    kept, loudness = np.zeros(PACKET, np.int16), 0.0
    for at in range(0, out.size, PACKET):
        if rng.random() < share:
            loudness *= _FADE
            packet = kept[: out.size - at] * loudness if concealed else np.zeros(1)
            out[at : at + PACKET] = packet
        else:
            kept, loudness = np.resize(out[at : at + PACKET].copy(), PACKET), 1.0
    return out


def _to_int16(sound: Floats) -> Samples:
    return np.clip(np.rint(sound), -32768, 32767).astype(np.int16)
