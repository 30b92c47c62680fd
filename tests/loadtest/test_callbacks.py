"""Who is promised a call hangs up, keeps his place, and is called when an operator takes his call."""

from __future__ import annotations

from typing import Any

from acd.core.invariants import violations
from loadtest import record as outcome
from loadtest.compiled_cover import compiled_covers, not_compiled
from loadtest.counts import count
from loadtest.day import Day, Trace
from loadtest.engine import PlainLoop, SimpyLoop
from loadtest.figures import Days, report
from loadtest.scenario import Callback, LineEntry, Scenario
from tests.loadtest.small_scenarios import everything, one_pool


def certain(seconds: float) -> dict[str, Any]:
    return {"dist": "deterministic", "mean": seconds}


def clockwork(times: list[float], *, accept: float = 1.0, threshold: float = 20, **more: Any) -> Scenario:
    """One operator who talks for 100 s with everybody; who is not promised a call gives up after 50 s."""
    topic = {
        "arrivals": {"times_s": times},
        "handling_s": certain(100),
        "patience_s": certain(50),
        "callback": {"offer_after_s": 20, "accept": accept},
        "target": {"answered_within_s": threshold, "share": 0.8},
    }
    return one_pool(1, 1, 1, 2, topic=topic, horizon_h=1, **more)


def told(scenario: Scenario) -> dict[str, Any]:
    return report(Days(scenario, [count(scenario, Day(scenario, day).run()) for day in (0, 1)]))


def test_he_is_called_in_his_turn_and_does_not_give_up_at_home():
    record = Day(clockwork([0, 1, 30]), 0).run()
    assert [(one.kind, one.at, one.wait) for one in record.first] == [
        (outcome.ANSWERED, 0, 0),
        (outcome.CALLED_BACK, 1, 99),
        (outcome.CALLED_BACK, 30, 170),
    ]


def test_who_does_not_accept_gives_up_as_ever():
    record = Day(clockwork([0, 1], accept=0), 0).run()
    assert [one.kind for one in record.first] == [outcome.ANSWERED, outcome.ABANDONED]


def test_he_is_not_asked_again_while_somebody_picks_up_for_him():
    scenario = clockwork([0], answer_s=certain(30))
    assert [(one.kind, one.wait) for one in Day(scenario, 0).run().first] == [(outcome.ANSWERED, 30)]


def test_he_frees_his_trunk_until_he_is_called():
    times = [0.0, 1, 10, 30]
    blocked = [
        one.at for one in Day(clockwork(times, trunks=2), 0).run().first if one.kind == outcome.BLOCKED
    ]
    assert blocked == [10], "at 30 s the second caller has hung up"


def test_a_callback_needs_no_free_trunk_of_the_callers():
    day = Day(clockwork([0, 1, 95, 101], trunks=1), 0)
    day.run()
    assert day.record.peak == 1
    assert day.in_system == 0


def test_his_wait_has_a_figure_of_its_own_and_is_in_time_only_within_the_threshold():
    late, early = told(clockwork([0, 1])), told(clockwork([0, 1], threshold=100))
    assert late["called_back"]["mean"] == 1
    assert late["callback_wait_s"]["mean"] == 99
    assert late["asa_s"]["mean"] == 0
    assert late["wait_quantiles_s"]["0.99"]["mean"] == 0
    assert (late["offered"]["mean"], late["answered"]["mean"]) == (2, 2)
    assert late["service_level"]["of_offered"]["mean"] == 0.5
    assert early["service_level"]["of_offered"]["mean"] == 1.0


def test_a_scenario_without_callbacks_has_no_figures_of_them():
    assert "called_back" not in told(one_pool(30, 60, 2, 2, horizon_h=1))


def with_callbacks(seed: int = 1) -> Scenario:
    plain = everything(seed=seed, first=6)
    offer = Callback(offer_after_s=25, accept=0.5)
    topics = [topic.model_copy(update={"callback": offer}) for topic in plain.topics]
    return plain.model_copy(update={"topics": topics})


def test_the_two_engines_agree_and_everything_ends_with_callbacks_too():
    traces: list[Trace] = []
    for engine in (PlainLoop(), SimpyLoop()):
        trace: Trace = []
        day = Day(with_callbacks(), 0, engine, trace)
        record = day.run()
        traces.append(trace)
        assert sum(one.kind == outcome.CALLED_BACK for one in record.first) > 20
        assert day.in_system == 0
        assert not day.calls
        assert violations(day.dispatcher) == []
    assert traces[0] == traces[1]


def test_the_compiled_day_leaves_to_the_router_what_it_does_not_know():
    plain = everything()
    lines = {"second": LineEntry(regional=True)}
    regional = plain.model_copy(update={"lines": lines, "regions": {"north": 1.0}})
    assert not_compiled(regional) == ["regional lines"]
    assert not_compiled(with_callbacks()) == ["callback"]
    assert [compiled_covers(one) for one in (plain, regional, with_callbacks())] == [True, False, False]


def test_operators_on_two_lines_are_for_the_router():
    scenario = one_pool(30, 60, 2, 2)
    both = scenario.operators[0].model_copy(update={"lines": ["first", "second"]})
    assert not_compiled(scenario.model_copy(update={"operators": [both]})) == ["operators on several lines"]
