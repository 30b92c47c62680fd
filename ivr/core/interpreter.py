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

from ivr.core.commands import AnyCommand, Enqueue, Expect, Hangup
from ivr.core.confirmation import Confirmation, Reply
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
from ivr.core.expectation import expect
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
from ivr.core.own_sentences import FIXED, USE_KEYS, YES_OR_NO
from ivr.core.question import MASK, MORE, Answer, Doubt, Question
from ivr.core.route import Flows, Place, beginning, case_of, follow, keys_count_after
from ivr.core.typed_ahead import TypedAhead
from ivr.core.voice import Voice

STEP_LIMIT = 50
"""Nodes passed with neither a question nor a talk before the flow counts as going round and round."""

FALSE_STARTS = 2
"""Times a question that noise cut off is asked again, on one visit."""

HISTORY = 20
"""Questions that "back" can lead back to."""

VISIT_LIMIT = 10
"""Times one question may be come back to: beyond it nobody is choosing (a fax, a stuck key, a child)."""


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
        self._doubt: Confirmation | None = None
        self._asked: list[Place] = []
        self._hearing = False
        self._heard_languages: tuple[str, ...] | None = None
        self._cut = False
        self._speaking = False
        self._key_won = False  # he pressed a key while he spoke: what he said does not count
        self._false_starts = 0

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
        if isinstance(event, Started):
            self._hearing, self._heard_languages = event.hearing, event.heard_languages
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
        self._key_won = self._speaking
        self._typed.keep(event.digit, self._at)
        return self._act_on(self._use_keys()) if self._typed and self._voice.gives_way() else None

    def _silence(self, _: Silence) -> str | None:
        self._voice.heard()
        return self._act_on(self._open.silence())

    def _speech_began(self, _: SpeechStarted) -> None:
        self._speaking, self._key_won = True, False
        if self._open.spoken and self._voice.playing and self._voice.gives_way():
            self._cut = True
            self._note("barge-in")

    def _words_while_asking(self, event: Spoken) -> str | None:
        if not self._open.spoken:
            return None
        if self._is_void(event):
            return self._nothing_said()
        self._voice.gives_way()
        return self._act_on(self._open.heard(event))

    def _is_void(self, event: Spoken) -> bool:
        key_won, self._speaking, self._key_won = self._key_won, False, False
        return key_won or bool(self._typed) or event.kind == "nothing"

    def _words_while_confirming(self, event: Spoken) -> str | None:
        if self._is_void(event):
            return self._nothing_said()
        self._voice.gives_way()
        match self._doubted.heard(event, self._open.node.speech):
            case Reply.OTHER:
                self.state = State.ASKING
                return self._act_on(self._open.heard(event))
            case reply:
                return self._replied(reply, "speech")

    def _key_while_confirming(self, event: Digit) -> str | None:
        self._key_won = self._speaking
        self._typed.keep(event.digit, self._at)
        return self._key_replies() if self._typed and self._voice.gives_way() else None

    def _confirmation_heard(self, _: PromptFinished) -> str | None:
        self._voice.heard()
        return self._key_replies() if self._typed else None

    def _silence_while_confirming(self, _: Silence) -> str | None:
        self._voice.heard()
        return self._replied(Reply.UNCLEAR, "silence")

    def _hearing_changed(self, event: HearingChanged) -> None:
        self._hearing, self._heard_languages = event.on, event.heard_languages

    def _hearing_changed_while_asked(self, event: HearingChanged) -> None:
        self._hearing_changed(event)
        if not self._open.spoken or self._can_hear(self._open.node):
            return
        self._note("hearing lost")
        self._open.spoken, self.state = False, State.ASKING
        if self._open.entered:
            # He is in the middle of typing and needs no words.
            self._listen()
            return
        self._voice.gives_way()
        self._play(USE_KEYS, FIXED[USE_KEYS])
        self._open.start_again()
        self._ask()

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
        self.state = State.ASKING
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
        State.ASKING: {
            PromptFinished: _question_heard,
            Digit: _key_while_asking,
            SpeechStarted: _speech_began,
            Spoken: _words_while_asking,
            Silence: _silence,
            HearingChanged: _hearing_changed_while_asked,
            CallerHungUp: _caller_left,
            Resumed: _ask_again,
        },
        State.CONFIRMING: {
            PromptFinished: _confirmation_heard,
            Digit: _key_while_confirming,
            SpeechStarted: _speech_began,
            Spoken: _words_while_confirming,
            Silence: _silence_while_confirming,
            HearingChanged: _hearing_changed_while_asked,
            CallerHungUp: _caller_left,
            Resumed: _ask_again,
        },
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
        self._cut, self._false_starts = False, 0
        if self._place not in self._asked[-1:]:
            self._asked = [*self._asked[1 - HISTORY :], self._place]
        self._question = self._new_question(node)
        if self._typed and node.interruptible:
            answer = self._use_keys()
            if not answer.failed:
                return self._act_on(answer)
            # He pressed before he could hear the question: it is asked, and not held against him.
            self._typed.forget()
            self._question = self._new_question(node)
        self._ask()
        return None

    def _new_question(self, node: ListeningNode) -> Question:
        return Question(node, today=self._at.date(), language=self.language, spoken=self._can_hear(node))

    def _can_hear(self, node: ListeningNode) -> bool:
        known = self._heard_languages is None or self.language in self._heard_languages
        if not self._hearing or not known or node.speech.off:
            return False
        return self._expect(node) is not None

    def _expect(self, node: ListeningNode, *, entered: str = "", confirming: bool = False) -> Expect | None:
        flow = self._flows[self._place.flow]
        return expect(flow, node, self.language, self._at.date(), entered=entered, confirming=confirming)

    def _ask(self) -> None:
        self._note("ask")
        self._play_question()
        self._listen()

    def _play_question(self) -> None:
        node = self._open.node
        spoken = self._open.spoken and self.language in node.ask_spoken
        self._play("ask_spoken" if spoken else "ask", node.ask_spoken if spoken else node.ask)

    def _listen(self, seconds: float | None = None) -> None:
        question = self._open
        speech = None
        if question.spoken:
            confirming = self.state is State.CONFIRMING
            speech = self._expect(question.node, entered=question.entered, confirming=confirming)
        self._voice.listen(question.node.wait if seconds is None else seconds, speech)

    def _nothing_said(self) -> None:
        """Noise, or words after a key: what it cut off is said again, and held against nobody."""
        if self._cut and self._false_starts < FALSE_STARTS:
            self._false_starts += 1
            self._note("false start")
            if self.state is State.CONFIRMING:
                self._play_doubt()
            else:
                self._play_question()
        self._cut = False
        self._listen()

    def _key_replies(self) -> str | None:
        key = self._typed.take()
        reply = self._doubted.key(key)
        if reply is Reply.UNCLEAR and self._open.has_key(key):
            self.state = State.ASKING
            return self._act_on(self._open.key(key))
        return self._replied(reply, "key")

    def _replied(self, reply: Reply, by: str) -> str | None:
        doubt = self._doubted.doubt
        if reply is Reply.UNCLEAR:
            if self._doubted.unclear():
                self._play(YES_OR_NO, FIXED[YES_OR_NO])
                self._listen()
                return None
            reply = Reply.NO
        if reply is Reply.REPEAT:
            self._play_doubt()
            self._listen()
            return None
        self.state = State.ASKING
        self._note("confirmed" if reply is Reply.YES else "denied", **doubt.detail, answer=by)
        return self._act_on(doubt.answer if reply is Reply.YES else self._open.denied(doubt))

    def _ask_back(self, doubt: Doubt) -> None:
        self.state, self._doubt = State.CONFIRMING, Confirmation(doubt)
        self._typed.forget()
        self._play_doubt()
        self._listen()

    def _play_doubt(self) -> None:
        doubt = self._doubted.doubt
        if doubt.text:
            self._voice.say(f"{self.node}.{doubt.prompt}", doubt.text)
        else:
            self._play(doubt.prompt, doubt.texts)

    def _command(self, name: str) -> str | None:
        node = self._open.node
        if name == "person":
            return self._flows[self._place.flow].person or node.no_match.then
        if name == "back" and len(self._asked) > 1:
            self._asked.pop()
            self._place = self._asked.pop()
        return self._enter()

    def _use_keys(self) -> Answer:
        answer = MORE
        while self._typed and answer is MORE:
            answer = self._open.key(self._typed.take())
        return answer

    def _act_on(self, answer: Answer) -> str | None:
        if answer.step:
            self._note(answer.step, **answer.detail)
        if answer.next is not None:
            self._remember(answer)
            return answer.next
        if answer.command:
            return self._command(answer.command)
        if answer.doubt is not None:
            self._ask_back(answer.doubt)
            return None
        if answer.say is not None:
            self._typed.forget()  # he is on another track: what he typed on was not meant for this
            self._play(*answer.say)
        if answer.again:
            self._play_question()
        self._cut = False
        self._listen(answer.wait)
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
        self._asked = []
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
    def _doubted(self) -> Confirmation:
        assert self._doubt is not None  # noqa: S101  the table confirms in CONFIRMING only
        return self._doubt

    @property
    def _enqueue_node(self) -> EnqueueNode:
        node = self._place.node
        assert isinstance(node, EnqueueNode)  # noqa: S101  nothing else leads to QUEUED
        return node

    def _note(self, step: str, **detail: str) -> None:
        self._voice.note(self.node, step, **detail)

    def _play(self, part: str, texts: Texts) -> bool:
        """part: of this node, or the whole name of one of our own sentences."""
        return self._voice.play(part if part in FIXED else f"{self.node}.{part}", texts)
