"""One ear of the worker, with a clock of the test's own and no thread: what is told, when, and how it ends."""

from __future__ import annotations

from uuid import uuid4

import pytest

from ivr.hearing.ear_work import EarWork, Share
from ivr.hearing.messages import Began, FromWorker, Heard, Lost, Opened, Refused
from ivr.hearing.worker_ear import GAP, TOO_LATE, WorkerEar
from speech.expectation import Meaning
from speech.listening_events import SpeechBegan, Understood
from tests.ivr.hearing.notebook import FRAME, Notebook

BATCH = 0.06


class Stage:
    """An ear, and everybody it talks to."""

    def __init__(self) -> None:
        self.now = 100.0
        self.told: list[FromWorker] = []
        self.queue: list[EarWork] = []
        self.over = 0
        self.closed = 0
        self.book = Notebook()
        id = uuid4()
        self.ear = WorkerEar(
            id,
            str(id),
            self,
            EarWork(self.book),
            queue=self.queue.append,
            over=self._over,
            batch=BATCH,
            clock=lambda: self.now,
        )
        self.ear.attach(self)

    def tell(self, message: FromWorker) -> None:
        self.told.append(message)

    def close(self) -> None:
        self.closed += 1

    def _over(self, ear: WorkerEar) -> None:
        self.over += 1

    def frames(self, count: int) -> None:
        for _ in range(count):
            self.now += 0.02
            self.ear.sound(FRAME, 8000)

    def work(self) -> Share:
        """What a thread would do."""
        share = self.queue.pop(0).work()
        self.ear.done(share)
        return share

    def beat(self, later: float) -> None:
        self.now += later
        self.ear.beat(self.now)


def test_the_first_sound_opens_the_ear_and_the_next_says_nothing_new():
    stage = Stage()
    stage.frames(5)
    assert stage.told == [Opened(stage.ear.name)]


def test_a_silent_caller_wakes_no_thread():
    stage = Stage()
    stage.frames(50)
    stage.beat(1.0)
    assert stage.queue == []


def test_a_thread_is_woken_for_a_batch_of_speech_and_never_twice_for_one_ear():
    stage = Stage()
    stage.book.speaking = True
    stage.frames(2)
    assert stage.queue == []
    stage.frames(10)
    assert len(stage.queue) == 1
    assert stage.work().sound == pytest.approx(0.24)
    assert stage.queue == []


def test_speech_that_stops_within_a_batch_is_heard_all_the_same():
    stage = Stage()
    stage.book.speaking = True
    stage.frames(2)
    stage.beat(0.1)
    assert stage.work().sound == pytest.approx(0.04)
    assert stage.ear.work.oldest() is None


def test_that_he_speaks_is_told_while_the_threads_are_busy_with_others():
    stage = Stage()
    stage.book.speaking, stage.book.hints = True, [SpeechBegan(1, 0.0, 0.02)]
    stage.frames(1)
    assert isinstance(stage.told[-1], Began)
    assert stage.queue == []


def test_a_phone_that_sends_nothing_in_pauses_lets_its_caller_come_to_an_end():
    stage = Stage()
    stage.book.speaking = True
    stage.frames(3)
    stage.work()
    stage.beat(GAP / 2)
    assert stage.queue == []
    stage.beat(GAP)
    assert stage.work().sound == pytest.approx(GAP * 1.5)
    stage.beat(GAP / 2)
    assert stage.queue == []  # that gap is filled; the next one is counted from here


def test_nobody_speaking_needs_no_silence_made():
    stage = Stage()
    stage.frames(3)
    for _ in range(600):
        stage.beat(0.1)
    assert stage.queue == []


def test_delays_are_counted_from_the_arrival_of_what_was_heard():
    stage = Stage()
    stage.book.speaking = True
    stage.frames(50)  # the second of sound arrived from 100.02 to 101.0
    stage.book.events = [
        SpeechBegan(7, 0.5, 0.6),
        Understood(7, Meaning("choice", "doctor", 0.9), 0.5, 0.9, 1.0),
    ]
    stage.now += 0.25
    stage.work()
    began, heard = stage.told[1:]
    assert isinstance(began, Began)
    assert isinstance(heard, Heard)
    assert (began.turn, heard.turn, heard.meaning.name) == (7, 7, "doctor")
    assert began.delay == pytest.approx(0.75, abs=0.021)
    assert heard.delay == pytest.approx(0.35, abs=0.021)
    assert heard.speech == pytest.approx(0.4)


def test_a_listener_that_fails_loses_its_own_ear_once():
    stage = Stage()
    stage.frames(3)
    stage.ear.done(RuntimeError("out of order"))
    stage.ear.ended("closed by us")
    assert stage.told[1:] == [Lost(stage.ear.name)]
    assert (stage.over, stage.closed) == (1, 1)


def test_sound_that_cannot_be_judged_loses_its_own_ear_once():
    stage = Stage()
    stage.frames(1)
    stage.book.broken = True
    stage.frames(2)
    assert stage.told[1:] == [Lost(stage.ear.name)]
    assert (stage.over, stage.closed) == (1, 1)


def test_an_ear_that_cannot_keep_up_is_given_up_before_it_fills_the_memory():
    stage = Stage()
    stage.book.speaking = True
    stage.frames(round(TOO_LATE / 0.02) + 2)
    assert stage.told[1:] == [Lost(stage.ear.name, "full")]
    assert (stage.over, stage.closed) == (1, 1)


def test_sound_that_never_came_is_a_refusal_and_sound_that_ends_is_a_loss():
    silent, cut = Stage(), Stage()
    silent.ear.ended("closed by the peer")
    cut.frames(1)
    cut.ear.ended("closed by the peer")
    assert silent.told == [Refused(silent.ear.name, "silent switch")]
    assert cut.told[1:] == [Lost(cut.ear.name)]


def test_what_comes_back_after_the_end_is_told_to_nobody():
    stage = Stage()
    stage.book.speaking = True
    stage.frames(3)
    stage.book.events = [SpeechBegan(1, 0.0, 0.1)]
    stage.ear.end()
    stage.work()
    assert stage.told == [Opened(stage.ear.name)]


def test_a_key_goes_to_the_listener_before_the_sound_after_it():
    stage = Stage()
    stage.frames(1)
    stage.ear.wish_key()
    stage.frames(1)
    assert stage.book.pages[1] == "key"
