"""Recorded calls beside the same calls replayed: figures by topic, differences, and whose lot changed most."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from acd.core.model import Policy
from acd.core.statistics import OF_OFFERED, Tally
from loadtest.intervals import student_quantile
from loadtest.recorded_lives import ABANDONED, ANSWERED, OPEN, REFUSED, Life, Lives
from loadtest.replay_day import Chances, Known, Replay, Replayed

WHOLE = ""
Outcome = tuple[str, float | None]
"""What became of a call (names of recorded_lives), and its first wait in seconds."""

Measure = Callable[[Tally], float | None]
MEASURES: dict[str, Measure] = {
    "service_level": lambda tally: tally.service_level(OF_OFFERED),
    "p_abandon": lambda tally: tally.abandonment(),
    "asa_s": lambda tally: tally.average_speed_of_answer(),
    "mean_wait_all_s": lambda tally: tally.average_wait(),
}


@dataclass(frozen=True)
class World:
    """One draw of what the record does not know. rules: None when no others were asked about."""

    recorded: list[Replayed]
    rules: list[Replayed] | None


@dataclass(frozen=True)
class Answer:
    """calls: those that the figures are of. worlds: one for each draw."""

    policy: Policy
    rules: Policy | None
    calls: list[Life]
    worlds: list[World]


def replayed(
    every: Sequence[Lives],
    rules: Policy | None,
    draws: int,
    seed: int,
    wanted: Callable[[Lives, Life], bool],
    progress: Callable[[int], None] = lambda done: None,
) -> Answer:
    """`draws` replays under the recorded rules, and as many under `rules`. wanted: which calls are counted; all
    are replayed. progress: told how many replays are done. Raises ValueError when there is nothing to replay.
    """
    policy = next((lives.policy for lives in reversed(every) if lives.policy is not None), None)
    chosen = {id(life) for lives in every for life in lives.calls if wanted(lives, life)}
    if policy is None or not chosen:
        raise ValueError("no call of that time asked for an operator, so there is nothing to replay")
    known = Known.of(every)
    worlds: list[World] = []
    done = 0

    def once(chances: Chances, under: Policy | None) -> list[Replayed]:
        nonlocal done
        found = [
            one for lives in every for one in Replay(lives, chances, under).run() if id(one.life) in chosen
        ]
        done += 1
        progress(done)
        return found

    for draw in range(draws):
        chances = Chances(known, seed + draw)
        worlds.append(World(once(chances, None), None if rules is None else once(chances, rules)))
    return Answer(policy, rules, [one.life for one in worlds[0].recorded], worlds)


# figures


def tallies(policy: Policy, calls: Sequence[tuple[Life, Outcome]]) -> dict[str, Tally]:
    """By topic, and under WHOLE of all together; in time is what each topic's target says, 20 s where there is none."""
    found: dict[str, Tally] = {}
    for life, (outcome, wait) in calls:
        topic = str(life.asked.topic)
        rule = policy.topics.get(life.asked.topic)
        tally = found.setdefault(topic, Tally(20.0 if rule is None else rule.target.answered_within))
        if outcome == ANSWERED and wait is not None:
            tally.add_answered(wait)
        elif outcome == ABANDONED and wait is not None:
            tally.add_abandoned(wait)
        elif outcome == REFUSED:
            tally.turned_away += 1
    if found:
        found[WHOLE] = _whole(list(found.values()))
    return found


def _whole(parts: Sequence[Tally]) -> Tally:
    """Each call in time by its own topic's threshold; the threshold of the sum means nothing."""
    whole = Tally()
    for name in Tally.__slots__:
        if name != "answered_within":
            setattr(whole, name, sum(getattr(part, name) for part in parts))
    return whole


def as_recorded(answer: Answer) -> dict[str, Tally]:
    return tallies(answer.policy, [(life, (life.outcome, life.wait)) for life in answer.calls])


def as_replayed(answer: Answer, *, rules: bool) -> list[dict[str, Tally]]:
    """One for each draw. In time is judged by the recorded rules' targets, so that both mean the same."""
    worlds = [world.rules if rules else world.recorded for world in answer.worlds]
    return [
        tallies(answer.policy, [(one.life, (one.outcome, one.wait)) for one in world])
        for world in worlds
        if world is not None
    ]


def figures(answer: Answer) -> dict[str, Any]:
    """For a program. Means over draws; differences (rules less recorded rules) are paired, with Student's 95 %
    interval over draws: it covers what the record does not know, not what another day would bring."""
    recorded, same = as_recorded(answer), as_replayed(answer, rules=False)
    other = as_replayed(answer, rules=True) if answer.rules is not None else []
    told: dict[str, Any] = {
        "calls": len(answer.calls),
        "draws": len(answer.worlds),
        "policy": answer.policy.version,
        "rules": None if answer.rules is None else answer.rules.version,
        "by_topic": {
            topic: _topic(topic, recorded[topic], same, other) for topic in recorded if topic != WHOLE
        },
    }
    return told | {"whole": _topic(WHOLE, recorded[WHOLE], same, other)}


def _topic(
    topic: str, recorded: Tally, same: Sequence[dict[str, Tally]], other: Sequence[dict[str, Tally]]
) -> dict[str, Any]:
    told: dict[str, Any] = {
        "recorded": _plain(recorded),
        "replayed": _means([one[topic] for one in same]),
    }
    if other:
        told["rules"] = _means([one[topic] for one in other])
        told["difference"] = {
            name: _difference([(m(a[topic]), m(b[topic])) for a, b in zip(same, other, strict=True)])
            for name, m in MEASURES.items()
        }
    return told


def _plain(tally: Tally) -> dict[str, Any]:
    counts = {name: getattr(tally, name) for name in ("offered", "answered", "abandoned", "turned_away")}
    return counts | {name: measure(tally) for name, measure in MEASURES.items()}


def _means(drawn: Sequence[Tally]) -> dict[str, Any]:
    every = [_plain(one) for one in drawn]
    found: dict[str, Any] = {}
    for name in every[0]:
        values = [one[name] for one in every if one[name] is not None]
        found[name] = float(np.mean(values)) if values else None
    return found


def _difference(pairs: Sequence[tuple[float | None, float | None]]) -> dict[str, Any] | None:
    values = [b - a for a, b in pairs if a is not None and b is not None]
    if not values:
        return None
    mean = float(np.mean(values))
    half = 0.0
    if len(values) > 1:
        half = student_quantile(len(values) - 1) * float(np.std(values, ddof=1)) / math.sqrt(len(values))
    return {"mean": mean, "ci95": [mean - half, mean + half]}


# single calls


@dataclass(frozen=True)
class Change:
    """One call, before and after. why: the JSON of the decisions that were answered, None where there was none."""

    call: str
    topic: str
    before: Outcome
    after: Outcome
    operators: tuple[str | None, str | None]
    whys: tuple[dict[str, Any] | None, dict[str, Any] | None]

    @property
    def size(self) -> tuple[bool, float]:
        """Another outcome outweighs any wait."""
        return self.before[0] != self.after[0], abs((self.after[1] or 0.0) - (self.before[1] or 0.0))


def changes(answer: Answer) -> list[Change]:
    """The calls whose lot changed, most first: by the other rules in the first draw; without other rules, from the
    record to its replay."""
    world = answer.worlds[0]
    found = [_recorded_change(one) for one in world.recorded]
    if world.rules is not None:
        found = [_change(a, b) for a, b in zip(world.recorded, world.rules, strict=True)]
    moved = [one for one in found if one.size > (False, 0.05) and OPEN not in (one.before[0], one.after[0])]
    return sorted(moved, key=lambda one: one.size, reverse=True)


def _change(before: Replayed, after: Replayed) -> Change:
    life = before.life
    return Change(
        str(life.asked.call),
        str(life.asked.topic),
        (before.outcome, before.wait),
        (after.outcome, after.wait),
        (_operator(before), _operator(after)),
        (_why(before), _why(after)),
    )


def _recorded_change(one: Replayed) -> Change:
    life = one.life
    as_it_was = Replayed(life, life.outcome, life.wait, life.first.why)
    return _change(as_it_was, one)


def _operator(one: Replayed) -> str | None:
    return None if one.ring is None or one.outcome != ANSWERED else str(one.ring.operator)


def _why(one: Replayed) -> dict[str, Any] | None:
    return None if one.ring is None else msgspec.to_builtins(one.ring.why)
