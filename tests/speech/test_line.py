"""What lines do to a voice: the codecs' own tables, levels, and the same sound for the same seed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from speech.pcm import TELEPHONE_RATE, Samples, rms_dbfs
from speech.telephone.g711 import through_alaw, through_mulaw
from speech.telephone.gsm import GsmMissing, through_gsm
from speech.telephone.line import ConditionUnknown, Line, coloured, in_band, line, with_loss
from speech.wav import parse_wav, read_wav, wav_bytes

VOICE = Path(__file__).parents[1] / "sounds" / "speech" / "009-irina-clean.wav"


def generator(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def tone(hz: float, seconds: float = 1.0, level: float = 8000) -> Samples:
    t = np.arange(round(TELEPHONE_RATE * seconds)) / TELEPHONE_RATE
    return (level * np.sin(2 * np.pi * hz * t)).astype(np.int16)


def voice() -> Samples:
    return read_wav(VOICE)[1]


def table(code: int) -> Samples:
    """All 256 values of a WAV coding, as the reader of WAV files decodes them."""
    head = bytearray(wav_bytes(np.zeros(128, np.int16), TELEPHONE_RATE))
    head[20:22], head[34:36] = code.to_bytes(2, "little"), (8).to_bytes(2, "little")
    return parse_wav(bytes(head[:44]) + bytes(range(256)))[1]


@pytest.mark.parametrize(("code", "through"), [(6, through_alaw), (7, through_mulaw)])
def test_a_line_leaves_each_sample_at_the_codes_nearest_value(code: int, through) -> None:
    values = np.unique(table(code)).astype(np.int32)
    every = np.arange(-32768, 32768).astype(np.int16)
    left = through(every).astype(np.int32)
    assert set(left) == set(values)
    assert np.array_equal(through(left.astype(np.int16)), left)
    nearest = np.abs(every.astype(np.int32)[:, None] - values[None, :]).min(axis=1)
    assert np.max(np.abs(left - every) - nearest) <= 512  # half a step where two segments meet


def test_a_word_joined_to_a_word_is_both() -> None:
    assert line("gsm+noise10+loss3") == Line("gsm", noise="pink", snr=10, loss=0.03)
    assert line("quiet20") == Line("alaw", quieter=20)
    assert line("clean") == Line()
    assert line("clean").carry(voice(), generator()) is not None


@pytest.mark.parametrize("name", ["", "g", "noise", "loss200", "gsm10", "noise10 ,gsm", "g711+", "Noise10"])
def test_a_condition_nobody_knows_is_refused_with_those_there_are(name: str) -> None:
    with pytest.raises(ConditionUnknown, match="babbleN"):
        line(name)


@pytest.mark.parametrize("name", ["g711", "mulaw", "noise10", "white5", "babble10", "loss10", "fade10"])
def test_the_same_seed_gives_the_same_line(name: str) -> None:
    sound, others = voice(), [tone(500), tone(700)]
    first = line(name).carry(sound, generator(), others=others)
    assert np.array_equal(first, line(name).carry(sound, generator(), others=others))
    assert first.size == sound.size
    assert first.dtype == np.int16
    assert not np.array_equal(first, sound)


def test_the_band_keeps_speech_and_takes_hum_and_hiss() -> None:
    for hz, kept in [(1000, True), (400, True), (3300, True), (100, False), (3800, False)]:
        left = rms_dbfs(in_band(tone(hz)).astype(np.int16)) - rms_dbfs(tone(hz))
        assert (left > -1.0) if kept else (left < -25.0), hz


@pytest.mark.parametrize("colour", ["pink", "white", "babble"])
def test_noise_lies_as_far_below_the_speech_as_its_name_says(colour) -> None:
    sound = tone(1000)
    noisy = Line(noise=colour, snr=10).carry(sound, generator(), others=[voice()])
    noise = noisy.astype(np.float64) - in_band(sound)
    assert rms_dbfs(noise.astype(np.int16)) - rms_dbfs(sound) == pytest.approx(-10, abs=0.3)


def test_pink_noise_has_as_much_power_in_each_octave() -> None:
    power = np.square(np.abs(np.fft.rfft(coloured(1 << 16, "pink", generator()))))
    hz = np.fft.rfftfreq(1 << 16, 1 / TELEPHONE_RATE)
    low, high = (power[(hz >= f) & (hz < 2 * f)].sum() for f in (500, 1500))
    assert low / high == pytest.approx(1, rel=0.2)


def test_babble_without_other_people_is_refused() -> None:
    with pytest.raises(ValueError, match="other people"):
        line("babble10").carry(voice(), generator())


def test_lost_packets_are_silence_or_the_fading_last_one() -> None:
    sound = np.full(160 * 2000, 1000, np.int16)
    silent = with_loss(sound, 0.03, generator()).reshape(-1, 160)
    lost = (silent == 0).all(axis=1)
    assert lost.mean() == pytest.approx(0.03, abs=0.01)
    assert (silent[~lost] == 1000).all()
    faded = with_loss(sound, 0.03, generator(), concealed=True).reshape(-1, 160)
    assert set(np.unique(faded[lost])) <= {0, 600, 360, 216}
    assert 600 in faded[lost]


def test_a_quiet_caller_is_that_much_quieter() -> None:
    assert rms_dbfs(line("quiet20").carry(tone(1000), generator())) == pytest.approx(
        rms_dbfs(tone(1000)) - 20, abs=0.2
    )


def test_gsm_leaves_a_voice_in_its_place_but_not_as_it_was() -> None:
    sound = voice()
    try:
        heard = through_gsm(sound)
    except GsmMissing:
        pytest.skip("no libgsm here")
    assert heard.size == sound.size
    alike = np.corrcoef(sound.astype(float), heard.astype(float))[0, 1]
    assert 0.8 < alike < 0.999
    assert np.array_equal(heard, through_gsm(sound))
