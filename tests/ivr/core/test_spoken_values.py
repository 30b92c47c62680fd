"""Digits, numbers, dates, yes and no: by key, by voice, mixed."""

from __future__ import annotations

from typing import Any

import pytest

from ivr.core.commands import Listen
from ivr.core.events import Digit, PromptFinished, Silence
from ivr.core.flow import CollectNode, Digits, HangupNode, Ladder, SayNode, Speech
from ivr.core.playbook import Playbook, enqueue, listen, note, nothing, play, stop
from ivr.core.said_value import read_back
from tests.ivr.core.menus import flow, said
from tests.ivr.core.speaking import HEARD, NONSENSE, asked, choice, speaking, value


def asking(**options: Any) -> Playbook:
    """A question for a value, on 2 March 2026; its answer is in `conversation.data["it"]`."""
    node = CollectNode(
        ask=said("?"),
        store="it",
        next="thanks",
        no_input=Ladder("end"),
        no_match=Ladder("end", say=(said("Ещё раз."),)),
        **options,
    )
    nodes = {"q": node, "thanks": SayNode(said("Спасибо."), "end"), "end": HangupNode()}
    return Playbook(flow(nodes)) >> HEARD << play("q.ask") << listen(5)


def keyed(keys: str, **options: Any) -> str | None:
    """The value that is kept, None when the keys mean nothing. "." is a silence."""
    conversation = asking(**options).conversation
    for key in keys:
        conversation.handle(Silence() if key == "." else Digit(key), Playbook(flow({"end": HangupNode()})).at)
    return conversation.data.get("it")


def test_digits_are_read_back_in_words_and_kept_when_he_says_yes():
    (
        speaking(asked("main.card"))
        >> value("012345")
        << note("asked back", by="speech", card="***", confidence="0.90")
        << play("card.confirm", text="Вы назвали: ноль один два, три четыре пять. Верно?", language="ru")
        << listen(6)
        >> value("yes")
        << stop()
        << note("confirmed", card="***", answer="speech")
        << note("entered", by="speech", card="***", confidence="0.90")
        << enqueue("general", data={"card": "012345"}, personal=("card",))
    )


def test_digits_said_follow_those_pressed():
    book = asked("main.card") >> Digit("1") << stop() << listen(6) >> Digit("2") << listen(6)
    book = (
        book
        >> value("3456")
        << play("card.confirm", text="Вы назвали: один два три, четыре пять шесть. Верно?")
        << listen(6)
    )
    book >> Digit("1") << stop() << enqueue("general", data={"card": "123456"})


def test_digits_pressed_follow_those_said():
    book = speaking(asked("main.card")) >> value("12") << listen(2.0) >> Digit("3") << listen(6)
    book = book >> Digit("#") << play("card.confirm", text="Вы назвали: один два три. Верно?") << listen(6)
    book >> Digit("1") << stop() << enqueue("general", data={"card": "123"})


def test_who_reads_digits_out_in_groups_is_waited_for():
    book = speaking(asked("main.card")) >> value("12") << listen(2.0) >> value("34", 0.6) << listen(2.0)
    book = book >> Silence() << note("asked back", confidence="0.60") << play("card.confirm") << listen(6)
    assert "один два, три четыре" in book._story()


def test_only_as_many_digits_as_are_lacking_are_expected():
    book = speaking(asked("main.card"))
    (listening,) = [one for one in book.conversation.handle(value("1"), book.at) if isinstance(one, Listen)]
    assert listening.speech is not None
    assert listening.speech.digits == (1, 5)


def test_more_digits_than_there_are_places_for_are_not_understood():
    (
        speaking(asked("main.card"))
        >> value("1234567")
        << note("no match", by="speech")
        << play("card.no_match.1")
    )


def test_too_few_digits_said_are_a_failure_when_no_more_come():
    book = speaking(asked("main.card")) >> value("1") << listen(2.0)
    book >> Silence() << note("no match", entered="***") << play("card.no_match.1")


def test_after_a_no_the_digits_are_asked_for_again():
    book = speaking(asked("main.card")) >> value("123456") << play("card.confirm") << listen(6)
    book = (
        book
        >> value("no")
        << stop()
        << note("denied", card="***")
        << play("hotline.misheard")
        << play("card.ask")
        << listen(6)
    )
    book >> value("654321") << stop() << play("card.confirm") << listen(6)


def test_who_has_no_card_says_so():
    (
        speaking(asked("main.card"))
        >> choice("none")
        << note("entered", by="speech")
        << enqueue("general", data={"card": ""})
    )


def test_whether_he_has_no_card_is_asked_back_when_heard_badly():
    book = speaking(asked("main.card")) >> choice("none", 0.5) << play("card.confirm.none") << listen(6)
    book >> value("yes") << stop() << enqueue("general", data={"card": ""})


@pytest.mark.parametrize("strange", [choice("doctor"), NONSENSE, value("12", 0.1), value("x")])
def test_words_that_are_no_digits_are_not_understood(strange: Any):
    (
        speaking(asked("main.card"))
        >> strange
        << note("no match", by="speech", heard="***")
        << play("card.no_match.1")
    )


def test_a_value_heard_well_need_not_be_read_back():
    book = asking(what="number", confirm=False, personal=False) >> value("250") << stop()
    book << note("entered", by="speech", it="250") << play("thanks.say") << nothing()


def test_a_value_heard_badly_is_read_back_all_the_same():
    book = (
        asking(what="number", confirm=False)
        >> value("250", 0.5)
        << stop()
        << play("q.confirm", text="Вы назвали: 250. Верно?")
    )
    book << listen(5) >> PromptFinished() << nothing() >> Digit("1") << play("thanks.say")


def test_yes_and_no_are_not_read_back():
    asking(what="yes_no") >> value("yes") << stop() << play("thanks.say")
    asking(what="yes_no") >> value("no", 0.5) << stop() << play("q.confirm", text="Вы назвали: нет. Верно?")


def test_a_spoken_date_is_read_back_with_its_year():
    book = asking(what="date") >> value("2026-05-09") << stop()
    book << play("q.confirm", text="Вы назвали: девятое мая две тысячи двадцать шестого года. Верно?")


def test_a_date_is_expected_from_today_on():
    book = asking(what="date")
    (listening,) = [one for one in book.conversation.handle(NONSENSE, book.at) if isinstance(one, Listen)]
    assert listening.speech is not None
    assert (listening.speech.kind, listening.speech.today) == ("date", "2026-03-02")


@pytest.mark.parametrize(
    ("said_", "options"),
    [
        ("1000", {"what": "number", "max": 999}),
        ("17", {"what": "number", "min": 18}),
        ("-1", {"what": "number"}),
        ("2026-03-03", {"what": "date", "limit": "past"}),
        ("2026-03-01", {"what": "date", "limit": "future"}),
        ("9 мая", {"what": "date"}),
        ("perhaps", {"what": "yes_no"}),
    ],
)
def test_a_spoken_value_beyond_the_limits_is_not_understood(said_: str, options: dict[str, Any]):
    asking(**options) >> value(said_) << stop() << note("no match", by="speech") << play("q.no_match.1")


@pytest.mark.parametrize(
    ("keys", "kept", "options"),
    [
        ("007#", "7", {"what": "number"}),
        ("42.", "42", {"what": "number"}),
        ("150", "150", {"what": "number", "max": 150}),
        ("151", None, {"what": "number", "max": 150}),
        ("#", None, {"what": "number"}),
        ("17#", None, {"what": "number", "min": 18}),
        ("09051945", "1945-05-09", {"what": "date"}),
        ("0905#", "2026-05-09", {"what": "date"}),
        ("0103.", "2027-03-01", {"what": "date"}),
        ("0203.", "2026-03-02", {"what": "date"}),
        ("0905#", "2025-05-09", {"what": "date", "limit": "past"}),
        ("2902#", "2028-02-29", {"what": "date", "limit": "future"}),
        ("29022027", None, {"what": "date"}),
        ("3113#", None, {"what": "date"}),
        ("09052027", None, {"what": "date", "limit": "past"}),
        ("090#", None, {"what": "date"}),
        ("1", "yes", {"what": "yes_no"}),
        ("2", "no", {"what": "yes_no"}),
        ("3", None, {"what": "yes_no"}),
        ("*", None, {"what": "yes_no"}),
        ("0123#", "0123", {"what": "digits"}),
    ],
)  # fmt: skip
def test_values_by_key(keys: str, kept: str | None, options: dict[str, Any]):
    assert keyed(keys, **options) == kept


@pytest.mark.parametrize(
    ("what", "said_", "language", "aloud"),
    [
        ("digits", "7", "ru", "семь"),
        ("digits", "0123", "en", "zero one, two three"),
        ("digits", "1234567", "ru", "один два три, четыре пять, шесть семь"),
        ("number", "250", "ru", "250"),
        ("date", "2026-05-09", "en", "9 May 2026"),
        ("date", "1990-01-03", "ru", "третье января тысяча девятьсот девяностого года"),
        ("date", "2003-02-20", "ru", "двадцатое февраля две тысячи третьего года"),
        ("date", "1945-12-31", "ru", "тридцать первое декабря тысяча девятьсот сорок пятого года"),
        ("date", "2000-04-11", "ru", "одиннадцатое апреля двухтысячного года"),
        ("date", "1799-06-06", "ru", "шестое июня 1799 года"),
        ("yes_no", "yes", "de", "yes"),
    ],
)
def test_values_are_read_back_so_that_an_engine_cannot_stumble(
    what: str, said_: str, language: str, aloud: str
):
    assert read_back(what, said_, language) == aloud


def test_an_entry_by_keys_only_takes_no_speech():
    book = asking(digits=Digits(1, 2), speech=Speech(off=True))
    book >> value("12") << nothing() >> Digit("1") << stop() << listen(5, speech=None)
