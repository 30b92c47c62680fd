"""A question of a menu, opened without a telephone: what may be said there, and where an answer leads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from ivr.core.commands import AnyCommand, Expect, Listen
from ivr.core.events import AnyEvent, PromptFinished, Spoken, Started
from ivr.core.flow import BranchNode, Flow, FlowError, ListeningNode, Speech
from ivr.core.hours import Hours, Interval
from ivr.core.interpreter import Conversation, State
from ivr.finding import Finding, has_errors
from ivr.menu_reach import load_with_others
from ivr.site_check import read_hotline
from speech.expectation import Expectation, Meaning

_ALWAYS = Hours(weekly=((Interval(0, 24 * 60),),) * 7)
_ENOUGH = 50  # prompts in a row: more would be a menu that talks without end


class QuestionUnknown(Exception):
    """There is no such question, or nothing can be said to it; the text says which there are."""


class OpenQuestion:
    """An imagined call that has come to a question and can be understood by voice.

    All opening hours are open. flows: by name. start: "flow.node".
    """

    def __init__(self, flows: Mapping[str, Flow], start: str, language: str) -> None:
        self._flows, self._start, self._language = flows, start, language
        self.begin()

    def begin(self) -> list[AnyCommand]:
        """A new call, at the question. Raises FlowError."""
        hours = {
            name: _ALWAYS
            for flow in self._flows.values()
            for node in flow.nodes.values()
            if isinstance(node, BranchNode) and node.on == "hours"
            for name in node.cases
        }
        self._conversation = Conversation(
            self._flows, self._start, hours=hours, timezone=ZoneInfo("UTC"), language=self._language
        )
        self.expect: Expect | None = None
        return self._happens(Started(language=self._language, hearing=True))

    @property
    def asking(self) -> bool:
        """The call is still at a question, this one or one it led to."""
        return self._conversation.state is not State.QUEUED and self.expect is not None

    @property
    def node(self) -> str:
        """Where the call is: "flow.node"."""
        return self._conversation.node

    @property
    def expectation(self) -> Expectation:
        """What may be said now, as the ear needs it. Only while `asking`."""
        if self.expect is None:
            raise QuestionUnknown(f"{self.node} asks nothing that can be answered by voice")
        return Expectation(**msgspec.structs.asdict(self.expect))

    @property
    def thresholds(self) -> Speech:
        """How sure one must be at the present node."""
        flow, _, name = self.node.partition(".")
        node = self._flows[flow].nodes[name]
        return node.speech if isinstance(node, ListeningNode) else Speech()

    def said(self, meaning: Meaning) -> list[AnyCommand]:
        """What the call does about it, prompts heard to their end. Raises FlowError."""
        return self._happens(Spoken(**msgspec.structs.asdict(meaning)))

    def _happens(self, event: AnyEvent) -> list[AnyCommand]:
        at, done = datetime.now(UTC), []
        for _ in range(_ENOUGH):
            commands = self._conversation.handle(event, at)
            done += commands
            for command in commands:
                if isinstance(command, Listen):
                    self.expect = command.speech
            if self._conversation.state is not State.SAYING:
                break
            event = PromptFinished()
        if self._conversation.state in (State.QUEUED, State.OVER, State.GIVEN_UP):
            self.expect = None
        return done


def open_question(where: str, site: Path, language: str | None = None) -> OpenQuestion:
    """The question FLOW:NODE of a site's menus, or FILE:NODE of a menu file; without a node, its first.

    language: None is the site's first, for a lone menu file Russian. Raises QuestionUnknown.
    """
    menu, _, node = where.partition(":")
    if menu.endswith((".yaml", ".yml")):
        flows, findings = load_with_others(Path(menu))
        name, spoken = Path(menu).stem, language or "ru"
    else:
        read, flows, findings = read_hotline(site)
        name, spoken = menu, language or (read.languages[0] if read and read.languages else "ru")
    _refuse(findings)
    if name not in flows:
        raise QuestionUnknown(f"no menu {name!r}; there are {', '.join(sorted(flows))}")
    nodes = flows[name].nodes
    asked = [one for one, what in nodes.items() if isinstance(what, ListeningNode)]
    if node and node not in asked:
        raise QuestionUnknown(f"{name} asks nothing at {node!r}; it asks at {', '.join(asked) or 'no node'}")
    try:
        question = OpenQuestion(flows, f"{name}.{node}" if node else name, spoken)
    except FlowError as fault:
        raise QuestionUnknown(f"{fault}; ./hotline check shows what is wrong") from fault
    if not question.asking:
        raise QuestionUnknown(
            f"at {question.node} nothing can be said in {spoken!r}: give its choices phrases"
        )
    return question


def _refuse(findings: list[Finding]) -> None:
    if has_errors(findings):
        raise QuestionUnknown("\n".join(str(one) for one in findings if one.severity == "error"))
