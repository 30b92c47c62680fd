"""The steps of a call's story that are neither facts nor decisions of the dispatcher.

One name for each, used by whoever writes the journal and by whoever tells the story.
Personal values never get in here: no digit, no caller's number, only pseudonyms.
"""

from __future__ import annotations

import msgspec


class Step(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """Something that belongs to a call's story."""


class CallStarted(Step, frozen=True):
    """It rang at the hotline's number. number: as dialled (ours, not personal). caller: pseudonym.

    caller: None when the number was withheld. channel: the switch's name for the caller's leg.
    flow: version of the menu the call begins, and finishes, on.
    """

    number: str
    caller: str | None = None
    channel: str = ""
    language: str | None = None
    flow: str | None = None


class MenuStep(Step, frozen=True):
    """The menu noted something: ivr.core's `Note`, field by field."""

    step: str
    node: str
    detail: dict[str, str] = {}


class PromptPlayed(Step, frozen=True):
    """A prompt was asked for. text: only of prompts that are not personal."""

    prompt: str
    language: str | None = None


class KeyPressed(Step, frozen=True):
    """A key was pressed at this node. Which one is nobody's business here: it may be a card number's."""

    node: str = ""


class KeysOnly(Step, frozen=True):
    """Nobody could listen to the caller, so that the menu went on by key; once for a call.

    why: "full" (the speech workers hear as many as they can), "away" (none that knows the language is there).
    """

    why: str
    language: str


class CallEnded(Step, frozen=True):
    """The caller's leg is gone. by: "caller", "operator", "hotline", or "" when nobody saw it.

    cause: in words, e.g. "normal", "no route", "ended while the controller was down".
    failed: something of ours broke, so that the caller was not served.
    """

    by: str
    cause: str = ""
    failed: bool = False


class CallAdopted(Step, frozen=True):
    """A new controller found the call and took it over. state: "menu", "waiting" or "talking"."""

    state: str
    operator: str | None = None


class ControllerStarted(Step, frozen=True):
    """version: of the program. policy, flow: versions it starts with."""

    version: str = ""
    policy: str = ""
    flow: str = ""


class ControllerStopped(Step, frozen=True):
    """An orderly stop. After kill -9 there is none, and the next ControllerStarted shows the gap."""

    why: str = ""


AnyStep = (
    CallStarted
    | MenuStep
    | PromptPlayed
    | KeyPressed
    | KeysOnly
    | CallEnded
    | CallAdopted
    | ControllerStarted
    | ControllerStopped
)
