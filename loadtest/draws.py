"""Everything that chance decides, drawn beforehand, so that every policy and every staff meets the same day.

A value belongs to (seed, replication, topic, purpose, attempt, number of the call): a stream of its own for
each of the first five, and the call's number is the place in it. Nothing that the simulation does can shift
which value a call gets (common random numbers). Streams are Philox, keyed by a SeedSequence; a topic's key is
made of its name, so that adding or reordering topics leaves the others' days as they were.

Few callers try again, so second and further attempts share one stream: its values stand in blocks of BLOCK, and each
further attempt takes those of the second one of another call of the block, of another one for every purpose.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from enum import IntEnum
from functools import cached_property

import numpy as np

from loadtest.distribution import Distribution, Numbers, erlang_phases
from loadtest.scenario import Scenario, TopicEntry

EVERYBODY = ""
BLOCK = 1024
"""A power of two."""


class Purpose(IntEnum):
    """What a draw is for. The numbers are part of every key: append, never renumber."""

    BUSYNESS = 0
    ARRIVAL = 1
    MENU = 2
    CONTAINED = 3
    HANDLING = 4
    WRAP_UP = 5
    PATIENCE = 6
    RETRY = 7
    RETRY_AFTER = 8
    TRANSFER = 9
    SECOND_HANDLING = 10
    SECOND_WRAP_UP = 11
    SECOND_PATIENCE = 12
    ANSWER = 13
    SECOND_ANSWER = 14
    CALLBACK = 15
    REGION = 16


def stream(
    seed: int, replication: int, topic: str, purpose: Purpose, attempt: int = 0
) -> np.random.Generator:
    """The generator of one stream."""
    key = [seed, replication, zlib.crc32(topic.encode()), int(purpose), attempt]
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(key)))


def busyness(scenario: Scenario, replication: int) -> float:
    """The day's factor on all rates, > 0."""
    if scenario.busyness is None:
        return 1.0
    rng = stream(scenario.seed, replication, EVERYBODY, Purpose.BUSYNESS)
    return float(scenario.busyness.draw(rng, 1)[0])


def arrival_times(scenario: Scenario, topic: TopicEntry, replication: int) -> Numbers:
    """When the topic's callers arrive for the first time, seconds, rising, all before the horizon.

    A process of unit rate, stretched by the inverse of the cumulative rate: the n-th caller of a busier
    forecast is the n-th caller of this one, only sooner. Source: E. Cinlar, "Introduction to Stochastic
    Processes" (1975), section 4.7.
    """
    if topic.arrivals.per_hour is None:  # recorded: the same calls every day, however busy it is drawn to be
        return np.array(topic.arrivals.times_s, np.float64)
    rates = np.array(topic.arrivals.per_hour) * (busyness(scenario, replication) / 3600)
    edges = np.linspace(0, scenario.horizon_s, len(rates) + 1)
    cumulative = np.concatenate([[0.0], np.cumsum(rates * np.diff(edges))])
    rng = stream(scenario.seed, replication, topic.name, Purpose.ARRIVAL)
    unit = _unit_times(rng, topic.arrivals.process, float(cumulative[-1]))
    times = np.interp(unit, cumulative, edges)
    return times[times < scenario.horizon_s]


def _unit_times(rng: np.random.Generator, process: str, until: float) -> Numbers:
    """Arrivals of unit rate in (0, until]."""
    if process == "deterministic":
        return np.arange(1.0, until + 1e-9)
    phases = erlang_phases(process) or 1
    chunks: list[Numbers] = []
    reached, more = 0.0, int(until + 6 * until**0.5 + 16)
    while reached <= until:
        gaps = rng.standard_exponential(more) if phases == 1 else rng.standard_gamma(phases, more) / phases
        chunks.append(reached + np.cumsum(gaps))
        reached = float(chunks[-1][-1])
    times = np.concatenate(chunks)
    return times[times <= until]


def place_again(purpose: int, call: int, attempt: int) -> int:
    """Where the value of an attempt > 1 stands in the stream of attempt 1.

    Odd steps: no two attempts of a caller meet within BLOCK of them, and purposes part company.
    """
    return call - call % BLOCK + (call + (attempt - 1) * (74 * purpose + 37)) % BLOCK


class TopicDraws:
    """One topic's values in one replication. Each stream is drawn when a call first needs it."""

    def __init__(self, scenario: Scenario, topic: TopicEntry, replication: int) -> None:
        self._key = (scenario.seed, replication, topic.name)
        self.times = arrival_times(scenario, topic, replication)
        self._drawn: dict[Purpose, tuple[list[float], list[float]]] = {}
        retry, transfer = topic.retry, topic.transfer
        self._distributions: dict[Purpose, Distribution | None] = {
            Purpose.MENU: topic.ivr_s,
            Purpose.HANDLING: topic.handling_s,
            Purpose.WRAP_UP: topic.wrap_up_s,
            Purpose.PATIENCE: topic.patience_s,
            Purpose.RETRY_AFTER: retry.after_s if retry else None,
            Purpose.SECOND_HANDLING: transfer.handling_s if transfer else None,
            Purpose.SECOND_WRAP_UP: topic.wrap_up_s,
            Purpose.SECOND_PATIENCE: topic.patience_s,
            Purpose.ANSWER: scenario.answer_s,
            Purpose.SECOND_ANSWER: scenario.answer_s,
        }

    @cached_property
    def arrivals(self) -> list[float]:
        """When each caller comes for the first time, seconds, rising."""
        return self.times.tolist()

    def value(self, purpose: Purpose, call: int, attempt: int) -> float:
        """The value of one call in one attempt (0 is the first): a share in [0, 1) where chance decides yes or
        no, else what the scenario's distribution gives."""
        if attempt > 1:
            call, attempt = place_again(purpose, call, attempt), 1
        try:
            return self._drawn[purpose][attempt][call]
        except (KeyError, IndexError):
            first, again = self._drawn.setdefault(purpose, ([], []))
            (again if attempt else first).extend(self.row(purpose, attempt).tolist())
            return self._drawn[purpose][attempt][call]

    def row(self, purpose: Purpose, attempt: int) -> Numbers:
        """One stream's values: for attempt 0 shape (calls,), for attempt 1 as many whole blocks as hold them."""
        rng = stream(*self._key, purpose, attempt)
        distribution = self._distributions.get(purpose)
        number = len(self.times) if attempt == 0 else -(-len(self.times) // BLOCK) * BLOCK
        return rng.random(number) if distribution is None else distribution.draw(rng, number)


def draw_all(scenario: Scenario, replication: int) -> Sequence[TopicDraws]:
    """Every topic's draws, in the scenario's order."""
    return [TopicDraws(scenario, topic, replication) for topic in scenario.topics]
