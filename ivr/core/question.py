"""One visit to a menu or an entry: keys and silences in, an answer out."""

from __future__ import annotations

import msgspec

from ivr.core.entry import Verdict, add_key, at_silence
from ivr.core.flow import Choice, CollectNode, ListeningNode, MenuNode, Texts

MASK = "***"
"""Stands for every personal value that was given, whatever its length."""


class Answer(msgspec.Struct, frozen=True):
    """What a key or a silence amounts to.

    step, detail: for the call's story, personal values masked; "" while more keys may come.
    failed: it fits nothing. next: where it leads; None: the question stays open.
    stored: the data key and value it leaves behind; personal: that value is.
    say: part and texts to be heard before the caller gets another chance; again: the question follows them.
    late: a key that may still come and then belongs to this answer.
    """

    step: str = ""
    detail: dict[str, str] = {}
    failed: bool = False
    next: str | None = None
    stored: tuple[str, str] | None = None
    personal: bool = False
    say: tuple[str, Texts] | None = None
    again: bool = False
    late: str | None = None


MORE = Answer()


class Question:
    """Each ladder is climbed for itself, but whoever fails both ways gets no more chances than one gives."""

    def __init__(self, node: ListeningNode) -> None:
        self.node = node
        self._entered = ""
        self._failures = {"no_input": 0, "no_match": 0}

    def key(self, key: str) -> Answer:
        """One key: 0-9, *, # (or A-D, which no menu knows)."""
        if isinstance(self.node, CollectNode):
            self._entered, verdict = add_key(self.node.digits, self._entered, key)
            return self._entry(self.node, verdict, by_length=key != self.node.digits.end)
        choice = next((one for one in self.node.choices if one.key == key), None)
        if choice is None:
            return self._failed("no_match", {"key": key})
        return self._chosen(self.node, choice, key)

    def silence(self) -> Answer:
        """The seconds of the node's wait are over."""
        if isinstance(self.node, CollectNode):
            return self._entry(self.node, at_silence(self.node.digits, self._entered))
        return self._failed("no_input", {})

    def start_again(self) -> None:
        """The question is asked anew: half an entry is forgotten, failures are not."""
        self._entered = ""

    def _chosen(self, node: MenuNode, choice: Choice, key: str) -> Answer:
        return Answer(
            "menu choice",
            {"key": key, "choice": choice.name},
            next=choice.next,
            stored=(node.store, choice.name) if node.store else None,
        )

    def _entry(self, node: CollectNode, verdict: Verdict, *, by_length: bool = False) -> Answer:
        shown = MASK if node.personal and self._entered else self._entered
        match verdict:
            case Verdict.MORE:
                return MORE
            case Verdict.NOTHING:
                return self._failed("no_input", {})
            case Verdict.WRONG:
                return self._failed("no_match", {"entered": shown})
            case Verdict.DONE:
                return Answer(
                    "entered",
                    {node.store: shown},
                    next=node.next,
                    stored=(node.store, self._entered),
                    personal=node.personal,
                    late=node.digits.end if by_length else None,
                )

    def _failed(self, kind: str, detail: dict[str, str]) -> Answer:
        ladders = {"no_input": self.node.no_input, "no_match": self.node.no_match}
        ladder = ladders[kind]
        self._entered = ""
        self._failures[kind] += 1
        time = self._failures[kind]
        step, detail = kind.replace("_", " "), detail | {"time": str(time)}
        chances = max(len(one.say) for one in ladders.values())
        if time > len(ladder.say) or sum(self._failures.values()) > chances:
            return Answer(step, detail, failed=True, next=ladder.then)
        say = (f"{kind}.{time}", ladder.say[time - 1])
        return Answer(step, detail, failed=True, say=say, again=ladder.repeat)
