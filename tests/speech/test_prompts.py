"""Prompts from text to file: what is made, what is kept, what is missing."""

import asyncio
import os
import random
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from structlog.testing import capture_logs

from speech.pcm import active_level, for_telephone
from speech.saying.prompts import PromptMissing, PromptStore, PromptText
from speech.saying.scripted_synthesizer import ScriptedSynthesizer
from speech.saying.sound_cache import CacheUnwritable, SoundCache
from speech.saying.synthesizer import SynthesisFailed
from speech.wav import is_telephone_wav, read_wav, wav_bytes

HELLO = PromptText("main.greeting.say", "ru", "Здравствуйте!")
TOPIC = PromptText("main.topic.ask", "ru", "Выберите тему.")
TOPIC_AGAIN = PromptText("main.topic.no_input.1", "ru", "Мы вас не услышали.")
HELLO_EN = PromptText("main.greeting.say", "en", "Hello!")
ALL = [HELLO, TOPIC, TOPIC_AGAIN, HELLO_EN]


@pytest.fixture
def engine():
    return ScriptedSynthesizer()


@pytest.fixture
def store(tmp_path, engine):
    return PromptStore(tmp_path / "cache", ["ru", "en"], engines=[engine], recorded=tmp_path / "recorded")


def another(tmp_path, engine, **options) -> PromptStore:
    return PromptStore(tmp_path / "cache", ["ru", "en"], engines=[engine], **options)


def record(tmp_path, name: str, *, rate=44100, amplitude=2000.0, language="ru", seconds=1.0) -> Path:
    file = tmp_path / "recorded" / language / f"{name}.wav"
    file.parent.mkdir(parents=True, exist_ok=True)
    t = np.arange(round(rate * seconds)) / rate
    file.write_bytes(wav_bytes((amplitude * np.sin(2 * np.pi * 440 * t)).astype(np.int16), rate))
    return file


def sound_of(store: PromptStore, name: str, language: str = "ru") -> np.ndarray:
    return read_wav(store.path(name, language).with_suffix(".wav"))[1]


def test_every_prompt_becomes_a_file_that_asterisk_plays(store):
    report = store.prepare(ALL)
    assert (report.rendered, report.cached, report.recorded, report.problems) == (4, 0, 0, ())
    for prompt in ALL:
        place = store.path(prompt.name, prompt.language)
        assert place.is_absolute()
        assert place.suffix == ""
        assert is_telephone_wav(place.with_suffix(".wav"))
    assert store.verify() == []


def test_a_second_time_there_is_nothing_to_do(store, tmp_path, engine):
    store.prepare(ALL)
    engine.spoken.clear()
    report = another(tmp_path, engine).prepare(ALL)
    assert (report.rendered, report.cached) == (0, 4)
    assert engine.spoken == []


def test_a_changed_text_is_made_anew_and_nothing_else(store, engine):
    store.prepare(ALL)
    before = store.path("main.topic.ask", "ru")
    engine.spoken.clear()
    report = store.prepare([HELLO, PromptText(TOPIC.name, "ru", "О чём ваш вопрос?"), TOPIC_AGAIN, HELLO_EN])
    assert (report.rendered, report.cached) == (1, 3)
    assert engine.spoken == ["О чём ваш вопрос?"]
    assert store.path("main.topic.ask", "ru") != before
    assert before.with_suffix(".wav").exists()  # calls on the version before still play it


def test_another_line_break_or_space_is_no_other_text(store, engine):
    store.prepare([PromptText("a", "ru", "Один  два\nтри")])
    assert store.prepare([PromptText("a", "ru", " Один два три ")]).cached == 1


@pytest.mark.parametrize("change", [{"version": "2"}, {"version": "1 "}])
def test_another_engine_version_is_another_sound(store, tmp_path, change):
    store.prepare(ALL)
    assert another(tmp_path, ScriptedSynthesizer(**change)).prepare(ALL).rendered == 4


def test_another_voice_is_another_sound(store, tmp_path, engine):
    store.prepare(ALL)
    report = another(tmp_path, engine, voices={"ru": ["low-hum"]}).prepare(ALL)
    assert (report.rendered, report.cached, report.remarks) == (3, 1, ())


def test_two_prompts_of_one_text_share_a_file(store, engine):
    report = store.prepare([HELLO, PromptText("other.greeting.say", "ru", HELLO.text)])
    assert report.rendered == 2
    assert engine.spoken == [HELLO.text]
    assert store.path("other.greeting.say", "ru") == store.path(HELLO.name, "ru")


def test_progress_is_told_to_the_end(store):
    told = []
    store.prepare(ALL, lambda made, of: told.append((made, of)))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_one_bad_prompt_does_not_keep_the_others_from_being_made(tmp_path):
    engine = ScriptedSynthesizer(failures={TOPIC.text: "lost its voice"})
    store = another(tmp_path, engine)
    report = store.prepare(
        [*ALL, PromptText("copy.topic.ask", "ru", TOPIC.text), PromptText("x.y.say", "ru", "…")]
    )
    assert report.rendered == 3
    assert sorted(str(problem) for problem in report.problems) == [
        "prompt copy.topic.ask (ru): scripted: lost its voice",
        "prompt main.topic.ask (ru): scripted: lost its voice",
        "prompt x.y.say (ru): scripted: nothing to say; give the prompt some words",
    ]
    with pytest.raises(PromptMissing):
        store.path(TOPIC.name, "ru")


def test_a_language_nobody_speaks_is_a_problem_with_a_way_out(store):
    [problem] = store.prepare([HELLO, PromptText("main.greeting.say", "tt", "Исәнмесез!")]).problems
    assert "nothing on this machine speaks 'tt'" in str(problem)
    assert "install" in str(problem)


def test_a_prompt_without_sound_in_a_language_is_said_in_the_first_with_one_warning(store):
    store.prepare(ALL)
    with capture_logs() as logs:
        assert store.path("main.topic.ask", "en") == store.path("main.topic.ask", "ru")
        store.path("main.topic.ask", "en")
    assert [(line["log_level"], line["prompt"], line["wanted"]) for line in logs] == [
        ("warning", "main.topic.ask", "en")
    ]


def test_a_prompt_nobody_prepared_is_missing_by_name(store):
    store.prepare(ALL)
    with pytest.raises(PromptMissing, match=r"'main\.nothing\.say' in 'ru'"):
        store.path("main.nothing.say", "ru")


def test_a_voice_that_is_not_here_is_replaced_and_told(tmp_path, engine):
    report = another(tmp_path, engine, voices={"ru": ["anna", "elena"]}).prepare([HELLO])
    assert report.remarks == ("ru: none of the voices anna, elena is here; scripted's hum speaks instead",)
    assert report.rendered == 1


def test_a_voice_that_is_not_free_speaks_only_when_named_and_that_is_told(tmp_path, engine):
    report = another(tmp_path, engine, voices={"ru": ["borrowed-hum"]}).prepare([HELLO])
    assert "'borrowed-hum' is not free for every use" in report.remarks[0]


def test_a_recording_with_the_prompts_name_replaces_the_machine(store, tmp_path, engine):
    record(tmp_path, "main.topic.no_input.1", amplitude=400)
    report = store.prepare(ALL)
    assert report.recorded == 1
    assert TOPIC_AGAIN.text not in engine.spoken
    sound = sound_of(store, "main.topic.no_input.1")
    assert active_level(sound, 8000) == pytest.approx(-20, abs=0.5)
    assert abs(np.fft.rfft(sound[1000:7000].astype(float))).argmax() * 8000 / 6000 == pytest.approx(
        440, abs=2
    )


def test_a_recording_with_the_nodes_name_replaces_what_it_asks_but_not_its_apologies(store, tmp_path, engine):
    record(tmp_path, "main.topic")
    assert store.prepare(ALL).recorded == 1
    assert sorted(engine.spoken) == sorted([HELLO.text, TOPIC_AGAIN.text, HELLO_EN.text])


def test_a_recording_of_the_part_is_taken_before_one_of_the_node(store, tmp_path):
    record(tmp_path, "main.topic", seconds=3)
    record(tmp_path, "main.topic.ask", seconds=1)
    assert store.prepare(ALL).recorded == 1
    assert sound_of(store, "main.topic.ask").size < 2 * 8000


def test_a_recording_that_already_fits_is_played_as_it_was_made(store, tmp_path):
    t = np.arange(8000) / 8000
    ready = for_telephone((9000 * np.sin(2 * np.pi * 300 * t)).astype(np.int16), 8000)
    file = record(tmp_path, "main.topic")
    file.write_bytes(wav_bytes(ready, 8000))
    store.prepare(ALL)
    assert np.array_equal(sound_of(store, "main.topic.ask"), ready)


def test_a_recording_that_is_made_again_is_noticed(store, tmp_path):
    record(tmp_path, "main.topic")
    store.prepare(ALL)
    record(tmp_path, "main.topic", seconds=2)
    report = store.prepare(ALL)
    assert (report.rendered, report.cached, report.recorded) == (1, 3, 1)
    assert sound_of(store, "main.topic.ask").size > 1.8 * 8000


def test_a_prompt_without_text_may_be_recorded_only(store, tmp_path):
    record(tmp_path, "main.jingle")
    report = store.prepare([PromptText("main.jingle.say", "ru", "")])
    assert (report.recorded, report.problems) == (1, ())


@pytest.mark.parametrize("content", [b"", b"not a sound", wav_bytes(np.zeros(8000, np.int16), 8000)])
def test_a_recording_that_cannot_be_heard_is_a_problem_and_names_its_file(store, tmp_path, content):
    file = record(tmp_path, "main.topic")
    file.write_bytes(content)
    [problem] = store.prepare(ALL).problems
    assert problem.prompt == "main.topic.ask"
    assert str(file) in problem.what


def test_a_recording_that_replaces_nothing_is_told_with_what_may_be_meant(store, tmp_path):
    record(tmp_path, "main.greting.say")
    record(tmp_path, "main.greeting.say", language="de")
    remarks = store.prepare(ALL).remarks
    assert len(remarks) == 2
    assert "main.greting.say.wav replaces no prompt; did you mean main.greeting.say.wav?" in " ".join(remarks)


def test_what_is_missing_or_damaged_is_found_before_the_first_call(store):
    store.prepare(ALL)
    files = [store.path(prompt.name, prompt.language).with_suffix(".wav") for prompt in ALL]
    files[0].unlink()
    files[1].write_bytes(files[1].read_bytes()[:100])
    files[2].write_bytes(wav_bytes(np.zeros(8000, np.int16), 8000))
    what = {problem.prompt: problem.what for problem in store.verify()}
    assert set(what) == {"main.greeting.say", "main.topic.ask", "main.topic.no_input.1"}
    assert "no sound yet" in what["main.greeting.say"]
    assert "cut off" in what["main.topic.ask"]
    assert "silent" in what["main.topic.no_input.1"]


def test_a_damaged_file_is_made_again(store, tmp_path, engine):
    store.prepare(ALL)
    place = store.path(HELLO.name, "ru").with_suffix(".wav")
    place.write_bytes(place.read_bytes()[:-2])
    assert another(tmp_path, engine).prepare(ALL).rendered == 1
    assert store.verify() == []


def test_prompts_can_be_verified_without_making_any(store, engine, tmp_path):
    assert [problem.prompt for problem in store.verify(ALL)] == [prompt.name for prompt in ALL]
    assert engine.spoken == []
    assert not (tmp_path / "cache").exists()


async def test_a_sentence_for_one_caller_is_made_and_kept(store, engine):
    place = await store.say("Ваш звонок третий в очереди.", "ru")
    assert is_telephone_wav(place.with_suffix(".wav"))
    assert await store.say("Ваш звонок третий в очереди.", "ru") == place
    assert len(engine.spoken) == 1


class Slow(ScriptedSynthesizer):
    """Speaks when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.may_speak = threading.Event()
        self.asked = threading.Event()

    def speak(self, text, language, voice):
        self.asked.set()
        assert self.may_speak.wait(20)
        return super().speak(text, language, voice)


async def test_callers_who_need_the_same_sentence_at_once_share_it_and_the_service_goes_on(tmp_path):
    engine = Slow()
    store = another(tmp_path, engine)
    callers = [asyncio.create_task(store.say("две минуты", "ru")) for _ in range(5)]
    await asyncio.to_thread(engine.asked.wait, 20)  # the loop is free while the engine speaks
    callers[0].cancel()
    engine.may_speak.set()
    places = await asyncio.gather(*callers, return_exceptions=True)
    assert isinstance(places[0], asyncio.CancelledError)
    assert len(set(places[1:])) == 1
    assert engine.spoken == ["две минуты"]


async def test_a_sentence_that_cannot_be_made_fails_each_caller_and_may_be_tried_again(tmp_path):
    engine = ScriptedSynthesizer(failures={"нет": "no breath"})
    store = another(tmp_path, engine)
    for _ in range(2):
        both = await asyncio.gather(store.say("нет", "ru"), store.say("нет", "ru"), return_exceptions=True)
        assert all(isinstance(one, SynthesisFailed) for one in both)
    engine.failures.clear()
    assert (await store.say("нет", "ru")).with_suffix(".wav").exists()


async def test_likely_sentences_are_made_beforehand_and_a_bad_one_is_skipped(tmp_path):
    engine = ScriptedSynthesizer(failures={"b": "stammers"})
    store = another(tmp_path, engine)
    with capture_logs() as logs:
        assert await store.warm([("a", "ru"), ("b", "ru"), ("c", "en")]) == 2
    assert [line["event"] for line in logs] == ["sentence cannot be made"]
    engine.spoken.clear()
    await store.say("c", "en")
    assert engine.spoken == []


async def test_sentences_for_callers_go_when_nobody_needs_them_but_prompts_stay(store):
    store.prepare(ALL)
    old, fresh = [(await store.say(text, "ru")).with_suffix(".wav") for text in ("старое", "новое")]
    month_ago = time.time() - 31 * 86400
    for file in [old, *(store.path(p.name, p.language).with_suffix(".wav") for p in ALL)]:
        os.utime(file, (month_ago, month_ago))
    assert store.cache.sweep() == 1
    assert not old.exists()
    assert fresh.exists()
    assert store.verify() == []


async def test_a_sentence_that_is_said_again_stays(store):
    place = (await store.say("снова", "ru")).with_suffix(".wav")
    os.utime(place, (0, 0))
    await store.say("снова", "ru")
    assert store.cache.sweep() == 0


@pytest.fixture
def strict_umask():
    before = os.umask(0o077)
    yield
    os.umask(before)


async def test_the_switch_another_user_plays_what_it_is_told_to_but_cannot_list_what_there_is(
    store, tmp_path, strict_umask
):
    store.prepare([HELLO])
    said = (await store.say("номер три", "ru")).with_suffix(".wav")
    for file in (said, store.path(HELLO.name, "ru").with_suffix(".wav")):
        assert file.stat().st_mode & 0o777 == 0o644
    for folder in ("cache", "cache/ru", "cache/ru/said"):
        assert (tmp_path / folder).stat().st_mode & 0o777 == 0o711, folder


CHILD = textwrap.dedent("""
    import resource, sys
    from pathlib import Path
    from speech.saying.prompts import PromptStore, PromptText
    from speech.saying.scripted_synthesizer import ScriptedSynthesizer
    from speech.saying.sound_cache import CacheUnwritable

    if limit := int(sys.argv[2]):
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))  # as a full disk: writing stops half-way
    prompts = [PromptText(f"m.n{n}.say", "ru", f"Предложение {n}, ещё слова и ещё слова") for n in range(60)]
    store = PromptStore(Path(sys.argv[1]), ["ru"], engines=[ScriptedSynthesizer()])
    print("begins", flush=True)
    try:
        report = store.prepare(prompts)
    except CacheUnwritable as fault:
        sys.exit(str(fault))
    print(report.rendered + report.cached, len(report.problems), len(store.verify()))
""")


def child(folder: Path, limit: int = 0) -> subprocess.Popen:
    command = [sys.executable, "-c", CHILD, str(folder), str(limit)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, cwd=Path(__file__).parents[2], **pipes)


def test_processes_that_prepare_the_same_folder_at_once_do_not_disturb_each_other(tmp_path):
    children = [child(tmp_path) for _ in range(4)]
    for one in children:
        said, complaints = one.communicate(timeout=60)
        assert (one.returncode, said.split()[1:]) == (0, ["60", "0", "0"]), complaints
    assert len(list(tmp_path.glob("ru/*.wav"))) == 60
    assert not list(tmp_path.glob("ru/.*"))


def test_a_killed_process_leaves_no_half_file_and_the_next_finishes_the_work(tmp_path):
    rng = random.Random(3)
    for round_number in range(6):
        one = child(tmp_path / str(round_number))
        assert one.stdout.readline() == "begins\n"
        time.sleep(rng.uniform(0, 0.15))  # a kill at any moment is the matter here
        one.send_signal(signal.SIGKILL)
        one.communicate(timeout=20)
        files = list((tmp_path / str(round_number)).glob("ru/*.wav"))
        assert all(is_telephone_wav(file) for file in files)
    last = child(tmp_path / "0")
    said, _ = last.communicate(timeout=60)
    assert said.split()[1:] == ["60", "0", "0"]


def test_what_a_killed_process_left_half_written_goes_when_it_is_old(tmp_path):
    cache = SoundCache(tmp_path)
    cache.store(cache.place("ru", "x"), np.arange(800, dtype=np.int16))
    fresh, old = tmp_path / "ru" / ".abc.1.tmp", tmp_path / "ru" / ".def.2.tmp"
    for file in (fresh, old):
        file.write_bytes(b"RIFF")
    os.utime(old, (0, 0))
    assert cache.sweep() == 1
    assert fresh.exists()  # its writer may still be at it


def test_a_full_disk_is_one_clear_sentence_and_nothing_half_written(tmp_path):
    one = child(tmp_path, limit=5000)
    _, complaints = one.communicate(timeout=60)
    assert one.returncode == 1
    assert complaints.strip() == (
        f"cannot write prompts into {tmp_path / 'ru'}: File too large; "
        "make room there or give the hotline another folder"
    )
    assert not list(tmp_path.glob("ru/*.wav"))
    assert not list(tmp_path.glob("ru/.*"))


def test_a_folder_that_cannot_be_made_is_named(tmp_path, engine):
    (tmp_path / "cache").write_text("a file stands in the way")
    with pytest.raises(
        CacheUnwritable, match=f"cannot write prompts into {tmp_path}/cache/ru: .+; make room"
    ):
        another(tmp_path, engine).prepare(ALL)


def test_a_relative_folder_is_given_to_asterisk_as_an_absolute_one(tmp_path, monkeypatch, engine):
    monkeypatch.chdir(tmp_path)
    store = PromptStore(Path("cache"), ["ru"], engines=[engine])
    store.prepare([HELLO])
    shutil.copytree(tmp_path / "cache", tmp_path / "copy")
    assert store.path(HELLO.name, "ru").is_relative_to(tmp_path)


async def test_warming_stops_with_one_line_when_nothing_can_be_kept(tmp_path, engine):
    (tmp_path / "cache").write_text("a file stands in the way")
    store = another(tmp_path, engine)
    with capture_logs() as logs:
        assert await store.warm([("a", "ru"), ("b", "ru")]) == 0
    assert [line["event"] for line in logs] == ["no sentence can be kept"]
    assert engine.spoken == ["a"]
    store.close()
