"""One visit to a question: asked, heard, asked back, until an answer leads on."""

from __future__ import annotations

from datetime import date

from ivr.core.answer import MORE, Answer, Doubt
from ivr.core.commands import Expect
from ivr.core.confirmation import Confirmation, Reply
from ivr.core.events import Spoken
from ivr.core.expectation import expect
from ivr.core.flow import Flow, ListeningNode, Texts
from ivr.core.hearing import Hearing
from ivr.core.own_sentences import FIXED, USE_KEYS, YES_OR_NO
from ivr.core.question import Question
from ivr.core.typed_ahead import TypedAhead
from ivr.core.voice import Voice

FALSE_STARTS = 2
"""Times a question that noise cut off is asked again, on one visit."""


class Asking:
    """The methods that take what the caller did return the answer that leads on: a node or a command;
    None while the question is open.

    name: "flow.node". today: the local date. voice, hearing, typed: the conversation's.
    """

    def __init__(
        self,
        flow: Flow,
        name: str,
        node: ListeningNode,
        *,
        today: date,
        voice: Voice,
        hearing: Hearing,
        typed: TypedAhead,
    ) -> None:
        self.node = node
        self._flow, self._name, self._today = flow, name, today
        self._voice, self._hearing, self._typed = voice, hearing, typed
        self._question = self._new_question()
        self._doubt: Confirmation | None = None
        self._cut = False
        self._false_starts = 0

    @property
    def confirming(self) -> bool:
        """He is being asked back whether he said that."""
        return self._doubt is not None

    # What happens

    def begin(self) -> Answer | None:
        """Ask, unless what he typed ahead is an answer."""
        if self._typed and self.node.interruptible:
            answer = self._use_keys()
            if not answer.failed:
                return self._act_on(answer)
            # He pressed before he could hear the question: it is asked, and not held against him.
            self._typed.forget()
            self._question = self._new_question()
        self._ask()
        return None

    def again(self) -> None:
        """He was away for a moment: the question is asked anew, as well as he can be heard now."""
        self._doubt = None
        self._typed.forget()
        self._question.start_again()
        self._question.spoken = self._can_hear()
        self._ask()

    def keys(self) -> Answer | None:
        """He has typed, and nothing is being said that he must hear."""
        if self._doubt is None:
            return self._act_on(self._use_keys())
        key = self._typed.take()
        reply = self._doubt.key(key)
        if reply is Reply.UNCLEAR and self._question.has_key(key):
            self._doubt = None
            return self._act_on(self._question.key(key))
        return self._replied(self._doubt, reply, "key")

    def silence(self) -> Answer | None:
        if self._doubt is None:
            return self._act_on(self._question.silence())
        return self._replied(self._doubt, Reply.UNCLEAR, "silence")

    def speech_began(self) -> None:
        if self._question.spoken and self._voice.playing and self._voice.gives_way():
            self._cut = True
            self._note("barge-in")

    def words(self, said: Spoken) -> Answer | None:
        """He said something that counts."""
        if self._doubt is None:
            if not self._question.spoken:
                return None
            self._voice.gives_way()
            return self._act_on(self._question.heard(said))
        self._voice.gives_way()
        reply = self._doubt.heard(said, self.node.speech)
        if reply is Reply.OTHER:
            self._doubt = None
            return self._act_on(self._question.heard(said))
        return self._replied(self._doubt, reply, "speech")

    def noise(self) -> None:
        """Noise, or words after a key: what it cut off is said again, and held against nobody."""
        if not (self._question.spoken or self._doubt):
            return
        if self._cut and self._false_starts < FALSE_STARTS:
            self._false_starts += 1
            self._note("false start")
            if self._doubt:
                self._play_doubt(self._doubt.doubt)
            else:
                self._play_question()
        self._cut = False
        self._listen()

    def hearing_changed(self) -> None:
        """He may have to go on by key: then he is told so, and asked anew."""
        if not self._question.spoken or self._can_hear():
            return
        self._note("hearing lost")
        self._question.spoken, self._doubt = False, None
        if self._question.entered:
            # He is in the middle of typing and needs no words.
            self._listen()
            return
        self._voice.gives_way()
        self._play(USE_KEYS, FIXED[USE_KEYS])
        self._question.start_again()
        self._ask()

    # What is done about it

    def _use_keys(self) -> Answer:
        answer = MORE
        while self._typed and answer is MORE:
            answer = self._question.key(self._typed.take())
        return answer

    def _act_on(self, answer: Answer) -> Answer | None:
        if answer.step:
            self._note(answer.step, **answer.detail)
        if answer.next is not None or answer.command:
            return answer
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

    def _ask_back(self, doubt: Doubt) -> None:
        self._doubt = Confirmation(doubt)
        self._typed.forget()
        self._play_doubt(doubt)
        self._listen()

    def _replied(self, asked: Confirmation, reply: Reply, by: str) -> Answer | None:
        doubt = asked.doubt
        if reply is Reply.UNCLEAR:
            if asked.unclear():
                self._play(YES_OR_NO, FIXED[YES_OR_NO])
                self._listen()
                return None
            reply = Reply.NO
        if reply is Reply.REPEAT:
            self._play_doubt(doubt)
            self._listen()
            return None
        self._doubt = None
        self._note("confirmed" if reply is Reply.YES else "denied", **doubt.detail, answer=by)
        return self._act_on(doubt.answer if reply is Reply.YES else self._question.denied(doubt))

    def _new_question(self) -> Question:
        return Question(self.node, today=self._today, language=self._voice.language, spoken=self._can_hear())

    def _can_hear(self) -> bool:
        if self.node.speech.off or not self._hearing.understands(self._voice.language):
            return False
        return self._expect() is not None

    def _expect(self, *, entered: str = "", confirming: bool = False) -> Expect | None:
        language = self._voice.language
        return expect(self._flow, self.node, language, self._today, entered=entered, confirming=confirming)

    def _ask(self) -> None:
        self._note("ask")
        self._play_question()
        self._listen()

    def _play_question(self) -> None:
        spoken = self._question.spoken and self._voice.language in self.node.ask_spoken
        self._play("ask_spoken" if spoken else "ask", self.node.ask_spoken if spoken else self.node.ask)

    def _play_doubt(self, doubt: Doubt) -> None:
        if doubt.text:
            self._voice.say(f"{self._name}.{doubt.prompt}", doubt.text)
        else:
            self._play(doubt.prompt, doubt.texts)

    def _play(self, part: str, texts: Texts) -> None:
        """part: of this node, or the whole name of one of our own sentences."""
        self._voice.play(part if part in FIXED else f"{self._name}.{part}", texts)

    def _listen(self, seconds: float | None = None) -> None:
        speech = None
        if self._question.spoken:
            speech = self._expect(entered=self._question.entered, confirming=self.confirming)
        self._voice.listen(self.node.wait if seconds is None else seconds, speech)

    def _note(self, step: str, **detail: str) -> None:
        self._voice.note(self._name, step, **detail)
