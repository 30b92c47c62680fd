"""WAV as others write it."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from speech.wav import SoundUnreadable, is_telephone_wav, parse_wav, read_wav, wav_bytes


def foreign(code: int, bits: int, body: bytes, *, channels: int = 1, rate: int = 8000, length=None) -> bytes:
    block = channels * bits // 8
    layout = struct.pack("<HHIIHH", code, channels, rate, rate * block, block, bits)
    parts = b"LIST" + struct.pack("<I", 3) + b"abc\0" + b"fmt " + struct.pack("<I", 16) + layout
    parts += b"data" + struct.pack("<I", len(body) if length is None else length) + body
    return b"RIFF" + struct.pack("<I", 4 + len(parts)) + b"WAVE" + parts


@given(st.lists(st.integers(-32768, 32767)), st.integers(1, 192000))
def test_what_is_written_is_read_back(values, rate):
    samples = np.array(values, np.int16)
    read_rate, read = parse_wav(wav_bytes(samples, rate))
    assert read_rate == rate
    assert np.array_equal(read, samples)


def test_a_length_that_a_pipe_could_not_know_ends_with_the_data():
    body = np.arange(100, dtype="<i2").tobytes()
    _, samples = parse_wav(foreign(1, 16, body, length=0x7FFFF000))
    assert samples.tolist() == list(range(100))


@pytest.mark.parametrize(
    ("code", "bits", "body"),
    [
        (1, 8, bytes([128, 192, 64])),
        (1, 16, struct.pack("<3h", 0, 16384, -16384)),
        (1, 24, b"\0\0\0" + b"\0\0\x40" + b"\0\0\xc0"),
        (1, 32, struct.pack("<3i", 0, 1 << 30, -(1 << 30))),
        (3, 32, struct.pack("<3f", 0, 0.5, -0.5)),
        (3, 64, struct.pack("<3d", 0, 0.5, -0.5)),
    ],
)
def test_every_usual_coding_gives_the_same_sound(code, bits, body):
    _, samples = parse_wav(foreign(code, bits, body))
    assert np.allclose(samples, [0, 16384, -16384], atol=2)


def test_telephone_codings_are_read_by_the_tables_of_g711():
    _, alaw = parse_wav(foreign(6, 8, bytes([0xD5, 0x55, 0xAA, 0x2A])))
    assert alaw.tolist() == [8, -8, 32256, -32256]
    _, ulaw = parse_wav(foreign(7, 8, bytes([0xFF, 0x7F, 0x80, 0x00])))
    assert ulaw.tolist() == [0, 0, 32124, -32124]


def test_stereo_is_mixed_to_one():
    _, samples = parse_wav(foreign(1, 16, struct.pack("<4h", 100, 300, -5, 5), channels=2))
    assert samples.tolist() == [200, 0]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not a WAV"),
        (b"ID3\x03" + bytes(40), "not a WAV"),
        (wav_bytes(np.zeros(9, np.int16), 8000)[:40], "no sound in it"),
        (foreign(85, 16, bytes(20)), "coding"),
        (foreign(1, 16, bytes(20), channels=0), "no channels"),
        (b"RIFF\0\0\0\0WAVEdata\x04\0\0\0abcd", "does not say"),
    ],
)
def test_what_is_no_sound_is_refused_with_a_reason(data, why):
    with pytest.raises(SoundUnreadable, match=why):
        parse_wav(data)


@given(st.binary(max_size=200), st.integers(0, 60))
def test_damaged_bytes_are_refused_or_read_but_never_break(noise, at):
    whole = bytearray(wav_bytes(np.arange(30, dtype=np.int16), 8000))
    whole[at : at + len(noise)] = noise
    try:
        _, samples = parse_wav(bytes(whole))
    except SoundUnreadable:
        return
    assert samples.dtype == np.int16


def test_an_unreadable_file_is_named(tmp_path):
    with pytest.raises(SoundUnreadable, match=r"nothing-here\.wav: No such file"):
        read_wav(tmp_path / "nothing-here.wav")


def test_only_whole_8_khz_mono_files_are_for_asterisk(tmp_path):
    good = wav_bytes(np.arange(800, dtype=np.int16), 8000)
    cases = {
        "good": (good, True),
        "cut": (good[:-1], False),
        "empty": (wav_bytes(np.zeros(0, np.int16), 8000), False),
        "rate": (wav_bytes(np.arange(800, dtype=np.int16), 16000), False),
        "stereo": (foreign(1, 16, bytes(800), channels=2), False),
        "nothing": (b"", False),
    }
    for name, (data, right) in cases.items():
        file = tmp_path / name
        file.write_bytes(data)
        assert is_telephone_wav(file) is right, name
    assert not is_telephone_wav(tmp_path / "missing")
