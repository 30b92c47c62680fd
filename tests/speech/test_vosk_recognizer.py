"""What is Vosk's own: its pauses, other rates, spellings, memory; see tests/contracts for the rest."""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psutil
import pytest

from speech.hypothesis import UNKNOWN
from speech.pcm import Samples
from speech.recognition.models import SHIPPED, default_models
from speech.recognition.vosk_recognizer import VoskRecognizer
from speech.recognizer import ModelUnusable
from tests.speech.clips import clips, sound_of
from tests.speech.model_copies import cut, model_copy

TEXTS = sorted({clip.text for clip in clips(kind="menu")})
MENU = [*TEXTS, UNKNOWN]
MEGABYTE = 1 << 20


@pytest.fixture(scope="module")
def engine() -> VoskRecognizer:
    return VoskRecognizer(SHIPPED / default_models()["ru"], "ru")


def spoken(text: str) -> Samples:
    return sound_of(next(clip for clip in clips(kind="menu", condition="clean") if clip.text == text))


def heard(engine: VoskRecognizer, sound: Samples, grammar: list[str] | None = MENU) -> str:
    utterance = engine.utterance(grammar)
    utterance.feed(sound)
    return utterance.finish().text


def test_words_before_a_long_pause_are_kept_and_times_go_on(engine):
    """Vosk ends a result at a pause of its own and forgets; where speech ends is the endpointer's to say."""
    pause = np.random.default_rng(1).normal(0, 20, 12000).astype(np.int16)
    sound = np.concatenate([spoken("оператор"), pause, spoken("нет"), pause])
    utterance = engine.utterance(MENU)
    for at in range(0, sound.size, 160):
        utterance.feed(sound[at : at + 160])
    assert utterance.partial() == "оператор нет"
    first, second = utterance.finish().words
    assert (first.text, second.text) == ("оператор", "нет")
    assert second.begin > spoken("оператор").size / 8000 + 1.4


def test_an_engine_used_again_begins_from_nothing(engine):
    grammar = ["оператор", "нет", "да", UNKNOWN]  # asked for here only
    found = []
    for text in ("оператор", "нет", "оператор"):
        utterance = engine.utterance(grammar)
        assert utterance.partial() == ""
        utterance.feed(spoken(text))
        found.append(utterance.finish())
    assert [one.text for one in found] == ["оператор", "нет", "оператор"]
    assert found[2].words[0].begin == pytest.approx(found[0].words[0].begin, abs=0.07)


def test_a_model_that_wants_16_khz_and_raises_nothing_itself_is_fed_so(tmp_path: Path):
    model = model_copy(tmp_path)
    conf = model / "conf/mfcc.conf"
    conf.write_text(conf.read_text().replace("--allow-upsample=true", "--sample-frequency=16000"))
    engine = VoskRecognizer(model, "ru")
    assert engine.folder.fed == 16000
    chosen = [clip for clip in clips(kind="menu", condition="clean") if clip.voice.startswith("RHVoice")][:15]
    right = [heard(engine, sound_of(clip)) == clip.text for clip in chosen]
    assert sum(right) >= 14


def test_words_are_told_in_the_spelling_of_who_asked(engine):
    sound = spoken("волонтёрство")
    for spelling in ("волонтёрство", "волонтерство", "Волонтёрство!"):
        asked = "волонтерство" if "е" in spelling[4:7] else "волонтёрство"
        assert heard(engine, sound, [spelling, "оператор", UNKNOWN]) == asked


def test_special_symbols_of_the_model_are_no_words(engine):
    assert not any(engine.knows(word) for word in ("[unk]", "<eps>", "#0", "<s>", "</s>", "!SIL"))


def test_a_phrase_that_would_break_the_grammar_open_is_only_lost(engine):
    assert (
        heard(engine, spoken("оператор"), ['", "да"], ["', "\\", "оператор", "\x00", UNKNOWN]) == "оператор"
    )


def test_a_model_that_vosk_refuses_is_named(tmp_path: Path, capfd):
    model = model_copy(tmp_path)
    cut(model / "graph/Gr.fst", 0.999)
    with pytest.raises(ModelUnusable, match=f"{model} cannot be used: Vosk cannot load it"):
        VoskRecognizer(model, "ru")


def test_vosk_writes_nothing_of_what_it_hears_to_the_terminal(engine, capfd):
    heard(engine, spoken("оператор"), ["оператор", "абракадабрскими", UNKNOWN])
    heard(engine, spoken("оператор"), None)
    assert capfd.readouterr() == ("", "")


def test_two_hundred_utterances_in_four_threads_leave_no_memory_behind(engine):
    """And each hears its own caller."""
    chosen = [clip for clip in clips(kind="menu", condition="clean") if clip.voice.startswith("RHVoice")][:20]
    alone = [heard(engine, sound_of(clip)) for clip in chosen]
    process = psutil.Process()
    sizes = []
    with ThreadPoolExecutor(4) as pool:
        for _ in range(10):
            assert list(pool.map(lambda clip: heard(engine, sound_of(clip)), chosen)) == alone
            gc.collect()
            sizes.append(process.memory_info().rss / MEGABYTE)
    assert sizes[9] - sizes[3] < 10, f"{sizes} MB after each 20 utterances"  # each would keep 2 to 3 MB


def test_an_utterance_that_nobody_finishes_is_freed_with_its_last_reference(engine):
    process = psutil.Process()
    for _ in range(20):
        engine.utterance(MENU).feed(spoken("да"))
    before = process.memory_info().rss / MEGABYTE
    for _ in range(40):
        engine.utterance(MENU).feed(spoken("да"))
    assert process.memory_info().rss / MEGABYTE - before < 20
