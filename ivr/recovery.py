"""What the last controller knew, read back from the journal: nobody in the queue loses his place by a restart."""

from __future__ import annotations

import math
from collections.abc import AsyncIterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from acd.core.commands import AnyCommand, WakeAt
from acd.core.dispatcher import Dispatcher
from acd.core.events import AnyFact, Reconciled, Tick
from acd.core.model import Policy
from acd.ports import Entry
from acd.records.steps import MenuStep

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def boot_id() -> str:
    """Names this run of the machine: monotonic times of the journal mean something only within one."""
    return BOOT_ID.read_text().strip() if BOOT_ID.exists() else ""


def fact_of(entry: Entry) -> AnyFact:
    """The fact that an entry of kind "fact" holds. Raises msgspec.ValidationError for one that is none."""
    return msgspec.convert({**entry.body, "type": entry.name}, AnyFact)


async def remembered(entries: AsyncIterable[Entry], policy: Policy) -> Reconciled:
    """The state after these entries: the facts since, and with, the last Reconciled.

    policy: the rules in force now; facts about topics or operators that are gone are harmless.
    """
    dispatcher = Dispatcher(policy)
    alarm = math.inf
    async for entry in entries:
        if entry.kind != "fact" or entry.name == "PolicyChanged":
            continue
        # Ticks are not journaled: they came when the dispatcher had asked for them.
        while alarm <= entry.mono:
            alarm = _next_alarm(dispatcher.handle(Tick(), alarm), math.inf)
        alarm = _next_alarm(dispatcher.handle(fact_of(entry), entry.mono), alarm)
    return dispatcher.snapshot()


def _next_alarm(commands: list[AnyCommand], alarm: float) -> float:
    """A later WakeAt replaces the one before."""
    return next((one.at for one in reversed(commands) if isinstance(one, WakeAt)), alarm)


@dataclass(frozen=True)
class MenuPlace:
    """Where a call stood in its menu. node: "flow.node", None when nothing was noted yet."""

    node: str | None = None
    language: str | None = None


async def menu_place(entries: AsyncIterable[Entry]) -> MenuPlace:
    """From one call's entries: where its conversation goes on under a new controller."""
    node: str | None = None
    language: str | None = None
    async for entry in entries:
        if entry.name != "MenuStep":
            continue
        step = msgspec.convert(entry.body, MenuStep)
        node = step.node
        language = step.detail.get("language", language)
    return MenuPlace(node, language)
