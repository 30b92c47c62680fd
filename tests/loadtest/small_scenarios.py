"""Scenarios for the tests: one pool, and one with everything in it."""

from __future__ import annotations

from typing import Any

from loadtest.scenario import Scenario


def exponential(mean: float) -> dict[str, Any]:
    return {"dist": "exponential", "mean": mean}


def one_pool(
    per_hour: float | list[float], handling_s: float, operators: int, days: int, **more: Any
) -> Scenario:
    """M/M/n, with patience_s if `topic` says so. topic: further keys of the topic; the rest: of the scenario."""
    topic = {
        "name": "calls",
        "arrivals": {"per_hour": per_hour},
        "handling_s": exponential(handling_s),
        "target": {"answered_within_s": 20, "share": 0.8},
        **more.pop("topic", {}),
    }
    whole = {
        "name": "one pool",
        "replications": {"min": days, "max": days},
        "topics": [topic],
        "operators": [{"count": operators}],
        **more,
    }
    return Scenario.model_validate(whole)


def everything(*, seed: int = 1, first: int = 9) -> Scenario:
    """Two lines, shifts and breaks, trunks, menus, relaxing demands, impatience, retries, transfers, a limit."""
    medical = {
        "name": "medical",
        "arrivals": {"per_hour": [60, 200, 120, 40]},
        "ivr_s": {"dist": "lognormal", "mean": 30, "cv": 0.6},
        "contained": 0.1,
        "handling_s": {"dist": "gamma", "mean": 150, "cv": 0.8},
        "wrap_up_s": {"dist": "erlang(2)", "mean": 20},
        "patience_s": exponential(60),
        "retry": {"probability": 0.5, "after_s": exponential(300)},
        "transfer": {"to_line": "second", "probability": 0.2, "handling_s": exponential(200)},
        "rings": [{"needs": {"medical": 3}}, {"after": 5, "needs": {"medical": 1}}],
        "priority": 1,
        "target": {"answered_within_s": 20, "share": 0.8, "of": "offered_less_short_abandons(5)"},
    }
    general = {
        "name": "general",
        "arrivals": {"per_hour": 90, "process": "erlang(3)"},
        "handling_s": exponential(120),
        "patience_s": exponential(90),
        "retry": {"probability": 0.3, "after_s": {"dist": "deterministic", "mean": 120}},
        "queue_limit": 4,
        "needs": {"general": 1},
    }
    rest = [{"after_h": 1, "length_min": 15}]
    operators = [
        {"count": first, "skills": {"medical": 3, "general": 1}, "shift": "00:00-03:00", "breaks": rest},
        {"count": 4, "skills": {"medical": 1, "general": 2}, "shift": "01:00-08:00", "shrinkage": 0.2},
        {"count": 2, "skills": {"medical": 1}, "line": "second"},
    ]
    return Scenario.model_validate(
        {
            "name": "everything",
            "seed": seed,
            "horizon_h": 4,
            "replications": {"min": 3, "max": 6, "half_width": 0.001},
            "trunks": 22,
            "busyness": {"dist": "gamma", "mean": 1, "cv": 0.1},
            "answer_s": {"dist": "lognormal", "mean": 4, "cv": 0.5},
            "ageing_s": 60,
            "topics": [medical, general],
            "operators": operators,
        }
    )
