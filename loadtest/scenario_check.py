"""What cannot be simulated, or would not mean anything, although each value by itself is good."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from loadtest.rules import line_names
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
        yield from _after_the_end(scenario, number, topic)
    yield from _regions_unknown(scenario)
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
        line in group.on_lines
        and group.present
        and all(group.skills.get(skill, 0) >= level for skill, level in ring.needs.items())
        for group in scenario.operators
        for ring in topic.demand
    )


def _after_the_end(scenario: Scenario, number: int, topic: TopicEntry) -> Iterator[Mistake]:
    times = topic.arrivals.times_s
    late = sum(at >= scenario.horizon_s for at in times)
    if late:
        sentence = (
            f"{late} of the {len(times)} recorded calls come after the horizon of {scenario.horizon_h:g} h, the last"
            f" at {times[-1] / 3600:.2f} h; raise horizon_h, or cut the trace"
        )
        yield Mistake(("topics", number, "arrivals"), "after-the-end", sentence)


def _regions_unknown(scenario: Scenario) -> Iterator[Mistake]:
    """A region of operators from which nobody calls is a slip of the pen."""
    known = {*scenario.regions, *(region for topic in scenario.topics for region in topic.regions or ())}
    for number, group in enumerate(scenario.operators):
        if group.region is not None and known and group.region not in known:
            sentence = f"nobody calls from '{group.region}'; add it to regions, or correct the name"
            yield Mistake(("operators", number, "region"), "unknown-region", sentence)
    lines = set(line_names(scenario))
    for line in scenario.lines:
        if line not in lines and scenario.site is None:
            yield Mistake(
                ("lines", line), "unknown-line", f"no topic and no operator is on line '{line}'; delete it"
            )
    if scenario.regional and not known:
        line = next(name for name, entry in scenario.lines.items() if entry.regional)
        sentence = (
            f"line '{line}' is regional, and no caller has a region; say where they call from with regions:"
        )
        yield Mistake(("lines", line), "no-regions", sentence)


def load(scenario: Scenario, topic: TopicEntry) -> float:
    """Operators that the topic keeps busy on its own line, mean over the horizon, erlangs."""
    wrap_up = topic.wrap_up_s.mean if topic.wrap_up_s else 0.0
    busy = scenario.busyness.mean if scenario.busyness and topic.arrivals.per_hour else 1.0
    asking = topic.arrivals.mean_calls(scenario.horizon_h) / scenario.horizon_s * (1 - topic.contained) * busy
    return asking * (topic.handling_s.mean + wrap_up)


def _never_ends(scenario: Scenario) -> Iterator[Mistake]:
    """Lines whose queue only grows. Whoever gives up, or is turned away, makes a queue that ends."""
    for line in dict.fromkeys(topic.line for topic in scenario.topics):
        topics = [topic for topic in scenario.topics if topic.line == line]
        if any(topic.patience_s or topic.queue_limit is not None for topic in topics) or scenario.trunks:
            continue
        asked = sum(load(scenario, topic) for topic in topics)
        there = sum(group.present for group in scenario.operators if line in group.on_lines)
        if asked >= there > 0:
            sentence = (
                f"line '{line}' is asked for {asked:.1f} operators on the average and has {there} at most, and"
                " its callers never give up: the queue grows without end; add operators or patience_s"
            )
            first = next(n for n, topic in enumerate(scenario.topics) if topic.line == line)
            yield Mistake(("topics", first), "queue-never-ends", sentence)


def _too_large(scenario: Scenario) -> Iterator[Mistake]:
    calls = sum(topic.arrivals.mean_calls(scenario.horizon_h) for topic in scenario.topics)
    if calls > MOST_CALLS:
        sentence = (
            f"{calls:,.0f} calls in one day do not fit into memory, {MOST_CALLS:,} do;"
            " shorten horizon_h or lower the rates"
        )
        yield Mistake(("topics",), "too-large", sentence)
