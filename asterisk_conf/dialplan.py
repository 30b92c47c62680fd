"""extensions.conf as data: steps, what leads from one to another, and the variables in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from asterisk_conf.conf_file import ConfFile

APPLICATION = re.compile(r"\s*([A-Za-z_]\w*)\s*(?:\((.*)\))?\s*", re.DOTALL)
PRIORITY = re.compile(r"(\w+)(?:\((\w+)\))?")


@dataclass(frozen=True)
class Step:
    """One priority: `exten => extension,number(label),app(args)`."""

    context: str
    extension: str
    number: str
    label: str
    app: str
    args: str
    line: int

    @property
    def is_pattern(self) -> bool:
        return self.extension.startswith("_")

    @property
    def is_open(self) -> bool:
        """It matches numbers of any length."""
        return self.is_pattern and self.extension.rstrip().endswith((".", "!"))


@dataclass
class Dialplan:
    """includes: (context, included context, line)."""

    contexts: dict[str, int] = field(default_factory=dict[str, int])
    steps: list[Step] = field(default_factory=list[Step])
    includes: list[tuple[str, str, int]] = field(default_factory=list[tuple[str, str, int]])
    unreadable: list[int] = field(default_factory=list[int])

    def __post_init__(self) -> None:
        self._by_place: dict[tuple[str, str | None], list[Step]] = {}

    def add(self, step: Step) -> None:
        self.steps.append(step)
        for place in ((step.context, None), (step.context, step.extension)):
            self._by_place.setdefault(place, []).append(step)

    def of(self, context: str, extension: str | None = None) -> list[Step]:
        """The steps of an extension, or of the whole context."""
        return self._by_place.get((context, extension), [])


def read(file: ConfFile) -> Dialplan:
    plan = Dialplan()
    for section in file.sections:
        if section.name in ("general", "globals"):
            continue
        plan.contexts.setdefault(section.name, section.line)
        extension = ""
        for setting in section.settings:
            if setting.key == "include":
                plan.includes.append((section.name, setting.value.split(",")[0].strip(), setting.line))
                continue
            text = setting.value
            if setting.key == "exten":
                extension, _, text = text.partition(",")
            step = _step(section.name, extension.strip(), text, setting.line)
            if step is None or setting.key not in ("exten", "same") or not extension:
                plan.unreadable.append(setting.line)
            else:
                plan.add(step)
    return plan


def _step(context: str, extension: str, text: str, line: int) -> Step | None:
    priority, _, call = text.partition(",")
    place = PRIORITY.fullmatch(priority.strip())
    what = APPLICATION.fullmatch(call)
    if place is None or what is None:
        return None
    return Step(
        context, extension, place.group(1), place.group(2) or "", what.group(1), what.group(2) or "", line
    )


@dataclass(frozen=True)
class Target:
    """Where a step may lead. extension "" is the step's own; place: a priority's number or label."""

    context: str
    extension: str
    place: str


def targets(step: Step) -> Iterator[Target]:
    """Every place this step may jump to, as written; a variable stays in it as ${...}."""
    app = step.app.lower()
    if app in ("goto", "gosub"):
        yield _target(step, split(step.args))
    elif app in ("gotoif", "gosubif", "gotoiftime"):
        for branch in _branches(step.args):
            yield _target(step, split(branch))
    elif app in ("dial", "retrydial", "queue"):
        options = [*split(step.args), "", ""][2]
        for letter, argument in re.findall(r"([A-Za-z])\(([^()]*)\)", options):
            if letter == "U":
                yield Target(argument.split("^")[0].split(",")[0], "s", "1")
            elif letter == "G":
                yield _target(step, argument.split("^"))


def _branches(args: str) -> list[str]:
    """`condition?here:there`, the condition's own ? and : being inside brackets or quotes."""
    depth, start, mark = 0, -1, -1
    for at, char in enumerate(args):
        depth += (char in "[{(") - (char in "]})")
        if depth == 0 and char == "?" and start < 0:
            start = at + 1
        elif depth == 0 and char == ":" and start >= 0 and mark < 0:
            mark = at
    if start < 0:
        return []
    parts = [args[start:]] if mark < 0 else [args[start:mark], args[mark + 1 :]]
    return [part for part in parts if part]


def _target(step: Step, parts: list[str]) -> Target:
    words = [re.sub(r"\(.*\)$", "", part.strip()) for part in parts[:3]]
    if len(words) == 1:
        return Target(step.context, step.extension, words[0])
    if len(words) == 2:
        return Target(step.context, words[0], words[1])
    return Target(words[0], words[1], words[2])


def split(args: str) -> list[str]:
    """At commas that stand outside of all brackets."""
    parts, depth, current = [], 0, ""
    for char in args:
        depth += (char in "[{(") - (char in "]})")
        if char == "," and depth == 0:
            parts.append(current)
            current = ""
        else:
            current += char
    return [*parts, current]


def variables(text: str) -> Iterator[str]:
    """The inside of each outermost ${...}: of "a ${FILTER(0-9,${EXTEN})}" it is "FILTER(0-9,${EXTEN})"."""
    at = text.find("${")
    while at >= 0:
        inside = _balanced(text, at + 2)
        yield inside
        at = text.find("${", at + 2 + len(inside))


def _balanced(text: str, start: int) -> str:
    depth = 1
    for at in range(start, len(text)):
        depth += (text[at] == "{") - (text[at] == "}")
        if depth == 0:
            return text[start:at]
    return text[start:]
