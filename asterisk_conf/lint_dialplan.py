"""The linter's rules for the dialplan: what a stranger sends must not become a call that we pay for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from asterisk_conf.dialplan import Dialplan, Step, split, targets, variables
from asterisk_conf.problem import Files, Problem, Rule

FILE = "extensions.conf"
MENU = "hotline"
CALLING = frozenset(
    {"dial", "retrydial", "originate", "page", "queue", "followme", "transfer", "dialplanexec"}
)
LISTENING = frozenset({"chanspy", "extenspy", "dahdiscan", "audiosocket", "mixmonitor", "monitor"})
# Set by Asterisk, by the endpoint, or by the controller: nothing of it comes from the other side of the line.
OURS = re.compile(
    r"HOTLINE_[A-Z_]+|AGISTATUS|DIALSTATUS|HANGUPCAUSE|UNIQUEID|LINKEDID|EPOCH|TRANSFER_CONTEXT"
)
# Without a hyphen of its own: FILTER takes it for a range, and lets nothing of it through.
HARMLESS_SETS = ("0-9", "0-9+", "+0-9", "0-9*#", "A-Za-z0-9_", "A-Za-z0-9/_.")
FILTER = re.compile(r"FILTER\((.*)\)(?::-?\d+){0,2}", re.DOTALL)
Place = tuple[str, str]  # context, extension


def unfiltered(files: Files) -> Iterator[Problem]:
    """Only FILTER with a harmless set makes another's text fit for an expression."""
    for step in files.dialplan.steps:
        for name in _unfiltered(step.args, step):
            sentence = (
                f"${{{name}}} may hold what a caller sent; take it through FILTER({HARMLESS_SETS[0]},...)"
            )
            yield Problem(FILE, step.line, "unfiltered-variable", sentence)


def _unfiltered(text: str, step: Step) -> Iterator[str]:
    for inside in variables(text):
        if _is_filter(inside):
            continue
        if not _is_ours(inside, step):
            yield inside
        yield from _unfiltered(inside, step)


def _is_filter(inside: str) -> bool:
    """FILTER with one of the sets, or a part of what it lets through."""
    call = FILTER.fullmatch(inside)
    return call is not None and split(call.group(1))[0] in HARMLESS_SETS


def _is_ours(inside: str, step: Step) -> bool:
    literal_extension = inside == "EXTEN" and not step.is_pattern
    return literal_extension or OURS.fullmatch(inside) is not None


def open_patterns(files: Files) -> Iterator[Problem]:
    plan = files.dialplan
    for step in plan.steps:
        if not step.is_open:
            continue
        for place in _reached(plan, [(step.context, step.extension)]):
            for calling in _calling(plan, place):
                where = f"{calling.app} in line {calling.line}"
                sentence = f"{step.extension} matches numbers of any length and leads to {where}"
                yield Problem(FILE, step.line, "open-pattern", sentence)


def toll_routes(files: Files) -> Iterator[Problem]:
    """A call out by a trunk costs money: only the menu may lead there, no phone and no other trunk."""
    plan, pjsip = files.dialplan, files["pjsip.conf"]
    phones = {s.name for s in pjsip.of_type("endpoint") if s.value("auth")}
    entered = [(context, step.extension) for context in _entries(files) for step in plan.of(context)]
    for place in _reached(plan, entered, stop=MENU):
        for step in _calling(plan, place):
            if not _rings_only(step, phones):
                sentence = f"{step.app}({step.args}) may leave by a trunk and is reached without the menu"
                yield Problem(FILE, step.line, "toll-route", sentence)


def _rings_only(step: Step, phones: set[str]) -> bool:
    if step.app.lower() != "dial":
        return False
    called = split(step.args)[0].split("&")
    return all(one.startswith("PJSIP/") and one.removeprefix("PJSIP/") in phones for one in called)


def _entries(files: Files) -> Iterator[str]:
    """Contexts that something from outside enters: endpoints' own, and where transfers go."""
    for section in files["pjsip.conf"].of_type("endpoint"):
        yield section.value("context", "default")
        for setting in section.all("set_var"):
            name, _, value = setting.value.partition("=")
            if name.strip() == "TRANSFER_CONTEXT":
                yield value.strip()


def known_places(files: Files) -> Iterator[Problem]:
    plan = files.dialplan
    for line in plan.unreadable:
        yield Problem(FILE, line, "unreadable", "not an extension, a step or an include")
    for step in plan.steps:
        for target in targets(step):
            if "${" in target.context + target.extension + target.place:
                continue  # its variables are looked at by `unfiltered`
            if not _is_there(plan, target.context, target.extension, target.place):
                written = ",".join((target.context, target.extension, target.place))
                yield Problem(
                    FILE, step.line, "unknown-place", f"{step.app} leads to {written}, which is not there"
                )
    for context, included, line in plan.includes:
        if included not in plan.contexts:
            yield Problem(
                FILE, line, "unknown-context", f"[{context}] includes [{included}], which is not there"
            )
    for section in files["pjsip.conf"].of_type("endpoint"):
        context = section.value("context", "default")
        if context not in plan.contexts:
            sentence = f"[{section.name}] enters [{context}], which is not in {FILE}"
            yield Problem("pjsip.conf", section.line, "unknown-context", sentence)
    for context in sorted(set(_entries(files)) - plan.contexts.keys()):
        yield Problem(FILE, 0, "unknown-context", f"calls or transfers enter [{context}], which is not there")


def _is_there(plan: Dialplan, context: str, extension: str, place: str) -> bool:
    steps = [s for s in plan.of(context) if extension in ("", s.extension) or s.is_pattern]
    if place.isdigit():
        return bool(steps)
    return any(place == step.label for step in steps)


def include_cycles(files: Files) -> Iterator[Problem]:
    plan = files.dialplan
    for context, included, line in plan.includes:
        seen: set[str] = set()
        waiting = [included]
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                waiting.extend(to for start, to, _ in plan.includes if start == name)
        if context in seen:
            yield Problem(FILE, line, "include-cycle", f"[{context}] includes itself by way of [{included}]")


def _calling(plan: Dialplan, place: Place) -> list[Step]:
    return [step for step in plan.of(*place) if step.app.lower() in CALLING]


def _reached(plan: Dialplan, start: Iterable[Place], stop: str = "") -> set[Place]:
    """Extensions that a call may come to from `start`, not looking beyond the context `stop`."""
    seen: set[Place] = set()
    waiting = list(start)
    while waiting:
        place = waiting.pop()
        if place in seen or place[0] == stop:
            continue
        seen.add(place)
        waiting.extend(_next(plan, place))
    return seen


def _next(plan: Dialplan, place: Place) -> Iterator[Place]:
    """A jump whose place is not known beforehand may lead to any extension."""
    context, extension = place
    for included in (to for start, to, _ in plan.includes if start == context):
        yield from {(included, step.extension) for step in plan.of(included)}
    for step in plan.of(context, extension):
        for target in targets(step):
            if "${" in target.context:
                yield from {(other.context, other.extension) for other in plan.steps}
            elif "${" in target.extension:
                yield from {(target.context, other.extension) for other in plan.of(target.context)}
            else:
                names = {other.extension for other in plan.of(target.context) if other.is_pattern}
                yield from ((target.context, name) for name in names | {target.extension})


def spies(files: Files) -> Iterator[Problem]:
    """Who is listened to is the controller's affair alone: no code that somebody dials may lead to it."""
    for step in files.dialplan.steps:
        if step.app.lower() in LISTENING:
            sentence = f"{step.app} in the dialplan would let whoever comes there hear others' calls"
            yield Problem(FILE, step.line, "spy", sentence)


DIALPLAN_RULES: tuple[Rule, ...] = (
    unfiltered,
    open_patterns,
    toll_routes,
    spies,
    known_places,
    include_cycles,
)
