"""The wait's law where a closed form knows it: one kind of calls, one kind of operators, all day the same."""

from __future__ import annotations

from loadtest.erlang_a import ErlangA
from loadtest.erlang_c import ErlangC
from loadtest.scenario import Scenario


def law(scenario: Scenario) -> ErlangA | ErlangC | None:
    """The queue whose steady state the scenario's day comes near to, None when no closed form is meant for it.

    A menu in front changes nothing (calls that are Poisson and delayed stay Poisson).
    """
    topic, group = scenario.topics[0], scenario.operators[0]
    rates = topic.arrivals.per_hour
    plain = (
        len(scenario.topics) == len(scenario.operators) == 1
        and len(topic.demand) == 1
        and rates is not None
        and len(set(rates)) == 1
        and topic.arrivals.process == "poisson"
        and topic.handling_s.dist == "exponential"
        and (topic.patience_s is None or topic.patience_s.dist == "exponential")
        and (group.shift is None and not group.breaks)
    )
    more = (
        scenario.trunks, scenario.busyness, scenario.answer_s, topic.wrap_up_s, topic.retry, topic.transfer,
        topic.callback, topic.queue_limit,
    )  # fmt: skip
    if not plain or rates is None or scenario.regional or any(one is not None for one in more):
        return None
    handling = topic.handling_s.mean
    load = rates[0] / 3600 * (1 - topic.contained) * handling
    if topic.patience_s is not None:
        return ErlangA(group.present, load, handling, topic.patience_s.mean)
    queue = ErlangC(group.present, load, handling)
    return queue if queue.stable else None


def answered_within(queue: ErlangA | ErlangC, seconds: float) -> float:
    """Share of the answered callers who waited at most so long."""
    if isinstance(queue, ErlangA):
        return queue.service_level(seconds, "answered")
    return queue.service_level(seconds)
