"""The why of a decision in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

CHOSEN = "chosen"


def because(why: Mapping[str, Any]) -> tuple[str, ...]:
    """why: the JSON of acd.core.commands.Why. First the rule, then each one considered, then the floor."""
    lines = [_demand(why)]
    lines += [_considered(one) for one in why.get("considered", ())]
    if why.get("counts"):
        lines.append("Operators then: " + ", ".join(f"{count} {state}" for state, count in _some(why)) + ".")
    return tuple(lines)


def _demand(why: Mapping[str, Any]) -> str:
    skills = (f"{skill} {level} or better" for skill, level in why["needs"].items())
    needs = ", ".join(skills) or "anybody on the line"
    step = f", ring {why['ring'] + 1} of the topic" if why["ring"] else ""
    waited = f"needed after {why['waited']:.1f} s of waiting"
    return f"Rule: {why['rule']}; {waited}: {needs}{step} (policy {why['policy']})."


def _considered(one: Mapping[str, Any]) -> str:
    chosen = one["verdict"] == CHOSEN
    verdict = "chosen" if chosen else f"passed over: {one['verdict']}"
    return f"{one['operator']} {verdict}, idle {one['idle_for']:.1f} s."


def _some(why: Mapping[str, Any]) -> list[tuple[str, int]]:
    return [(state, count) for state, count in why["counts"].items() if count] or [("on duty", 0)]
