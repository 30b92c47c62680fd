"""One visit to a menu or an entry: keys, words and silences in, an answer out."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from ivr.core.answer import MASK, MORE, Answer, Doubt
from ivr.core.entry import Verdict, add_key, at_silence, checked, lengths, typed_value
from ivr.core.events import Spoken
from ivr.core.expectation import NONE
from ivr.core.flow import Choice, CollectNode, ListeningNode, MenuNode
from ivr.core.flow_prompts import confirmation
from ivr.core.ladders import Ladders
from ivr.core.own_sentences import FIXED, MEANT, MISHEARD, VALUE
from ivr.core.said_value import read_back

DOUBT_LIMIT = 3
"""Times a caller is asked back at one question; after that keys or a person serve him better."""

DIGITS_GO_ON = 2.0
"""Seconds within which a caller who reads digits out in groups goes on with the next group."""


class Question:
    """spoken: the caller can be understood by voice here. today: the local date. language: of what is read back."""

    def __init__(self, node: ListeningNode, *, today: date, language: str, spoken: bool = False) -> None:
        self.node = node
        self.spoken = spoken
        self.entered = ""
        self._today, self._language = today, language
        self._ladders = Ladders(node, language)
        self._heard: list[float] = []
        self._doubts = 0
        self._denied: set[str] = set()

    def key(self, key: str) -> Answer:
        """One key: 0-9, *, # (or A-D, which no menu knows)."""
        if isinstance(self.node, CollectNode):
            self.entered, verdict = add_key(self.node, self.entered, key)
            return self._entry(self.node, verdict, by_length=key != self.node.digits.end)
        choice = next((one for one in self.node.choices if one.key == key), None)
        if choice is None:
            return self._failed("no_match", {"key": key})
        return self._chosen(self.node, choice, {"key": key, "choice": choice.name})

    def has_key(self, key: str) -> bool:
        """Whether this key is a menu's."""
        return isinstance(self.node, MenuNode) and any(one.key == key for one in self.node.choices)

    def heard(self, said: Spoken) -> Answer:
        """What he said, except that it was nothing. What nobody asked for is not understood."""
        if said.kind == "command" and said.name in MEANT:
            return self._command(said)
        if isinstance(self.node, MenuNode):
            return self._choice(self.node, said)
        if said.kind == "choice" and said.name == NONE and self.node.none:
            return self._none(self.node, said)
        if said.kind == "value":
            return self._value(self.node, said)
        return self._not_understood(said)

    def silence(self) -> Answer:
        """The seconds of the node's wait are over."""
        if isinstance(self.node, CollectNode):
            return self._entry(self.node, at_silence(self.node, self.entered))
        return self._failed("no_input", {})

    def denied(self, doubt: Doubt) -> Answer:
        """He did not say that."""
        self._denied.add(doubt.name)
        answer = self._failed("no_match", {"by": "denied"})
        if answer.next is not None:
            return answer
        return msgspec.structs.replace(answer, say=(MISHEARD, FIXED[MISHEARD]), again=True)

    def start_again(self) -> None:
        """The question is asked anew: half an entry is forgotten, failures are not."""
        self.entered = ""
        self._heard = []

    # By voice

    def _command(self, said: Spoken) -> Answer:
        detail = {"by": "speech", "confidence": _shown(said), "phrase": said.phrase}
        yes = Answer(f"{said.name} asked", detail, command=said.name)
        prompt = MEANT[said.name]
        return self._weighed(
            said, Doubt(said.name, yes, prompt, FIXED[prompt], detail={"command": said.name})
        )

    def _choice(self, node: MenuNode, said: Spoken) -> Answer:
        names = [(said.name, said.confidence), *said.alternatives] if said.kind == "choice" else []
        known = {one.name: one for one in node.choices}
        if names and said.confidence < node.speech.sure:
            names = [one for one in names if one[0] not in self._denied] or names
        if not names or names[0][0] not in known:
            return self._not_understood(said)
        name, confidence = names[0]
        meant = said if name == said.name else Spoken("choice", name, confidence)
        choice = known[name]
        detail = {"by": "speech", "choice": name, "confidence": _shown(meant), "phrase": meant.phrase}
        doubt = Doubt(
            name,
            self._chosen(node, choice, detail),
            f"confirm.{name}",
            confirmation(choice),
            detail={"choice": name},
        )
        return self._weighed(meant, doubt)

    def _none(self, node: CollectNode, said: Spoken) -> Answer:
        detail = {"by": "speech", node.store: "", "confidence": _shown(said)}
        yes = Answer("entered", detail, next=node.next, stored=(node.store, ""), personal=node.personal)
        return self._weighed(
            said,
            Doubt(
                NONE,
                yes,
                "confirm.none",
                confirmation(Choice(NONE, "", phrases=node.none)),
                detail={"choice": NONE},
            ),
        )

    def _value(self, node: CollectNode, said: Spoken) -> Answer:
        value = checked(node, self.entered + said.name if node.what == "digits" else said.name, self._today)
        most = lengths(node)[1]
        if (
            said.confidence < node.speech.unsure
            or value is None
            or (node.what == "digits" and len(value) > most)
        ):
            return self._not_understood(said)
        self._heard.append(said.confidence)
        if node.what != "digits":
            return self._spoken_value(node, value)
        self.entered = value
        if len(value) < most:
            return Answer(wait=min(DIGITS_GO_ON, node.wait))
        return self._spoken_value(node, value)

    def _spoken_value(self, node: CollectNode, value: str) -> Answer:
        sure = min(self._heard)
        shown = MASK if node.personal else value
        detail = {"by": "speech", node.store: shown, "confidence": f"{sure:.2f}"}
        yes = Answer("entered", detail, next=node.next, stored=(node.store, value), personal=node.personal)
        said = read_back(node.what, value, self._language)
        text = VALUE.get(self._language, VALUE["en"]).format(said)
        doubt = Doubt("", yes, "confirm", text=text, detail={node.store: shown})
        read = node.confirm and node.what != "yes_no"
        return self._weighed(Spoken("value", value, sure), doubt, always=read)

    def _weighed(self, said: Spoken, doubt: Doubt, *, always: bool = False) -> Answer:
        speech = self.node.speech
        if said.confidence >= speech.sure and doubt.name not in self._denied and not always:
            return doubt.answer
        if said.confidence < speech.unsure or self._doubts >= DOUBT_LIMIT or not (doubt.texts or doubt.text):
            return self._not_understood(said)
        self._doubts += 1
        detail = {"by": "speech", **doubt.detail, "confidence": _shown(said), "phrase": said.phrase}
        return Answer("asked back", {key: one for key, one in detail.items() if one}, doubt=doubt)

    def _not_understood(self, said: Spoken) -> Answer:
        return self._failed("no_match", {"by": "speech", "heard": MASK, "confidence": _shown(said)})

    # By key, and by neither

    def _chosen(self, node: MenuNode, choice: Choice, detail: dict[str, str]) -> Answer:
        stored = (node.store, choice.name) if node.store else None
        return Answer("menu choice", detail, next=choice.next, stored=stored)

    def _entry(self, node: CollectNode, verdict: Verdict, *, by_length: bool = False) -> Answer:
        shown = MASK if node.personal and self.entered else self.entered
        match verdict:
            case Verdict.MORE:
                return MORE
            case Verdict.NOTHING:
                return self._failed("no_input", {})
            case Verdict.WRONG:
                return self._failed("no_match", {"entered": shown})
            case Verdict.DONE:
                value = typed_value(node, self.entered, self._today)
                if value is None:
                    return self._failed("no_match", {"entered": shown})
                if self._heard:
                    return self._spoken_value(node, value)
                return Answer(
                    "entered",
                    {node.store: shown if node.personal else value},
                    next=node.next,
                    stored=(node.store, value),
                    personal=node.personal,
                    late=node.digits.end if by_length else None,
                )

    def _failed(self, kind: Literal["no_input", "no_match"], detail: dict[str, str]) -> Answer:
        self.start_again()
        return self._ladders.failed(kind, detail, spoken=self.spoken)


def _shown(said: Spoken) -> str:
    return f"{said.confidence:.2f}"
