"""A whole hotline for a test: Asterisk, controller, records, and people at softphones."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from acd.ports import Entry
from acd.records.calls import CallRow
from acd.records.reading import Records
from asterisk_conf.runtime import Switch, find
from ivr.control_socket import NotRunning, connected
from ivr.demo.stage import prepare_site
from ivr.instance import PROJECT, Instance
from ivr.settings import Settings
from ivr.site_loading import load_all
from ivr.starting import settings_of, start_keeper, stop, wait_ready
from ivr.switch_plan import account_names
from softphone_sim.farm import Farm
from softphone_sim.person import Caller, OperatorPhone, PhoneEvent, Press
from softphone_sim.tone import caller_tone, operator_tone

EXAMPLE = PROJECT / "examples" / "city_health" / "site.yaml"


class RunningHotline:
    """The example's hotline, open at any hour, on ports of its own. more: further lines of its site file."""

    def __init__(self, folder: Path, more: str = "") -> None:
        self.instance = Instance(folder / "instance")
        self.instance.create()
        self.site_file = prepare_site(EXAMPLE, folder / "site", 8)
        with self.site_file.open("a", encoding="utf-8") as file:
            file.write(more)
        self.site = load_all(self.site_file).site
        settings_of(self.site, self.instance).write(self.instance)
        self.settings = Settings.read(self.instance)
        self.secrets = self.instance.secrets_for(["ami", *account_names(self.site)])
        self.events: list[PhoneEvent] = []
        self.farm = Farm(
            registrar=f"{self.settings.sip_bind}:{self.settings.sip_port}",
            folder=folder / "phones",
            caller_account=[(name, self.secrets[name]) for name in self.site.telephony.callers],
            on_event=self.events.append,
        )

    async def start(self) -> None:
        self.keeper = start_keeper(self.instance)
        await wait_ready(self.instance, self.keeper)

    async def end(self) -> None:
        await self.farm.stop()
        await asyncio.to_thread(stop, self.instance)
        if self.keeper.poll() is None:
            self.keeper.terminate()
        await asyncio.to_thread(self.keeper.wait)

    async def operators(self, *names: str, sign_in: bool = True, **habits: Any) -> None:
        """These operators' phones register, and by default they sign in and are ready."""
        phones = [self.phone(name, sign_in=sign_in, **habits) for name in names]
        await self.farm.start_operators(phones)
        if sign_in:
            await self.until(lambda figures: all(state(figures, name) == "ready" for name in names))

    def phone(self, name: str, *, sign_in: bool = True, **habits: Any) -> OperatorPhone:
        number = int(name.removeprefix("op"))
        dials = ((0.1, "*10"),) if sign_in else ()
        return OperatorPhone(
            **{
                "name": name,
                "secret": self.secrets[name],
                "tone": operator_tone(number),
                "dials": dials,
                **habits,
            }
        )

    def caller(self, number: int, *presses: Press, **more: Any) -> asyncio.Task[Any]:
        """Dials now; the task's result is what became of him."""
        caller = Caller(f"caller-{number}", "1000", caller_tone(number), presses, **more)
        return asyncio.create_task(self.farm.call(caller))

    async def console(self, command: str) -> str:
        """What Asterisk's console answers."""
        return await Switch(self.instance.switch, find(PROJECT), project=PROJECT).cli(command)

    async def ask(self, do: str, **more: object) -> dict[str, Any]:
        async with connected(self.instance.socket) as client:
            return await client.ask(do, **more)

    async def until(self, holds: Callable[[dict[str, Any]], bool], within: float = 15.0) -> dict[str, Any]:
        """The figures as soon as this holds for them. Fails with the last ones."""
        end = time.monotonic() + within
        figures: dict[str, Any] = {}
        while time.monotonic() < end:
            with contextlib.suppress(NotRunning):
                figures = await self.ask("figures")
                if holds(figures):
                    return figures
            await asyncio.sleep(0.05)
        raise AssertionError(f"not within {within} s; last seen: {figures}")

    async def rows(self) -> list[CallRow]:
        """Every call's row. Those that have just ended are given a moment: the journal is written behind them."""
        async with self.records() as records:
            for _ in range(30):
                found = await records.calls()
                if all(row.result is not None for row in found):
                    break
                await asyncio.sleep(0.1)
            return found

    async def entries(self, call: str | None = None) -> list[Entry]:
        async with self.records() as records:
            return [entry async for entry in records.read(call=call)]

    @contextlib.asynccontextmanager
    async def records(self) -> AsyncIterator[Records]:
        records = await Records.open(self.settings.database)
        try:
            yield records
        finally:
            await records.close()


def state(figures: dict[str, Any], operator: str) -> str:
    return next(one["state"] for one in figures["operators"] if one["id"] == operator)


def reason(figures: dict[str, Any], operator: str) -> str | None:
    return next(one["reason"] for one in figures["operators"] if one["id"] == operator)


def places(figures: dict[str, Any], place: str) -> int:
    return figures["calls"].get(place, 0)
