"""What was found in a record, in sentences: for the terminal and, as comments, for the scenario file."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime

import numpy as np

from loadtest.fit_calendar import DIFFER_BELOW, SLOTS, Calendar, clock
from loadtest.fit_durations import ENOUGH, DurationFit
from loadtest.fit_patience import FEW, PatienceFit
from loadtest.fit_scenario import Fit, Share, TopicFit

FEW_CALLS = 100


def headline(found: Fit, where: str, calendar: Calendar) -> list[str]:
    """Made from what: period, days, calls. Nothing personal is in it."""
    hours = sum(end - begin for begin, end in found.covered) / 3600
    day = "" if calendar.weekday is None else f", {_DAYS[calendar.weekday]}s only"
    return [
        f"From the journal {where}: {_moment(found.from_at, calendar)} to {_moment(found.until, calendar)} "
        f"({calendar.zone}){day}.",
        f"{found.days} {'day' if found.days == 1 else 'days'}, {hours:.1f} hours recorded, {found.calls} calls that "
        f"asked for an operator, {found.peak} at most at once.",
    ]


def warnings(found: Fit, calendar: Calendar) -> Iterator[str]:
    """What the record cannot tell."""
    covered = [slot for slot in range(SLOTS) if any(t.rates.covered_s[slot] > 0 for t in found.topics)]
    if found.calls < FEW_CALLS:
        yield f"{found.calls} calls are few: every figure here is a rough guess; a week of calls is a good beginning."
    if found.days < 5:
        days = "1 recorded day" if found.days == 1 else f"{found.days} recorded days"
        yield f"With {days} nobody can tell how much days differ; busyness is left out."
    if len(covered) < SLOTS:
        yield f"Nothing is recorded of {_hours_missing(covered)}; the scenario has no calls then."
    short = [slot for slot in covered if found.topics[0].rates.covered_s[slot] < 900]
    if short:
        slots = _several(len(short), "half hour")
        yield f"Of {slots} less than 15 minutes are recorded; what was seen is taken for the whole."
    if found.known_callers.mean < 0.5:
        yield "Most callers withheld their number, so that retries are seen in part only."
    weekdays = found.day_to_day.weekdays_p
    if calendar.weekday is None and weekdays is not None and weekdays < DIFFER_BELOW:
        yield f"Weekdays differ by more than chance (p {_p(weekdays)}): make one scenario each with --weekday."
    if found.left_out:
        yield f"{found.left_out} calls were for topics that the last rules do not have; they are left out."
    if any(operator.languages for operator in found.policy.operators.values()):
        yield "Operators' languages are no part of a scenario: there everybody speaks with everybody."
    if found.contained.part:
        yield (
            f"{found.contained.part} of {found.contained.whole} callers never asked for an operator; for which topic "
            "they came nobody knows, so every topic has the same share."
        )


def topic_lines(topic: TopicFit) -> list[str]:
    """One topic, a line for each thing fitted."""
    fates = f"{topic.answered} answered, {topic.abandoned} given up, {topic.refused} refused"
    found = [
        f"{_several(topic.calls, 'call')}: {fates}",
        "handling: "
        + (
            f"no talk recorded, lent from all topics: {law(topic.handling)}"
            if topic.lent
            else law(topic.handling)
        ),
    ]
    if topic.wrap_up is not None:
        found.append(f"wrap-up: {law(topic.wrap_up)}")
    found.append(f"patience: {patience(topic.patience)}")
    if topic.retry.whole:
        after = "" if topic.retry_after is None else f"; after {law(topic.retry_after)}"
        found.append(f"calls again within an hour when lost: {share(topic.retry)}{after}")
    elif topic.abandoned:
        found.append("calls again: not judged, nobody was lost an hour before the record's end")
    if topic.transfer.part:
        found.append(f"handed on to {topic.transfer_line or 'somebody'}: {share(topic.transfer)}")
    return found


def whole_lines(found: Fit) -> list[str]:
    lines: list[str] = []
    if found.menu is not None:
        lines.append(f"menu: {law(found.menu)}")
    if found.ring is not None:
        lines.append(f"operators pick up after: {law(found.ring)}")
    cv = found.day_to_day.cv
    if cv is not None:
        lines.append(f"days differ in busyness by {100 * cv:.1f} % (cv) beyond chance")
    most = float(sum(found.people.values(), np.zeros(SLOTS)).max())
    lines.append(f"operators there at most, mean of a half hour: {most:.1f}, of {len(found.people)} kinds")
    return lines


def law(one: DurationFit) -> str:
    """The law and how well it fits, e.g. lognormal, mean 181.2 s (178 to 185), cv 0.70; fits (p 0.42, n 900)."""
    number = len(one.values)
    if one.best == "deterministic":
        return f"always {one.mean:.1f} s (n {number})"
    spread = (
        "" if one.best == "exponential" else f", cv {one.cv:.2f} ({one.cv_ci[0]:.2f} to {one.cv_ci[1]:.2f})"
    )
    text = f"{one.best}, mean {one.mean:.1f} s ({one.mean_ci[0]:.1f} to {one.mean_ci[1]:.1f}){spread}"
    if one.guess:
        return f"{text}; {number} of the {ENOUGH} values that a choice of law needs: a guess"
    far = f"{100 * one.distance:.1f} % off at most, p {_p(one.p)}, n {number}"
    if one.dist == "empirical":
        own = f"the recorded values themselves, mean {float(one.values.mean()):.1f} s"
        return f"no law fits (nearest: {text}; {far}): {own}"
    return f"{text}; fits ({far})"


def patience(one: PatienceFit) -> str:
    if one.dist == "none":
        return f"nobody of {one.calls} gave up: none" if one.calls else "nobody was seen waiting: none"
    mean = f"mean {one.mean:.1f} s ({one.mean_ci[0]:.1f} to {one.mean_ci[1]:.1f}), {one.events} of {one.calls} gave up"
    if one.events < FEW:
        return f"exponential, {mean}; {one.events} of the {FEW} that a judgement needs: a guess"
    if one.dist == "empirical":
        own = f"Kaplan and Meier's curve, mean {float(one.values.mean()):.1f} s"
        return f"not exponential (p {_p(one.p)}); {own}, {one.events} of {one.calls} gave up"
    return f"exponential, {mean}; fits (p {_p(one.p)})"


def share(one: Share) -> str:
    low, high = one.ci95
    return f"{100 * one.mean:.1f} % ({100 * low:.1f} to {100 * high:.1f}; {one.part} of {one.whole})"


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEKDAYS = tuple(day.lower() for day in _DAYS)


def _several(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _p(value: float) -> str:
    return "unknown" if math.isnan(value) else "below 0.001" if value < 0.001 else f"{value:.3f}"


def _moment(at: float, calendar: Calendar) -> str:
    return datetime.fromtimestamp(at, calendar.zone).strftime("%Y-%m-%d %H:%M")


def _hours_missing(covered: list[int]) -> str:
    missing = [slot for slot in range(SLOTS) if slot not in set(covered)]
    parts: list[str] = []
    begin = missing[0]
    for slot, following in zip(missing, [*missing[1:], None], strict=True):
        if following != slot + 1:
            parts.append(f"{clock(begin)} to {clock(slot + 1)}")
            begin = following if following is not None else slot
    return ", ".join(parts)
