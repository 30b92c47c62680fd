"""AudioSocket's bytes: whole or cut anywhere, right or wrong, the same messages."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.asterisk.audiosocket import (
    LONGEST_SOUND,
    RATES,
    Audio,
    AudioSocketDecoder,
    AudioSocketMessage,
    Digit,
    HungUp,
    Identified,
    NotAudioSocket,
    PeerError,
    encode,
)

WHOSE = UUID("49b0ba9e-1dda-4a9f-9eab-d079488a080d")
HELLO = encode(Identified(WHOSE))

later = st.one_of(
    st.builds(
        Audio,
        st.binary(max_size=700).map(lambda sound: sound[: len(sound) // 2 * 2]),
        st.sampled_from(sorted(RATES.values())),
    ),
    st.builds(Digit, st.sampled_from("0123456789*#ABCD")),
    st.builds(PeerError, st.none() | st.integers(0, 255)),
)
conversations = st.tuples(st.uuids(), st.lists(later, max_size=12), st.booleans())


def outcome(pieces: Iterable[bytes]) -> tuple[list[AudioSocketMessage], str]:
    """The messages, and the fault that ended them."""
    decoder, messages = AudioSocketDecoder(), []
    try:
        for piece in pieces:
            for message in decoder.feed(piece):
                messages.append(message)
            assert decoder.kept <= LONGEST_SOUND + 3
    except NotAudioSocket as fault:
        return messages, str(fault)
    return messages, ""


def cut(data: bytes, at: Iterable[int]) -> list[bytes]:
    borders = [0, *sorted(border % (len(data) + 1) for border in at), len(data)]
    return [data[a:b] for a, b in pairwise(borders)]


@given(conversations, st.lists(st.integers(0, 10_000), max_size=20))
def test_a_conversation_cut_anywhere_is_the_same_conversation(conversation, borders):
    id, messages, ends = conversation
    said = [Identified(id), *messages, *([HungUp()] if ends else [])]
    data = b"".join(map(encode, said))
    assert outcome([data]) == (said, "")
    assert outcome(cut(data, borders)) == (said, "")
    assert outcome(data[i : i + 1] for i in range(len(data))) == (said, "")


@given(st.binary(max_size=400), st.booleans(), st.lists(st.integers(0, 500), max_size=10))
def test_garbage_cut_anywhere_is_the_same_garbage(noise, greeted, borders):
    data = (HELLO if greeted else b"") + noise
    whole = outcome([data])
    assert outcome(cut(data, borders)) == whole
    assert outcome(data[i : i + 1] for i in range(len(data))) == whole


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("an HTTP request", b"GET / HTTP/1.1\r\n\r\n"),
        ("sound before the id", encode(Audio(bytes(320), 8000))),
        ("a second id", HELLO + HELLO),
        ("half a sample", HELLO + b"\x10\x00\x03abc"),
        ("sound of more than a second", HELLO + b"\x10\xff\xfe"),
        ("an id that is too short", b"\x01\x00\x0f"),
        ("a kind that does not exist", HELLO + b"\x42\x00\x00"),
        ("a digit of no telephone", HELLO + b"\x03\x00\x01x"),
        ("a hang-up with words", HELLO + b"\x00\x00\x04gone"),
        ("an error without end", HELLO + b"\xff\x01\x00"),
    ],
)
def test_what_is_no_audiosocket_is_named_as_soon_as_its_head_is_there(name, data):
    messages, fault = outcome([data])
    assert fault, name
    assert messages == ([Identified(WHOSE)] if data.startswith(HELLO) else [])


def test_a_peer_at_fault_stays_at_fault_and_nothing_of_it_is_kept():
    decoder = AudioSocketDecoder()
    for _ in range(3):
        with pytest.raises(NotAudioSocket):
            list(decoder.feed(b"GET / HTTP/1.1\r\n" * 1000))
        assert decoder.kept == 0


def test_nothing_after_the_hang_up_is_heard_or_kept():
    decoder = AudioSocketDecoder()
    assert list(decoder.feed(HELLO + encode(HungUp()) + b"whatever")) == [Identified(WHOSE), HungUp()]
    assert list(decoder.feed(bytes(5000))) == []
    assert decoder.kept == 0


def test_half_a_message_waits_for_its_other_half_however_late():
    decoder = AudioSocketDecoder()
    sound = encode(Audio(bytes(range(200)), 8000))
    assert list(decoder.feed(HELLO + sound[:101])) == [Identified(WHOSE)]
    assert decoder.kept == 101
    assert list(decoder.feed(sound[101:])) == [Audio(bytes(range(200)), 8000)]
    assert decoder.kept == 0


def test_minutes_of_silence_leave_nothing_behind():
    decoder = AudioSocketDecoder()
    list(decoder.feed(HELLO))
    frame = encode(Audio(bytes(320), 8000))
    heard = sum(len(list(decoder.feed(frame))) for _ in range(10 * 60 * 50))
    assert heard == 10 * 60 * 50
    assert decoder.kept == 0


def test_what_asterisk_22_sends_is_read_byte_for_byte():
    wire = bytes.fromhex("010010") + WHOSE.bytes + bytes.fromhex("100004 01000200 03000135 ff000104 000000")
    assert list(AudioSocketDecoder().feed(wire)) == [
        Identified(WHOSE),
        Audio(b"\x01\x00\x02\x00", 8000),
        Digit("5"),
        PeerError(4),
        HungUp(),
    ]


@pytest.mark.parametrize(("kind", "rate"), [(0x11, 12000), (0x12, 16000), (0x15, 44100), (0x18, 192000)])
def test_the_kind_of_sound_tells_its_rate(kind, rate):
    (_, sound) = AudioSocketDecoder().feed(HELLO + bytes([kind]) + b"\x00\x02\x00\x01")
    assert sound == Audio(b"\x00\x01", rate)


@pytest.mark.parametrize("message", [Audio(b"odd", 8000), Audio(bytes(LONGEST_SOUND + 2), 8000)])
def test_what_cannot_be_sent_is_refused(message):
    with pytest.raises(ValueError, match="no AudioSocket message"):
        encode(message)
