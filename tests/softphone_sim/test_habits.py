"""People at phones, without phones: what they do when, the clock being an argument."""

from __future__ import annotations

from pathlib import Path

from softphone_sim.habits import CODE_PATIENCE, CallerHabits, Habits, OperatorHabits
from softphone_sim.person import Caller, OperatorPhone, PhoneEvent, Press, Say
from softphone_sim.phone import Answer, BeginTone, Command, Dial, HangUp, PressKeys, Speak, Transfer

OPERATORS = frozenset({"op1", "op2"})


def caller(**habits: object) -> CallerHabits:
    return CallerHabits(Caller("Anna", "1000", 1900.0, **habits), 1, OPERATORS)  # type: ignore[arg-type]


def operator(**habits: object) -> OperatorHabits:
    return OperatorHabits(OperatorPhone("op1", "secret", 1700.0, **habits), 0.0, "tone.wav")  # type: ignore[arg-type]


def sees(habits: Habits, kind: str, at: float, call: int = 1, detail: str = "") -> None:
    habits.handle(PhoneEvent("somebody", kind, at, call, detail))


def lives(habits: Habits, until: float) -> list[tuple[float, Command]]:
    """What he does up to a time, and when he wanted to: he is woken exactly as he asks."""
    done: list[tuple[float, Command]] = []
    while (at := habits.wake_at()) is not None and at <= until:
        commands = habits.due(at)
        assert commands, "woken for nothing"
        done += [(at, command) for command in commands]
    return done


def test_keys_are_pressed_after_the_answer_each_after_the_one_before():
    anna = caller(presses=(Press(2, "1"), Press(3, "42#")), hangs_up_after=60)
    sees(anna, "dialled", 0)
    sees(anna, "answered", 10)
    assert lives(anna, 30) == [(12, PressKeys("Anna", 1, "1")), (15, PressKeys("Anna", 1, "42#"))]


def test_a_caller_nobody_answers_gives_up():
    anna = caller(hangs_up_after=30)
    sees(anna, "dialled", 5)
    assert lives(anna, 100) == [(35, HangUp("Anna", 1))]


def test_patience_begins_anew_with_the_answer():
    anna = caller(hangs_up_after=30)
    sees(anna, "dialled", 0)
    sees(anna, "answered", 20)
    assert lives(anna, 100) == [(50, HangUp("Anna", 1))]


def test_an_operators_voice_makes_a_caller_stay_until_he_has_talked():
    anna = caller(hangs_up_after=30, talk_for=20)
    sees(anna, "answered", 0)
    sees(anna, "heard", 25, detail="op2")
    assert lives(anna, 100) == [(45, HangUp("Anna", 1))]


def test_a_second_operator_does_not_prolong_the_talk():
    anna = caller(talk_for=20)
    sees(anna, "answered", 0)
    sees(anna, "heard", 5, detail="op1")
    sees(anna, "heard", 20, detail="op2")
    assert lives(anna, 100) == [(25, HangUp("Anna", 1))]


def test_without_a_planned_talk_a_voice_changes_nothing():
    anna = caller(hangs_up_after=30)
    sees(anna, "answered", 0)
    sees(anna, "heard", 25, detail="op1")
    assert lives(anna, 100) == [(30, HangUp("Anna", 1))]


def test_another_callers_voice_is_not_an_operators():
    anna = caller(hangs_up_after=30, talk_for=1)
    sees(anna, "answered", 0)
    sees(anna, "heard", 5, detail="Boris")
    assert lives(anna, 100) == [(30, HangUp("Anna", 1))]


def test_after_the_end_a_caller_does_nothing_more():
    anna = caller(presses=(Press(2, "1"),))
    sees(anna, "answered", 0)
    sees(anna, "ended", 1)
    assert anna.wake_at() is None


def test_an_operator_lets_it_ring_and_answers_each_call_once():
    op = operator(answers_after=1.5, talk_for=10)
    sees(op, "ringing", 5, call=1)
    assert lives(op, 7) == [(6.5, Answer("op1", 1))]
    sees(op, "answered", 6.6, call=1)
    assert lives(op, 100) == [(16.6, HangUp("op1", 1))]


def test_a_call_that_stopped_ringing_is_not_answered():
    op = operator(answers_after=3)
    sees(op, "ringing", 5)
    sees(op, "ended", 6)
    assert op.wake_at() is None


def test_an_operator_who_rejects_does_so_at_once_and_one_who_is_away_never_answers():
    rejecting, away = operator(rejects=True), operator(answers_after=None)
    sees(rejecting, "ringing", 5)
    sees(away, "ringing", 5)
    assert rejecting.due(5) == [Answer("op1", 1, 486)]
    assert away.wake_at() is None


def test_a_call_is_given_on_after_a_while():
    op = operator(transfers=(4, "*72"))
    sees(op, "answered", 10)
    assert lives(op, 100) == [(14, Transfer("op1", 1, "*72"))]


def test_a_code_waits_until_the_operator_has_no_call():
    op = operator(answers_after=1, dials=((2, "*11"),))
    sees(op, "ringing", 1)
    assert lives(op, 50) == [(2, Answer("op1", 1))]
    sees(op, "ended", 60)
    assert op.due(60) == [Dial("op1", "op1", "*11", "tone.wav")]


def test_codes_are_dialled_one_after_the_other_and_none_is_listened_to_for_ever():
    op = operator(dials=((0, "*10"), (1, "*12")))
    assert op.due(0) == [Dial("op1", "op1", "*10", "tone.wav")]
    assert op.due(5) == []
    sees(op, "dialled", 5, call=1)
    sees(op, "ringing", 5.1, call=1)
    sees(op, "answered", 5.2, call=1)
    assert lives(op, 100) == [(5 + CODE_PATIENCE, HangUp("op1", 1))]
    sees(op, "hung_up", 21, call=1)
    assert op.due(21) == [Dial("op1", "op1", "*12", "tone.wav")]


def test_an_unplugged_phone_does_nothing_more():
    op = operator(dials=((5, "*10"),))
    sees(op, "unplugged", 1, call=0)
    assert op.wake_at() is None


def test_one_who_speaks_begins_his_tone_with_the_operators():
    wav = Path("words.wav")
    anna = CallerHabits(
        Caller("Anna", "1000", 1900.0, does=(Say(2, wav), Press(1, "1"))), 1, OPERATORS, "t.wav"
    )
    sees(anna, "answered", 10)
    assert lives(anna, 100) == [(12, Speak("Anna", 1, "words.wav"))]
    sees(anna, "said", 14)
    sees(anna, "heard", 14.5, detail="op1")
    assert anna.due(14.6) == [BeginTone("Anna", 1, "t.wav")]
    sees(anna, "heard", 16, detail="op2")
    assert anna.due(16) == [], "the key is for the menu, and the tone has begun"


def test_one_who_says_his_tone_all_the_time_presses_on_while_he_talks():
    anna = caller(presses=(Press(5, "1"),))
    sees(anna, "answered", 0)
    sees(anna, "heard", 2, detail="op1")
    assert lives(anna, 50) == [(5, PressKeys("Anna", 1, "1"))]
