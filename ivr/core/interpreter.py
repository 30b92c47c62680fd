"""One caller's way through the menus: events in, commands out.

A conversation keeps the flows it began with: a reload makes new conversations and changes no running one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import Enum
from typing import Any, ClassVar, Literal
from zoneinfo import ZoneInfo

from ivr.core.commands import AnyCommand, Enqueue, Hangup
from ivr.core.events import (
    AnyEvent,
    CallerHungUp,
    Digit,
    Event,
    PromptFinished,
    QueueRefused,
    Resumed,
    Silence,
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
from ivr.core.hours import Hours, local
from ivr.core.question import MASK, MORE, Answer, Question
from ivr.core.route import Flows, beginning, case_of, follow, keys_count_after
from ivr.core.typed_ahead import TypedAhead
from ivr.core.voice import Voice

STEP_LIMIT = 50
"""Nodes passed with neither a question nor a talk before the flow counts as going round and round."""

VISIT_LIMIT = 10
"""Times one question may be come back to: beyond it nobody is choosing (a fax, a stuck key, a child)."""


class State(Enum):
    """Where the conversation stands, seen from outside."""

    NEW = "new"
    SAYING = "saying"  # something is said, no question is open
    ASKING = "asking"  # a question is open, during its prompt and after
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
        self._flows = flows
        self._hours = hours
        self._timezone = timezone
        self._voice = Voice(language)
        self._place = beginning(flows, start)
        if state is State.QUEUED and not isinstance(self._place.node, EnqueueNode):
            raise FlowError(self._place.flow, self._place.name, "is no place to wait for an operator")
        self._visits: Counter[str] = Counter()
        self._steps = 0
        self._question: Question | None = None
        self._typed = TypedAhead()

    @property
    def node(self) -> str:
        """Where the caller is: "flow.node"."""
        return str(self._place)

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
        self._note("started", version=self._flows[self._place.flow].version, language=self.language)
        return self._enter()

    def _sentence_heard(self, _: PromptFinished) -> str | None:
        self._voice.heard()
        return self._after_saying()

    def _key_while_saying(self, event: Digit) -> str | None:
        self._typed.keep(event.digit, self._at)
        return self._after_saying() if self._typed and self._voice.gives_way() else None

    def _question_heard(self, _: PromptFinished) -> str | None:
        self._voice.heard()
        return self._act_on(self._use_keys()) if self._typed else None

    def _key_while_asking(self, event: Digit) -> str | None:
        self._typed.keep(event.digit, self._at)
        return self._act_on(self._use_keys()) if self._typed and self._voice.gives_way() else None

    def _silence(self, _: Silence) -> str | None:
        self._voice.heard()
        return self._act_on(self._open.silence())

    def _refused(self, event: QueueRefused) -> str | None:
        self._note("queue refused", why=event.why)
        return self._leave_queue(self._enqueue_node.when_full)

    def _talk_ended(self, _: TalkEnded) -> str | None:
        self._note("talk ended")
        self._steps = 0
        return self._leave_queue(self._enqueue_node.next)

    def _caller_left(self, _: CallerHungUp) -> None:
        self._note("caller hung up")
        self.state = State.OVER

    def _say_again(self, _: Resumed) -> str | None:
        self._note("resumed")
        return self._enter()

    def _ask_again(self, _: Resumed) -> None:
        self._note("resumed")
        self._typed.forget()
        self._open.start_again()
        self._ask()

    def _queue_again(self, _: Resumed) -> None:
        self._note("resumed")
        self._queue()

    def _nothing_to_go_on_with(self, _: QueueRefused | TalkEnded) -> None:
        """He was queued without this conversation, so no node says what follows; silence would be worse."""
        self._hang_up()

    TABLE: ClassVar[dict[State, dict[type[Event], Callable[[Conversation, Any], str | None]]]] = {
        State.NEW: {
            Started: _begin,
            Resumed: _begin,
            CallerHungUp: _caller_left,
            QueueRefused: _nothing_to_go_on_with,
            TalkEnded: _nothing_to_go_on_with,
        },
        State.SAYING: {
            PromptFinished: _sentence_heard,
            Digit: _key_while_saying,
            CallerHungUp: _caller_left,
            Resumed: _say_again,
        },
        State.ASKING: {
            PromptFinished: _question_heard,
            Digit: _key_while_asking,
            Silence: _silence,
            CallerHungUp: _caller_left,
            Resumed: _ask_again,
        },
        State.QUEUED: {
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
            self._steps += 1
            if self._steps > STEP_LIMIT:
                why = "goes round and round without asking the caller"
                raise FlowError(self._place.flow, self._place.name, why)
            self._place = follow(self._flows, self._place, target)
            target = self._enter()

    def _enter(self) -> str | None:
        node = self._place.node
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
            why = f"asks for opening hours {unknown}, and there are none of that name"
            raise FlowError(self._place.flow, self._place.name, why) from None
        shown = MASK if node.on == "data" and node.key in self.personal else case
        self._note("branch", on=node.on, case="otherwise" if case is None else shown or "")
        return node.otherwise if case is None else node.cases[case]

    def _begin_saying(self, node: SayNode) -> str | None:
        self.state = State.SAYING
        self._voice.cuttable = node.interruptible and keys_count_after(self._flows, self._place)
        if self._typed and self._voice.cuttable:
            return node.next
        self._note("say")
        return None if self._play("say", node.say) else node.next

    def _after_saying(self) -> str | None:
        node = self._place.node
        return node.next if isinstance(node, SayNode) else self._queue()

    def _begin_asking(self, node: ListeningNode) -> str | None:
        self._visits[self.node] += 1
        if self._visits[self.node] > VISIT_LIMIT:
            self._note("asked too often")
            return node.no_match.then
        self.state, self._voice.cuttable = State.ASKING, node.interruptible
        self._steps = 0
        self._question = Question(node)
        if self._typed and node.interruptible:
            answer = self._use_keys()
            if not answer.failed:
                return self._act_on(answer)
            # He pressed before he could hear the question: it is asked, and not held against him.
            self._typed.forget()
            self._question = Question(node)
        self._ask()
        return None

    def _ask(self) -> None:
        node = self._open.node
        self._note("ask")
        self._play("ask", node.ask)
        self._voice.listen(node.wait)

    def _use_keys(self) -> Answer:
        answer = MORE
        while self._typed and answer is MORE:
            answer = self._open.key(self._typed.take())
        return answer

    def _act_on(self, answer: Answer) -> str | None:
        node = self._open.node
        if answer is not MORE:
            self._note(answer.step, **answer.detail)
        if answer.next is not None:
            self._remember(answer)
            return answer.next
        if answer.say is not None:
            self._typed.forget()  # he is on another track: what he typed on was not meant for this
            self._play(*answer.say)
        if answer.again:
            self._play("ask", node.ask)
        self._voice.listen(node.wait)
        return None

    def _remember(self, answer: Answer) -> None:
        if answer.stored is not None:
            key, value = answer.stored
            self.data[key] = value
            if answer.personal:
                self.personal.add(key)
        if answer.late is not None:
            self._typed.expect_late(answer.late, self._at)

    def _begin_queueing(self, node: EnqueueNode) -> None:
        self.state, self._voice.cuttable = State.SAYING, False
        if not self._play("say", node.say):
            self._queue()

    def _queue(self) -> None:
        node = self._enqueue_node
        self.state = State.QUEUED
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
    def _open(self) -> Question:
        assert self._question is not None  # noqa: S101  the table asks in ASKING only
        return self._question

    @property
    def _enqueue_node(self) -> EnqueueNode:
        node = self._place.node
        assert isinstance(node, EnqueueNode)  # noqa: S101  nothing else leads to QUEUED
        return node

    def _note(self, step: str, **detail: str) -> None:
        self._voice.note(self.node, step, **detail)

    def _play(self, part: str, texts: Texts) -> bool:
        return self._voice.play(f"{self.node}.{part}", texts)
