"""What cannot be simulated, or would not mean anything, although each value by itself is good."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from loadtest.scenario import Scenario, TopicEntry

MOST_CALLS = 20_000_000


@dataclass(frozen=True)
class Mistake:
    """path: the keys and numbers that lead to the value. sentence: what is wrong, and the way out."""

    path: tuple[str | int, ...]
    code: str
    sentence: str


def mistakes(scenario: Scenario) -> Iterator[Mistake]:
    """Every mistake of the whole."""
    yield from _names_twice(scenario)
    for number, topic in enumerate(scenario.topics):
        yield from _nobody_can(scenario, number, topic)
    yield from _never_ends(scenario)
    yield from _too_large(scenario)


def _names_twice(scenario: Scenario) -> Iterator[Mistake]:
    seen = Counter[str]()
    for number, topic in enumerate(scenario.topics):
        seen[topic.name] += 1
        if seen[topic.name] > 1:
            sentence = f"there are two topics '{topic.name}'; rename one"
            yield Mistake(("topics", number, "name"), "topic-twice", sentence)


def _nobody_can(scenario: Scenario, number: int, topic: TopicEntry) -> Iterator[Mistake]:
    if not _able(scenario, topic, topic.line):
        sentence = (
            f"no operator on line '{topic.line}' may take '{topic.name}';"
            " add a group with its skills, or ask for less"
        )
        yield Mistake(("topics", number), "nobody-can", sentence)
    if topic.transfer is not None and not _able(scenario, topic, topic.transfer.to_line):
        line = topic.transfer.to_line
        sentence = f"no operator on line '{line}' may take '{topic.name}'; add a group with its skills there"
        yield Mistake(("topics", number, "transfer", "to_line"), "nobody-can", sentence)


def _able(scenario: Scenario, topic: TopicEntry, line: str) -> bool:
    """Whether anybody on the line may take the topic's calls once they have waited long enough."""
    return any(
        group.line == line
        and group.present
        and all(group.skills.get(skill, 0) >= level for skill, level in ring.needs.items())
        for group in scenario.operators
        for ring in topic.demand
    )


def load(scenario: Scenario, topic: TopicEntry) -> float:
    """Operators that the topic keeps busy on its own line, mean over the horizon, erlangs."""
    rates = topic.arrivals.per_hour
    wrap_up = topic.wrap_up_s.mean if topic.wrap_up_s else 0.0
    busy = scenario.busyness.mean if scenario.busyness else 1.0
    asking = sum(rates) / len(rates) / 3600 * (1 - topic.contained) * busy
    return asking * (topic.handling_s.mean + wrap_up)


def _never_ends(scenario: Scenario) -> Iterator[Mistake]:
    """Lines whose queue only grows. Whoever gives up, or is turned away, makes a queue that ends."""
    for line in dict.fromkeys(topic.line for topic in scenario.topics):
        topics = [topic for topic in scenario.topics if topic.line == line]
        if any(topic.patience_s or topic.queue_limit is not None for topic in topics) or scenario.trunks:
            continue
        asked = sum(load(scenario, topic) for topic in topics)
        there = sum(group.present for group in scenario.operators if group.line == line)
        if asked >= there > 0:
            sentence = (
                f"line '{line}' is asked for {asked:.1f} operators on the average and has {there} at most, and"
                " its callers never give up: the queue grows without end; add operators or patience_s"
            )
            first = next(n for n, topic in enumerate(scenario.topics) if topic.line == line)
            yield Mistake(("topics", first), "queue-never-ends", sentence)


def _too_large(scenario: Scenario) -> Iterator[Mistake]:
    hours = scenario.horizon_h
    calls = sum(sum(t.arrivals.per_hour) / len(t.arrivals.per_hour) for t in scenario.topics) * hours
    if calls > MOST_CALLS:
        sentence = (
            f"{calls:,.0f} calls in one day do not fit into memory, {MOST_CALLS:,} do;"
            " shorten horizon_h or lower the rates"
        )
        yield Mistake(("topics",), "too-large", sentence)
