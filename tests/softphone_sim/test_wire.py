"""What farm and process tell each other survives the pipe, however it is cut, and keeps secrets."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from softphone_sim.person import PhoneEvent
from softphone_sim.phone import AddLine, Answer, Command, Dial, HangUp, PressKeys, Start, Stop, Transfer
from softphone_sim.wire import Lines, WireError, command_line, event_line, read_command, read_event

texts = st.text(max_size=20)
numbers = st.integers(0, 99)
commands = st.one_of(
    st.builds(Start, texts, texts, numbers, numbers, texts),
    st.builds(AddLine, texts, texts, texts, st.booleans(), texts),
    st.builds(Dial, texts, texts, texts, texts, numbers),
    st.builds(Answer, texts, numbers, st.sampled_from([200, 486])),
    st.builds(HangUp, texts, numbers),
    st.builds(PressKeys, texts, numbers, texts),
    st.builds(Transfer, texts, numbers, texts),
    st.just(Stop()),
)
events = st.builds(PhoneEvent, texts, texts, st.floats(allow_nan=False, allow_infinity=False), numbers, texts)


@given(said=st.lists(commands, max_size=5), cuts=st.lists(st.integers(0, 500), max_size=5))
def test_commands_arrive_as_they_were_sent_wherever_the_bytes_are_cut(said: list[Command], cuts: list[int]):
    stream = b"".join(command_line(command) for command in said)
    lines = Lines()
    edges = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    pieces = [stream[a:b] for a, b in pairwise(edges)]
    assert [read_command(line) for piece in pieces for line in lines.feed(piece)] == said


@given(event=events)
def test_an_event_is_one_line_and_arrives_as_it_was(event: PhoneEvent):
    line = event_line(event)
    assert line.count(b"\n") == 1
    assert read_event(line) == event


@pytest.mark.parametrize(
    "line", [b"", b"{", b'{"type":"fly"}', b'{"type":"dial","line":1}', b'{"type":"add_line","secret":5}']
)
def test_what_is_no_command_is_refused(line: bytes):
    with pytest.raises(WireError):
        read_command(line)


def test_a_secret_is_neither_in_the_text_of_a_command_nor_in_an_error():
    secret = "c0rrect-horse"
    assert secret not in repr(AddLine("op1", "op1", secret, True, "tone.wav"))
    line = command_line(AddLine("op1", "op1", secret, True, "tone.wav"))
    with pytest.raises(WireError) as refusal:
        read_command(line.replace(b"true", b'"perhaps"'))
    assert secret not in str(refusal.value)
