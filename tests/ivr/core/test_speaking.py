from __future__ import annotations

from typing import cast

import pytest

from ivr.core.asking import FALSE_STARTS
from ivr.core.commands import Expect, Listen, Note
from ivr.core.events import (
    Digit,
    HearingChanged,
    PromptFinished,
    Resumed,
    Silence,
    SpeechStarted,
    Spoken,
    Started,
    TalkEnded,
)
from ivr.core.flow import Choice, HangupNode, Ladder, MenuNode, SayNode, Speech
from ivr.core.interpreter import State
from ivr.core.playbook import Playbook, enqueue, hangup, listen, note, nothing, play, stop
from ivr.core.walk import HISTORY, VISIT_LIMIT
from tests.ivr.core.menus import HELPLINE, flow, said
from tests.ivr.core.speaking import (
    CLINIC,
    HEARD,
    NONSENSE,
    NOTHING_SAID,
    asked,
    choice,
    command,
    in_doubt,
    speaking,
    value,
)


def expected(book: Playbook, event: object) -> Expect | None:
    """What the caller may say after this."""
    commands = book.conversation.handle(event, book.at)  # type: ignore[arg-type]
    return cast(Listen, next(one for one in commands if isinstance(one, Listen))).speech


# --- what may be said -----------------------------------------------------------------------------


def test_a_question_expects_its_phrases_and_the_commands_of_the_language_spoken():
    expect = expected(Playbook(CLINIC), HEARD)
    assert expect is not None
    assert (expect.kind, expect.language) == ("menu", "ru")
    assert expect.phrases["doctor"] == ("врач", "доктор")
    assert "keys only" not in expect.phrases
    assert set(expect.commands) == {"person", "repeat", "back"}
    assert "оператор" in expect.commands["person"]


def test_a_phrase_of_the_menu_is_no_command_there():
    expect = expected(asked("main.topic"), choice("more"))
    assert expect is not None
    assert "оператор" in expect.phrases["psychologist"]
    assert "оператор" not in expect.commands["person"]


def test_the_author_may_say_what_the_commands_are():
    menu = type(CLINIC)(
        "main", "1", "topic", CLINIC.nodes, "to_person", {"back": {"ru": ("вернись",)}, "repeat": {"ru": ()}}
    )
    expect = expected(Playbook(menu), HEARD)
    assert expect is not None
    assert expect.commands["back"] == ("вернись",)
    assert "repeat" not in expect.commands


@pytest.mark.parametrize(
    "start",
    [Started(), Started(hearing=True, heard_languages=("en",))],
    ids=["no ear", "no model of this language"],
)
def test_who_cannot_be_understood_is_asked_for_keys_only(start: Started):
    book = Playbook(CLINIC) >> start << play("topic.ask") << listen(5, speech=None)
    book >> SpeechStarted() << nothing() >> choice("doctor") << nothing()
    book >> Digit("4") << stop() << play("topic.no_match.1") << play("topic.ask") << listen(5, speech=None)


def test_a_question_may_take_keys_only():
    menu = flow(
        {
            "q": MenuNode(
                ask=said("1?"),
                choices=(Choice("a", "end", "1", {"ru": ("раз",)}),),
                no_input=Ladder("end"),
                no_match=Ladder("end"),
                speech=Speech(off=True),
            ),
            "end": HangupNode(),
        }
    )
    Playbook(menu) >> HEARD << play("q.ask") << listen(5, speech=None)


def test_nothing_is_listened_for_in_a_language_without_any_phrase():
    Playbook(CLINIC, language="de") >> HEARD << play("topic.ask") << listen(5, speech=None)


def test_where_the_spoken_question_has_no_text_in_his_language_the_other_is_asked():
    asked() >> choice("english") << stop() << play("topic.ask", language="en") << listen(5)


# --- a prompt gives way ---------------------------------------------------------------------------


def test_speech_cuts_the_prompt_once():
    asked() >> SpeechStarted() << stop() << note("barge-in") >> SpeechStarted() << nothing()


def test_speech_after_the_prompt_cuts_nothing():
    asked() >> PromptFinished() << nothing() >> SpeechStarted() << nothing()


def test_noise_that_cut_the_prompt_has_it_asked_again_a_few_times_and_is_held_against_nobody():
    book = asked()
    for _ in range(FALSE_STARTS):
        book = speaking(book) >> NOTHING_SAID << note("false start") << play("topic.ask_spoken") << listen(5)
    speaking(book) >> NOTHING_SAID << listen(5) >> Silence() << note("no input", time="1")


def test_noise_after_the_prompt_only_has_the_waiting_go_on():
    asked() >> PromptFinished() << nothing() >> SpeechStarted() << nothing() >> NOTHING_SAID << listen(5)


UNCUT = flow(
    {
        "q": MenuNode(
            ask=said("Важно. Врач?"),
            choices=(Choice("doctor", "bye", "1", {"ru": ("врач",)}), Choice("untold", "bye", "2")),
            no_input=Ladder("end"),
            no_match=Ladder("end"),
            interruptible=False,
        ),
        "bye": SayNode(said("До свидания."), next="end"),
        "end": HangupNode(),
    }
)


def test_what_must_be_heard_to_its_end_is_not_cut_but_what_he_says_counts():
    book = Playbook(UNCUT) >> HEARD << play("q.ask") << listen(5)
    book >> SpeechStarted() << nothing() >> choice("doctor") << play("bye.say") << nothing()


def test_a_key_pressed_before_he_spoke_wins_although_it_has_to_wait():
    book = Playbook(UNCUT) >> HEARD << play("q.ask") << listen(5)
    book >> Digit("1") << nothing() >> choice("doctor") << listen(5) >> PromptFinished() << play("bye.say")


def test_a_key_pressed_while_he_speaks_wins():
    book = speaking(asked("main.card")) >> Digit("1") << listen(6)
    (
        book
        >> value("55")
        << listen(6)
        >> Digit("2")
        << listen(6)
        >> Digit("#")
        << enqueue("general", data={"card": "12"})
    )


# --- choices --------------------------------------------------------------------------------------


def test_who_is_heard_well_goes_where_he_said():
    (
        speaking(asked())
        >> choice("doctor", 0.93)
        << note("menu choice", by="speech", choice="doctor", confidence="0.93", phrase="doctor")
        << enqueue("medical", data={"topic": "doctor"})
    )


def test_a_decision_before_the_prompt_was_cut_cuts_it():
    asked() >> choice("doctor") << stop() << enqueue("medical")


def test_what_was_not_understood_climbs_the_ladder_to_a_person():
    (
        speaking(asked())
        >> NONSENSE
        << note("no match", by="speech", heard="***", time="1")
        << play("topic.no_match_spoken.1")
        << play("topic.ask_spoken")
        << listen(5)
        >> choice("doctor", 0.1)
        << stop()
        << play("topic.no_match_spoken.2")
        << play("topic.ask_spoken")
        << listen(5)
        >> NONSENSE
        << stop()
        << enqueue("general", line=None)
    )


def test_a_wrong_key_is_answered_in_the_words_for_keys():
    asked() >> Digit("4") << stop() << play("topic.no_match.1") << play("topic.ask_spoken") << listen(5)


@pytest.mark.parametrize(
    "strange",
    [choice("nobody"), value("5"), Spoken("command", "dance", 1.0), choice("keys only", 0.5)],
    ids=["a choice of another question", "a value", "no command", "a choice that cannot be asked back"],
)
def test_what_nobody_asked_for_is_not_understood(strange: Spoken):
    speaking(asked()) >> strange << note("no match", by="speech") << play("topic.no_match_spoken.1")


def test_words_are_never_written_down():
    book = speaking(asked())
    for event in (
        NONSENSE,
        choice("doctor", 0.5),
        NONSENSE,
        choice("card"),
        value("123456", 0.9),
        value("yes"),
    ):
        for one in book.conversation.handle(event, book.at):
            if isinstance(one, Note):
                assert "personal words" not in str(one) and "123456" not in str(one)


# --- asking back ----------------------------------------------------------------------------------


def test_who_is_heard_badly_is_asked_back_and_may_say_yes():
    (
        speaking(asked())
        >> choice("doctor", 0.5)
        << note("asked back", choice="doctor", confidence="0.50", phrase="doctor")
        << play("topic.confirm.doctor")
        << listen(5)
        >> value("yes")
        << stop()
        << note("confirmed", choice="doctor", answer="speech")
        << note("menu choice", by="speech", choice="doctor")
        << enqueue("medical")
    )


def test_while_he_is_asked_back_yes_no_and_the_other_choices_are_expected():
    expect = expected(speaking(asked()), choice("doctor", 0.5))
    assert expect is not None
    assert expect.kind == "yes_no"
    assert "card" in expect.phrases


@pytest.mark.parametrize("yes", [Digit("1"), choice("doctor", 0.5)], ids=["by key", "by saying it again"])
def test_yes_may_be_given_otherwise(yes: Digit | Spoken):
    in_doubt() >> yes << stop() << note("confirmed", choice="doctor") << enqueue("medical")


@pytest.mark.parametrize("no", [Digit("2"), value("no")], ids=["by key", "by word"])
def test_after_a_no_he_is_asked_again_and_it_counts_as_a_failure(no: Digit | Spoken):
    (
        in_doubt("card")
        >> no
        << stop()
        << note("denied", choice="card")
        << note("no match", by="denied", time="1")
        << play("hotline.misheard")
        << play("topic.ask_spoken")
        << listen(5)
        >> NONSENSE
        << stop()
        << play("topic.no_match_spoken.2")
        << play("topic.ask_spoken")
        << listen(5)
    )


def test_denied_to_the_end_of_the_ladder_he_goes_to_a_person():
    book = asked()
    for name in ("doctor", "card"):
        book = book >> choice(name, 0.5) << stop() << play(f"topic.confirm.{name}") << listen(5)
        book = (
            book >> Digit("2") << stop() << play("hotline.misheard") << play("topic.ask_spoken") << listen(5)
        )
    (
        book
        >> choice("more", 0.5)
        << stop()
        << play("topic.confirm.more")
        << listen(5)
        >> Digit("2")
        << stop()
        << enqueue("general")
    )


def test_no_the_other_one_goes_there_at_once():
    in_doubt("doctor") >> choice("card") << stop() << play("card.ask") << listen(6)


def test_no_the_operator_goes_to_a_person():
    in_doubt() >> command("person") << stop() << note("person asked") << enqueue("general", line="people")


def test_the_key_of_another_choice_goes_there():
    in_doubt() >> Digit("9") << stop() << play("topic.ask", language="en") << listen(5)


def test_what_was_that_is_answered_with_the_sentence_again():
    in_doubt() >> command("repeat") << stop() << play("topic.confirm.doctor") << listen(5)


@pytest.mark.parametrize(
    "unclear",
    [NONSENSE, value("yes", 0.2), value("250"), choice("card", 0.5), Digit("5")],
    ids=[
        "nonsense",
        "a yes that was hardly heard",
        "a number",
        "another choice, badly heard",
        "no key of his",
    ],
)
def test_who_answers_unclearly_is_told_how_and_then_it_is_a_no(unclear: Spoken | Digit):
    book = in_doubt() >> unclear << stop() << play("hotline.yes_or_no") << listen(5)
    book >> unclear << stop() << note("denied", answer="key" if isinstance(unclear, Digit) else "speech")


def test_who_is_silent_twice_has_said_no():
    book = in_doubt() >> PromptFinished() << nothing() >> Silence() << play("hotline.yes_or_no") << listen(5)
    (
        book
        >> PromptFinished()
        << nothing()
        >> Silence()
        << note("denied", answer="silence")
        << play("hotline.misheard")
    )


def test_noise_that_cuts_the_asking_back_has_it_said_again():
    speaking(in_doubt()) >> NOTHING_SAID << play("topic.confirm.doctor") << listen(5)


def test_a_key_during_an_asking_back_that_must_be_heard_counts_at_its_end():
    book = Playbook(UNCUT) >> HEARD << play("q.ask") << listen(5)
    book = book >> choice("doctor", 0.5) << play("q.confirm.doctor") << listen(5)
    book = book >> Digit("1") << nothing() >> value("no") << listen(5)
    book >> PromptFinished() << note("confirmed", answer="key") << play("bye.say")


def test_what_he_denied_is_not_proposed_again_but_what_was_heard_second():
    book = (
        in_doubt("doctor")
        >> value("no")
        << stop()
        << play("hotline.misheard")
        << play("topic.ask_spoken")
        << listen(5)
    )
    (
        book
        >> choice("doctor", 0.5, alternatives=(("card", 0.45),))
        << stop()
        << play("topic.confirm.card")
        << listen(5)
    )


def test_what_he_denied_is_asked_back_even_when_heard_well():
    book = (
        in_doubt("doctor")
        >> value("no")
        << stop()
        << play("hotline.misheard")
        << play("topic.ask_spoken")
        << listen(5)
    )
    book >> choice("doctor", 0.99) << stop() << play("topic.confirm.doctor") << listen(5)


def test_nobody_is_asked_back_for_ever():
    patient = Ladder("to_general", say=(said("?"),) * 9)
    nodes = {**CLINIC.nodes, "topic": MenuNode(said("?"), CLINIC.nodes["topic"].choices, patient, patient)}  # type: ignore[union-attr]
    book = Playbook(flow(nodes)) >> HEARD << play("topic.ask") << listen(5)
    for name in ("doctor", "card", "more"):
        book = book >> choice(name, 0.5) << stop() << play(f"topic.confirm.{name}") << listen(5)
        book = book >> value("no") << stop() << play("hotline.misheard") << play("topic.ask") << listen(5)
    (
        book
        >> choice("english", 0.5)
        << stop()
        << note("no match", by="speech", time="4")
        << play("topic.no_match.4")
    )


def test_thresholds_are_the_question_s_own():
    book = asked() >> choice("more") << stop() << play("more.ask") << listen(5)
    book >> choice("lawyer", 0.85) << stop() << play("more.confirm.lawyer") << listen(5)


# --- at any question ------------------------------------------------------------------------------


def test_who_asks_for_a_person_gets_one_at_any_question():
    (
        asked("main.card")
        >> command("person")
        << stop()
        << note("person asked", by="speech")
        << enqueue("general", line="people")
    )


def test_without_a_node_for_it_a_person_is_where_the_ladder_ends():
    menu = flow(dict(CLINIC.nodes))
    (
        Playbook(menu)
        >> HEARD
        << play("topic.ask_spoken")
        << listen(5)
        >> command("person")
        << stop()
        << enqueue("general", line=None)
    )


def test_a_command_is_asked_back_too():
    book = asked() >> command("person", 0.5) << stop() << play("hotline.meant_person") << listen(5)
    (
        book
        >> value("yes")
        << stop()
        << note("confirmed", command="person")
        << note("person asked")
        << enqueue("general", line="people")
    )


def test_what_asks_the_question_again_but_not_for_ever():
    book = asked()
    for _ in range(VISIT_LIMIT - 1):
        book = book >> command("repeat") << stop() << play("topic.ask_spoken") << listen(5)
    book >> command("repeat") << stop() << note("asked too often") << enqueue("general")


def test_back_leads_to_the_question_before_and_at_the_first_asks_it_again():
    book = asked() >> choice("more") << stop() << play("more.ask") << listen(5)
    book = (
        book >> command("back", 0.95) << stop() << note("back asked") << play("topic.ask_spoken") << listen(5)
    )
    book >> command("back") << stop() << play("topic.ask_spoken") << listen(5)


def test_only_so_many_questions_are_remembered_for_the_way_back():
    book = asked()
    for _ in range(VISIT_LIMIT - 1):
        book.conversation.handle(choice("more"), book.at)
        book.conversation.handle(choice("psychologist", 0.0), book.at)
        book.conversation.handle(command("back", 1.0), book.at)
    assert len(book.conversation._walk.asked) <= HISTORY


def test_after_the_talk_there_is_no_way_back_into_the_menu_before_it():
    book = Playbook(CLINIC, "main.topic") >> HEARD << play("topic.ask_spoken") << listen(5)
    book = book >> choice("keys only") << stop() << enqueue("general")
    assert not book.conversation._walk.asked
    book >> TalkEnded() << hangup()


# --- hearing comes and goes -----------------------------------------------------------------------


def test_who_can_no_longer_be_heard_is_asked_for_keys():
    (
        asked()
        >> HearingChanged(on=False)
        << note("hearing lost")
        << stop()
        << play("hotline.use_keys")
        << play("topic.ask")
        << listen(5, speech=None)
        >> choice("doctor")
        << nothing()
        >> Digit("1")
        << stop()
        << enqueue("medical")
    )


def test_who_is_not_heard_any_more_while_he_is_asked_back_is_asked_the_question():
    book = (
        in_doubt()
        >> HearingChanged(on=False)
        << stop()
        << play("hotline.use_keys")
        << play("topic.ask")
        << listen(5)
    )
    assert book.conversation.state is State.ASKING


def test_who_is_typing_is_not_disturbed():
    book = asked("main.card") >> Digit("1") << stop() << listen(6)
    (
        book
        >> HearingChanged(on=False)
        << note("hearing lost")
        << listen(6, speech=None)
        >> Digit("2")
        << listen(6)
    )


def test_who_can_be_heard_again_notices_at_the_next_question():
    book = Playbook(CLINIC) >> Started() << play("topic.ask") << listen(5, speech=None)
    book = (
        book
        >> HearingChanged(on=True)
        << nothing()
        >> Digit("4")
        << stop()
        << play("topic.no_match.1")
        << play("topic.ask")
        << listen(5, speech=None)
    )
    expect = expected(book, Digit("3"))
    assert expect is not None and "lawyer" in expect.phrases


def test_nothing_changes_when_another_language_gets_its_model():
    asked() >> HearingChanged(on=True, heard_languages=("ru", "en")) << nothing()


def test_hearing_may_change_before_between_and_after_questions():
    book = Playbook(CLINIC, "main.topic") >> HearingChanged(on=True) << nothing()
    book = book >> Resumed() << play("topic.ask_spoken") << listen(5)
    book >> choice("doctor") << stop() << enqueue("medical") >> HearingChanged(on=False) << nothing()
    book = (
        Playbook(HELPLINE, "main.closed")
        >> HEARD
        << play("closed.say")
        >> HearingChanged(on=False)
        << nothing()
    )
    book >> choice("doctor") << nothing()


def test_a_new_controller_asks_the_question_not_the_doubt():
    book = in_doubt() >> Resumed() << note("resumed") << play("topic.ask_spoken") << listen(5)
    assert book.conversation.state is State.ASKING


def test_a_new_controller_that_hears_the_caller_asks_the_spoken_question_at_once():
    book = Playbook(CLINIC, "main.topic") >> Resumed(hearing=True, heard_languages=("ru",))
    book << play("topic.ask_spoken") << listen(5) >> choice("doctor") << stop() << enqueue("medical")


def test_whoever_is_heard_after_an_interruption_and_was_not_before_is_asked_in_words():
    book = Playbook(CLINIC, "main.topic") >> Started() << play("topic.ask") << listen(5, speech=None)
    book = book >> Resumed(hearing=True) << play("topic.ask_spoken") << listen(5)
    book >> Resumed(hearing=False) << play("topic.ask") << listen(5, speech=None)
