"""Whatever a caller presses or says, and whenever, the call comes to an end, and he never hears nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.core.commands import Listen, Play, StopPlaying
from ivr.core.events import (
    AnyEvent,
    CallerHungUp,
    Digit,
    HearingChanged,
    PromptFinished,
    Resumed,
    Silence,
    SpeechStarted,
    Spoken,
    Started,
)
from ivr.core.flow import Flow
from ivr.core.flow_prompts import prompts
from ivr.core.interpreter import State
from ivr.core.playbook import A_MONDAY, Playbook
from ivr.core.walk import VISIT_LIMIT
from ivr.flow_file import load_flow
from tests.ivr.core.menus import ALWAYS, HELPLINE, NEVER
from tests.ivr.core.speaking import CLINIC

ROOT = Path(__file__).parents[3]


def example() -> Flow:
    read, findings = load_flow(ROOT / "examples/city_health/menus/main.yaml")
    assert read is not None, findings
    return read


FLOWS = {"example": example(), "helpline": HELPLINE, "clinic": CLINIC}
KEYS = st.sampled_from("0123456789*#")
SPOKEN = st.builds(
    Spoken,
    kind=st.sampled_from(["choice", "command", "value", "unknown", "nothing"]),
    name=st.sampled_from(
        [
            *("medical", "doctor", "more", "donors", "other_language", "none", "person", "repeat", "back"),
            *("yes", "no", "12", "123456", "1234567", "2026-05-09", "", "nobody"),
        ]
    ),
    confidence=st.sampled_from([0.0, 0.5, 1.0]),
    alternatives=st.sampled_from([(), (("general", 0.45),)]),
)
WORDS = st.one_of(SPOKEN, st.just(SpeechStarted()), st.booleans().map(HearingChanged))
ACTS = st.one_of(WORDS, KEYS.map(Digit), st.just(Silence()), st.just(PromptFinished()), st.just(Resumed()))


class Caller:
    """Presses, listens or waits as he is told; then says nothing more and lets everything happen to him."""

    def __init__(self, flow: Flow, *, open_now: bool, language: str) -> None:
        hours = {"reception": ALWAYS if open_now else NEVER}
        self.conversation = Playbook(flow, hours=hours, language=language).conversation
        self.texts = dict(prompts(flow))
        self.playing = self.listening = self.speaking = False

    @property
    def served(self) -> bool:
        return self.conversation.state in (State.QUEUED, State.OVER)

    def live(self, event: AnyEvent) -> None:
        """An event, if it can happen now: a prompt finishes once, and silence comes after a prompt's end."""
        if isinstance(event, PromptFinished) and not self.playing:
            return
        if isinstance(event, Silence) and (self.playing or not self.listening):
            return
        state = self.conversation.state
        self.playing = self.playing and not isinstance(event, PromptFinished)
        self.listening = self.listening and not isinstance(event, Silence)
        for command in self.conversation.handle(event, A_MONDAY + timedelta(seconds=1)):
            if isinstance(command, Play):
                assert command.text or self.texts[command.prompt][command.language].strip()
                self.playing = True
            elif isinstance(command, StopPlaying):
                assert self.playing
                self.playing = False
                self.listening = False
            elif isinstance(command, Listen):
                self.listening = True
        asked = state in (State.ASKING, State.CONFIRMING)
        self.speaking = not self.listening and (isinstance(event, SpeechStarted) or self.speaking) and asked
        # Who speaks is waited for: `Spoken` comes, or his ear is lost.
        assert self.served or self.playing or self.listening or self.speaking, (
            "nobody will ever send another event"
        )

    def wait(self) -> None:
        if self.speaking and not self.playing:
            self.live(Spoken("nothing"))
            return
        self.live(PromptFinished() if self.playing else Silence())


@settings(max_examples=300, deadline=None)
@given(
    name=st.sampled_from(sorted(FLOWS)),
    acts=st.lists(ACTS, max_size=60),
    open_now=st.booleans(),
    language=st.sampled_from(["ru", "en"]),
    hearing=st.booleans(),
)
def test_whatever_a_caller_does_he_is_queued_or_told_goodbye(
    name: str, acts: list[AnyEvent], open_now: bool, language: str, hearing: bool
):
    caller = Caller(FLOWS[name], open_now=open_now, language=language)
    caller.live(Started(hearing=hearing))
    for act in acts:
        if caller.served:
            return
        caller.live(act)
    for _ in range(40):
        if caller.served:
            return
        caller.wait()
    raise AssertionError(f"still at {caller.conversation.node}")


@settings(max_examples=100, deadline=None)
@given(name=st.sampled_from(sorted(FLOWS)), keys=st.lists(KEYS, min_size=1, max_size=5))
def test_a_machine_that_never_stops_pressing_is_queued_within_a_bound(name: str, keys: list[str]):
    flow = FLOWS[name]
    caller = Caller(flow, open_now=True, language="ru")
    caller.live(Started())
    bound = 3 * VISIT_LIMIT * len(flow.nodes)
    for turn in range(bound):
        if caller.served:
            return
        caller.live(Digit(keys[turn % len(keys)]))
        caller.live(PromptFinished())
    raise AssertionError(f"still at {caller.conversation.node} after {bound} keys")


@settings(max_examples=100, deadline=None)
@given(
    acts=st.lists(st.one_of(ACTS, st.just(CallerHungUp())), max_size=40),
    late=st.lists(ACTS, max_size=5),
)
def test_once_it_is_over_it_stays_over(acts: list[AnyEvent], late: list[AnyEvent]):
    caller = Caller(FLOWS["example"], open_now=True, language="ru")
    for event in [Started(), *acts, CallerHungUp()]:
        caller.conversation.handle(event, A_MONDAY)
    assert caller.conversation.state is State.OVER
    assert [caller.conversation.handle(event, A_MONDAY) for event in late] == [[] for _ in late]


@pytest.mark.parametrize(
    ("key", "topic"), [("1", "medical"), ("2", "psychological"), ("6", "general"), ("0", "general")]
)
def test_the_example_hotline_gives_each_key_its_topic(key: str, topic: str):
    caller = Caller(example(), open_now=True, language="ru")
    caller.live(Started())
    caller.live(Digit(key))
    while not caller.served:
        caller.wait()
    assert caller.conversation.node == f"main.to_{topic}"
