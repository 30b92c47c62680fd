"""A call's session with a caller who speaks: what it tells its worker, its conversation and its switch."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from acd.core.events import CallQueued
from acd.core.model import CallId, OperatorId, TopicId
from ivr.answer_time import LONGEST_SPEECH
from ivr.call_inputs import CallerLeft, DeliveryEnded, Entered, Pressed
from ivr.call_parts import Parts, Place
from ivr.call_session import CallSession
from ivr.core.events import AnyEvent, Resumed, Started
from ivr.core.interpreter import Conversation
from ivr.core.playbook import A_MONDAY
from ivr.hearing import messages
from ivr.hearing.pool import WorkerPool
from ivr.hearing.scripted_worker import ScriptedWorker, Workers
from ivr.site_loading import load_all
from speech.expectation import Meaning
from tests.acd.core.test_same_everywhere import VirtualLoop
from tests.ivr.quiet_switch import QuietSwitch

EXAMPLE = Path(__file__).parents[2] / "examples" / "city_health" / "site.yaml"
HERE, THERE = "10.0.0.1:7000", "10.0.0.2:7001"
DOCTOR = Meaning("choice", "medical", 0.99, phrase="врач", heard="врач")
NONSENSE = Meaning("unknown", heard="самолёт")
RANG = Started("1000", "ru")
NOTHING = Meaning("nothing")
PROMPT = 3.0
GREETED = PROMPT + 0.1  # the question is being read out
ASKED = 2 * PROMPT + 0.1  # it has been read out


class Call:
    """One call in the example's menu; `told` is what its conversation heard of, `steps` its story."""

    def __init__(self, workers: Workers, pool: WorkerPool | None) -> None:
        self.workers, self.pool = workers, pool
        self.switch = QuietSwitch(prompt_lasts=PROMPT)
        self.facts: list[Any] = []
        self.steps: list[dict[str, Any]] = []
        loaded = load_all(EXAMPLE)
        self.conversation = Conversation(
            loaded.flows, "main.greeting", hours=loaded.hours, timezone=loaded.timezone, language="ru"
        )
        self.told: list[AnyEvent] = []
        self._handle = self.conversation.handle
        self.conversation.handle = self._listen  # type: ignore[method-assign]
        parts = Parts(
            control=self.switch,  # type: ignore[arg-type]
            submit=self.facts.append,
            recorder=SimpleNamespace(step=lambda name, call, body: self.steps.append(dict(body))),  # type: ignore[arg-type]
            wall=lambda: A_MONDAY,
            endpoint_of=lambda operator: operator,
            fallback_topic=lambda: TopicId("general"),
            hearing=pool,
        )
        sounds = SimpleNamespace(of=self._sound)
        self.session = CallSession(CallId("1.1"), "PJSIP/caller1-1", self.conversation, sounds, parts)  # type: ignore[arg-type]

    def _listen(self, event: AnyEvent, at: Any) -> list[Any]:
        self.told.append(event)
        return self._handle(event, at)

    async def _sound(self, prompt: Any) -> Path:
        return Path(prompt.prompt)

    @property
    def worker(self) -> ScriptedWorker:
        return self.workers[HERE]

    def heard_of(self, kind: str) -> list[AnyEvent]:
        return [event for event in self.told if type(event).__name__ == kind]

    @property
    def topics(self) -> list[str]:
        return [fact.topic for fact in self.facts if isinstance(fact, CallQueued)]


@asynccontextmanager
async def a_call(*languages: str, on: bool = True, first: AnyEvent = RANG) -> AsyncIterator[Call]:
    workers = Workers()
    pool = WorkerPool((HERE, THERE), workers) if on else None
    if languages:
        workers[HERE].comes(*languages)
    call = Call(workers, pool)
    call.session.put(Entered())
    running = asyncio.create_task(call.session.run(first))
    try:
        yield call
    finally:
        call.session.put(CallerLeft("Normal Clearing"))
        await running
        await asyncio.sleep(0.1)
        assert call.switch.rude == []
        assert workers.rude == []
        assert call.switch.spies == {}, "nobody is listened to after his call"
        assert not any(worker.open for worker in workers.by_address.values())


def in_virtual_time(test: Callable[[], Awaitable[None]]) -> Callable[[], None]:
    """Runs the test on a clock that jumps."""

    def run() -> None:
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runner.run(test())  # type: ignore[arg-type]

    run.__name__, run.__doc__ = test.__name__, test.__doc__
    return run


@in_virtual_time
async def test_the_ear_is_open_before_the_first_sentence_and_its_id_is_a_secret_of_its_own():
    async with a_call("ru") as call:
        await asyncio.sleep(0.1)
        [ear] = call.switch.spies
        assert ear == call.worker.ear == call.session.ear
        assert call.switch.spies[ear] == "127.0.0.1:7000"
        [started] = call.heard_of("Started")
        assert (started.hearing, started.heard_languages) == (True, ("ru",))  # type: ignore[attr-defined]


@in_virtual_time
async def test_a_call_taken_over_in_the_menu_is_heard_from_its_first_question_on():
    async with a_call("ru", first=Resumed()) as call:
        await asyncio.sleep(GREETED)
        assert call.told[0] == Resumed(hearing=True, heard_languages=("ru",))
        assert call.heard_of("HearingChanged") == []
        assert call.switch.played[-1] == "main.topic.ask_spoken"
        call.worker.heard(call.worker.ear, DOCTOR)
        await asyncio.sleep(0.01)
        assert call.topics == ["medical"]


@in_virtual_time
async def test_a_question_tells_the_worker_what_may_be_said_and_that_it_is_being_read_out():
    async with a_call("ru") as call:
        await asyncio.sleep(GREETED)
        asked = next(one for one in reversed(call.worker.said) if isinstance(one, messages.Expect))
        assert asked.expectation is not None
        assert "врач" in asked.expectation.phrases["medical"]
        assert asked.playing
        await asyncio.sleep(PROMPT)
        assert call.worker.said[-1] == messages.Playing(call.worker.ear, False)


@in_virtual_time
async def test_the_question_stops_when_he_begins_and_what_he_says_leads_on():
    async with a_call("ru") as call:
        await asyncio.sleep(GREETED)
        call.worker.began(call.worker.ear)
        await asyncio.sleep(0.01)
        assert call.switch.stopped == 1
        call.worker.heard(call.worker.ear, DOCTOR)
        await asyncio.sleep(0.01)
        assert call.topics == ["medical"]
        assert call.session.place is Place.QUEUED
        assert call.switch.spies == {}, "nobody listens to a caller in the queue"


@in_virtual_time
async def test_his_time_stands_still_while_he_speaks_and_begins_anew_after_a_false_start():
    async with a_call("ru") as call:
        await asyncio.sleep(ASKED + 4.0)
        call.worker.began(call.worker.ear)
        await asyncio.sleep(10.0)
        assert call.heard_of("Silence") == []
        call.worker.heard(call.worker.ear, NOTHING)
        await asyncio.sleep(4.9)
        assert call.heard_of("Silence") == []
        await asyncio.sleep(0.2)
        assert len(call.heard_of("Silence")) == 1


@in_virtual_time
async def test_a_worker_that_never_says_what_it_heard_does_not_hold_the_caller_for_ever():
    async with a_call("ru") as call:
        await asyncio.sleep(ASKED)
        call.worker.began(call.worker.ear)
        await asyncio.sleep(LONGEST_SPEECH + 4.9)
        assert call.heard_of("Silence") == []
        await asyncio.sleep(0.2)
        assert len(call.heard_of("Silence")) == 1


@in_virtual_time
async def test_keys_go_on_when_the_worker_dies_in_the_middle_of_a_word():
    async with a_call("ru") as call:
        await asyncio.sleep(ASKED)
        call.worker.began(call.worker.ear)
        await asyncio.sleep(0.5)
        call.worker.dies()
        await asyncio.sleep(0.01)
        [changed] = call.heard_of("HearingChanged")
        assert changed.on is False  # type: ignore[attr-defined]
        call.session.put(Pressed("1"))
        await asyncio.sleep(0.01)
        assert call.topics == ["medical"]
        assert call.pool is not None
        assert call.pool.figures()["away"] == 1


@in_virtual_time
async def test_without_keys_either_his_time_to_answer_begins_anew_when_the_worker_dies():
    async with a_call("ru") as call:
        await asyncio.sleep(ASKED)
        call.worker.began(call.worker.ear)
        await asyncio.sleep(0.5)
        call.worker.dies()
        await asyncio.sleep(2 * PROMPT + 5.5)
        assert len(call.heard_of("Silence")) == 1


@in_virtual_time
async def test_another_worker_takes_over_at_once_and_knows_the_question():
    async with a_call("ru") as call:
        call.workers[THERE].comes("ru", busy=0.9)
        await asyncio.sleep(ASKED)
        call.worker.began(call.worker.ear)
        call.worker.dies()
        await asyncio.sleep(0.01)
        assert call.heard_of("HearingChanged") == []
        other = call.workers[THERE]
        assert other.expected is not None
        assert call.switch.spies == {other.ear: "127.0.0.1:7001"}
        other.heard(other.ear, DOCTOR)
        await asyncio.sleep(0.01)
        assert call.topics == ["medical"]


@in_virtual_time
async def test_a_refused_caller_gets_keys_at_once_and_is_counted_once():
    async with a_call("ru") as call:
        await asyncio.sleep(0.05)
        call.worker.loaded(accepting=False)
        call.worker.refuses(call.worker.ear)
        await asyncio.sleep(ASKED)
        assert call.pool is not None
        assert call.pool.figures()["full"] == 1
        assert call.switch.played[-1] == "main.topic.ask"
        assert [step["why"] for step in call.steps if "why" in step] == ["full"]
        call.session.put(Pressed("2"))
        await asyncio.sleep(0.01)
        assert call.topics == ["psychological"]


@in_virtual_time
async def test_a_caller_whom_a_full_worker_gives_up_opens_no_second_ear_there():
    async with a_call("ru") as call:
        await asyncio.sleep(GREETED)
        call.worker.loses(call.worker.ear, "full")
        await asyncio.sleep(0.01)
        assert not call.worker.open
        assert [event.on for event in call.heard_of("HearingChanged")] == [False]  # type: ignore[attr-defined]
        assert call.pool is not None
        assert call.pool.figures()["full"] == 1


@in_virtual_time
async def test_a_spy_that_dies_is_replaced():
    async with a_call("ru") as call:
        await asyncio.sleep(GREETED)
        first = call.worker.ear
        call.worker.loses(first)
        await asyncio.sleep(0.01)
        assert call.worker.ear != first
        assert call.worker.expected is not None
        assert call.heard_of("HearingChanged") == []


@in_virtual_time
async def test_a_spy_that_dies_again_and_again_is_given_up():
    async with a_call("ru") as call:
        await asyncio.sleep(GREETED)
        while call.worker.open:
            call.worker.loses(call.worker.ear)
            await asyncio.sleep(0.01)
        assert len(call.switch.ears) == 5
        assert [event.on for event in call.heard_of("HearingChanged")] == [False]  # type: ignore[attr-defined]


@in_virtual_time
async def test_without_a_worker_and_without_speech_the_menu_is_as_it_always_was():
    for on in (True, False):
        async with a_call(on=on) as call:
            await asyncio.sleep(ASKED)
            assert [event.hearing for event in call.heard_of("Started")] == [False]  # type: ignore[attr-defined]
            assert call.switch.played == ["main.greeting.say", "main.topic.ask"]
            call.session.put(Pressed("1"))
            await asyncio.sleep(0.01)
            assert call.topics == ["medical"]


@in_virtual_time
async def test_a_worker_that_comes_back_hears_the_next_question():
    async with a_call("ru") as call:
        await asyncio.sleep(ASKED)
        call.worker.dies()
        await asyncio.sleep(1.0)
        call.worker.comes("ru")
        call.session.put(Pressed("5"))
        await asyncio.sleep(0.05)
        assert call.conversation.node == "main.donor_card"
        assert call.worker.open


@in_virtual_time
async def test_a_caller_who_comes_back_from_an_operator_is_heard_again():
    async with a_call("ru") as call:
        await asyncio.sleep(ASKED)
        call.session.put(Pressed("6"))
        await asyncio.sleep(PROMPT + 0.2)
        assert call.session.place is Place.QUEUED
        assert not call.worker.open
        call.session.was_found(talking_with=OperatorId("op1"))
        call.session.put(DeliveryEnded(OperatorId("op1"), "ANSWER"))
        call.session.put(Entered())
        await asyncio.sleep(0.05)
        assert call.worker.open


@in_virtual_time
async def test_nonsense_is_answered_and_then_a_person_takes_the_call():
    async with a_call("ru") as call:
        await asyncio.sleep(ASKED)
        for _ in range(2):
            call.worker.began(call.worker.ear)
            call.worker.heard(call.worker.ear, NONSENSE)
            await asyncio.sleep(3 * PROMPT)
        assert call.topics == ["general"]


@in_virtual_time
async def test_what_was_heard_stands_neither_in_the_story_nor_in_the_log():
    async with a_call("ru") as call:
        await asyncio.sleep(ASKED)
        secret = Meaning("choice", "medical", 0.9, phrase="врач", heard="моя фамилия врач Печорин")
        call.worker.heard(call.worker.ear, secret)
        await asyncio.sleep(0.1)
        assert "Печорин" not in str(call.steps)
