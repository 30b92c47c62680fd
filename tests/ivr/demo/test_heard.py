"""How callers who spoke came out of the menu: the journal's notes against what they meant."""

from __future__ import annotations

import pytest

from ivr.demo.cast import Arrival, Kind
from ivr.demo.heard import End, Heard, SpeechCount, speech_figures, what_became
from ivr.demo.speaking import Manner, Part
from ivr.demo.story import KEYS_ONLY, Step, Story
from softphone_sim.person import Caller, PhoneEvent
from tests.ivr.demo.people import book

MEDICAL = Part(Manner.WAITS, "medical", (), ())
PERSON = Part(Manner.WANTS_PERSON, "person", (), ())
NODE = "main.topic"

ASKED = Step(1, "ask", NODE, {})
SAID = Step(5, "menu choice", NODE, {"by": "speech", "choice": "medical"})
SAID_WRONG = Step(5, "menu choice", NODE, {"by": "speech", "choice": "donors"})
PRESSED = Step(5, "menu choice", NODE, {"key": "1", "choice": "medical"})
NOT_UNDERSTOOD = Step(4, "no match", NODE, {"by": "speech", "time": "1"})
NO_INPUT = Step(4, "no input", NODE, {"time": "1"})
ASKED_PERSON = Step(5, "person asked", NODE, {"by": "speech"})
BACK = Step(3, "asked back", NODE, {"by": "speech", "choice": "medical"})
YES = Step(4, "confirmed", NODE, {"choice": "medical", "answer": "speech"})
NO = Step(4, "denied", NODE, {"choice": "donors", "answer": "speech"})


def queued(topic: str) -> Step:
    return Step(6, "enqueue", f"main.to_{topic}", {"topic": topic})


def became(*steps: Step, part: Part = MEDICAL, told: str = "main.topic.ask_spoken") -> Heard:
    events = [PhoneEvent("caller-1", "understood", 2.0, 1, told)]
    return what_became(part, book(), Story("1", 0.0, 20.0, list(steps)), events)


@pytest.mark.parametrize(
    ("end", "part", "steps"),
    [
        (End.HEARD, MEDICAL, (ASKED, SAID, queued("medical"))),
        (End.HEARD, MEDICAL, (NOT_UNDERSTOOD, SAID, queued("medical"))),
        (End.HEARD, PERSON, (ASKED_PERSON, queued("general"))),
        (End.CONFIRMED, MEDICAL, (BACK, YES, SAID, queued("medical"))),
        (End.HEARD, MEDICAL, (NO, SAID, queued("medical"))),
        (End.MISHEARD, MEDICAL, (SAID_WRONG, queued("donors"))),
        (End.MISHEARD, MEDICAL, (ASKED_PERSON, queued("general"))),
        (End.MISHEARD, PERSON, (SAID_WRONG, queued("donors"))),
        (End.WRONGLY_CONFIRMED, MEDICAL, (BACK, YES, SAID_WRONG, queued("donors"))),
        (End.GIVEN_TO_PERSON, MEDICAL, (NOT_UNDERSTOOD, NOT_UNDERSTOOD, queued("general"))),
        (End.BY_KEY, MEDICAL, (NOT_UNDERSTOOD, PRESSED, queued("medical"))),
        (End.LEFT, MEDICAL, (ASKED, NOT_UNDERSTOOD)),
        (End.LEFT, MEDICAL, ()),
    ],
)
def test_the_end_of_his_way_is_named(end: End, part: Part, steps: tuple[Step, ...]):
    assert became(*steps, part=part).end is end


def test_whom_nobody_listened_to_was_asked_for_keys():
    assert became(ASKED, PRESSED, queued("medical"), told="main.topic.ask").end is End.KEYS_ONLY
    assert became(NO_INPUT, queued("general"), told="main.topic.ask").end is End.KEYS_ONLY


def test_whom_the_records_say_nobody_could_listen_to_had_keys_only_whatever_he_was_asked():
    full = Step(3, KEYS_ONLY, "", {"why": "full"})
    assert became(full, PRESSED, queued("medical")).end is End.KEYS_ONLY
    assert became(NOT_UNDERSTOOD, full, PRESSED, queued("medical")).end is End.KEYS_ONLY


def test_a_card_that_was_confirmed_says_nothing_of_the_topic():
    card = Step(8, "confirmed", "main.donor_card", {"donor_card": "***", "answer": "speech"})
    part = Part(Manner.WAITS, "donors", (), ())
    assert became(SAID_WRONG, card, queued("donors"), part=part).end is End.HEARD


def test_his_topic_is_where_the_call_went():
    assert became(SAID_WRONG, queued("donors")).topic == "donors"
    assert became(ASKED).topic is None


def test_times_run_from_the_first_and_the_last_word():
    caller = Caller("caller-1", "1000", 2000.0)
    arrival = Arrival(0, Kind.SPEAKS, "medical", caller, MEDICAL, "clean")
    steps = [Step(10.3, "barge-in", NODE, {}), Step(11.65, *_rest(SAID)), queued("medical")]
    events = [
        PhoneEvent("caller-1", kind, at, 1)
        for kind, at in [("sounds", 7.0), ("says", 10.0), ("quiet", 10.25), ("said", 11.25), ("sounds", 12.0)]
    ]
    story = Story("1", 0.0, 20.0, steps)
    ends = {"caller-1": what_became(MEDICAL, book(), story, events)}
    figures = speech_figures([arrival], ends, {"caller-1": story}, {"caller-1": events})
    assert figures.total == SpeechCount(callers=1, heard=1)
    assert figures.per_condition == {"clean": figures.total}
    assert figures.per_behaviour == {"when asked": figures.total}
    assert (figures.utterances, figures.barge_ins) == (1, 1)
    assert figures.prompt_stopped_after.p50 == pytest.approx(0.2)
    assert figures.decided_after.p50 == pytest.approx(0.55)


def _rest(step: Step) -> tuple[str, str, dict[str, str]]:
    return step.name, step.node, dict(step.detail)
