"""One caller's way through the menus: events in, commands out.

A conversation keeps the flows it began with: a reload makes new conversations and changes no running one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import Enum
from typing import Any, ClassVar, Literal
from zoneinfo import ZoneInfo

from ivr.core.answer import MASK, Answer
from ivr.core.asking import Asking
from ivr.core.commands import AnyCommand, Enqueue, Hangup
from ivr.core.events import (
    AnyEvent,
    CallerHungUp,
    Digit,
    Event,
    HearingChanged,
    PromptFinished,
    QueueRefused,
    Resumed,
    Silence,
    SpeechStarted,
    Spoken,
    Started,
    TalkEnded,
)
from ivr.core.flow import (
    BranchNode,
    CollectNode,
    EnqueueNode,
    FlowError,
    GotoNode,
    HangupNode,
    LanguageNode,
    ListeningNode,
    MenuNode,
    SayNode,
    Texts,
)
from ivr.core.hearing import Hearing
from ivr.core.hours import Hours, local
from ivr.core.route import Flows, case_of, keys_count_after
from ivr.core.typed_ahead import TypedAhead
from ivr.core.voice import Voice
from ivr.core.walk import Walk


class State(Enum):
    """Where the conversation stands, seen from outside."""

    NEW = "new"
    SAYING = "saying"  # something is said, no question is open
    ASKING = "asking"  # a question is open, during its prompt and after
    CONFIRMING = "confirming"  # the caller is asked back whether he said that
    QUEUED = "queued"  # the distributor has the call: waiting or talking
    GIVEN_UP = "given up"  # the flow failed, the shell gives the caller to a person
    OVER = "over"


class Conversation:
    """A state machine without I/O; `TABLE` says what is done about each event in each state.

    flows: by name. start: "flow" or "flow.node". hours: by name, for branches. language: the number's own.
    personal: the keys of `data` that notes and logs mask.
    Raises FlowError, as `handle` does, for a flow that leads nowhere or round and round. The checker finds
    these beforehand; should it happen, the conversation is given up and the caller goes to a person.
    state: QUEUED takes over, at an enqueue node, a call that another controller had queued.
    """

    def __init__(
        self,
        flows: Flows,
        start: str,
        *,
        hours: Mapping[str, Hours],
        timezone: ZoneInfo,
        language: str,
        data: Mapping[str, str] | None = None,
        personal: Iterable[str] = (),
        state: Literal[State.NEW, State.QUEUED] = State.NEW,
    ) -> None:
        self.state: State = state
        self.data = dict(data or {})
        self.personal = set(personal)
        self._hours = hours
        self._timezone = timezone
        self._voice = Voice(language)
        self._walk = Walk(flows, start)
        if state is State.QUEUED and not isinstance(self._walk.place.node, EnqueueNode):
            self._walk.fail("is no place to wait for an operator")
        self._hearing = Hearing()
        self._typed = TypedAhead()
        self._asking: Asking | None = None

    @property
    def node(self) -> str:
        """Where the caller is: "flow.node"."""
        return str(self._walk.place)

    @property
    def language(self) -> str:
        """The language spoken with him."""
        return self._voice.language

    def handle(self, event: AnyEvent, at: datetime) -> list[AnyCommand]:
        """What to do now, in order. at: aware wall time. An event that comes too late asks for nothing."""
        self._at = local(at, self._timezone)
        self._voice.commands = []
        handler = self.TABLE[self.state].get(type(event))
        if handler is not None:
            try:
                self._go(handler(self, event))
            except FlowError:
                self.state = State.GIVEN_UP
                raise
        return self._voice.commands

    # What each event does. Returned: where to go on, or None to stay and wait.

    def _begin(self, event: Started | Resumed) -> str | None:
        if isinstance(event, Started) and event.language is not None:
            self._voice.language = event.language
        self._hearing.begins(event)
        version = self._walk.flows[self._walk.place.flow].version
        self._note("started", version=version, language=self.language)
        return self._enter()

    def _sentence_heard(self, _: PromptFinished) -> str | None:
        self._voice.heard()
        return self._after_saying()

    def _key_while_saying(self, event: Digit) -> str | None:
        self._typed.keep(event.digit, self._at)
        return self._after_saying() if self._typed and self._voice.gives_way() else None

    def _question_heard(self, _: PromptFinished) -> str | None:
        self._voice.heard()
        return self._settled(self._open.keys()) if self._typed else None

    def _key_while_asking(self, event: Digit) -> str | None:
        self._hearing.key()
        self._typed.keep(event.digit, self._at)
        return self._settled(self._open.keys()) if self._typed and self._voice.gives_way() else None

    def _silence(self, _: Silence) -> str | None:
        self._voice.heard()
        return self._settled(self._open.silence())

    def _speech_began(self, _: SpeechStarted) -> None:
        self._hearing.speech_began()
        self._open.speech_began()

    def _words(self, event: Spoken) -> str | None:
        if self._hearing.is_void(event) or self._typed:
            self._open.noise()
            return None
        return self._settled(self._open.words(event))

    def _hearing_changed(self, event: HearingChanged) -> None:
        self._hearing.changed(event)

    def _hearing_changed_while_asked(self, event: HearingChanged) -> str | None:
        self._hearing.changed(event)
        self._open.hearing_changed()
        return self._settled(None)

    def _refused(self, event: QueueRefused) -> str | None:
        self._note("queue refused", why=event.why)
        return self._leave_queue(self._enqueue_node.when_full)

    def _talk_ended(self, _: TalkEnded) -> str | None:
        self._note("talk ended")
        self._walk.rest()
        return self._leave_queue(self._enqueue_node.next)

    def _caller_left(self, _: CallerHungUp) -> None:
        self._note("caller hung up")
        self.state = State.OVER

    def _say_again(self, event: Resumed) -> str | None:
        self._note("resumed")
        self._hearing.begins(event)
        return self._enter()

    def _ask_again(self, event: Resumed) -> str | None:
        self._note("resumed")
        self._hearing.begins(event)
        self._open.again()
        return self._settled(None)

    def _queue_again(self, event: Resumed) -> None:
        self._note("resumed")
        self._hearing.begins(event)
        self._queue()

    def _nothing_to_go_on_with(self, _: QueueRefused | TalkEnded) -> None:
        """He was queued without this conversation, so no node says what follows; silence would be worse."""
        self._hang_up()

    _WHILE_ASKED: ClassVar[dict[type[Event], Callable[[Conversation, Any], str | None]]] = {
        PromptFinished: _question_heard,
        Digit: _key_while_asking,
        SpeechStarted: _speech_began,
        Spoken: _words,
        Silence: _silence,
        HearingChanged: _hearing_changed_while_asked,
        CallerHungUp: _caller_left,
        Resumed: _ask_again,
    }

    TABLE: ClassVar[dict[State, dict[type[Event], Callable[[Conversation, Any], str | None]]]] = {
        State.NEW: {
            Started: _begin,
            Resumed: _begin,
            HearingChanged: _hearing_changed,
            CallerHungUp: _caller_left,
            QueueRefused: _nothing_to_go_on_with,
            TalkEnded: _nothing_to_go_on_with,
        },
        State.SAYING: {
            PromptFinished: _sentence_heard,
            Digit: _key_while_saying,
            HearingChanged: _hearing_changed,
            CallerHungUp: _caller_left,
            Resumed: _say_again,
        },
        State.ASKING: _WHILE_ASKED,
        State.CONFIRMING: _WHILE_ASKED,
        State.QUEUED: {
            HearingChanged: _hearing_changed,
            QueueRefused: _refused,
            TalkEnded: _talk_ended,
            CallerHungUp: _caller_left,
            Resumed: _queue_again,
        },
        State.GIVEN_UP: {
            QueueRefused: _nothing_to_go_on_with,
            TalkEnded: _nothing_to_go_on_with,
            CallerHungUp: _caller_left,
        },
        State.OVER: {},
    }
    """An event with no row crossed our own command on its way (a key and a timer within one moment, a refusal
    and a hang-up): nothing is left to be done about it."""

    # What each node does. Returned: the next node, or None when the caller or the queue is waited for.

    def _go(self, target: str | None) -> None:
        while target is not None:
            self._walk.to(target)
            target = self._enter()

    def _enter(self) -> str | None:
        node = self._walk.place.node
        target: str | None = None
        match node:
            case SayNode():
                target = self._begin_saying(node)
            case MenuNode() | CollectNode():
                target = self._begin_asking(node)
            case BranchNode():
                target = self._branch(node)
            case LanguageNode():
                self._voice.language, target = node.set, node.next
                self._note("language", language=node.set)
            case GotoNode():
                target = node.to
            case EnqueueNode():
                self._begin_queueing(node)
            case HangupNode():
                self._hang_up()
        return target

    def _branch(self, node: BranchNode) -> str:
        try:
            case = case_of(node, self._at, self._hours, self.language, self.data)
        except KeyError as unknown:
            self._walk.fail(f"asks for opening hours {unknown}, and there are none of that name")
        shown = MASK if node.on == "data" and node.key in self.personal else case
        self._note("branch", on=node.on, case="otherwise" if case is None else shown or "")
        return node.otherwise if case is None else node.cases[case]

    def _begin_saying(self, node: SayNode) -> str | None:
        self.state = State.SAYING
        self._voice.cuttable = node.interruptible and keys_count_after(self._walk.flows, self._walk.place)
        if self._typed and self._voice.cuttable:
            return node.next
        self._note("say")
        return None if self._say(node.say) else node.next

    def _after_saying(self) -> str | None:
        node = self._walk.place.node
        return node.next if isinstance(node, SayNode) else self._queue()

    def _begin_asking(self, node: ListeningNode) -> str | None:
        if not self._walk.visit():
            self._note("asked too often")
            return node.no_match.then
        self._voice.cuttable = node.interruptible
        self._asking = Asking(
            self._walk.flows[self._walk.place.flow],
            self.node,
            node,
            today=self._at.date(),
            voice=self._voice,
            hearing=self._hearing,
            typed=self._typed,
        )
        return self._settled(self._asking.begin())

    def _settled(self, answer: Answer | None) -> str | None:
        """What becomes of the open question. answer: None leaves it open."""
        self.state = State.CONFIRMING if self._open.confirming else State.ASKING
        if answer is None:
            return None
        self._remember(answer)
        return answer.next or self._command(answer.command)

    def _remember(self, answer: Answer) -> None:
        if answer.stored is not None:
            key, value = answer.stored
            self.data[key] = value
            if answer.personal:
                self.personal.add(key)
        if answer.late is not None:
            self._typed.expect_late(answer.late, self._at)

    def _command(self, name: str) -> str | None:
        if name == "person":
            flow = self._walk.flows[self._walk.place.flow]
            return flow.person or self._open.node.no_match.then
        if name == "back":
            self._walk.back()
        return self._enter()

    def _begin_queueing(self, node: EnqueueNode) -> None:
        self.state, self._voice.cuttable = State.SAYING, False
        if not self._say(node.say):
            self._queue()

    def _queue(self) -> None:
        node = self._enqueue_node
        self.state = State.QUEUED
        self._walk.forget()
        self._typed.forget()
        self._note("enqueue", topic=node.topic)
        data, personal = dict(self.data), tuple(sorted(self.personal & self.data.keys()))
        self._voice.commands.append(
            Enqueue(node.topic, self.language, node.line, node.priority, data, personal)
        )

    def _leave_queue(self, target: str | None) -> str | None:
        return self._hang_up() if target is None else target

    def _hang_up(self) -> None:
        self.state = State.OVER
        self._note("hung up")
        self._voice.commands.append(Hangup())

    # Shorthands

    @property
    def _open(self) -> Asking:
        assert self._asking is not None  # noqa: S101  the table asks in ASKING and CONFIRMING only
        return self._asking

    @property
    def _enqueue_node(self) -> EnqueueNode:
        node = self._walk.place.node
        assert isinstance(node, EnqueueNode)  # noqa: S101  nothing else leads to QUEUED
        return node

    def _note(self, step: str, **detail: str) -> None:
        self._voice.note(self.node, step, **detail)

    def _say(self, texts: Texts) -> bool:
        return self._voice.play(f"{self.node}.say", texts)
