"""An engine that misbehaves, played by small programs of our own."""

import sys
import time

import pytest

from speech.saying.engine_process import run_engine
from speech.saying.espeak import Espeak
from speech.saying.prompts import PromptStore, PromptText
from speech.saying.synthesizer import SynthesisFailed


def program(code: str) -> list[str]:
    return [sys.executable, "-c", code]


SILENT = """
import sys
sys.path.insert(0, {here!r})
import numpy as np
from speech.wav import wav_bytes
sys.stdin.read()
sys.stdout.buffer.write(wav_bytes(np.zeros(800, np.int16), 8000))
"""


def test_an_engine_that_hangs_is_ended_in_time():
    began = time.monotonic()
    with pytest.raises(SynthesisFailed, match="hummer was not done after 0 s"):
        run_engine("hummer", program("import time; time.sleep(60)"), "один", 0.3)
    assert time.monotonic() - began < 10


def test_an_engine_that_is_not_installed_is_named():
    with pytest.raises(SynthesisFailed, match=r"hummer could not be started \(No such file.*installed"):
        run_engine("hummer", ["/nowhere/hummer"], "один", 5)


def test_an_engine_that_fails_says_why():
    with pytest.raises(SynthesisFailed, match="hummer failed with exit code 3: no voices here"):
        run_engine(
            "hummer", program("import sys; print('no voices here', file=sys.stderr); sys.exit(3)"), "один", 20
        )


def test_an_engine_killed_from_outside_is_told_apart_from_a_good_one():
    with pytest.raises(SynthesisFailed, match="exit code -9"):
        run_engine("hummer", program("import os; os.kill(os.getpid(), 9)"), "один", 20)


def test_an_engine_that_writes_no_sound_is_found_out():
    with pytest.raises(SynthesisFailed, match="gave no sound: not a WAV"):
        run_engine("hummer", program("print('hello')"), "один", 20)


def test_an_engine_that_is_silent_is_found_out():
    with pytest.raises(SynthesisFailed, match="gave silence"):
        run_engine("hummer", program(SILENT.format(here=sys.path[0])), "один", 20)


def test_a_text_that_an_engine_does_not_read_to_its_end_breaks_nothing():
    with pytest.raises(SynthesisFailed, match="gave no sound"):
        run_engine("hummer", program("pass"), "один " * 100_000, 20)


def test_the_text_reaches_it_as_utf_8_on_stdin_and_secrets_do_not(monkeypatch):
    monkeypatch.setenv("HOTLINE_SECRET", "tell nobody")
    code = "import os, sys; sys.stderr.write(sys.stdin.buffer.read().decode() + str(sorted(os.environ))); sys.exit(1)"
    with pytest.raises(SynthesisFailed, match="ёж") as failure:
        run_engine("hummer", program(code), "ёж", 20)
    assert "HOTLINE_SECRET" not in str(failure.value)


def test_an_engine_that_vanished_is_a_problem_of_each_prompt_and_no_crash(tmp_path):
    store = PromptStore(tmp_path, ["ru"], engines=[Espeak(program="/nowhere/espeak-ng")])
    [problem] = store.prepare([PromptText("main.a.say", "ru", "один")]).problems
    assert "espeak-ng does not tell its version" in str(problem)
