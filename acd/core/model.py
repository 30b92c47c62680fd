"""The words of the distributor: topics, lines, operators and the rules that match them.

Times are seconds as float on one monotonic clock chosen by the caller of the core; the core never
reads a clock. Identifiers are the names that the site file gives.
"""

from __future__ import annotations

from typing import NewType

import msgspec

CallId = NewType("CallId", str)
OperatorId = NewType("OperatorId", str)
TopicId = NewType("TopicId", str)
LineId = NewType("LineId", str)
Skill = NewType("Skill", str)
Language = NewType("Language", str)
Region = NewType("Region", str)


class Ring(msgspec.Struct, frozen=True):
    """Who may take a call once it has waited long enough: one step of a topic's relaxing demand.

    after: seconds waited from which this ring holds; the first ring's is 0.
    needs: skill -> lowest level; empty means anybody signed in on the line.
    """

    after: float
    needs: dict[Skill, int]


class Target(msgspec.Struct, frozen=True):
    """What was promised: `share` of the calls offered is answered within `answered_within` seconds."""

    answered_within: float = 20.0
    share: float = 0.8


class Topic(msgspec.Struct, frozen=True):
    """What a call is about, and who can help.

    rings: at least one, `after` strictly rising, each asking no more than the one before.
    priority: larger is served first among the calls an operator may take.
    queue_limit: calls waiting beyond it are turned away (`Overflow`); None is no limit.
    """

    id: TopicId
    line: LineId
    rings: tuple[Ring, ...]
    priority: int = 0
    target: Target = Target()
    queue_limit: int | None = None


class Line(msgspec.Struct, frozen=True):
    """A group of operators that calls reach in one step: first line, second line.

    ring_timeout: seconds an operator's phone rings before the call goes on to the next.
    wrap_up: seconds an operator has to write up after a talk.
    regional: a call is for operators of its own region until it has waited `widen_after` seconds.
    """

    id: LineId
    ring_timeout: float = 15.0
    wrap_up: float = 0.0
    regional: bool = False
    widen_after: float = 0.0


class Operator(msgspec.Struct, frozen=True):
    """A person who takes calls. languages empty: speaks every language of the site."""

    id: OperatorId
    lines: tuple[LineId, ...]
    skills: dict[Skill, int]
    languages: tuple[Language, ...] = ()
    region: Region | None = None


class Policy(msgspec.Struct, frozen=True):
    """Everything the dispatcher decides by. A new version replaces the old one as a whole.

    ageing: seconds of waiting that outweigh one step of priority; None keeps priority strict.
    wanted_operator_for: seconds a call waits for the operator it asked for before any other may take it.
    """

    version: str
    topics: dict[TopicId, Topic]
    lines: dict[LineId, Line]
    operators: dict[OperatorId, Operator]
    ageing: float | None = None
    wanted_operator_for: float = 60.0
