"""Conversations written down as a test: `>>` is what happens, `<<` what the menu must do about it.

    Playbook(flow, hours={"reception": ALWAYS}) \\
        >> Started() << play("greeting.say") \\
        >> PromptFinished() << play("topic.ask") << listen(5) \\
        >> Digit("1") << stop() << enqueue("medical")

Nothing is waited for: a `timedelta` after `>>` moves the clock. Notes of the call's story are passed over
unless `note(...)` asks for them. Expecting less than was done fails at the next `>>`, at once after
a command that nothing may follow (listen, enqueue, hang up), or at `<< nothing()`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import msgspec

from ivr.core.commands import AnyCommand, Enqueue, Hangup, Listen, Note, Play, StopPlaying
from ivr.core.events import AnyEvent
from ivr.core.flow import Flow
from ivr.core.hours import Hours
from ivr.core.interpreter import Conversation

A_MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Expected(msgspec.Struct, frozen=True):
    """A command of this kind with at least these fields; a mapping needs to hold at least these items."""

    kind: type[AnyCommand] | None
    fields: dict[str, Any]

    def fits(self, command: AnyCommand, home: str) -> bool:
        """home: the flow whose prompts may be named without it."""
        if self.kind is None or not isinstance(command, self.kind):
            return False
        return all(_fits(value, getattr(command, name), home) for name, value in self.fields.items())

    def __str__(self) -> str:
        if self.kind is None:
            return "nothing"
        return (
            f"{self.kind.__name__}({', '.join(f'{name}={value!r}' for name, value in self.fields.items())})"
        )


NOTHING = Expected(None, {})


def play(prompt: str, **fields: object) -> Expected:
    """prompt: "node.part" of the flow the conversation begins with, or "flow.node.part"."""
    return Expected(Play, {"prompt": prompt, **fields})


def stop() -> Expected:
    return Expected(StopPlaying, {})


def listen(seconds: float, **fields: object) -> Expected:
    return Expected(Listen, {"seconds": seconds, **fields})


def enqueue(topic: str, **fields: object) -> Expected:
    return Expected(Enqueue, {"topic": topic, **fields})


def note(step: str, **detail: str) -> Expected:
    return Expected(Note, {"step": step, "detail": detail})


def hangup() -> Expected:
    return Expected(Hangup, {})


def nothing() -> Expected:
    """The menu does nothing more about it (notes apart)."""
    return NOTHING


class Playbook:
    """One conversation under test.

    flows: one, or several, of which the first is where the caller begins unless `start` names another place.
    at: the aware time of the first event. Raises AssertionError, with all that was said so far, where the
    menu does something else.
    """

    def __init__(
        self,
        flows: Flow | Iterable[Flow],
        start: str | None = None,
        *,
        language: str = "ru",
        hours: Mapping[str, Hours] | None = None,
        timezone: ZoneInfo | None = None,
        data: Mapping[str, str] | None = None,
        at: datetime = A_MONDAY,
    ) -> None:
        known = [flows] if isinstance(flows, Flow) else list(flows)
        self.at = at
        self.conversation = Conversation(
            {flow.name: flow for flow in known},
            start or known[0].name,
            hours=hours or {},
            timezone=timezone or ZoneInfo("UTC"),
            language=language,
            data=data,
        )
        self._home = known[0].name
        self._left: list[AnyCommand] = []
        self._told: list[str] = []

    def __rshift__(self, event: AnyEvent | timedelta) -> Playbook:
        """This happens, or so much time passes."""
        self._nothing_left()
        self._told.append(f">> {event}")
        if isinstance(event, timedelta):
            self.at += event
        else:
            self._left = self.conversation.handle(event, self.at)
        return self

    def __lshift__(self, expected: Expected) -> Playbook:
        """The menu's next command is this one."""
        self._pass_notes(until=expected)
        if expected.kind is None:
            self._nothing_left()
            return self
        if not self._left or not expected.fits(self._left[0], self._home):
            done = self._left[0] if self._left else "nothing"
            raise AssertionError(f"expected {expected}, but the menu did {done}\n{self._story()}")
        command = self._left.pop(0)
        self._told.append(f"   << {command}")
        if isinstance(command, Listen | Enqueue | Hangup):
            self._nothing_left()
        return self

    def _nothing_left(self) -> None:
        self._pass_notes()
        if self._left:
            raise AssertionError(f"the menu also did {self._left[0]}\n{self._story()}")

    def _pass_notes(self, until: Expected = NOTHING) -> None:
        while self._left and isinstance(self._left[0], Note) and not until.fits(self._left[0], self._home):
            self._told.append(f"   -- {self._left.pop(0)}")

    def _story(self) -> str:
        return "\n".join(self._told)


def _fits(wanted: object, found: object, home: str) -> bool:
    if isinstance(wanted, dict) and isinstance(found, dict):
        return cast(dict[str, str], wanted).items() <= cast(dict[str, str], found).items()
    return found in (wanted, f"{home}.{wanted}")
