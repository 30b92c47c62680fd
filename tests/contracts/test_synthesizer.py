"""What every machine that speaks must do, real or scripted."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from speech.pcm import active_level, for_telephone, peak_dbfs
from speech.saying.espeak import Espeak
from speech.saying.rhvoice import FREE_VOICES, RHVoice
from speech.saying.scripted_synthesizer import ScriptedSynthesizer
from speech.saying.synthesizer import SynthesisFailed

TEXTS = {"ru": "Медицинская помощь — нажмите 1.", "en": "For medical help press 1."}


@pytest.fixture(params=["scripted", "espeak-ng", "rhvoice"], scope="module")
def engine(request):
    found = {"scripted": ScriptedSynthesizer, "espeak-ng": Espeak.found, "rhvoice": RHVoice.found}[
        request.param
    ]()
    if found is None:
        pytest.skip(f"{request.param} is not installed")
    return found


@pytest.fixture(params=["ru", "en"])
def language(request, engine):
    if not engine.voices(request.param):
        pytest.skip(f"{engine.name} has no voice for {request.param}")
    return request.param


def test_a_text_becomes_sound_of_a_plausible_length(engine, language):
    for voice in engine.voices(language):
        rate, samples = engine.speak(TEXTS[language], language, voice)
        assert rate >= 8000
        assert samples.dtype == np.int16
        assert samples.ndim == 1
        assert 0.8 < samples.size / rate < 8
        assert active_level(samples, rate) > -40


def test_nothing_is_clipped_and_the_line_gets_its_level(engine, language):
    rate, samples = engine.speak(TEXTS[language], language, engine.voices(language)[0])
    assert np.sum(np.abs(samples.astype(int)) >= 32767) < 4
    line = for_telephone(samples, rate)
    assert active_level(line, 8000) == pytest.approx(-20, abs=1.5)
    assert peak_dbfs(line) <= -3
    heard = np.flatnonzero(np.abs(line.astype(int)) > 100)
    assert heard[0] / 8000 < 0.2
    assert (line.size - heard[-1]) / 8000 < 0.4


def test_the_same_text_gives_the_same_sound(engine, language):
    voice = engine.voices(language)[0]
    first, second = (engine.speak(TEXTS[language], language, voice)[1] for _ in range(2))
    assert np.array_equal(first, second)


def test_a_longer_text_takes_longer_and_another_text_sounds_different(engine, language):
    voice = engine.voices(language)[0]
    once = engine.speak(TEXTS[language], language, voice)[1]
    thrice = engine.speak(" ".join([TEXTS[language]] * 3), language, voice)[1]
    assert 2 < thrice.size / once.size < 4


def test_several_may_speak_at_once(engine, language):
    voice = engine.voices(language)[0]
    texts = [f"{TEXTS[language]} {n}" for n in range(4)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda text: engine.speak(text, language, voice)[1], texts))
    assert all(
        np.array_equal(sound, engine.speak(text, language, voice)[1])
        for sound, text in zip(together, texts, strict=True)
    )


@pytest.mark.parametrize("text", ["", " ", "...", "—\n"])
def test_a_text_without_words_is_refused(engine, language, text):
    with pytest.raises(SynthesisFailed, match="nothing to say"):
        engine.speak(text, language, engine.voices(language)[0])


def test_a_voice_that_is_not_there_is_named(engine, language):
    with pytest.raises(SynthesisFailed, match="'nobody'"):
        engine.speak(TEXTS[language], language, "nobody")


def test_a_language_it_does_not_speak_has_no_voices_and_is_refused(engine):
    assert engine.voices("xx") == ()
    assert engine.restricted_voices("xx") == ()
    with pytest.raises(SynthesisFailed, match="'xx'"):
        engine.speak("saluton", "xx", "whoever")


def test_its_fingerprint_tells_voices_apart_and_stays_the_same(engine, language):
    voices = engine.voices(language) + engine.restricted_voices(language)
    assert len({engine.fingerprint(voice) for voice in voices}) == len(voices)
    assert engine.fingerprint(voices[0]) == engine.fingerprint(voices[0])


@pytest.mark.parametrize(
    "text",
    [
        "-w {folder}/written один",
        "--stdout\n-w {folder}/written\nодин",
        "$(touch {folder}/written) `touch {folder}/written` один",
        "; touch {folder}/written # один",
        "<speak>один</speak> [[un]] &amp;",
    ],
)
def test_a_text_is_only_ever_read_aloud(engine, tmp_path, monkeypatch, text):
    monkeypatch.chdir(tmp_path)
    _, samples = engine.speak(text.format(folder=tmp_path), "ru", engine.voices("ru")[0])
    assert samples.any()
    assert list(tmp_path.iterdir()) == []


def test_only_free_voices_are_offered_unasked():
    rhvoice = RHVoice.found()
    if rhvoice is None:
        pytest.skip("rhvoice is not installed")
    for language, free in FREE_VOICES.items():
        assert set(rhvoice.voices(language)) <= set(free)
        assert not set(rhvoice.restricted_voices(language)) & set(free)
