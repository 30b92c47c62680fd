"""Random days: any fact at any moment, late and nonsense ones included, and every promise holds."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from acd.core import events
from acd.core.dispatcher import Dispatcher
from tests.acd.core.policies import rich
from tests.acd.core.world import World

CALLS = st.sampled_from([f"c{n}" for n in range(8)] + ["nobody's"])
OPERATORS = st.sampled_from(["anna", "boris", "vera", "gleb", "daria", "egor", "stranger"])
TOPICS = st.sampled_from(["medical", "general", "limited", "pension", "no such topic"])
LINES = st.sampled_from([None, None, None, "first", "second", "no such line"])
GOOD_CALLS = st.sampled_from([f"c{n}" for n in range(8)])
GOOD_TOPICS = st.sampled_from(["medical", "medical", "general", "limited", "pension"])
AWAY = ("signed out", "paused", "not answering")
MAYBE_OPERATOR = st.one_of(st.none(), st.none(), OPERATORS)
SECONDS = st.sampled_from([0.0, 0.0, 0.5, 1.0, 5.0, 10.0, 15.0, 25.0, 60.0])
SKILLS = st.dictionaries(st.sampled_from(["medical", "general", "pension"]), st.integers(1, 3), max_size=3)
POLICIES = st.builds(
    rich,
    version=st.sampled_from(["1", "2"]),
    ageing=st.sampled_from([None, 30.0]),
    wrap_up=st.sampled_from([0.0, 5.0]),
    without=st.sampled_from([(), ("anna",), ("boris", "gleb")]),
    without_topics=st.sampled_from([(), (), ("medical",), ("pension",)]),
)


class RandomDay(RuleBasedStateMachine):
    """Most rules act on what is there (a phone that rings, a talk), so that days become eventful; the rest
    says anything about anybody."""

    @initialize(policy=POLICIES, absent=st.sets(OPERATORS, max_size=3))
    def begin(self, policy, absent):
        self.world = World(policy)
        for operator in policy.operators:
            if operator not in absent:
                self.world.tell(events.OperatorSignedIn(operator))

    @rule(seconds=SECONDS)
    def time_passes(self, seconds):
        self.world.wait(seconds)

    @rule(topic=GOOD_TOPICS, calls=st.lists(GOOD_CALLS, min_size=1, max_size=5, unique=True))
    def callers_come(self, topic, calls):
        for call in calls:
            self.world.tell(events.CallQueued(call, topic))

    @rule(data=st.data())
    def somebody_comes_back(self, data):
        away = [p.operator for p in self.world.dispatcher.operators() if p.state in AWAY]
        if away:
            operator = data.draw(st.sampled_from(away))
            self.world.tell(events.OperatorSignedIn(operator))
            self.world.tell(events.OperatorReady(operator))

    @rule(data=st.data())
    def a_caller_gives_up(self, data):
        there = sorted(c.call for c in self.world.dispatcher.calls() if c.state != "talking")
        if there:
            self.world.tell(events.CallerHungUp(data.draw(st.sampled_from(there))))

    @rule(data=st.data(), operator=OPERATORS)
    def somebody_answers_after_all(self, data, operator):
        there = sorted(c.call for c in self.world.dispatcher.calls() if c.state != "talking")
        if there:
            self.world.tell(events.OperatorAnswered(data.draw(st.sampled_from(there)), operator))

    @rule(data=st.data(), kind=st.sampled_from([events.OperatorSignedOut, events.OperatorPaused]))
    def somebody_leaves_his_ringing_phone(self, data, kind):
        if self.world.ringing:
            operator = data.draw(st.sampled_from(sorted(self.world.ringing)))
            more = ("lunch",) if kind is events.OperatorPaused else ()
            self.world.tell(kind(operator, *more))

    @rule(
        call=CALLS,
        topic=TOPICS,
        line=LINES,
        language=st.sampled_from([None, "ru", "en", "fi"]),
        region=st.sampled_from([None, "north", "south", "west"]),
        priority=st.sampled_from([None, None, 0, 2]),
        ago=st.sampled_from([None, None, None, 0.0, 12.0, 40.0, -5.0]),
        wanted=MAYBE_OPERATOR,
    )
    def call_queued(self, call, topic, line, language, region, priority, ago, wanted):
        since = None if ago is None else self.world.now - ago
        self.world.tell(events.CallQueued(call, topic, language, region, line, priority, since, wanted))

    @rule(call=CALLS)
    def caller_hangs_up(self, call):
        self.world.tell(events.CallerHungUp(call))

    @rule(
        kind=st.sampled_from(
            [events.OperatorSignedIn, events.OperatorSignedOut, events.OperatorReady, events.WrapUpFinished]
        ),
        operator=OPERATORS,
    )
    def operator_does(self, kind, operator):
        self.world.tell(kind(operator))

    @rule(operator=OPERATORS)
    def operator_pauses(self, operator):
        self.world.tell(events.OperatorPaused(operator, "lunch"))

    @rule(
        kind=st.sampled_from(
            [
                events.OperatorAnswered,
                events.OperatorMissed,
                events.OperatorDeclined,
                events.OperatorUnreachable,
                events.TalkEnded,
            ]
        ),
        call=CALLS,
        operator=OPERATORS,
    )
    def any_two_are_said_to_meet(self, kind, call, operator):
        self.world.tell(kind(call, operator))

    @rule(
        kind=st.sampled_from(
            [events.OperatorAnswered] * 4 + [events.OperatorMissed, events.OperatorDeclined]
        ),
        data=st.data(),
    )
    def a_ringing_phone(self, kind, data):
        if self.world.ringing:
            operator, call = data.draw(st.sampled_from(sorted(self.world.ringing.items())))
            self.world.tell(kind(call, operator))

    @rule(data=st.data())
    def a_talk_ends(self, data):
        talks = [c for c in self.world.dispatcher.calls() if c.state == "talking"]
        if talks:
            talk = data.draw(st.sampled_from(talks))
            self.world.tell(events.TalkEnded(talk.call, talk.operator))

    @rule(
        data=st.data(),
        topic=st.one_of(st.none(), TOPICS),
        line=LINES,
        wanted=MAYBE_OPERATOR,
    )
    def a_caller_is_handed_on(self, data, topic, line, wanted):
        talks = [c for c in self.world.dispatcher.calls() if c.operator is not None]
        if talks:
            talk = data.draw(st.sampled_from(talks))
            self.world.tell(events.TransferAsked(talk.call, talk.operator, topic, line, wanted))

    @rule(
        operator=OPERATORS,
        skills=SKILLS,
        lines=st.sampled_from([("first",), ("second",), ("first", "second")]),
    )
    def operator_changes(self, operator, skills, lines):
        self.world.tell(events.OperatorChanged(operator, skills, lines))

    @rule(policy=POLICIES)
    def policy_changes(self, policy):
        self.world.tell(events.PolicyChanged(policy))

    @rule(kind=st.sampled_from([events.TopicClosed, events.TopicOpened, events.TopicOpened]), topic=TOPICS)
    def topic_closes_or_opens(self, kind, topic):
        self.world.tell(kind(topic))

    @rule()
    def controller_restarts(self):
        self.world.restart()

    @rule()
    def tick_out_of_time(self):
        self.world.tell(events.Tick())

    def teardown(self):
        if hasattr(self, "world"):
            replay(self.world)


def replay(world: World) -> None:
    """The same facts at the same times, from the same beginning, give the same commands."""
    if any(isinstance(fact, events.Reconciled) for _, fact, _ in world.log) or not world.log:
        return
    again = Dispatcher(world.first_policy)
    for now, fact, commands in world.log:
        assert again.handle(fact, now) == commands


RandomDay.TestCase.settings = settings(
    max_examples=200,
    stateful_step_count=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestEveryPromiseHoldsOnARandomDay = RandomDay.TestCase
