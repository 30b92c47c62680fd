"""A caller who fails at a question: each time a rung up, until he is sent on."""

from __future__ import annotations

from typing import Literal

from ivr.core.answer import Answer
from ivr.core.flow import Ladder, ListeningNode, Texts


class Ladders:
    """Each ladder is climbed for itself, but whoever fails both ways gets no more chances than one gives."""

    def __init__(self, node: ListeningNode, language: str) -> None:
        self._ladders = {"no_input": node.no_input, "no_match": node.no_match}
        self._failures = dict.fromkeys(self._ladders, 0)
        self._language = language

    def failed(
        self, kind: Literal["no_input", "no_match"], detail: dict[str, str], *, spoken: bool
    ) -> Answer:
        """spoken: he can be understood by voice here. detail: for the story; with "key", a key was wrong."""
        ladder = self._ladders[kind]
        self._failures[kind] += 1
        time = self._failures[kind]
        step, detail = kind.replace("_", " "), detail | {"time": str(time)}
        chances = max(_rungs(one, spoken) for one in self._ladders.values())
        if time > _rungs(ladder, spoken) or sum(self._failures.values()) > chances:
            return Answer(step, detail, failed=True, next=ladder.then)
        say = self._rung(kind, ladder, time, spoken=spoken, by_key="key" in detail)
        return Answer(step, detail, failed=True, say=say, again=ladder.repeat)

    def _rung(self, kind: str, ladder: Ladder, time: int, *, spoken: bool, by_key: bool) -> tuple[str, Texts]:
        """A wrong key is not answered with "please say"."""
        aloud = ladder.say_spoken[time - 1 : time] if spoken else ()
        wanted = aloud and self._language in aloud[0] and not by_key
        if aloud and (wanted or time > len(ladder.say)):
            return f"{kind}_spoken.{time}", aloud[0]
        return f"{kind}.{time}", ladder.say[time - 1]


def _rungs(ladder: Ladder, spoken: bool) -> int:
    return max(len(ladder.say), len(ladder.say_spoken)) if spoken else len(ladder.say)
