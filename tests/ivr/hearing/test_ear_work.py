"""One ear's inbox: the order of sound and wishes, shares, and times of a stream."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.hearing.arrivals import KEPT, Arrivals
from ivr.hearing.ear_work import SHARE, EarWork
from speech.expectation import Expectation, Meaning
from speech.listening_events import ListenerEvent, SpeechBegan, Understood
from speech.pcm import Samples

FRAME = bytes(320)
QUESTION = Expectation("menu", "ru", {"doctor": ("врач",)})


class Notebook:
    """A listener that writes down what it is given, and wants nothing after it was closed."""

    def __init__(self) -> None:
        self.pages: list[object] = []
        self.speaking = False
        self.events: list[ListenerEvent] = []
        self.closed = False

    def feed(self, samples: Samples) -> list[ListenerEvent]:
        assert not self.closed
        assert samples.dtype == np.int16
        self.pages.append(samples.tolist())
        events, self.events = self.events, []
        return events

    def expect(self, turn: int, expectation: Expectation | None, *, playing: bool) -> None:
        self.pages.append(("expect", turn, playing))

    def playing(self, on: bool) -> None:
        self.pages.append(("playing", on))

    def key(self) -> None:
        self.pages.append("key")

    def close(self) -> None:
        self.closed = True


def test_wishes_are_done_between_the_sound_before_and_after_them():
    book = Notebook()
    work = EarWork(lambda: book)
    work.put(lambda listener: listener.expect(1, QUESTION, playing=True))
    work.put_sound(b"\x01\x00\x02\x00", 10.0)
    work.put_sound(b"\x03\x00", 10.02)
    work.put(lambda listener: listener.key())
    work.put_sound(b"\xff\xff", 10.04)
    work.work()
    assert book.pages == [("expect", 1, True), [1, 2, 3], "key", [-1]]
    assert not work.pending
    assert work.waiting == pytest.approx(0.0)


def test_a_share_is_bounded_and_the_rest_waits_its_turn():
    work = EarWork(Notebook)
    for number in range(150):
        work.put_sound(FRAME, number * 0.02)
    assert work.waiting == pytest.approx(3.0)
    assert work.oldest() == 0.0
    assert work.work().sound == pytest.approx(SHARE)
    assert work.waiting == pytest.approx(3.0 - SHARE)
    assert work.oldest() == pytest.approx(SHARE)
    work.work()
    work.work()
    assert not work.pending
    assert work.oldest() is None


def test_the_listener_is_made_when_it_is_first_needed_and_once():
    made: list[Notebook] = []

    def make() -> Notebook:
        made.append(Notebook())
        return made[-1]

    work = EarWork(make)
    assert not made
    for _ in range(3):
        work.put_sound(FRAME, 0.0)
        work.work()
    assert len(made) == 1


def test_what_was_heard_and_how_costly_it_was_is_told():
    book = Notebook()
    work = EarWork(lambda: book)
    began = SpeechBegan(1, 0.1, 0.2)
    book.events = [began]
    work.put_sound(FRAME, 0.0)
    share = work.work()
    assert share.events == (began,)
    assert share.speaking
    book.speaking = False
    work.put_sound(FRAME, 0.02)
    assert not work.work().speaking


def test_what_is_kept_gets_the_sound_with_what_was_made_of_it():
    book, kept = Notebook(), []
    work = EarWork(lambda: book, lambda samples, events: kept.append((samples.size, len(events))))
    book.events = [Understood(1, Meaning("nothing"), 0.0, 0.1, 0.2)]
    work.put_sound(FRAME, 0.0)
    work.put_silence(0.1, 0.02)
    work.work()
    assert kept == [(160 + 800, 1)]


def test_a_moment_of_the_stream_has_the_clock_of_the_piece_that_brought_it():
    arrivals = Arrivals()
    arrivals.add(0.02, 100.0)
    arrivals.add(0.02, 100.5)
    assert arrivals.of(0.01) == 100.0
    assert arrivals.of(0.02) == 100.0
    assert arrivals.of(0.03) == 100.5
    assert arrivals.of(-1.0) == 100.0
    assert arrivals.of(9.0) == 100.5


def test_a_stream_without_sound_has_no_moments():
    with pytest.raises(LookupError):
        Arrivals().of(0.0)


@given(st.lists(st.floats(0.001, 2.0), min_size=1, max_size=60), st.floats(0, 120))
def test_arrivals_never_go_backwards(pieces, moment):
    arrivals = Arrivals()
    for number, seconds in enumerate(pieces):
        arrivals.add(seconds, float(number))
    assert arrivals.of(moment) <= arrivals.of(moment + 0.5)


def test_an_hour_of_a_call_keeps_half_a_minute_of_arrivals():
    arrivals = Arrivals()
    for number in range(3600 * 50):
        arrivals.add(0.02, number * 0.02)
    assert arrivals.of(0.0) >= 3600 - KEPT - 0.1
