import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.asterisk.ami_reader import MessageReader, NotAManager, parse

GREETING = b"Asterisk Call Manager/11.0.0\r\n"
STREAM = (
    GREETING
    + (
        "Response: Success\r\nActionID: 1\r\nMessage: Authentication accepted\r\n\r\n"
        "Event: Newchannel\r\nCallerIDName: Ёжик Щукин\r\n"
        "ChanVariable: TOPIC=справка\r\nChanVariable: LINE=1\r\n\r\n"
        "Event: Hangup\r\nCause-txt: \r\nCause: 16\r\n\r\n"
    ).encode()
)
MESSAGES = [
    {"Response": "Success", "ActionID": "1", "Message": "Authentication accepted"},
    {"Event": "Newchannel", "CallerIDName": "Ёжик Щукин", "ChanVariable": "TOPIC=справка\nLINE=1"},
    {"Event": "Hangup", "Cause-txt": "", "Cause": "16"},
]


def read(*pieces: bytes) -> list[dict[str, str]]:
    reader = MessageReader()
    return [message for piece in pieces for message in reader.feed(piece)]


def test_a_cut_at_any_byte_changes_nothing_not_even_within_a_cyrillic_letter():
    for cut in range(len(STREAM) + 1):
        assert read(STREAM[:cut], STREAM[cut:]) == MESSAGES, cut


def test_one_byte_at_a_time_gives_the_same():
    assert read(*(bytes([byte]) for byte in STREAM)) == MESSAGES


@given(
    st.lists(
        st.lists(
            st.tuples(
                st.from_regex(r"[A-Z][A-Za-z-]{0,8}", fullmatch=True),
                st.text(st.characters(blacklist_characters="\r", blacklist_categories=["Cs"])),
            ),
            min_size=1,
            max_size=6,
            unique_by=lambda header: header[0],
        ),
        max_size=6,
    ),
    st.lists(st.integers(1, 40), min_size=1),
)
def test_what_is_written_is_read_whatever_the_text_and_wherever_the_reads_end(messages, sizes):
    stream = GREETING
    for headers in messages:
        stream += "".join(f"{name}: {value}\r\n" for name, value in headers).encode() + b"\r\n"
    pieces, at = [], 0
    while at < len(stream):
        size = sizes[len(pieces) % len(sizes)]
        pieces.append(stream[at : at + size])
        at += size
    assert read(*pieces) == [dict(headers) for headers in messages]


def test_of_a_second_event_header_nothing_is_taken_so_that_a_dialplan_cannot_forge_a_hang_up():
    assert parse(b"Event: UserEvent\r\nUserEvent: x\r\nEvent: Hangup\r\nActionID: 7\r\nActionID: 8") == {
        "Event": "UserEvent",
        "UserEvent": "x",
        "ActionID": "7",
    }


def test_empty_lines_between_messages_are_no_messages():
    stream = GREETING + b"\r\n\r\nEvent: A\r\n\r\n\r\n\r\n\r\nEvent: B\r\n\r\n\r\n"
    for cut in range(len(stream) + 1):
        assert read(stream[:cut], stream[cut:]) == [{"Event": "A"}, {"Event": "B"}], cut


def test_bytes_that_are_no_text_do_not_stop_the_stream():
    assert parse(b"Event: X\r\nCallerIDName: \xff\xd0") == {"Event": "X", "CallerIDName": "��"}


def test_a_colon_belongs_to_the_value_and_a_missing_space_is_forgiven():
    assert parse(b"Event:X\r\nURI: sip:a@b:5060\r\nno header here\r\nT:  two") == {
        "Event": "X",
        "URI": "sip:a@b:5060",
        "T": " two",
    }


@pytest.mark.parametrize(
    "greeting",
    [b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 400", b"As\r\n", b"\r\n", b"Asterisk Call Manager/" + b"1" * 300],
)
def test_a_peer_that_is_no_manager_is_known_by_its_greeting(greeting):
    with pytest.raises(NotAManager):
        read(greeting)
    with pytest.raises(NotAManager):
        read(*(bytes([byte]) for byte in greeting))


def test_a_message_that_never_ends_is_given_up_before_it_fills_the_memory():
    reader = MessageReader(longest=1000)
    list(reader.feed(GREETING))
    with pytest.raises(NotAManager):
        for _ in range(100):
            list(reader.feed(b"Output: no end\r\n"))
