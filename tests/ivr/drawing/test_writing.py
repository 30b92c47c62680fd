from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ivr.drawing.writing import shortened, width, wrapped

TEXTS = st.text(alphabet="аяЩш iW.1 —", max_size=80)


def test_wide_letters_take_more_room_than_narrow_ones():
    assert width("шшш", 10) > width("ааа", 10) > width("iii", 10)


def test_a_letter_nobody_measured_counts_as_the_widest():
    assert width("漢", 10) > width("ш", 10)


def test_a_text_that_fits_is_left_alone_and_one_that_does_not_ends_in_dots():
    assert shortened("Врач", 10, 100) == "Врач"
    assert shortened("Психологическая поддержка", 10, 60).endswith("…")


@given(TEXTS, st.integers(30, 200), st.integers(1, 4))
def test_lines_never_exceed_their_room_nor_their_number(text: str, room: int, lines: int):
    made = wrapped(text, 10, room, lines)
    assert len(made) <= lines and all(width(line, 10) <= room for line in made)


@given(TEXTS)
def test_with_room_enough_no_word_is_lost(text: str):
    assert " ".join(wrapped(text, 10, 2000, 200)).split() == text.split()
