"""The hotline's own sentences, as callers and operators hear them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speech.saying.phrases import (
    FIXED,
    fixed_prompts,
    forecast,
    likely_sentences,
    paused,
    queue_place,
    topic_call,
)


@pytest.mark.parametrize(
    ("position", "wait", "said"),
    [
        (1, 30, ("Ваш звонок следующий.", "Время ожидания — меньше минуты.")),
        (3, 120, ("Ваш звонок третий в очереди.", "Время ожидания — примерно две минуты.")),
        (
            21,
            1201,
            ("Ваш звонок двадцать первый в очереди.", "Время ожидания — примерно двадцать пять минут."),
        ),
        (2, None, ("Ваш звонок второй в очереди.",)),
        (101, 3601, ("Время ожидания — больше часа.",)),
        (101, None, ()),
    ],
)
def test_a_caller_is_told_his_place_and_the_forecast(position, wait, said):
    assert queue_place(position, wait, "ru") == said


def test_the_same_in_english():
    assert queue_place(1, 60, "en") == ("Your call is next.", "The wait is about one minute.")
    assert queue_place(3, 61, "en") == ("Your call is third in the queue.", "The wait is about two minutes.")


@pytest.mark.parametrize(
    ("seconds", "minutes"),
    [
        (60, "одна минута"),
        (61, "две минуты"),
        (300, "пять минут"),
        (600, "десять минут"),
        (601, "пятнадцать минут"),
        (3600, "шестьдесят минут"),
    ],
)
def test_a_forecast_is_rounded_up(seconds, minutes):
    assert forecast(seconds, "ru") == f"Время ожидания — примерно {minutes}."


@given(st.floats(0, 10**6), st.floats(0, 10**6))
def test_a_longer_wait_is_never_announced_as_a_shorter_one(one, other):
    order = [forecast(0, "en"), *(forecast(m * 60, "en") for m in [*range(1, 11), *range(15, 61, 5)])]
    order.append(forecast(10**7, "en"))
    shorter, longer = sorted((one, other))
    assert order.index(forecast(shorter, "en")) <= order.index(forecast(longer, "en"))


@pytest.mark.parametrize(("position", "wait"), [(0, None), (-1, 3), (1, -1)])
def test_a_place_or_wait_that_cannot_be_is_refused(position, wait):
    with pytest.raises(ValueError, match="not"):
        queue_place(position, wait, "ru")


def test_a_pause_is_confirmed_with_its_reason():
    assert paused("обед", "ru") == "Перерыв: обед. Звонков не будет."
    assert paused("", "ru") == FIXED["hotline.paused"]["ru"]


def test_the_operator_hears_what_the_call_is_about():
    assert topic_call("Медицинская помощь.", "ru") == "Звонок по теме: Медицинская помощь."
    assert topic_call("{0} braces", "en") == "A call about: {0} braces."


def test_every_fixed_sentence_exists_in_every_language():
    prompts = fixed_prompts(["ru", "en"])
    assert len({(p.name, p.language) for p in prompts}) == len(prompts) == 2 * len(FIXED)
    assert all(p.text.strip() and p.name.startswith("hotline.") for p in prompts)


def test_a_language_without_sentences_is_named():
    with pytest.raises(ValueError, match="not written in 'de'"):
        fixed_prompts(["ru", "de"])


def test_what_is_said_most_is_known_beforehand_each_once():
    sentences = likely_sentences(
        ["ru", "en"], [{"ru": "Работа", "en": "Jobs"}, {"ru": "Врач"}], [{"ru": "обед"}]
    )
    assert len(set(sentences)) == len(sentences)
    for expected in [
        (topic_call("Врач", "ru"), "ru"),
        (topic_call("Jobs", "en"), "en"),
        (paused("обед", "ru"), "ru"),
        ("Ваш звонок третий в очереди.", "ru"),
        (forecast(0, "en"), "en"),
        (forecast(600, "ru"), "ru"),
    ]:
        assert expected in sentences
    assert not any("Врач" in text for text, language in sentences if language == "en")
