"""Sound as numbers, checked by measuring it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speech.pcm import (
    PEAK_LIMIT,
    SILENCE,
    SPEECH_LEVEL,
    TELEPHONE_RATE,
    active_level,
    faded,
    fits_telephone,
    for_telephone,
    levelled,
    peak_dbfs,
    resample,
    rms_dbfs,
    trimmed,
    without_rumble,
)


def tone(hz: float, seconds: float = 1.0, rate: int = 8000, amplitude: float = 8000.0) -> np.ndarray:
    t = np.arange(round(seconds * rate)) / rate
    return np.rint(amplitude * np.sin(2 * np.pi * hz * t)).astype(np.int16)


def level_at(samples: np.ndarray, rate: int, hz: float) -> float:
    """dB of full scale of one frequency, from the middle of the sound."""
    middle = samples[samples.size // 8 : -samples.size // 8].astype(float) / 32768
    window = np.hanning(middle.size)
    t = np.arange(middle.size) / rate
    amount = 2 * abs(np.sum(middle * window * np.exp(-2j * np.pi * hz * t))) / window.sum()
    return 20 * np.log10(max(amount, 1e-9))


def test_a_full_scale_sine_is_minus_three_db_and_silence_minus_ninety():
    assert rms_dbfs(tone(1000, amplitude=32767)) == pytest.approx(-3.01, abs=0.01)
    assert peak_dbfs(tone(1000, amplitude=32767)) == pytest.approx(0, abs=0.01)
    assert rms_dbfs(np.zeros(100, np.int16)) == rms_dbfs(np.zeros(0, np.int16)) == SILENCE
    assert peak_dbfs(np.zeros(0, np.int16)) == active_level(np.zeros(0, np.int16), 8000) == SILENCE


def test_the_lowest_sample_is_louder_than_the_highest_and_does_not_overflow():
    assert peak_dbfs(np.array([-32768, 0], np.int16)) == 0.0


@pytest.mark.parametrize("rate", [11025, 16000, 22050, 24000, 44100, 48000])
@pytest.mark.parametrize("hz", [300, 1000, 3400])
def test_speech_frequencies_pass_to_8_khz_unchanged(rate, hz):
    there = resample(tone(hz, rate=rate), rate, 8000)
    assert level_at(there, 8000, hz) == pytest.approx(level_at(tone(hz, rate=rate), rate, hz), abs=0.5)


@pytest.mark.parametrize("rate", [11025, 16000, 22050, 24000, 44100, 48000])
@pytest.mark.parametrize("hz", [4700, 5200, 5500])
def test_what_8_khz_cannot_hold_is_gone_and_does_not_come_back_as_an_alias(rate, hz):
    there = resample(tone(hz, rate=rate, amplitude=30000), rate, 8000)
    assert rms_dbfs(there[200:-200]) < -60


@pytest.mark.parametrize("rate", [4000, 6000])
def test_a_lower_rate_comes_up_without_images(rate):
    there = resample(tone(1000, rate=rate), rate, 8000)
    assert level_at(there, 8000, 1000) == pytest.approx(level_at(tone(1000, rate=rate), rate, 1000), abs=0.3)
    assert level_at(there, 8000, rate - 1000) < -70


def test_resampling_does_not_shift_sound_in_time():
    click = np.zeros(24000, np.int16)
    click[12000] = 30000
    assert int(np.argmax(np.abs(resample(click, 24000, 8000)))) == 4000


@settings(deadline=None)  # 7999 Hz has 8000 phases, computed once
@given(size=st.integers(0, 3000), rate=st.sampled_from([7999, 8000, 11025, 16000, 22050, 44100, 48000]))
def test_resampling_gives_the_length_it_promises(size, rate):
    there = resample(np.ones(size, np.int16), rate, 8000)
    assert there.size == -(-size * 8000 // rate)
    assert there.dtype == np.int16


def test_resampling_a_steady_level_keeps_it():
    there = resample(np.full(10000, 1000, np.int16), 22050, 8000)
    assert np.all(np.abs(there[100:-100].astype(int) - 1000) <= 2)


def test_a_rate_of_nothing_is_refused():
    with pytest.raises(ValueError, match="positive"):
        resample(tone(1000), 0, 8000)


def test_pauses_do_not_make_a_prompt_count_as_quiet():
    speech = tone(500)
    with_pauses = np.concatenate([speech, np.zeros(24000, np.int16), speech])
    assert active_level(with_pauses, 8000) == pytest.approx(active_level(speech, 8000), abs=0.1)
    assert rms_dbfs(with_pauses) < active_level(speech, 8000) - 3


@pytest.mark.parametrize("amplitude", [30, 300, 3000, 30000])
def test_quiet_and_loud_speech_come_to_the_same_level(amplitude):
    there = levelled(tone(500, amplitude=amplitude), 8000)
    assert active_level(there, 8000) == pytest.approx(SPEECH_LEVEL, abs=0.2)


def test_peaks_are_held_below_the_limit_without_clipping():
    speech = tone(400, amplitude=600)
    speech[4000:4040] = tone(400, 40 / 8000, amplitude=32000)  # a plosive, 34 dB above the rest
    there = levelled(speech, 8000)
    assert peak_dbfs(there) <= PEAK_LIMIT
    assert np.sum(np.abs(there.astype(int)) >= np.abs(there.astype(int)).max() - 1) < 10


@given(st.lists(st.integers(-32768, 32767), max_size=2000), st.integers(1, 20))
def test_no_sound_whatever_comes_out_above_the_limit(values, times):
    there = for_telephone(np.tile(np.array(values, np.int16), times), 8000)
    assert peak_dbfs(there) <= PEAK_LIMIT


def test_silence_stays_silence():
    assert not levelled(np.zeros(8000, np.int16), 8000).any()
    assert for_telephone(np.zeros(8000, np.int16), 16000).size == 0
    assert for_telephone(np.zeros(0, np.int16), 16000).size == 0


def test_silence_around_speech_is_cut_to_what_is_asked_for():
    silence = np.zeros(8000, np.int16)
    there = trimmed(np.concatenate([silence, tone(500), silence]), 8000, before=0.05, after=0.15)
    heard = np.flatnonzero(there)
    assert heard[0] / 8000 == pytest.approx(0.05, abs=0.021)
    assert (there.size - heard[-1]) / 8000 == pytest.approx(0.15, abs=0.021)


def test_speech_that_begins_at_once_gets_its_little_silence():
    there = trimmed(tone(500), 8000, before=0.05, after=0.15)
    assert there.size == pytest.approx(8000 + 0.2 * 8000, abs=160)
    assert not there[:390].any()


def test_a_pause_inside_is_not_touched():
    speech = np.concatenate([tone(500), np.zeros(16000, np.int16), tone(500)])
    assert trimmed(speech, 8000, before=0, after=0).size == pytest.approx(speech.size, abs=160)


def test_ends_rise_from_zero_and_fall_to_zero():
    there = faded(np.full(1000, 10000, np.int16), 8000)
    assert there[0] == there[-1] == 0
    assert there[500] == 10000
    assert faded(np.ones(1, np.int16), 8000).size == 1


def test_a_prompt_is_made_fit_for_the_line_whatever_it_was():
    loud = 500 + np.concatenate([np.zeros(24000, np.int16), tone(500, rate=48000, amplitude=32000)])
    there = for_telephone(loud, 48000)
    assert active_level(there, TELEPHONE_RATE) == pytest.approx(SPEECH_LEVEL, abs=0.5)
    assert abs(float(there.mean())) < 30  # its offset is gone
    assert there.size < 1.3 * TELEPHONE_RATE


def test_offset_and_mains_hum_go_and_the_voice_stays():
    hum = tone(50, amplitude=3000) + np.int16(2000)
    there = without_rumble(hum + tone(300, amplitude=6000), 8000)
    assert level_at(there, 8000, 50) < level_at(hum, 8000, 50) - 40
    assert level_at(there, 8000, 300) == pytest.approx(
        level_at(tone(300, amplitude=6000), 8000, 300), abs=0.1
    )
    assert abs(float(there.mean())) < 20


def test_a_voice_with_lopsided_waves_still_has_silent_pauses_and_ends():
    lopsided = np.where(np.arange(8000) % 80 < 8, 20000, -500).astype(np.int16)
    there = for_telephone(np.concatenate([lopsided, np.zeros(8000, np.int16)]), 8000)
    assert there.size < 1.35 * 8000


def test_a_recording_made_for_the_line_is_known_as_such():
    ready = for_telephone(tone(500, rate=16000), 16000)
    assert fits_telephone(ready, 8000)
    assert not fits_telephone(ready, 16000)
    assert not fits_telephone(ready // 4, 8000)
