"""Where theory knows the answer, the dispatcher gives it: M/M/n under SimPy against Erlang C."""

from __future__ import annotations

import json
import random
from itertools import count
from math import sqrt
from pathlib import Path
from statistics import fmean, stdev

import simpy

from acd.core import events
from acd.core.commands import RingOperator
from acd.core.dispatcher import Dispatcher
from acd.core.model import Line
from tests.acd.core.policies import operator, site

S3 = next(
    c
    for c in json.loads((Path(__file__).parents[2] / "cases" / "erlang.json").read_text())
    if c["id"] == "S3"
)
BATCHES, CALLS, WARM_UP = 40, 4000, 4000
STUDENT_99 = 2.708  # two-sided, 39 degrees of freedom


def waited(seed: int) -> list[float]:
    """Seconds each caller waited, in the order of arrival; operators answer at once, nobody gives up."""
    rng = random.Random(seed)
    rate = S3["inputs"]["calls_per_half_hour"] / 1800
    handling = S3["inputs"]["aht_s"]
    staff = [operator(f"op{n}") for n in range(S3["inputs"]["agents"])]
    dispatcher = Dispatcher(site(*staff, lines=(Line("first", 15, 0),)))
    env = simpy.Environment()
    arrived: dict[str, float] = {}
    waits: dict[str, float] = {}
    names = count()

    def tell(fact) -> None:
        for command in dispatcher.handle(fact, env.now):
            if isinstance(command, RingOperator):
                waits[command.call] = env.now - arrived[command.call]
                tell(events.OperatorAnswered(command.call, command.operator))
                talk = env.timeout(
                    rng.expovariate(1 / handling), events.TalkEnded(command.call, command.operator)
                )
                talk.callbacks.append(lambda event: tell(event.value))

    def arrive(_: object) -> None:
        call = f"c{next(names)}"
        arrived[call] = env.now
        tell(events.CallQueued(call, "help"))
        if len(arrived) < WARM_UP + BATCHES * CALLS:
            env.timeout(rng.expovariate(rate)).callbacks.append(arrive)

    for one in staff:
        tell(events.OperatorSignedIn(one.id))
    arrive(None)
    env.run()
    return [waits[call] for call in arrived][WARM_UP:]


def erlang_c(servers: int, load: float) -> float:
    """P(wait) in M/M/n. Source: A. K. Erlang (1917); stable recursion through Erlang B."""
    blocked = 1.0
    for n in range(1, servers + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked / (1 - load / servers * (1 - blocked))


def test_the_case_agrees_with_the_formula():
    load = S3["inputs"]["calls_per_half_hour"] / 1800 * S3["inputs"]["aht_s"]
    assert abs(erlang_c(S3["inputs"]["agents"], load) - S3["outputs"]["p_wait"]) < 1e-4


def test_waiting_under_the_dispatcher_is_what_erlang_says():
    all_waits = waited(seed=3)
    batches = [all_waits[n * CALLS : (n + 1) * CALLS] for n in range(BATCHES)]
    for measure, name, precise in (
        (lambda waits: fmean(w > 0 for w in waits), "p_wait", 0.15),
        (lambda waits: fmean(w <= 20 for w in waits), "sl20", 0.05),
        (fmean, "asa_s", 0.3),
    ):
        truth = S3["outputs"][name]
        means = [measure(batch) for batch in batches]
        half_width = STUDENT_99 * stdev(means) / sqrt(BATCHES)
        assert abs(fmean(means) - truth) <= half_width, f"{name}: {fmean(means)} +- {half_width}, not {truth}"
        assert half_width < precise * truth, f"{name}: the interval is too wide to say anything"
