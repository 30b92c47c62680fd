"""The controller: the parts list, and the only wiring. Asterisk runs beside it and outlives it.

python -m ivr.app FOLDER: the folder of an instance whose Asterisk is up.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import structlog

from acd.adapters.clock import SystemClock
from acd.adapters.sql_journal import SqlJournal
from acd.core.dispatcher import Dispatcher
from acd.core.events import AnyFact, PolicyChanged, Reconciled
from acd.core.model import OperatorId
from acd.journal_writer import JournalWriter
from acd.ports import Entry
from acd.records.errors import JournalError
from acd.records.people import People
from acd.records.pseudonyms import Pseudonyms, SecretExposed, load_secret
from acd.service import Distributor
from ivr.asterisk.ami_client import AmiClient, AmiError, AmiEvent
from ivr.asterisk.call_control import CallControl
from ivr.background import Background
from ivr.call_parts import Parts
from ivr.control_socket import Answer, ControlServer, Handler
from ivr.desk_phone import DeskPhones
from ivr.hearing.client import WorkerLink
from ivr.hearing.pool import WorkerPool
from ivr.instance import PROMPTS, Instance
from ivr.live_view import LiveView
from ivr.logs import configure_logs
from ivr.menus import Menus, MenusRefused
from ivr.recovery import MenuPlace, boot_id, menu_place, remembered
from ivr.restart_needed import restart_needed
from ivr.service import Calls
from ivr.settings import Settings
from ivr.site_loading import SiteUnusable
from ivr.speech_plan import NoSpeechSecret, speech_secret
from ivr.switch_plan import HEARTBEAT

log = structlog.get_logger()

PR_SET_PDEATHSIG = 1  # of Linux's prctl
HEARING_WITHIN = 1.0  # seconds for which calls that are taken over wait for the workers that heard them
BEATS = 0.3  # how often we push the switch's patience forward, as a share of it


class StepWriter:
    """ivr.call_parts.Recorder on the journal."""

    def __init__(self, writer: JournalWriter, clock: SystemClock) -> None:
        self._writer, self._clock = writer, clock

    def step(self, name: str, call: str | None, body: Mapping[str, object]) -> None:
        entry = Entry("step", name, self._clock.utc(), self._clock.monotonic(), dict(body), call=call)
        self._writer.put(entry)


class Controller:
    """One hotline's thinking part. `run` returns when it was told to stop; the calls stay with the switch."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._settings = Settings.read(instance)
        self._clock = SystemClock()
        self._stop = asyncio.Event()
        self._background = Background()

    async def run(self) -> None:
        """Raises SiteUnusable, MenusRefused, JournalError, AmiError when it cannot begin."""
        async with contextlib.AsyncExitStack() as stack:
            await self._assemble(stack)
            await self._begin(stack)
            loop = asyncio.get_running_loop()
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(number, self._stop.set)
            log.info("the controller is ready", site=str(self._settings.site))
            await self._stop.wait()
            self._recorder.step("ControllerStopped", None, {"why": "told to"})
            self._background.cancel()

    async def _assemble(self, stack: contextlib.AsyncExitStack) -> None:
        """Every part, in the order in which they need one another; ended in the reverse order."""
        self._menus = Menus(self._settings.site, PROMPTS)
        loaded = await self._menus.load()
        self._started_with = loaded.site
        self._dispatcher = Dispatcher(loaded.policy)
        self._journal = await SqlJournal.open(self._settings.database)
        stack.push_async_callback(self._journal.close)
        secret = load_secret(self._instance.pseudonyms)
        self._people = await People.open(self._settings.people, Pseudonyms(secret))
        stack.push_async_callback(self._people.close)
        self._writer = JournalWriter(self._journal)
        self._writer.start()
        stack.push_async_callback(self._writer.close)
        self._recorder = StepWriter(self._writer, self._clock)
        self._ami = AmiClient(
            "127.0.0.1",
            self._settings.ami_port,
            "controller",
            self._instance.secrets_for(["ami"])["ami"],
            on_event=self._on_event,
            on_link=self._link_changed,
        )
        control = CallControl(self._ami, heartbeat=HEARTBEAT)
        self._hearing = self._workers()
        if self._hearing:
            self._hearing.start()
            stack.push_async_callback(self._hearing.close)
        parts = Parts(
            control=control,
            submit=self._submit,
            recorder=self._recorder,
            wall=self._clock.utc,
            endpoint_of=self._menus.endpoint_of,
            fallback_topic=lambda: self._menus.fallback_topic,
            hearing=self._hearing,
        )
        self._desk = DeskPhones(control, self._menus, parts.submit, state_of=self._presence)
        self._calls = Calls(
            parts, self._desk, menus=self._menus, pseudonym=self._pseudonym, recall=self._menu_place
        )
        self._distributor = Distributor(self._dispatcher, self._writer, self._calls, self._clock)
        self._view = LiveView(
            self._menus,
            self._dispatcher,
            self._calls,
            self._writer,
            self._journal,
            self._clock,
            switch_up=lambda: self._ami.up,
            hearing=self._hearing_figures,
        )

    def _workers(self) -> WorkerPool | None:
        """Those who listen to callers; None, and one warning, when nobody is to, or can."""
        speech = self._settings.speech
        for fault in speech.missing:
            log.warning("a language is not understood", why=fault)
        if not speech.workers:
            return None
        try:
            secret = speech_secret(speech, self._instance)
        except NoSpeechSecret as fault:
            log.error("callers are served by key", why=str(fault))
            return None
        return WorkerPool(
            speech.workers,
            lambda address, on_message, on_state: WorkerLink(address, secret, on_message, on_state),
            keep_in=speech.keep_in,
        )

    def _hearing_figures(self) -> dict[str, Any]:
        """on: callers are listened to, if a worker is there. missing: what is wrong with models."""
        silent = {"workers": [], "ears": 0, "speaking": 0, "full": 0, "away": 0}
        figures = self._hearing.figures() if self._hearing else silent
        return {"on": self._hearing is not None, "missing": list(self._settings.speech.missing), **figures}

    # The parts know one another in a ring; these two close it.

    def _on_event(self, event: AmiEvent) -> None:
        self._calls.on_event(event)

    def _submit(self, fact: AnyFact) -> None:
        self._distributor.submit(fact)

    async def _pseudonym(self, number: str) -> str | None:
        """Who the caller is, without his number; a key table that cannot be written must not stop a call."""
        try:
            return await self._people.remember(number, self._clock.utc())
        except JournalError as error:
            log.error("a caller's number could not be kept", why=str(error))
            return self._people.pseudonyms.of(number)

    async def _menu_place(self, call: str) -> MenuPlace:
        try:
            return await menu_place(self._journal.read(call=call))
        except JournalError as error:
            log.warning("a call's place cannot be read; its menu begins anew", call=call, why=str(error))
            return MenuPlace()

    def _presence(self, operator: OperatorId) -> tuple[str, str | None] | None:
        known = self._dispatcher.presence(operator)
        return None if known is None else (known.state, known.reason)

    async def _begin(self, stack: contextlib.AsyncExitStack) -> None:
        """Remember, look at the switch, take over what it has, then open the door."""
        known = await self._recall()
        self._distributor.start()
        stack.push_async_callback(self._distributor.close)
        version = self._menus.loaded.version
        started = {"policy": version, "flow": version, "boot": boot_id()}
        self._recorder.step("ControllerStarted", None, started)
        self._distributor.submit(PolicyChanged(self._menus.loaded.policy))
        if known is not None:
            self._distributor.submit(known)
        await self._distributor.settled()
        await self._ami.connect()
        stack.push_async_callback(self._ami.close)
        if known is not None and self._hearing:
            await self._hearing.all_there(HEARING_WITHIN)
        await self._adopt()
        self._background.run(self._calls.heartbeat(HEARTBEAT * BEATS))
        self._background.run(self._menus.warm())
        handlers: dict[str, Handler] = {
            "status": self._status,
            "figures": self._figures,
            "reload": self._reload,
            "drain": self._drain,
        }
        server = ControlServer(self._instance.socket, handlers)
        await server.start()
        stack.push_async_callback(server.close)

    async def _recall(self) -> Reconciled | None:
        """The last controller's knowledge; nothing after a restart of the machine, whose calls are gone."""
        started = await self._journal.latest("ControllerStarted")
        if started is None or started.body.get("boot") != boot_id():
            return None
        stopped = await self._journal.latest("ControllerStopped")
        if stopped is not None and stopped.seq > started.seq:
            return None  # an orderly stop: everybody went home, and nobody is rung until he signs in again
        last = await self._journal.latest("Reconciled")
        after = 0 if last is None else last.seq - 1
        return await remembered(self._journal.read(after=after), self._menus.loaded.policy)

    async def _adopt(self) -> None:
        calls = {state.call: state for state in self._dispatcher.calls()}
        await self._writer.append(())
        records = {row.id for row in await self._journal.open_calls()}
        found = await self._calls.adopt(calls, records)
        self._desk.look_around(await self._ami.listing("DeviceStateList"))
        if found:
            log.info("calls were taken over", calls=len(found))

    def _link_changed(self, up: bool) -> None:
        if up:
            self._background.run(self._adopt_again())
        else:
            log.error("the link to the switch is lost; calls go on without us")

    async def _adopt_again(self) -> None:
        try:
            await self._adopt()
        except AmiError as error:
            log.warning("the link went away again before the calls were taken over", why=str(error))

    # --- the control socket ------------------------------------------------------------------------

    async def _status(self, _: Mapping[str, Any]) -> Answer:
        return {
            "ready": True,
            "pid": os.getpid(),
            "switch": self._ami.up,
            "version": self._menus.loaded.version,
            "calls": len(self._calls.sessions),
            "journal_behind": self._writer.behind,
            "journal_failing": self._writer.failing,
            "speech": self._hearing_figures(),
        }

    async def _figures(self, _: Mapping[str, Any]) -> Answer:
        return await self._view.figures()

    async def _drain(self, wish: Mapping[str, Any]) -> Answer:
        """worker: its address, as `status` shows it. on: no further callers for it; false: callers again."""
        worker, on = wish.get("worker"), wish.get("on", True)
        if self._hearing is None or not self._hearing.drain(str(worker), on=bool(on)):
            return {"error": f"there is no speech worker {worker}; ./hotline status shows which there are"}
        log.info("a speech worker is drained" if on else "a speech worker is drained no more", worker=worker)
        return {"speech": self._hearing_figures()}

    async def _reload(self, _: Mapping[str, Any]) -> Answer:
        """New menus and rules for calls to come; a mistake in them changes nothing."""
        before = self._menus.loaded.version
        try:
            loaded = await self._menus.load()
        except (SiteUnusable, MenusRefused) as error:
            log.warning("a reload was refused", why=str(error))
            return {"error": str(error), "version": before}
        self._distributor.submit(PolicyChanged(loaded.policy))
        await self._distributor.settled()
        return {
            "version": loaded.version,
            "before": before,
            "warnings": [str(one) for one in loaded.warnings],
            "remarks": restart_needed(self._started_with, loaded.site),
        }


def _end_with_keeper() -> None:
    """Die when the keeper does, at once, as by kill -9: the next keeper's controller takes the calls over.

    Otherwise this one would live on unwatched and keep the journal from its successor.
    """
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


async def _main(home: Path) -> int:
    _end_with_keeper()
    instance = Instance(home)
    configure_logs(instance.logs / "controller.log")
    try:
        await Controller(instance).run()
    except (SiteUnusable, MenusRefused, JournalError, SecretExposed, AmiError) as error:
        print(f"hotline: {error}", file=sys.stderr)
        return os.EX_CONFIG
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(_main(Path(sys.argv[1]))))
