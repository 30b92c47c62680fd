"""Messages as lines: they come back as they were; what is none of ours is named."""

from __future__ import annotations

import pytest

from ivr.hearing.address import BadAddress, joined, split
from ivr.hearing.messages import Began, Drain, Expect, Heard, Hello, Load, Open, Ready
from ivr.hearing.wire import LONGEST_LINE, NotOurs, from_controller, from_worker, line_of
from speech.expectation import Expectation, Meaning

QUESTION = Expectation(
    "menu", "ru", {"врач": ("врач", "скорая")}, {"person": ("оператор",)}, (4, 6), "2026-05-09"
)
MEANING = Meaning("choice", "врач", 0.9, "врач", (("психолог", 0.2),), "врача\nпожалуйста")


@pytest.mark.parametrize(
    "message", [Hello("x"), Open("e"), Expect("e", 3, QUESTION, playing=True), Drain(False)]
)
def test_what_a_controller_says_comes_back(message):
    line = line_of(message)
    assert line.count(b"\n") == 1
    assert from_controller(line) == message


@pytest.mark.parametrize(
    "message",
    [
        Ready(1, {"ru": "m"}, "a:1"),
        Began("e", 1, 0.1),
        Heard("e", 1, MEANING, 1.0, 0.3),
        Load(1, 0, 0.1, 0.0, True, 0),
    ],
)
def test_what_a_worker_says_comes_back(message):
    line = line_of(message)
    assert line.count(b"\n") == 1
    assert from_worker(line) == message


@pytest.mark.parametrize(
    "line", [b"", b"\n", b"{}", b"[1]", b'{"type":"Open"}', b'{"type":"Boo"}', b"\xff\xfe", b"[" * 100_000]
)
def test_a_line_that_is_no_message_is_refused_without_quoting_it(line):
    for read in (from_worker, from_controller):
        with pytest.raises(NotOurs) as fault:
            read(line)
        assert "Boo" not in str(fault.value)


def test_a_worker_does_not_take_a_workers_words():
    with pytest.raises(NotOurs):
        from_controller(line_of(Began("e", 1, 0.1)))


def test_a_thousand_phrases_fit_a_line():
    many = Expectation("menu", "ru", {"all": tuple(f"фраза номер {n}" for n in range(1000))})
    assert len(line_of(Expect("e", 1, many))) < LONGEST_LINE / 10


@pytest.mark.parametrize(
    ("text", "host", "port"), [("127.0.0.1:7000", "127.0.0.1", 7000), ("[::1]:7", "::1", 7)]
)
def test_an_address_is_a_host_and_a_port(text, host, port):
    assert split(text) == (host, port)
    assert joined(host, port) == text


@pytest.mark.parametrize("text", ["", "host", ":7000", "host:", "host:x", "host:70000"])
def test_what_is_no_address_is_named(text):
    with pytest.raises(BadAddress):
        split(text)
