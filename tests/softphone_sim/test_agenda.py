"""What a caller does in the menu, without a phone: the clock is an argument."""

from __future__ import annotations

from pathlib import Path

from softphone_sim.agenda import Agenda
from softphone_sim.person import Press, Reply, Say

WORDS, YES = Path("words.wav"), Path("yes.wav")


def does(agenda: Agenda, until: float) -> list[tuple[float, Press | Say]]:
    """His acts up to a time; he is woken when he asks for it."""
    done = []
    while (at := agenda.wake_at()) is not None and at <= until:
        act = agenda.next_due(at)
        assert act is not None, "woken for nothing"
        done.append((at, act))
    return done


def asked(agenda: Agenda, sentence: str, begins: float, ends: float) -> None:
    agenda.line_is("sounds", begins)
    agenda.line_is("quiet", ends)
    agenda.understood(sentence, ends)


def test_what_comes_after_an_utterance_counts_from_its_end():
    agenda = Agenda([Say(1, WORDS), Press(2, "1")])
    agenda.begin(10)
    assert does(agenda, 100) == [(11, Say(1, WORDS))]
    agenda.go_on(14)
    assert does(agenda, 100) == [(16, Press(2, "1"))]


def test_he_waits_for_the_end_of_what_he_hears():
    agenda = Agenda([Say(0.7, WORDS, when="quiet")])
    agenda.begin(0)
    assert agenda.wake_at() is None, "nothing was heard yet, so nothing is over"
    agenda.line_is("sounds", 1)
    assert agenda.wake_at() is None
    agenda.line_is("quiet", 5)
    assert does(agenda, 100) == [(5.7, Say(0.7, WORDS, when="quiet"))]


def test_a_prompt_that_goes_on_in_time_makes_him_wait_on():
    agenda = Agenda([Press(0.7, "1", when="quiet")])
    agenda.begin(0)
    agenda.line_is("sounds", 1)
    agenda.line_is("quiet", 5)
    agenda.line_is("sounds", 5.4)
    assert does(agenda, 100) == []
    agenda.line_is("quiet", 8)
    assert [at for at, _ in does(agenda, 100)] == [8.7]


def test_silence_that_he_caused_by_speaking_is_no_answer():
    agenda = Agenda([Say(1, WORDS), Press(0.7, "1", when="quiet")])
    agenda.begin(0)
    agenda.line_is("sounds", 0.5)
    does(agenda, 1)
    agenda.line_is("quiet", 1.3)  # he cut the prompt short
    agenda.go_on(2)
    assert does(agenda, 100) == []
    agenda.line_is("sounds", 3)
    agenda.line_is("quiet", 6)
    assert [at for at, _ in does(agenda, 100)] == [6.7]


def test_he_answers_a_sentence_he_knows_and_each_time_with_the_next_act():
    agenda = Agenda(
        [],
        [Reply(("ask", "ask_again"), (Say(0.7, WORDS), Press(1, "1"))), Reply(("right?",), (Say(1, YES),))],
    )
    agenda.begin(0)
    asked(agenda, "ask", 1, 5)
    assert does(agenda, 100) == [(5.7, Say(0.7, WORDS))]
    agenda.go_on(7)
    asked(agenda, "right?", 8, 9)
    assert does(agenda, 100) == [(10, Say(1, YES))]
    agenda.go_on(11)
    asked(agenda, "ask_again", 12, 13)
    assert does(agenda, 100) == [(14, Press(1, "1"))]
    asked(agenda, "ask", 20, 21)
    assert does(agenda, 100) == [], "he has nothing left to say to that"


def test_a_sentence_he_does_not_know_and_one_that_went_on_get_no_answer():
    agenda = Agenda([], [Reply(("ask",), (Say(0.7, WORDS),))])
    agenda.begin(0)
    asked(agenda, "music", 1, 5)
    assert does(agenda, 100) == []
    agenda.line_is("sounds", 6)
    agenda.line_is("quiet", 8)
    agenda.line_is("sounds", 8.4)
    agenda.understood("ask", 8)
    assert does(agenda, 100) == []


def test_what_he_was_told_while_he_spoke_himself_he_has_missed():
    agenda = Agenda([Say(1, WORDS)], [Reply(("ask",), (Say(0.7, YES),))])
    agenda.begin(0)
    agenda.line_is("sounds", 0.5)
    does(agenda, 1)
    agenda.line_is("quiet", 1.5)
    agenda.understood("ask", 1.5)
    agenda.go_on(3)
    assert does(agenda, 100) == []


def test_with_an_operator_he_leaves_the_rest_undone():
    agenda = Agenda([Press(1, "1")], [Reply(("ask",), (Say(0.7, YES),))])
    agenda.begin(0)
    agenda.give_up()
    asked(agenda, "ask", 1, 2)
    assert agenda.wake_at() is None
