"""One ear's sound: what is known at once, what waits for a thread, and the times of a stream."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.hearing.arrivals import KEPT, Arrivals
from ivr.hearing.ear_work import EarWork
from speech.expectation import Expectation, Meaning
from speech.listening_events import SpeechBegan, Understood
from tests.ivr.hearing.notebook import FRAME, Notebook

QUESTION = Expectation("menu", "ru", {"doctor": ("врач",)})


def test_wishes_are_done_between_the_sound_before_and_after_them():
    book = Notebook()
    work = EarWork(book)
    work.put(lambda listener: listener.expect(1, QUESTION, playing=True))
    work.put_sound(b"\x01\x00\x02\x00", 10.0)
    work.put_sound(b"\x03\x00", 10.02)
    work.put(lambda listener: listener.key())
    work.put_sound(b"\xff\xff", 10.04)
    assert book.pages == [("expect", 1, True), [1, 2], [3], "key", [-1]]


def test_that_he_speaks_is_known_before_any_thread_has_had_time():
    book = Notebook()
    work = EarWork(book)
    book.speaking, book.hints = True, [SpeechBegan(1, 0.0, 0.02)]
    assert work.put_sound(FRAME, 10.0) == [SpeechBegan(1, 0.0, 0.02)]
    assert work.pending


def test_nothing_of_a_silent_line_waits_for_a_thread():
    work = EarWork(Notebook())
    for number in range(500):
        work.put_sound(FRAME, number * 0.02)
    assert (work.pending, work.due(0.0), work.oldest()) == (False, False, None)
    assert work.waiting == 0.0


def test_speech_waits_until_it_is_worth_a_thread_or_may_be_decided():
    book = Notebook()
    book.speaking = True
    work = EarWork(book)
    work.put_sound(FRAME, 10.0)
    assert not work.due(0.06)
    book.hurry = True
    assert work.due(0.06)
    book.hurry = False
    work.put_sound(FRAME, 10.02)
    work.put_sound(FRAME, 10.04)
    assert work.due(0.06)
    assert work.waiting == pytest.approx(0.06)
    assert work.oldest() == 10.0
    work.work()
    assert not work.pending


def test_what_was_understood_and_how_much_was_spoken_for_it_is_told():
    book = Notebook()
    work = EarWork(book)
    work.put_sound(FRAME, 0.0)
    book.speaking = True
    work.put_sound(FRAME, 0.02)
    understood = Understood(1, Meaning("nothing"), 0.0, 0.1, 0.2)
    book.events = [understood]
    share = work.work()
    assert share.events == (understood,)
    assert share.sound == pytest.approx(0.02)
    assert work.work().sound == 0.0


def test_what_judging_costs_is_told_once():
    work = EarWork(Notebook(), clock=count(step=0.001).__next__)
    for _ in range(3):
        work.put_sound(FRAME, 0.0)
    assert work.judged() == pytest.approx((0.06, 0.003))
    assert work.judged() == (0.0, 0.0)


def test_what_is_kept_gets_the_sound_and_then_what_was_made_of_it():
    book, kept = Notebook(), []
    work = EarWork(book, lambda samples, events: kept.append((samples.size, len(events))))
    book.events = [Understood(1, Meaning("nothing"), 0.0, 0.1, 0.2)]
    work.put_sound(FRAME, 0.0)
    work.put_sound(FRAME, 0.02)
    work.work()
    work.work()
    assert kept == [(160, 0), (160, 0), (0, 1)]


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
