import pytest
from hypothesis import given
from hypothesis import strategies as st

from speech.saying.reading import as_spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("ул. Ленина, д. 5", "улица Ленина, дом 5"),
        ("г. Казань, пр-т Победы", "город Казань, проспект Победы"),
        ("тел. 112, доб. 4", "телефон 112, добавочный 4"),
        ("окно № 3", "окно номер 3"),
        ("окно №3", "окно номер 3"),
        ("Паспорт, т. е. документ", "Паспорт, то есть документ"),
        ("Родился в 1990 г. Продолжим.", "Родился в 1990 г. Продолжим."),  # a year, not a town
        ("Стул. Продолжим.", "Стул. Продолжим."),
        ("Он врач и т. д.", "Он врач и так далее"),
        ("Ещё ёлка", "Ещё ёлка"),
    ],
)
def test_abbreviations_are_written_out_where_they_are_certain(written, spoken):
    assert as_spoken(written, "ru") == spoken


def test_english_has_its_own():
    assert as_spoken("ext. 5, e.g. a doctor", "en") == "extension 5, for example a doctor"
    assert as_spoken("ул. Ленина", "en") == "ул. Ленина"


def test_signs_that_are_not_for_reading_are_gone():
    assert as_spoken(" a\n\tb\x00\u200bc\ud800 ", "en") == "a b c"


@given(st.text(), st.sampled_from(["ru", "en", "xx"]))
def test_a_text_that_was_made_readable_stays_as_it_is_and_can_be_sent(text, language):
    once = as_spoken(text, language)
    assert as_spoken(once, language) == once
    once.encode()
